"""What every layout asks of a sheet: its cells as tidy text, where the header ends, which rows are totals."""

import re
from collections.abc import Iterable, Sequence

import polars as pl

from philoxenia.exchange.grids import Grid, LongTable

# Words for a total, in the languages that city extracts are likeliest to be written in.
_TOTAL = re.compile(
    r"^(?:(?:grand|sub|city|system)[- ]?)?"
    r"(?:totals?|total(?:e|es)?|totaux|gesamt|insgesamt|summe|σύνολο|suma|المجموع)"
    r"(?:\s+(?:général|general|geral))?$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^[($+-]?\s*[$€£]?\s*\d[\d\s,.'\u00a0\u202f]*\s*%?\)?$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")


def tidy(cell: str) -> str:
    """A cell without line breaks, doubled, leading and trailing spaces (no-break ones included)."""
    return " ".join(cell.split())


def is_number(cell: str) -> bool:
    """Whether a cell reads as a number in any of the usual notations."""
    return bool(_NUMBER.match(cell.strip()))


def is_year(cell: str) -> bool:
    """Whether a cell is a year from 1900 to 2099."""
    return bool(_YEAR.match(cell.strip()))


def is_total(cells: Iterable[str]) -> bool:
    """Whether one of the row's labels says that the row is a total."""
    return any(_TOTAL.match(tidy(cell)) for cell in cells)


def tidy_rows(grid: Grid) -> list[list[str]]:
    """All rows as lists of tidied text."""
    return [[tidy(cell) for cell in grid.row(index)] for index in range(grid.cells.height)]


def long_table(
    records: Sequence[dict[str, str]], rows: Sequence[int], columns: Sequence[str], notes: Sequence[str] = ()
) -> LongTable:
    """A long table from one dictionary of text a line; `rows` are the file rows of the lines."""
    data = {name: [record.get(name, "") for record in records] for name in columns}
    frame = pl.DataFrame(data, schema=dict.fromkeys(columns, pl.String))
    return LongTable(frame, pl.Series("row", rows, dtype=pl.UInt32), tuple(notes))


def left_out(rows: Sequence[tuple[int, str]], why: str) -> list[str]:
    """The note on rows that a layout leaves out, or nothing; `rows` holds file row and label."""
    if not rows:
        return []
    shown = ", ".join(f"{row} ({label})" if label else str(row) for row, label in rows[:8])
    more = f" and {len(rows) - 8} more" if len(rows) > 8 else ""
    return [f"Left out {why}: {'row' if len(rows) == 1 else 'rows'} {shown}{more}."]
