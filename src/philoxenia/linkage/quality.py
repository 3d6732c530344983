"""Missed and false links with intervals, for everybody and by script, sex and origin of name.

Owns rates and their intervals. With a truth they are exact counts with an interval for the people behind
them; without one they are what the model's probabilities expect, mended by what reviewers said. A pair
belongs to a group where either of its records does, so groups of one kind may share pairs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Any

import numpy as np
import polars as pl
from scipy.stats import norm

from philoxenia.linkage.types import LinkageError

Row = Mapping[str, Any]
_SCHEMA = {
    "measure": pl.String,
    "by": pl.String,
    "value": pl.String,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "base": pl.Int64,
    "method": pl.String,
}
GROUPS = ("script", "sex", "name_origin")
_EXACT = "counted against a truth; Wilson interval, widened for pairs of one person"


def wilson(share: float, size: float, confidence: float) -> tuple[float, float]:
    """Wilson's interval (1927) of a share in `size` independent cases; the whole range where there are
    none."""
    if size <= 0:
        return 0.0, 1.0
    z = float(norm.ppf(0.5 + confidence / 2))
    middle = (share + z * z / (2 * size)) / (1 + z * z / size)
    half = z / (1 + z * z / size) * sqrt(share * (1 - share) / size + z * z / (4 * size * size))
    return max(0.0, middle - half), min(1.0, middle + half)


def effective_size(wrong: Iterable[int], total: Iterable[int]) -> float:
    """How many independent pairs the pairs of these people are worth (Kish 1965, linearised over people)."""
    x, n = np.array(list(wrong), dtype=float), np.array(list(total), dtype=float)
    pairs = n.sum()
    if pairs == 0:
        return 0.0
    share = x.sum() / pairs
    if share in (0.0, 1.0) or n.size < 2:
        return float(pairs * pairs / (n * n).sum())
    variance = float(n.size / (n.size - 1) * ((x - share * n) ** 2).sum() / pairs**2)
    return min(float(pairs), share * (1 - share) / variance) if variance > 0 else float(pairs)


@dataclass(frozen=True)
class Found:
    """What quality is told of: records (row, source, record, groups), pairs by row, and each row's person."""

    records: pl.DataFrame
    pairs: pl.DataFrame
    person: pl.Series
    confidence: float


def counted(found: Found, truth: pl.DataFrame, comparable: pl.Expr) -> pl.DataFrame:
    """Quality against a truth (source, record, person): missed and false links among pairs that could be
    linked.

    `comparable` says of a pair (source_l, source_r) whether it was to be compared at all.
    """
    known = _with_truth(found, truth)
    true, linked = same_pairs(known, "true", comparable), same_pairs(known, "person", comparable)
    missed = _marked(true, linked)
    false = _marked(linked, true)
    rows = [
        *_rates("missed", missed, known, found.confidence),
        *_rates("false", false, known, found.confidence),
    ]
    rows += _pairwise(true.height, linked.height, int((~missed["wrong"]).sum()), found.confidence)
    rows += _by_cluster(known, found.confidence)
    return pl.DataFrame(rows, schema=_SCHEMA)


def _with_truth(found: Found, truth: pl.DataFrame) -> pl.DataFrame:
    needed = truth.select(
        pl.col("source").cast(pl.String),
        pl.col("record").cast(pl.String),
        true=pl.col("person").cast(pl.String),
    ).unique(["source", "record"])
    records = found.records.with_columns(person=found.person)
    known = records.join(needed, on=["source", "record"], how="inner")
    if known.is_empty():
        raise LinkageError(
            "The truth names no record of these lists. It needs the columns source, record, person."
        )
    return known


def same_pairs(records: pl.DataFrame, key: str, comparable: pl.Expr) -> pl.DataFrame:
    """All pairs of rows that agree on `key`: row_l < row_r, and the key as `who`."""
    side = records.select("row", "source", who=key).filter(pl.col("who").is_not_null())
    pairs = side.join(side, on="who", suffix="_r").filter(pl.col("row") < pl.col("row_r"))
    pairs = pairs.rename({"row": "row_l", "source": "source_l", "source_r": "source_r"})
    return pairs.filter(comparable).select("row_l", "row_r", "who")


