"""What changed from one state of a table to the next: rows added, removed and changed, cell by cell.

Rows are told by the columns that name them; rows of the same name are compared in their order. Counts are
exact, cells are kept up to a limit.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

CELLS_KEPT = 200_000
_SCHEMA = {
    "change": pl.String,
    "row": pl.String,
    "column": pl.String,
    "before": pl.String,
    "after": pl.String,
}
_NTH, _HERE, _BEFORE = "__nth", "__here", "__before"


@dataclass(frozen=True)
class Difference:
    """`cells` holds change (added, removed, changed), row (its name), column, before, after."""

    added: int
    removed: int
    changed: int
    same: int
    key: tuple[str, ...]
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    # Of each column: how many cells changed in rows that are in both.
    by_column: tuple[tuple[str, int], ...]
    cells: pl.DataFrame


def difference(before: pl.DataFrame, after: pl.DataFrame, key: Sequence[str]) -> Difference:
    """Compare two states of a table. Without key columns in both, whole rows are added or removed."""
    shared = [name for name in after.columns if name in before.columns]
    named = [name for name in key if name in shared] or shared
    others = [name for name in shared if name not in named]
    old, new = _prepared(before, named, others), _prepared(after, named, others)
    on = [*named, _NTH]
    both = new.join(old, on=on, how="inner", suffix=_BEFORE, nulls_equal=True, maintain_order="left")
    changes = [(name, _changed(name)) for name in others]
    touched = both.filter(pl.any_horizontal([one for _, one in changes])) if changes else both.clear()
    counts = touched.select(one.sum().alias(name) for name, one in changes).row(0) if changes else ()
    added = new.join(old, on=on, how="anti", nulls_equal=True, maintain_order="left")
    removed = old.join(new, on=on, how="anti", nulls_equal=True, maintain_order="left")
    return Difference(
        added=added.height,
        removed=removed.height,
        changed=touched.height,
        same=both.height - touched.height,
        key=tuple(named),
        columns_added=tuple(name for name in after.columns if name not in before.columns),
        columns_removed=tuple(name for name in before.columns if name not in after.columns),
        by_column=tuple((name, int(n)) for name, n in zip(others, counts, strict=False) if n),
        cells=_cells(added, removed, touched, named, others),
    )


def _prepared(frame: pl.DataFrame, named: Sequence[str], others: Sequence[str]) -> pl.DataFrame:
    """Comparable values, and which of several rows of the same name a row is."""
    plain = frame.select(pl.col([*named, *others])).with_columns(
        pl.col(pl.Binary).bin.encode("base64"), pl.col(pl.Categorical).cast(pl.String)
    )
    several = plain.select(pl.struct(named).is_duplicated().any()).item() if plain.height else False
    nth = pl.int_range(pl.len(), dtype=pl.UInt32).over(named) if several else pl.lit(0, dtype=pl.UInt32)
    return plain.with_columns(nth.alias(_NTH))


def _changed(name: str) -> pl.Expr:
    return pl.col(name).ne_missing(pl.col(f"{name}{_BEFORE}"))


def _cells(
    added: pl.DataFrame,
    removed: pl.DataFrame,
    touched: pl.DataFrame,
    named: Sequence[str],
    others: Sequence[str],
) -> pl.DataFrame:
    parts = [
        added.head(CELLS_KEPT).select(_row(named, "added", "", None, _text(others))),
        removed.head(CELLS_KEPT).select(_row(named, "removed", "", _text(others), None)),
    ]
    for name in others:
        changed = touched.lazy().filter(_changed(name)).head(CELLS_KEPT).collect()
        before, after = pl.col(f"{name}{_BEFORE}").cast(pl.String), pl.col(name).cast(pl.String)
        parts.append(changed.select(_row(named, "changed", name, before, after)))
    return pl.concat(parts).head(CELLS_KEPT) if parts else pl.DataFrame(schema=_SCHEMA)


def _row(
    named: Sequence[str], change: str, column: str, before: pl.Expr | None, after: pl.Expr | None
) -> list[pl.Expr]:
    nothing = pl.lit(None, dtype=pl.String)
    return [
        pl.lit(change).alias("change"),
        _text(named).alias("row"),
        pl.lit(column).alias("column"),
        (nothing if before is None else before).alias("before"),
        (nothing if after is None else after).alias("after"),
    ]


def _text(columns: Sequence[str]) -> pl.Expr:
    """Several cells as one short text."""
    if not columns:
        return pl.lit("", dtype=pl.String)
    parts = [pl.col(name).cast(pl.String).fill_null("").str.slice(0, 80) for name in columns[:8]]
    return pl.concat_str(parts, separator=", ")
