"""Means and shares of a survey that lies in DuckDB, in lazy files or on Spark: only sums come here.

A mean and its linearised error need, for each cluster, the weighted sums of the answers and of those asked.
One group-by in the engine that holds the rows gives them for all indicators and groups at once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl

from philoxenia.needs.survey.design import Design
from philoxenia.needs.survey.estimates import Estimates, Part, told
from philoxenia.needs.survey.variance import degrees_of_freedom
from philoxenia.needs.travel import Floats
from philoxenia.needs.types import NeedsError

EVERYBODY = "all"


def means_elsewhere(
    frame: Any,
    values: Sequence[str],
    groups: Sequence[str] = (),
    weight: str | None = None,
    stratum: str | None = None,
    cluster: str | None = None,
    *,
    share: bool = False,
    level: float | None = None,
) -> Mapping[str, Estimates]:
    """`means` of each column of `values` (numbers or truths, null: no answer), everybody first, then groups.

    `groups` are columns of truths. Without `cluster` every row would be one, which is what `means` is for: a
    cluster is asked for here. The design effect reckons with sums of squares, so it is good to some nine
    digits. A stratum of one cluster counts by its distance from the mean of all. Raises `NeedsError` for
    columns that are not there.
    """
    lazy = nw.from_native(frame).lazy()
    _check(lazy, (*values, *groups, *filter(None, (weight, stratum, cluster))), cluster)
    sums = _sums(lazy, values, groups, weight, stratum, str(cluster))
    design = _design(sums)
    names = (EVERYBODY, *groups)
    return {
        value: told([_part(sums, f"v{place}_g{g}", design) for g in range(len(names))], design, share, level)
        for place, value in enumerate(values)
    }


def _check(frame: nw.LazyFrame[Any], columns: Sequence[str], cluster: str | None) -> None:
    known = frame.collect_schema().names()
    missing = [name for name in columns if name not in known]
    if missing or cluster is None:
        what = f"no column {missing[0]!r}" if missing else "no cluster named"
        raise NeedsError(f"There is {what}. Columns: {', '.join(known)}.")


def _sums(
    frame: nw.LazyFrame[Any],
    values: Sequence[str],
    groups: Sequence[str],
    weight: str | None,
    stratum: str | None,
    cluster: str,
) -> pl.DataFrame:
    number = nw.lit(1.0) if weight is None else nw.col(weight).cast(nw.Float64)
    zone = nw.lit("") if stratum is None else nw.col(stratum).cast(nw.String)
    columns = [zone.alias("stratum"), nw.col(cluster).cast(nw.String).alias("cluster")]
    for place, value in enumerate(values):
        answer = nw.col(value).cast(nw.Float64)
        for g, group in enumerate((None, *groups)):
            asked = ~answer.is_null()
            inside = asked if group is None else asked & nw.col(group).fill_null(False)
            parts = {"n": nw.lit(1.0), "w": number, "y": number * answer, "q": number * answer * answer}
            for name, part in parts.items():
                chosen = nw.when(inside).then(part).otherwise(nw.lit(0.0))
                columns.append(chosen.alias(f"v{place}_g{g}_{name}"))
    kept = frame.select(*columns)
    figures = [name for name in kept.collect_schema().names() if name not in ("stratum", "cluster")]
    summed = kept.group_by("stratum", "cluster").agg(*(nw.col(name).sum() for name in figures))
    native = nw.to_native(summed)
    found = native.collect() if isinstance(native, pl.LazyFrame) else summed.collect("polars").to_native()
    return found.sort("stratum", "cluster")


def _design(sums: pl.DataFrame) -> Design:
    """One row a cluster: what the variance of sums needs."""
    place = sums["stratum"].rank("dense").to_numpy().astype(np.int64) - 1
    strata = int(place.max()) + 1 if len(place) else 0
    rows = np.arange(sums.height, dtype=np.int64)
    return Design(np.ones(sums.height), rows, place, np.zeros(strata))


def _part(sums: pl.DataFrame, name: str, design: Design) -> Part:
    n, w, y, q = (_column(sums, f"{name}_{one}") for one in "nwyq")
    base, people = round(float(n.sum())), float(w.sum())
    if people == 0:
        return Part(np.nan, np.zeros(sums.height), np.nan, base, people, 1)
    value = float(y.sum()) / people
    squares = max(float(q.sum()) - value * value * people, 0.0) / people**2
    simple = squares * people / (base - 1) if base > 1 else np.nan
    return Part(value, (y - value * w) / people, simple, base, people, degrees_of_freedom(n > 0, design))


def _column(sums: pl.DataFrame, name: str) -> Floats:
    return np.asarray(sums[name].to_numpy(), dtype=float)
