"""From a list of people to cells: bits, then one weighted bincount over groups x 2^n combinations.

Rows are taken in slices and only cells are kept, so that memory does not grow with the list. What is not a
Polars frame in memory (lazy files, DuckDB, Spark) is counted where it lives: `engines.py`.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from philoxenia.needs.overlap.coding import Coded, coded
from philoxenia.needs.overlap.engines import cells_elsewhere
from philoxenia.needs.overlap.reading import Bits, bits_of, check_columns, needs_in
from philoxenia.needs.overlap.types import Overlap
from philoxenia.needs.travel import Floats

_ROWS_AT_ONCE = 4_000_000
# Above so many cells a table of all of them would not pay: those that occur are sorted out instead.
_DENSE_CELLS = 1 << 24


def overlap(
    people: Any,
    needs: Sequence[str] | None = None,
    by: Sequence[str] = ("population", "district_id"),
    weight: str | None = None,
) -> Overlap:
    """Count people by group and combination of needs.

    `people` is a frame with one row a person: a boolean column for each need, or one text column `needs` with
    codes and `;` between. `needs` defaults to the codes of reference/tables/needs.csv that occur. An empty
    group is `unknown`; an empty answer counts as no need, and a note says how many there are. Any lazy frame,
    DuckDB relation or Spark frame is counted by its own engine. Raises `NeedsError` for columns that are not
    there, codes that no table knows, and weights that are negative or missing.
    """
    codes = needs_in(people, needs)
    check_columns(people, codes, by, weight)
    if not isinstance(people, pl.DataFrame):
        cells, notes = cells_elsewhere(people, codes, tuple(by), weight)
        return Overlap(cells, codes, tuple(by), notes)
    bits = bits_of(people, codes)
    cells = _cells(people, bits, tuple(by), weight)
    return Overlap(cells, codes, tuple(by), bits.notes)


def _cells(people: pl.DataFrame, bits: Bits, by: tuple[str, ...], weight: str | None) -> pl.DataFrame:
    groups = [coded(people[name]) for name in by]
    total = int(np.prod([len(group.names) for group in groups], dtype=np.int64)) << bits.needs
    counted = _Dense(total) if total <= _DENSE_CELLS else _Sparse()
    for start in range(0, people.height, _ROWS_AT_ONCE):
        rows = slice(start, min(start + _ROWS_AT_ONCE, people.height))
        index = _index(bits.masks(people[rows]), [group.codes[rows] for group in groups], groups, bits.needs)
        counted.add(index, None if weight is None else people[weight][rows].cast(pl.Float64).to_numpy())
    return _frame(counted, [group.names for group in groups], by, bits.needs, weight is not None)


def _index(
    masks: np.ndarray[Any, Any], codes: list[np.ndarray[Any, Any]], groups: list[Coded], needs: int
) -> np.ndarray[Any, np.dtype[np.int64]]:
    """One number a row: its group in the order of the names, then its mask."""
    if not codes:
        return masks.astype(np.int64)
    index: np.ndarray[Any, np.dtype[np.int64]] = codes[0].astype(np.int64)
    for part, group in zip(codes[1:], groups[1:], strict=True):
        index *= len(group.names)
        index += part
    index <<= needs
    index |= masks
    return index


class _Dense:
    """A number for every cell there could be."""

    def __init__(self, cells: int) -> None:
        self._cells = cells
        self.records: np.ndarray[Any, Any] | None = None
        self.people: np.ndarray[Any, Any] | None = None
        self.squares: np.ndarray[Any, Any] | None = None

    def add(self, index: np.ndarray[Any, np.dtype[np.int64]], weights: Floats | None) -> None:
        counted = np.bincount(index, minlength=self._cells)
        self.records = counted if self.records is None else self.records + counted
        if weights is not None:
            summed = np.bincount(index, weights, self._cells)
            squared = np.bincount(index, weights**2, self._cells)
            self.people = summed if self.people is None else self.people + summed
            self.squares = squared if self.squares is None else self.squares + squared

    def found(self) -> dict[str, np.ndarray[Any, Any]]:
        if self.records is None:
            return _nothing()
        place = np.flatnonzero(self.records)
        figures: dict[str, np.ndarray[Any, Any]] = {"index": place, "records": self.records[place]}
        if self.people is not None and self.squares is not None:
            figures |= {"people": self.people[place], "squares": self.squares[place]}
        return figures


class _Sparse:
    """Only the cells that occur."""

    def __init__(self) -> None:
        self._so_far: pl.DataFrame | None = None

    def add(self, index: np.ndarray[Any, np.dtype[np.int64]], weights: Floats | None) -> None:
        rows = pl.DataFrame({"index": index}).with_columns(records=pl.lit(1, pl.Int64))
        if weights is not None:
            rows = rows.with_columns(people=weights, squares=weights**2)
        if self._so_far is not None:
            rows = pl.concat([self._so_far, rows])
        self._so_far = rows.group_by("index", maintain_order=True).sum()

    def found(self) -> dict[str, np.ndarray[Any, Any]]:
        if self._so_far is None:
            return _nothing()
        return {name: column.to_numpy() for name, column in self._so_far.sort("index").to_dict().items()}


def _nothing() -> dict[str, np.ndarray[Any, Any]]:
    return {"index": np.zeros(0, dtype=np.int64), "records": np.zeros(0, dtype=np.int64)}


def _frame(
    counted: _Dense | _Sparse, names: list[pl.Series], by: tuple[str, ...], needs: int, weighted: bool
) -> pl.DataFrame:
    found = counted.found()
    place = found["index"]
    columns: dict[str, pl.Series] = {}
    group = place >> needs
    for name, known in zip(reversed(by), reversed(names), strict=True):
        columns[name] = known.gather(group % max(len(known), 1)).rename(name)
        group = group // max(len(known), 1)
    ordered = {name: columns[name] for name in by}
    ordered["mask"] = pl.Series("mask", place & ((1 << needs) - 1), dtype=pl.Int64)
    if not weighted:
        return pl.DataFrame(ordered | {"people": pl.Series(found["records"], dtype=pl.Int64)})
    empty = np.zeros(0)
    figures = {name: pl.Series(found.get(name, empty), dtype=pl.Float64) for name in ("people", "squares")}
    records = pl.Series(found["records"], dtype=pl.Int64)
    return pl.DataFrame(
        ordered | {"people": figures["people"], "records": records, "squares": figures["squares"]}
    )
