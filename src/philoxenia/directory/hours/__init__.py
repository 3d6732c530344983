"""When a service is open: HSDS schedule rows read as rules, in the city's own time."""

from philoxenia.directory.hours.opening import Hours, Opening
from philoxenia.directory.hours.rows import Row, read_row, read_rows

__all__ = ["Hours", "Opening", "Row", "read_row", "read_rows"]
