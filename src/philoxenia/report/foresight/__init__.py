"""What foresight found, kept on disk and told: which actions pay back, for whom, in which futures."""

from philoxenia.report.foresight.case import case_pdf, write_case
from philoxenia.report.foresight.keeping import keep_foresight, read_foresight
from philoxenia.report.foresight.summary import summary_of
from philoxenia.report.foresight.types import CONSTITUENCIES, TABLES, Foresight
from philoxenia.report.foresight.view import View

__all__ = [
    "CONSTITUENCIES",
    "TABLES",
    "Foresight",
    "View",
    "case_pdf",
    "keep_foresight",
    "read_foresight",
    "summary_of",
    "write_case",
]
