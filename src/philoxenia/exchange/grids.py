"""The shapes in which text travels between a file and its contract.

A grid is a sheet as it lies in the file, title and header rows included. A layout turns a grid into a long
table and says which file row each line came from, so that a finding can point into the file the clerk has
open.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import polars as pl

MEND_SCHEMA: dict[str, Any] = {
    "row": pl.UInt32,
    "column": pl.String,
    "before": pl.String,
    "after": pl.String,
    "rule": pl.String,
}

FOUND_SCHEMA: dict[str, Any] = {
    "rule": pl.String,
    "severity": pl.String,
    "column": pl.String,
    "header": pl.String,
    "row": pl.Int64,
    "value": pl.String,
}


@dataclass(frozen=True)
class Grid:
    """Every cell as text (columns `c0`, `c1` ...); row i of `cells` is row `first_row + i` of the file."""

    cells: pl.DataFrame
    first_row: int = 1

    def row(self, index: int) -> list[str]:
        """One row as a list of text, empty cells as ''."""
        return ["" if cell is None else cell for cell in self.cells.row(index)]


@dataclass(frozen=True)
class LongTable:
    """What a layout makes: text columns named as the contract names them (or by an alias), one per field.

    `rows` holds the file row of each line (UInt32). `mends` may hold what the layout changed on the way, with
    the columns row, column, before, after, rule (all text but row); `notes` are sentences for the report.
    """

    frame: pl.DataFrame
    rows: pl.Series
    notes: tuple[str, ...] = ()
    mends: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MEND_SCHEMA))


Layout = Callable[[Grid], LongTable]


def text_grid(rows: list[list[str]], first_row: int = 1) -> Grid:
    """A grid from ragged lists of text; short rows are filled with ''."""
    width = max((len(row) for row in rows), default=0)
    columns = {f"c{i}": [row[i] if i < len(row) else "" for row in rows] for i in range(width)}
    return Grid(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), first_row)
