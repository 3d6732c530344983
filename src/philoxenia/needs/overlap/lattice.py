"""Sums over supersets on the lattice of combinations, and the names of masks."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from philoxenia.needs.travel import Floats

# So many numbers at once: the table of groups x masks is cut there, whatever the number of districts.
_NUMBERS_AT_ONCE = 8_000_000


def zeta(table: Floats, needs: int) -> Floats:
    """For each mask of the last axis (length 2^needs) the sum over its supersets: Yates 1937, Kennes 1992."""
    summed = np.array(table)
    for bit in range(needs):
        halves = summed.reshape(*summed.shape[:-1], -1, 2, 1 << bit)
        halves[..., 0, :] += halves[..., 1, :]
    return summed


def supersets(cells: pl.DataFrame, by: Sequence[str], needs: int, sizes: Sequence[int]) -> pl.DataFrame:
    """People with at least the needs of each mask of the given sizes, for each group there is."""
    figures = [name for name in ("people", "records") if name in cells.columns]
    groups = cells.select(by).unique(maintain_order=True) if by else pl.DataFrame({"one": [0]})
    wanted = _of_sizes(needs, sizes)
    at_once = max(1, _NUMBERS_AT_ONCE >> needs)
    pieces = [
        _piece(cells, groups[start : start + at_once], by, needs, wanted, figures)
        for start in range(0, groups.height, at_once)
    ]
    empty = {name: cells.schema[name] for name in (*by, "mask", *figures)}
    return pl.concat([pl.DataFrame(schema=empty), *pieces])


def _piece(
    cells: pl.DataFrame,
    groups: pl.DataFrame,
    by: Sequence[str],
    needs: int,
    wanted: np.ndarray[tuple[int], np.dtype[np.int64]],
    figures: Sequence[str],
) -> pl.DataFrame:
    numbered = groups.with_row_index("group")
    found = cells.join(numbered, on=list(by), how="inner") if by else cells.with_columns(group=pl.lit(0))
    place = found["group"].to_numpy().astype(np.int64), found["mask"].to_numpy().astype(np.int64)
    columns: dict[str, pl.Series] = {}
    for name in figures:
        table = np.zeros((groups.height, 1 << needs))
        np.add.at(table, place, found[name].to_numpy())
        sums = zeta(table, needs)[:, wanted].ravel()
        whole = cells.schema[name].is_integer()
        columns[name] = pl.Series(np.rint(sums).astype(np.int64) if whole else sums, dtype=cells.schema[name])
    repeated = np.repeat(np.arange(groups.height), len(wanted))
    keys = {name: groups[name].gather(repeated) for name in by}
    masks = pl.Series("mask", np.tile(wanted, groups.height), dtype=cells.schema["mask"])
    return pl.DataFrame({**keys, "mask": masks, **columns})


def _of_sizes(needs: int, sizes: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    masks = np.arange(1 << needs, dtype=np.int64)
    kept: np.ndarray[tuple[int], np.dtype[np.int64]] = masks[np.isin(np.bitwise_count(masks), list(sizes))]
    return kept


def named(mask: str, needs: Sequence[str]) -> list[pl.Expr]:
    """The columns `needs` (codes with `;` between) and `size` of a column of masks."""
    has = [(pl.col(mask) // (1 << place)) % 2 == 1 for place in range(len(needs))]
    codes = [pl.when(bit).then(pl.lit(need)) for bit, need in zip(has, needs, strict=True)]
    text = pl.concat_str(codes, separator=";", ignore_nulls=True)
    return [text.alias("needs"), pl.sum_horizontal(bit.cast(pl.Int64) for bit in has).alias("size")]
