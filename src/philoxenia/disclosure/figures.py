"""From a table of cells to all its figures: the cells and every margin that is published with them.

A margin is a choice of columns; any column of the cells may stand in one, so that areas above districts
(hierarchies) and needs that overlap (one column of yes and no each) are margins as well.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy import sparse

from philoxenia.disclosure.types import DisclosureError, Figures

JOIN = " x "
# Columns that a protected table gets.
_OURS = frozenset({"margin", "shown", "why", "low", "high", "note", "date", "unit"})
Margins = Sequence[Sequence[str]]


def figures_of(cells: pl.DataFrame, keys: Sequence[str], count: str, margins: Margins) -> Figures:
    """All figures: the cells in their order, then each margin's rows in the order of their first cell.

    Raises `DisclosureError` for a column that is missing, keys that repeat, and counts that are empty,
    negative or not finite.
    """
    _check(cells, keys, count, margins)
    atoms = cells[count].cast(pl.Float64).to_numpy()
    blocks = [sparse.identity(cells.height, format="csr")]
    named = list(dict.fromkeys([*keys, *(name for margin in margins for name in margin)]))
    frames = [cells.select(named).with_columns(margin=pl.lit(JOIN.join(keys)))]
    for margin in _without_repeats(margins, keys):
        group, rows = _groups(cells, margin)
        blocks.append(_membership(group, rows.height))
        frames.append(rows.with_columns(margin=pl.lit(JOIN.join(margin))))
    return Figures(pl.concat(frames, how="diagonal_relaxed"), sparse.vstack(blocks, format="csr"), atoms)


def every_margin(keys: Sequence[str]) -> list[tuple[str, ...]]:
    """All margins of a table: every choice of its keys but all of them; `()` is the grand total."""
    choices = range(2 ** len(keys) - 1)
    return [tuple(key for place, key in enumerate(keys) if choice >> place & 1) for choice in choices]


def _without_repeats(margins: Margins, keys: Sequence[str]) -> list[tuple[str, ...]]:
    seen = {frozenset(keys)}
    kept = []
    for margin in margins:
        if frozenset(margin) not in seen:
            seen.add(frozenset(margin))
            kept.append(tuple(margin))
    return kept


def _groups(cells: pl.DataFrame, margin: tuple[str, ...]) -> tuple[np.ndarray, pl.DataFrame]:
    """The group of each cell, counted from 0, and the margin's rows in that order."""
    if not margin:
        return np.zeros(cells.height, dtype=np.int64), pl.DataFrame({"margin": [""]})
    numbered = cells.select(margin).with_row_index("_row")
    rows = numbered.group_by(margin, maintain_order=True).agg(pl.col("_row"))
    group = np.empty(cells.height, dtype=np.int64)
    for place, members in enumerate(rows["_row"].to_list()):
        group[members] = place
    return group, rows.drop("_row")


def _membership(group: np.ndarray, groups: int) -> sparse.csr_matrix:
    atoms = np.arange(len(group))
    return sparse.csr_matrix((np.ones(len(group)), (group, atoms)), shape=(groups, len(group)))


def _check(cells: pl.DataFrame, keys: Sequence[str], count: str, margins: Margins) -> None:
    asked = [*keys, count, *(name for margin in margins for name in margin)]
    if missing := [name for name in dict.fromkeys(asked) if name not in cells.columns]:
        raise DisclosureError(
            f"The table has no column {', '.join(map(repr, missing))}. It has: {', '.join(cells.columns)}."
        )
    if taken := [name for name in asked if name in _OURS or JOIN in name]:
        raise DisclosureError(f"The column {taken[0]!r} has a name that releases use themselves: rename it.")
    if not keys:
        raise DisclosureError("Name at least one key column: what the cells of the table are told apart by.")
    if cells.is_empty():
        raise DisclosureError("The table has no rows: there is nothing to protect.")
    twice = cells.select(pl.struct(keys).is_duplicated().arg_true())
    if twice.height:
        row = int(twice.item(0, 0)) + 1
        raise DisclosureError(f"Row {row} has the same {', '.join(keys)} as another: add the rows up first.")
    values = cells[count]
    if not values.dtype.is_numeric():
        raise DisclosureError(f"The column {count!r} holds text where counts belong.")
    wrong = values.is_null() | (values < 0) | ~values.cast(pl.Float64).is_finite()
    if wrong.any():
        row = int(wrong.arg_true()[0]) + 1
        raise DisclosureError(
            f"Row {row} of {count!r} is empty, negative or not a number: counts are from 0."
        )
