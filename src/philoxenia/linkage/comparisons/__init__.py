"""How two records of people are compared: prepared columns, comparisons in named levels, blocking rules."""

from philoxenia.linkage.comparisons.blocking import BLOCKS, TRAINING, blocking_rules
from philoxenia.linkage.comparisons.levels import Level, Levels, comparisons
from philoxenia.linkage.comparisons.preparing import IDENTIFIERS, prepared

__all__ = [
    "BLOCKS",
    "IDENTIFIERS",
    "TRAINING",
    "Level",
    "Levels",
    "blocking_rules",
    "comparisons",
    "prepared",
]
