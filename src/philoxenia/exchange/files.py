"""Opens whatever a department hands in as a table of text, or says in one sentence why it cannot.

The first bytes decide what a file is, not its name. Owns the limits that keep a hostile file from doing harm;
ignores what the table means.
"""

import gzip
import hashlib
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

import fastexcel
import polars as pl

from philoxenia.exchange.archives import check_packed, members, open_zip
from philoxenia.exchange.delimited import DELIMITERS, Delimited, check_width, open_delimited
from philoxenia.exchange.geodata import read_geojson, read_shapefile, shapefile_members
from philoxenia.exchange.grids import Grid
from philoxenia.exchange.kml import is_kml, read_kml
from philoxenia.exchange.limits import limit
from philoxenia.exchange.parquet import open_parquet, parquet_cells, text_schema
from philoxenia.exchange.problems import UnreadableFileError
from philoxenia.exchange.spreadsheets import open_workbook, read_sheet, visible_sheets


@dataclass(frozen=True)
class FileFacts:
    """What the file turned out to be. `row_word` is how its rows are called in messages."""

    name: str
    format: str
    size: int
    sha256: str
    encoding: str = ""
    encoding_certain: bool = True
    delimiter: str = ""
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    coordinates: str = ""
    row_word: str = "row"


@dataclass
class Opened:
    """An opened file: facts, its first rows, and its rows in batches of text.

    `batches(width, header_row)` gives every row of the file, header and titles included.
    """

    facts: FileFacts
    head: Grid
    batches: Callable[[int, int], Iterator[Grid]]
    delimited: Delimited | None = None
    sheet_given: bool = False
    chosen_among: int = 0

    def whole(self) -> Grid:
        """The file as one grid, as wide as its widest row; for layouts."""
        if self.delimited is None:
            return next(self.batches(self.head.cells.width, 0))
        if self.facts.size > limit("file", "grid_bytes"):
            raise UnreadableFileError(
                f"{self.facts.name} is too large for a table of this shape. Split it by year."
            )
        pieces = list(self.batches(self.head.cells.width, 0))
        return Grid(pl.concat([piece.cells for piece in pieces]), 1)


_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF, which is a picture of a table"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"{\\rtf", "a text document"),
    (b"version https://git-lfs", "a pointer to a file that was never downloaded (git LFS)"),
    (b"\x00\x00\x27\x0a", "a bare .shp without its sister files"),
)
_TABLES = (".csv", ".tsv", ".txt")
_WEB_PAGE = re.compile(rb"^\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|body)", re.IGNORECASE)


