"""What the rows of studies_plan.csv open: a finished foresight study with plans, shared inside."""

from typing import Any

from tests.engine.report.made_foresight import foresight
from tests.web.studies_foresight.made_study import foreseen
from tests.web.studies_report.made_study import share

from philoxenia_web.accounts.models import Organisation, Person


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """One study with its result on disk."""
    study = foreseen(organisation, foresight())
    share(study, organisation)
    here = {"study_id": study.pk}
    pages = ("portfolio", "robustness", "triggers", "case-choice", "case")
    return {f"foresight-{page}": (here, {}) for page in pages}
