"""Finding services: an index in files that follows the directory, read in the spellings people use.

The records stay in the database; the index holds what is needed to find them, and can be thrown away.
"""

from philoxenia_web.directory.search.finding import find
from philoxenia_web.directory.search.types import Found, Near, Query

__all__ = ["Found", "Near", "Query", "find"]
