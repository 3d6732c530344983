"""Excel and OpenDocument workbooks as grids of text, with the row numbers of the sheet."""

import re
from collections.abc import Sequence
from pathlib import Path

import fastexcel
import polars as pl

from philoxenia.exchange.archives import open_zip, verify_members
from philoxenia.exchange.grids import Grid
from philoxenia.exchange.limits import limit
from philoxenia.exchange.problems import UnreadableFileError

_CELL = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
# What a sheet shows in a cell whose formula failed, by the reader's name of the error.
_ERRORS = {
    "Error(Div0)": "#DIV/0!",
    "Error(NA)": "#N/A",
    "Error(Name)": "#NAME?",
    "Error(Null)": "#NULL!",
    "Error(Num)": "#NUM!",
    "Error(Ref)": "#REF!",
    "Error(Value)": "#VALUE!",
}


def open_workbook(path: Path) -> fastexcel.ExcelReader:
    """A workbook whose parts were unpacked once within limits.

    Raises `UnreadableFileError` where it is damaged.
    """
    if path.stat().st_size > limit("file", "grid_bytes"):
        raise UnreadableFileError(
            f"{path.name} is larger than {limit('file', 'grid_bytes'):,} bytes, too large for a workbook. "
            "Save the sheet as CSV (UTF-8) and hand that in."
        )
    with path.open("rb") as stream:
        packed = stream.read(2) == b"PK"
    if packed:
        area = _UsedArea(path.name)
        with open_zip(path) as archive:
            verify_members(archive, path.name, area.see)
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as fault:
        raise UnreadableFileError(
            f"{path.name} looks like a workbook but cannot be opened: it is damaged, cut off, or protected "
            f"by a "
            "password. Open it in the program that made it, save it again without a password, or export the "
            "sheet as CSV."
        ) from fault


class _UsedArea:
    """How far the cells of each sheet reach: a reader lays out the whole rectangle, however empty it is."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows = self.columns = 0
        self.member = ""

    def see(self, member: str, piece: bytes) -> None:
        """Take in a piece of a sheet. Raises `UnreadableFileError` where the rectangle is too large."""
        if not member.startswith("xl/worksheets/"):
            return
        if member != self.member:
            self.member, self.rows, self.columns = member, 0, 0
        for letters, digits in _CELL.findall(piece):
            self.rows = max(self.rows, int(digits))
            self.columns = max(self.columns, len(letters) and _column_number(letters))
        if self.rows * self.columns > limit("file", "sheet_cells"):
            raise UnreadableFileError(
                f"{self.name}: a sheet reaches to row {self.rows:,} and column {self.columns:,}, far beyond "
                "its table. Delete the cells around the table, or copy the table into a new workbook."
            )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def visible_sheets(book: fastexcel.ExcelReader) -> list[str]:
    """Names of the sheets a person sees, in their order; hidden ones only where no other is there."""
    shown = [name for name in book.sheet_names if _load(book, name, 1).visible == "visible"]
    return shown or list(book.sheet_names)


def _load(book: fastexcel.ExcelReader, sheet: str, rows: int | None) -> fastexcel.ExcelSheet:
    # skip_rows=0 keeps empty first rows, so that row i of the grid is row i + 1 of the sheet.
    try:
        return book.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=rows, dtypes="string")
    except fastexcel.FastExcelError as fault:
        raise UnreadableFileError(
            f"Sheet {sheet!r} cannot be read. Save the workbook again, or export the sheet as CSV."
        ) from fault


def read_sheet(book: fastexcel.ExcelReader, sheet: str, rows: int | None = None) -> Grid:
    """One sheet as text.

    Dates lose the midnight that workbooks store with them; a formula that failed reads as the sheet shows it.
    """
    batch, errors = _load(book, sheet, rows).to_arrow_with_errors()
    frame = pl.DataFrame(batch)
    frame = frame.rename({name: f"c{i}" for i, name in enumerate(frame.columns)})
    cells = frame.select(pl.all().cast(pl.String).str.strip_suffix(" 00:00:00"))
    return Grid(_with_errors(cells, errors.errors if errors else []), 1)


def _with_errors(cells: pl.DataFrame, errors: Sequence[fastexcel.CellError]) -> pl.DataFrame:
    by_column: dict[int, dict[int, str]] = {}
    for error in errors:
        row, column = error.position
        shown = next((sign for name, sign in _ERRORS.items() if name in error.detail), "#ERROR")
        by_column.setdefault(column, {})[row] = shown
    return cells.with_columns(
        cells[f"c{column}"].scatter(list(found), list(found.values())) for column, found in by_column.items()
    )