def _marked(pairs: pl.DataFrame, others: pl.DataFrame) -> pl.DataFrame:
    """Pairs with `wrong`: not among the others."""
    seen = others.select("row_l", "row_r", right=pl.lit(True))
    return (
        pairs.join(seen, on=["row_l", "row_r"], how="left")
        .with_columns(wrong=pl.col("right").is_null())
        .drop("right")
    )


def _rates(measure: str, pairs: pl.DataFrame, records: pl.DataFrame, confidence: float) -> list[Row]:
    rows = [_rate(measure, "all", "all", pairs, confidence)]
    for by in (name for name in GROUPS if name in records.columns):
        grouped = in_groups(pairs, records, by)
        for (value,), part in sorted(grouped.group_by("value"), key=lambda one: str(one[0][0])):
            rows.append(_rate(measure, by, str(value), part, confidence))
    return rows


def in_groups(pairs: pl.DataFrame, records: pl.DataFrame, by: str) -> pl.DataFrame:
    """Pairs once for each group that one of their records is in, with the group as `value`."""
    value = records.select("row", value=pl.col(by).fill_null("unknown"))
    left = pairs.join(value.rename({"row": "row_l"}), on="row_l")
    right = pairs.join(value.rename({"row": "row_r"}), on="row_r")
    return pl.concat([left, right]).unique(["row_l", "row_r", "value"], maintain_order=True)


def _rate(measure: str, by: str, value: str, pairs: pl.DataFrame, confidence: float) -> Row:
    people = pairs.group_by("who").agg(wrong=pl.col("wrong").sum(), total=pl.len())
    size = effective_size(people["wrong"], people["total"])
    share = float(pairs["wrong"].mean() or 0.0) if pairs.height else 0.0  # type: ignore[arg-type]
    low, high = wilson(share, size, confidence)
    return _row(measure, by, value, share, low, high, pairs.height, _EXACT)


def _row(
    measure: str, by: str, value: str, estimate: float, low: float, high: float, base: int, method: str
) -> Row:
    return dict(zip(_SCHEMA, (measure, by, value, estimate, low, high, base, method), strict=True))


def _pairwise(true: int, linked: int, right: int, confidence: float) -> list[Row]:
    precision, recall = right / linked if linked else 0.0, right / true if true else 0.0
    rows = []
    for name, share, base in (("pair_precision", precision, linked), ("pair_recall", recall, true)):
        rows.append(_row(name, "all", "all", share, *wilson(share, base, confidence), base, _EXACT))
    f1 = 2 * right / (true + linked) if true + linked else 0.0
    rows.append(
        _row("pair_f1", "all", "all", f1, *wilson(f1, (true + linked) / 2, confidence), true + linked, _EXACT)
    )
    return rows


def _by_cluster(known: pl.DataFrame, confidence: float) -> list[Row]:
    """Whole people found exactly (cluster precision, recall, F1) and B-cubed (Bagga and Baldwin 1998)."""
    joint = known.group_by("true", "person").len("both")
    sizes = {key: known.group_by(key).len(f"size_{key}") for key in ("true", "person")}
    joint = joint.join(sizes["true"], on="true").join(sizes["person"], on="person")
    whole = joint.filter(
        (pl.col("both") == pl.col("size_true")) & (pl.col("both") == pl.col("size_person"))
    ).height
    found, real = sizes["person"].height, sizes["true"].height
    rows = []
    measures = (("cluster_precision", whole / found, found), ("cluster_recall", whole / real, real))
    for name, share, base in measures:
        rows.append(_row(name, "all", "all", share, *wilson(share, base, confidence), base, _EXACT))
    rows.append(_f1("cluster_f1", whole / found, whole / real, found + real))
    squares = pl.col("both").cast(pl.Float64) ** 2
    precision = float(joint.select((squares / pl.col("size_person")).sum()).item()) / known.height
    recall = float(joint.select((squares / pl.col("size_true")).sum()).item()) / known.height
    for name, share in (("bcubed_precision", precision), ("bcubed_recall", recall)):
        rows.append(_row(name, "all", "all", share, *wilson(share, real, confidence), known.height, _EXACT))
    return [*rows, _f1("bcubed_f1", precision, recall, known.height)]


def _f1(name: str, precision: float, recall: float, base: int) -> Row:
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return _row(name, "all", "all", f1, float("nan"), float("nan"), base, "from the two rates above")