def open_file(path: Path, sheet: str = "", member: str = "") -> Opened:
    """Open a file as a table of text. `sheet` chooses a sheet of a workbook, `member` a table of an archive.

    Raises `UnreadableFileError`: what the file is instead, and what to hand in.
    """
    start = _first_bytes(path)
    if start[:4] == b"PAR1":
        return _open_parquet(path)
    if start[:2] == b"PK":
        return _open_packed(path, sheet, member)
    if start[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        return _open_workbook(path, sheet)
    if start[:2] == b"\x1f\x8b":
        return _open_text(path, packed=True)
    if is_kml(start):
        return _open_map(path, "kml", read_kml)
    _refuse_strangers(path.name, start)
    if start.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[") and path.suffix.lower() in (
        ".json",
        ".geojson",
    ):
        return _open_map(path, "geojson", read_geojson)
    return _open_text(path)


def _first_bytes(path: Path) -> bytes:
    if path.is_dir():
        raise UnreadableFileError(
            f"{path} is a folder. Name one file in it, or zip the files of a shapefile together."
        )
    try:
        with path.open("rb") as stream:
            return stream.read(4096)
    except FileNotFoundError as fault:
        raise UnreadableFileError(
            f"There is no file {str(path)!r}. Check the name and the folder."
        ) from fault
    except OSError as fault:
        raise UnreadableFileError(
            f"{path.name} cannot be opened ({fault.strerror}). Close it in other programs."
        ) from fault


def _refuse_strangers(name: str, start: bytes) -> None:
    for sign, words in _SIGNS:
        if start.startswith(sign):
            raise UnreadableFileError(f"{name} is {words}. Hand in the table itself, as CSV (UTF-8) or XLSX.")
    if _WEB_PAGE.match(start):
        raise UnreadableFileError(
            f"{name} holds a web page, not a table: often a sign-in or error page that was saved in place "
            f"of the "
            "download. Sign in and download the table again."
        )
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        raise UnreadableFileError(
            f"{name} is XML (as old spreadsheets are). Export it as GeoJSON, CSV or XLSX."
        )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _once(grid: Grid) -> Callable[[int, int], Iterator[Grid]]:
    return lambda width, header_row: iter([grid])


def _head(grid: Grid) -> Grid:
    return Grid(grid.cells.head(limit("reading", "head_rows")), grid.first_row)


def _open_text(path: Path, packed: bool = False) -> Opened:
    def stream() -> BinaryIO:
        return cast(BinaryIO, gzip.open(path)) if packed else path.open("rb")

    if packed:
        with stream() as unpacked:
            check_packed(path.name, unpacked, path.stat().st_size)
    return _open_stream(path.name, path.stat().st_size, stream, _sha256(path) if packed else "")


def _open_stream(name: str, size: int, stream: Callable[[], BinaryIO], sha256: str) -> Opened:
    file = open_delimited(name, stream)
    facts = FileFacts(
        name,
        "csv",
        size,
        sha256 or file.sha256,
        encoding=file.encoding.name,
        encoding_certain=file.encoding.certain,
        delimiter=DELIMITERS[file.delimiter],
    )
    return Opened(facts, file.head, file.batches, file)


def _open_parquet(path: Path) -> Opened:
    file = open_parquet(path)
    names = file.schema_arrow.names
    check_width(path.name, len(names))
    header = pl.DataFrame({f"c{i}": [name] for i, name in enumerate(names)}, schema=text_schema(len(names)))

    def batches(width: int, header_row: int) -> Iterator[Grid]:
        yield Grid(header, 0)
        row = 1
        for cells in parquet_cells(path.name, file, limit("reading", "batch_rows")):
            yield Grid(cells, row)
            row += cells.height

    first = next(parquet_cells(path.name, file, limit("reading", "head_rows")), None)
    head = header if first is None else pl.concat([header, first])
    facts = FileFacts(path.name, "parquet", path.stat().st_size, _sha256(path), row_word="record")
    return Opened(facts, Grid(head, 0), batches)


def _open_map(path: Path, format_: str, read: Callable[[Path], tuple[Grid, str]]) -> Opened:
    grid, words = read(path)
    facts = FileFacts(
        path.name,
        format_,
        path.stat().st_size,
        _sha256(path),
        coordinates=words,
        row_word="feature",
        encoding="UTF-8",
    )
    return Opened(facts, _head(grid), _once(grid))


def _open_packed(path: Path, sheet: str, member: str) -> Opened:
    with open_zip(path) as archive:
        names = members(archive)
    if any(name.startswith(("xl/", "content.xml", "mimetype")) for name in names):
        return _open_workbook(path, sheet)
    if any(name.startswith("word/") for name in names):
        raise UnreadableFileError(
            f"{path.name} is a text document. Copy its table into a sheet and save it as XLSX or CSV."
        )
    if any(name.lower().endswith(".shp") for name in names):
        return _open_shapefile(path, member)
    return _open_member(path, names, member)


def _open_shapefile(path: Path, member: str) -> Opened:
    stems = shapefile_members(path)
    chosen = [stem for stem in stems if member in ("", stem, PurePosixPath(stem).name)]
    if len(chosen) != 1:
        listed = ", ".join(PurePosixPath(stem).name for stem in stems[:10])
        raise UnreadableFileError(
            f"{path.name} holds several shapefiles ({listed}). Choose one with --member NAME."
        )
    grid, words = read_shapefile(path, chosen[0])
    facts = FileFacts(
        path.name, "shapefile", path.stat().st_size, _sha256(path), coordinates=words, row_word="feature"
    )
    return Opened(facts, _head(grid), _once(grid))


def tables_inside(path: Path) -> list[str]:
    """Names of the text tables in an archive that holds several; empty for every other file."""
    if not path.is_file() or not zipfile.is_zipfile(path):
        return []
    with open_zip(path) as archive:
        names = members(archive)
    if any(
        name.startswith(("xl/", "word/", "content.xml")) or name.lower().endswith(".shp") for name in names
    ):
        return []
    found = [name for name in names if name.lower().endswith(_TABLES)]
    return found if len(found) > 1 else []


def _open_member(path: Path, names: list[str], member: str) -> Opened:
    tables = [name for name in names if name.lower().endswith(_TABLES)]
    chosen = [name for name in tables if member in ("", name, PurePosixPath(name).name)]
    if not tables:
        raise UnreadableFileError(
            f"{path.name} is an archive without a table in it. Hand in CSV, XLSX or a zipped shapefile."
        )
    if len(chosen) != 1:
        listed = ", ".join(tables[:5]) + (" ..." if len(tables) > 5 else "")
        raise UnreadableFileError(
            f"{path.name} holds {len(tables)} tables ({listed}). Choose one with --member NAME."
        )
    inner = chosen[0]

    def stream() -> BinaryIO:
        return cast(BinaryIO, open_zip(path).open(inner))

    return _open_stream(f"{path.name}/{inner}", path.stat().st_size, stream, _sha256(path))


def _open_workbook(path: Path, sheet: str) -> Opened:
    book = open_workbook(path)
    names = visible_sheets(book)
    if sheet and sheet not in book.sheet_names:
        raise UnreadableFileError(
            f"{path.name} has no sheet {sheet!r}. It has: {', '.join(book.sheet_names)}."
        )
    chosen = sheet or _first_filled(book, names)
    if not chosen:
        raise UnreadableFileError(
            f"{path.name} is a workbook whose sheets are all empty. Export the table again."
        )
    grid = read_sheet(book, chosen)
    check_width(path.name, grid.cells.width)
    facts = FileFacts(
        path.name,
        "xlsx",
        path.stat().st_size,
        _sha256(path),
        sheet=chosen,
        other_sheets=tuple(name for name in names if name != chosen),
    )
    return Opened(facts, _head(grid), _once(grid), sheet_given=bool(sheet))


def _first_filled(book: fastexcel.ExcelReader, names: list[str]) -> str:
    return next((name for name in names if read_sheet(book, name, 40).cells.height), "")
