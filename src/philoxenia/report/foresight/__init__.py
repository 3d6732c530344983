"""What foresight found, kept on disk and told: which actions pay back, for whom, in which futures."""

from philoxenia.report.foresight.keeping import keep_foresight, read_foresight
from philoxenia.report.foresight.types import CONSTITUENCIES, TABLES, Foresight

__all__ = ["CONSTITUENCIES", "TABLES", "Foresight", "keep_foresight", "read_foresight"]
