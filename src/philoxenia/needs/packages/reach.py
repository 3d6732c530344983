"""Whom a package reaches, by population, and what each programme adds."""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from philoxenia.needs.packages import greedy as steps
from philoxenia.needs.packages.cover import Bools, Cover
from philoxenia.needs.packages.types import Programme
from philoxenia.needs.travel import Floats


def chosen_rows(
    covers: Bools, worth: Floats, cost: Floats, programmes: Sequence[Programme], chosen: Sequence[int]
) -> pl.DataFrame:
    """One row a programme, in the order in which they gain."""
    reached = [steps.value_of(covers, worth, list(chosen[: step + 1])) for step in range(len(chosen))]
    return pl.DataFrame(
        {
            "step": list(range(1, len(chosen) + 1)),
            "programme": [programmes[place].id for place in chosen],
            "name": [programmes[place].name or programmes[place].id for place in chosen],
            "cost": cost[list(chosen)],
            "spent": np.cumsum(cost[list(chosen)]),
            "gained": np.diff([0.0, *reached]),
            "reached": reached,
        },
        schema={
            "step": pl.Int64,
            "programme": pl.String,
            "name": pl.String,
            "cost": pl.Float64,
            "spent": pl.Float64,
            "gained": pl.Float64,
            "reached": pl.Float64,
        },
    )


def reach_rows(
    covered: Cover, chosen: Sequence[int], floors: Mapping[str, float], objective: str
) -> pl.DataFrame:
    """One row a population and one for all: some need met, every need met, needs met."""
    met: Bools = np.any(covered.meets[list(chosen)], axis=0)
    figures = {
        "people": covered.people,
        "reached": covered.people * met.any(axis=1),
        "fully": covered.people * (met.sum(axis=1) == covered.wanted.sum(axis=1)),
        "needs": covered.people * covered.wanted.sum(axis=1),
        "needs_met": covered.people * met.sum(axis=1),
    }
    names = sorted(set(covered.population))
    groups = {"all": np.ones(len(covered.people), dtype=bool)}
    groups |= {name: covered.population == name for name in names if names != ["all"]}
    rows = [
        {"group": name, **{key: float(v[rows].sum()) for key, v in figures.items()}}
        for name, rows in groups.items()
    ]
    frame = pl.DataFrame(rows).with_columns(
        share=pl.col("reached") / pl.col("people"),
        fully_share=pl.col("fully") / pl.col("people"),
        needs_share=pl.col("needs_met") / pl.col("needs"),
        floor=pl.col("group").replace_strict(dict(floors), default=None, return_dtype=pl.Float64),
    )
    counts = pl.col("share" if objective == "people" else "needs_share")
    return frame.with_columns(floor_kept=counts >= pl.col("floor") - 1e-9)
