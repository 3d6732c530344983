"""Dates of birth as people and departments write them: any notation, four calendars, heaped days."""

from philoxenia.linkage.dates.columns import BIRTH_COLUMNS, birth_columns
from philoxenia.linkage.dates.reading import Birth, read_birth

__all__ = ["BIRTH_COLUMNS", "Birth", "birth_columns", "read_birth"]
