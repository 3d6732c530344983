"""What a sample says of everybody, with errors linearised over strata and primary sampling units."""

from philoxenia.needs.survey.design import Design, survey_design
from philoxenia.needs.survey.differences import differences
from philoxenia.needs.survey.elsewhere import means_elsewhere
from philoxenia.needs.survey.estimates import Estimates, means, ratios, totals

__all__ = [
    "Design",
    "Estimates",
    "differences",
    "means",
    "means_elsewhere",
    "ratios",
    "survey_design",
    "totals",
]
