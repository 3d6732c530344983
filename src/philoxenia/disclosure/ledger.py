"""A file that remembers everything that was released: append-only, each entry sealed with the one before.

A line is one entry with the hash of its content and of the line before, so that a changed, lost or moved
entry is seen. Writers take turns by a lock the system takes back from a killed process; a line a kill left
torn is cut off by the next writer. Entries hold published figures and which cells
there are, never a hidden count nor a hash of one: with a hash of a table anybody could try which small count
fits. Cutting entries off the end is seen from receipts, which carry the ledger's last seal. Owns the file,
not what entries mean.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from philoxenia.disclosure.types import DisclosureError
from philoxenia.lake.files import flush_folder

try:
    import fcntl
except ImportError:  # Windows has no such lock; there one writer at a time is the operator's care.
    fcntl = None  # type: ignore[assignment]

_FIRST = "0" * 64


class LedgerError(DisclosureError):
    """The ledger was changed by hand, or is no ledger; nothing may be released on its word."""

    exit_code = 4


@dataclass(frozen=True)
class Entry:
    """One line of the ledger."""

    number: int
    previous: str
    content: Mapping[str, Any]

    @property
    def seal(self) -> str:
        """The hash that the next entry names."""
        text = json.dumps([self.number, self.previous, self.content], sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def line(self) -> bytes:
        """The entry as it stands in the file."""
        parts = {
            "number": self.number,
            "previous": self.previous,
            "content": self.content,
            "seal": self.seal,
        }
        return json.dumps(parts, sort_keys=True, ensure_ascii=False).encode() + b"\n"


@dataclass
class Writing:
    """A ledger while its lock is held."""

    file: IO[bytes]
    entries: list[Entry] = field(default_factory=list)

    @property
    def head(self) -> str:
        """The seal of the last entry."""
        return self.entries[-1].seal if self.entries else _FIRST

    def add(self, content: Mapping[str, Any]) -> Entry:
        """Put one entry on the disk, whole."""
        entry = Entry(len(self.entries) + 1, self.head, json.loads(json.dumps(content)))
        self.file.write(entry.line())
        self.file.flush()
        os.fsync(self.file.fileno())
        self.entries.append(entry)
        return entry


def read_ledger(path: Path) -> list[Entry]:
    """Every entry, checked. A ledger that is not there is empty. Raises `LedgerError` where one was
    changed.
    """
    return _entries(path.read_bytes(), path.name)[0] if path.exists() else []


@contextmanager
def writing(path: Path) -> Iterator[Writing]:
    """The ledger for one writer alone, from reading it to adding to it. The file is made where it is
    missing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    with os.fdopen(handle, "r+b") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        entries, length = _entries(file.read(), path.name)
        file.truncate(length)
        file.seek(length)
        flush_folder(path.parent)
        yield Writing(file, entries)


def _entries(text: bytes, name: str) -> tuple[list[Entry], int]:
    """The entries, and how many bytes they fill: what follows the last line end was never finished."""
    entries: list[Entry] = []
    length = text.rfind(b"\n") + 1
    seal = _FIRST
    for number, line in enumerate(text[:length].splitlines(), start=1):
        entry = _entry(line, name, number)
        if entry.previous != seal or entry.number != number:
            raise LedgerError(_changed(name, number))
        seal = entry.seal
        entries.append(entry)
    return entries, length


def _entry(line: bytes, name: str, number: int) -> Entry:
    try:
        parts = json.loads(line)
        entry = Entry(parts["number"], parts["previous"], parts["content"])
        sealed = parts["seal"] == entry.seal
    except (ValueError, KeyError, TypeError, AttributeError) as fault:
        raise LedgerError(_changed(name, number)) from fault
    if not sealed:
        raise LedgerError(_changed(name, number))
    return entry


def _changed(name: str, number: int) -> str:
    return (
        f"{name}: entry {number} does not fit the seal of the entry before, so the ledger was changed or "
        "damaged. Nothing is released against it. Put the last good copy back; receipts name its seal."
    )
