"""The files a directory comes in: one file, a folder or a zip archive as a list of named streams.

Owns what may be opened; ignores what it means. Nothing is unpacked to disk, no link leads outside a folder.
"""

import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import polars as pl

from philoxenia.exchange.archives import members, open_zip, read_member
from philoxenia.exchange.delimited import open_delimited
from philoxenia.exchange.encodings import by_letters, by_mark
from philoxenia.exchange.files import Opened, open_file
from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.limits import limit
from philoxenia.exchange.problems import UnreadableFileError

TEXT = (".csv", ".tsv", ".txt")
JSON = (".json", ".ndjson", ".jsonl", ".geojson")


@dataclass(frozen=True)
class Piece:
    """One file: its name, and how to open it."""

    name: str
    open: Callable[[], BinaryIO]

    @property
    def base(self) -> str:
        """The file's name without its folder."""
        return PurePosixPath(self.name).name

    @property
    def stem(self) -> str:
        """The file's name without folder and ending."""
        return PurePosixPath(self.name).stem

    @property
    def ending(self) -> str:
        """Its ending in lower case."""
        return PurePosixPath(self.name).suffix.lower()

    def bytes(self) -> bytes:
        """The whole file. Raises `UnreadableFileError` where it is larger than is opened whole."""
        with self.open() as stream:
            content = stream.read(limit("directory", "json_bytes") + 1)
        if len(content) > limit("directory", "json_bytes"):
            raise UnreadableFileError(f"{self.name} is too large to be read at once. Split it into pages.")
        return content


def pieces_of(path: Path) -> list[Piece]:
    """Every CSV and JSON file of a folder or archive, or the file itself; by name.

    Raises `UnreadableFileError` where there is nothing, or an archive that is damaged or hostile.
    """
    if path.is_dir():
        return _in_folder(path)
    if not path.is_file():
        raise UnreadableFileError(f"There is no file or folder {str(path)!r}. Check the name.")
    with path.open("rb") as stream:
        packed = stream.read(2) == b"PK"
    found = _in_archive(path) if packed else []
    return found or [Piece(path.name, partial(_stream, path))]


def _stream(path: Path) -> BinaryIO:
    return path.open("rb")


def _in_folder(folder: Path) -> list[Piece]:
    files = [file for file in sorted(folder.rglob("*")) if file.suffix.lower() in (*TEXT, *JSON)]
    root = folder.resolve()
    inside = [file for file in files if file.is_file() and file.resolve().is_relative_to(root)]
    if not inside:
        raise UnreadableFileError(
            f"The folder {folder} holds no CSV or JSON file. Name the directory's export."
        )
    if len(inside) > limit("archive", "members"):
        raise UnreadableFileError(
            f"The folder {folder} holds {len(inside):,} files. Name one with the directory alone."
        )
    return [Piece(file.relative_to(folder).as_posix(), partial(_stream, file)) for file in inside]


def _in_archive(path: Path) -> list[Piece]:
    with open_zip(path) as archive:
        names = members(archive)
    if any(
        name.startswith(("xl/", "word/", "content.xml")) or name.lower().endswith(".shp") for name in names
    ):
        return []
    wanted = [name for name in sorted(names) if PurePosixPath(name).suffix.lower() in (*TEXT, *JSON)]
    if not wanted:
        raise UnreadableFileError(f"{path.name} is an archive without a CSV or JSON file in it.")
    return [Piece(name, partial(_unpacked, path, name)) for name in wanted]


def _unpacked(path: Path, name: str) -> BinaryIO:
    with open_zip(path) as archive:
        return io.BytesIO(read_member(archive, name, path.name))


def text_table(piece: Piece, told: Told) -> pl.DataFrame:
    """A delimited file as a frame of text under its own headers; empty cells are null."""
    file = open_delimited(piece.name, piece.open)
    if not file.encoding.certain:
        told.find("encoding", encoding=file.encoding.name)
    head = [file.head.row(index) for index in range(file.head.cells.height)]
    at = next((index for index, row in enumerate(head) if any(cell.strip() for cell in row)), 0)
    return under_header(file.batches, head[at] if head else [], at)


def table_of_file(path: Path, told: Told) -> Opened:
    """Any file the exchange opens as one table: text, workbook, map, Parquet."""
    opened = open_file(path)
    if not opened.facts.encoding_certain:
        told.find("encoding", encoding=opened.facts.encoding)
    return opened


def under_header(batches: Callable[..., Any], header: list[str], at: int) -> pl.DataFrame:
    """Rows below the header at index `at`, each column named by it; a name that comes again gets a number."""
    while header and not header[-1].strip():
        header = header[:-1]
    names: list[str] = []
    for cell in (cell.strip() or "unnamed" for cell in header):
        names.append(
            cell if cell not in names else f"{cell} {sum(n.split(' ')[0] == cell for n in names) + 1}"
        )
    frames, row = [], 0
    for grid in batches(max(len(names), 1), at + 1):
        skip = max(0, at + 1 - row)
        row += grid.cells.height
        frames.append(grid.cells.slice(skip))
    if not frames or not names:
        return pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    cells = pl.concat(frames)[:, : len(names)]
    cells.columns = names
    return _without_blanks(cells)


def _without_blanks(cells: pl.DataFrame) -> pl.DataFrame:
    cells = cells.with_columns(pl.when(pl.all().str.strip_chars() != "").then(pl.all()))
    return cells.filter(~pl.all_horizontal(pl.all().is_null()))


def json_documents(piece: Piece, told: Told) -> list[Any]:
    """The JSON values of a file: one, or one a line. Raises `UnreadableFileError` where it is neither."""
    content = piece.bytes()
    if not content.strip(b" \t\r\n\0\xef\xbb\xbf"):
        raise UnreadableFileError(f"{piece.name} is empty. Export the directory again.")
    marked = by_mark(content[:4096])
    text = _decoded(content, marked.codec if marked else "utf_8")
    try:
        return [json.loads(text)]
    except RecursionError as fault:
        raise UnreadableFileError(f"{piece.name} is nested too deeply to be a directory.") from fault
    except ValueError as fault:
        return _lines(piece.name, text, fault, told)


def _decoded(content: bytes, codec: str) -> str:
    try:
        return content.decode(codec)
    except UnicodeDecodeError:
        return content.decode(by_letters(content[:200_000]).codec, errors="replace")


def _lines(name: str, text: str, fault: ValueError, told: Told) -> list[Any]:
    found, damaged = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError):
            damaged.append(number)
    records = [one for one in found if isinstance(one, dict | list)]
    if not records or len(damaged) > len(records):
        raise UnreadableFileError(
            f"{name} is not valid JSON ({fault}). Export the directory again."
        ) from fault
    if damaged:
        told.find("line_damaged", count=len(damaged), first=damaged[0])
    return records
