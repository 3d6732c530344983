"""A directory of services from a file or a city package to checked records, doubles found, a data package
written.

`doubles.with_duplicates` stands apart: it loads what compares organisations, which reading does not need.
"""

from philoxenia.exchange.hsds.reading import About
from philoxenia.workflows.directory.city import city_directory
from philoxenia.workflows.directory.reading import read_directory
from philoxenia.workflows.directory.writing import write_directory

__all__ = ["About", "city_directory", "read_directory", "write_directory"]
