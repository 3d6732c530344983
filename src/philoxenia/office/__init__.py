"""What a front door did in a month, in figures that tell of nobody."""

from philoxenia.office.figures import Doings, Month, month_tables
from philoxenia.office.protecting import Counted, rounded, shown
from philoxenia.office.waiting import Wait, waiting

__all__ = ["Counted", "Doings", "Month", "Wait", "month_tables", "rounded", "shown", "waiting"]
