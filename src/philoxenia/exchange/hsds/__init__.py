"""Directories of services in and out: HSDS of every version as tables, JSON or one listing, checked and
stripped of
what must not be found.

Does not store records (the application does) and does not decide who may see them.
"""

from philoxenia.exchange.hsds.model import model, source_hash
from philoxenia.exchange.hsds.packages import package_files, write_package
from philoxenia.exchange.hsds.reading import About, read_records, stripped
from philoxenia.exchange.hsds.records import DirectoryError, Records
from philoxenia.exchange.hsds.sayings import Finding

__all__ = [
    "About",
    "DirectoryError",
    "Finding",
    "Records",
    "model",
    "package_files",
    "read_records",
    "source_hash",
    "stripped",
    "write_package",
]
