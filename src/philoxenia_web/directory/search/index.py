"""The index in files: a folder for each rebuilding, a file that names the current one, hours beside it.

A rebuilding is a new folder, named only when it is whole. An update commits the index first and then says up
to
which change; killed between the two, the next update does the same again, which changes nothing. Readers
never
wait.
"""

import fcntl
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import tantivy

from philoxenia.lake.files import flush_to_disk, publish, unfinished_path
from philoxenia_web.directory.search.documents import Document

# Raised whenever documents or fields change their meaning: an older index is built again.
FORM = 2
_CURRENT, _STATE, _HOURS, _LOCK = "current", "state.json", "hours.ndjson", "writing.lock"
_HEAP_BYTES = 128_000_000
_UPDATE_HEAP_BYTES = 32_000_000
_CODES = ("need", "term", "spoken", "mark", "district", "organisation", "cell", "hours")
_WORDS = ("name", "body", "latin", "topic_named", "topic", "topic_aside")


class NoIndexError(Exception):
    """There is no index that can be read; search asks the database instead."""


class BusyError(Exception):
    """Another process is writing the index."""


@dataclass(frozen=True)
class State:
    """Up to which change the index holds the directory, and the form of its documents."""

    change: int
    form: int = FORM


def schema() -> tantivy.Schema:
    """The fields: words come split and stemmed; codes as they are."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in _WORDS:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="freq")
    for name in _CODES:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_text_field("points", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("checked", fast=True)
    # Of services at one place, which are most, distances need no stored text.
    builder.add_unsigned_field("places", fast=True)
    for name in ("latitude", "longitude"):
        builder.add_float_field(name, fast=True)
    return builder.build()


def as_tantivy(document: Document) -> tantivy.Document:
    """A document in the fields of the schema."""
    made = tantivy.Document()
    made.add_text("id", document.id)
    written = (document.name, document.body, document.latin)
    topics = (document.topics_named, document.topics, document.topics_aside)
    for name, found in zip(_WORDS, (*written, *topics), strict=True):
        made.add_text(name, " ".join(found))
    codes = (document.needs, document.terms, document.spoken, document.marks, document.districts)
    all_codes = (*codes, {document.organisation}, document.cells, document.hours)
    for name, values in zip(_CODES, all_codes, strict=True):
        for value in sorted(values):
            made.add_text(name, value)
    made.add_text("points", json.dumps(document.points))
    made.add_unsigned("checked", document.checked)
    made.add_unsigned("places", len(document.points))
    for latitude, longitude in document.points[:1]:
        made.add_float("latitude", latitude)
        made.add_float("longitude", longitude)
    return made


def read_state(folder: Path) -> State | None:
    """What the index in a folder says of itself; None where it says nothing that can be read."""
    try:
        return State(**json.loads((folder / _STATE).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def current_folder(root: Path) -> Path | None:
    """The folder that the pointer names."""
    with suppress(OSError, ValueError):
        return root / str(int((root / _CURRENT).read_text(encoding="ascii")))
    return None


def read_hours(folder: Path, start: int = 0) -> tuple[dict[str, list[dict[str, Any]]], int]:
    """Hours by their signature, from a place in the file on, and the place to go on from."""
    found = {}
    with (folder / _HOURS).open("rb") as lines:
        lines.seek(start)
        for line in lines:
            if not line.endswith(b"\n"):
                break
            start += len(line)
            with suppress(ValueError):
                signature, rows = json.loads(line)
                found[signature] = rows
    return found, start


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Let one process write at a time; the lock goes with the process, however it ends."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / _LOCK).open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as held:
            raise BusyError(str(root)) from held
        yield


def rebuild(root: Path, documents: Iterable[Document], change: int, *, keep_before: bool = True) -> int:
    """Build the index anew beside the old one and put it in its place; how many documents it holds.

    The one before stays for readers that are about to open it, unless it says what may not be said any more.
    """
    with writing(root):
        number = 1 + max((int(one.name) for one in root.iterdir() if one.name.isdigit()), default=0)
        folder = root / str(number)
        folder.mkdir()
        index = tantivy.Index(schema(), path=str(folder))
        writer = index.writer(_HEAP_BYTES, 1)
        count = _add(writer, folder, documents)
        writer.commit()
        writer.wait_merging_threads()
        _write(folder / _STATE, json.dumps(asdict(State(change))))
        before = current_folder(root) if keep_before else None
        _write(root / _CURRENT, str(number))
        _sweep(root, {folder, before})
        return count


def update(root: Path, changed: Iterable[Document], gone: Iterable[str], change: int) -> None:
    """Bring the current index up to a change. Raises `NoIndexError` where there is none to bring up."""
    with writing(root):
        folder = current_folder(root)
        state = read_state(folder) if folder else None
        if folder is None or state is None or state.form != FORM:
            raise NoIndexError(str(root))
        index = _open(folder)
        writer = index.writer(_UPDATE_HEAP_BYTES, 1)
        for service_id in gone:
            writer.delete_documents_by_term("id", service_id)
        _add(writer, folder, changed, instead=True)
        writer.commit()
        writer.wait_merging_threads()
        _write(folder / _STATE, json.dumps(asdict(State(change))))


def _add(writer: Any, folder: Path, documents: Iterable[Document], *, instead: bool = False) -> int:
    """Add documents, hours first: who reads a signature must find its rows."""
    count = 0
    with (folder / _HOURS).open("a+b") as file:
        _mend(file)
        known = set(read_hours(folder)[0])
        for document in documents:
            new = {signature: rows for signature, rows in document.hours.items() if signature not in known}
            file.write(b"".join(json.dumps(one).encode() + b"\n" for one in new.items()))
            known |= set(new)
            if instead:
                writer.delete_documents_by_term("id", document.id)
            writer.add_document(as_tantivy(document))
            count += 1
    flush_to_disk(folder / _HOURS)
    return count


def _mend(file: Any) -> None:
    """End a line that a killed process left unfinished; it is read over."""
    if file.seek(0, 2):
        file.seek(-1, 2)
        if file.read(1) != b"\n":
            file.write(b"\n")


def _write(path: Path, text: str) -> None:
    unfinished = unfinished_path(path)
    unfinished.write_text(text, encoding="utf-8")
    publish(unfinished, path)


def _sweep(root: Path, kept: set[Path | None]) -> None:
    """Remove what earlier buildings left; what readers still hold open stays with them."""
    for one in root.iterdir():
        if one.is_dir() and one.name.isdigit() and one not in kept:
            doomed = root / f".gone-{uuid4().hex}"
            one.rename(doomed)
            shutil.rmtree(doomed, ignore_errors=True)


def _open(folder: Path) -> tantivy.Index:
    try:
        index = tantivy.Index.open(str(folder))
        # We look ourselves whether there is something newer; no thread that watches files.
        index.config_reader("manual", 0)
        return index
    except (ValueError, OSError) as fault:
        raise NoIndexError(str(folder)) from fault


class Reader:
    """The current index as one process reads it; follows updates and rebuildings by itself."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.hours: dict[str, list[dict[str, Any]]] = {}
        self.state = State(-1)
        self._folder: Path | None = None
        self._index: tantivy.Index | None = None
        self._stamp: tuple[int, int] = (0, 0)
        self._read_to = 0

    def refresh(self) -> bool:
        """Look for something newer; whether there was. Raises `NoIndexError` without an index."""
        folder = current_folder(self.root)
        state = self.root if folder is None else folder / _STATE
        try:
            told = state.stat()
        except OSError as fault:
            raise NoIndexError(str(self.root)) from fault
        stamp = (told.st_mtime_ns, told.st_ino)
        if folder is None or (folder == self._folder and stamp == self._stamp):
            return False
        read = read_state(folder)
        if read is None or read.form != FORM:
            raise NoIndexError(str(folder))
        if folder != self._folder or self._index is None:
            self._index, self._folder, self._read_to, self.hours = _open(folder), folder, 0, {}
        self._index.reload()
        with suppress(OSError):
            more, self._read_to = read_hours(folder, self._read_to)
            self.hours = {**self.hours, **more}
        self._stamp, self.state = stamp, read
        return True

    @property
    def schema(self) -> tantivy.Schema:
        """The fields of the index that is open."""
        assert self._index is not None  # noqa: S101 - refreshed before it is asked
        return self._index.schema

    def searcher(self) -> tantivy.Searcher:
        """A picture of the index that does not change while it is asked."""
        if self._index is None:
            raise NoIndexError(str(self.root))
        return self._index.searcher()
