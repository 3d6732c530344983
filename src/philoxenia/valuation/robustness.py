"""How plans fare over all futures: five measures of robustness, ranked by one of them, all shown.

Definitions as McPhail et al. (2018), "Robustness metrics: how are they calculated, when should they be used
and why do they give different results?", Earth's Future 6.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from philoxenia.valuation.distribution import cvar
from philoxenia.valuation.types import Floats, ValuationError

METRICS = ("mean", "maximin", "largest_regret", "mean_regret", "satisficing", "cvar")
# For these, less is better.
_LESS = ("largest_regret", "mean_regret")


def regret(values: Floats) -> Floats:
    """(K, F): the best plan's value in each future minus each plan's, from values (K plans, F futures)."""
    return np.asarray(values.max(axis=0) - values)


def robustness(
    plans: Sequence[str],
    values: Floats,
    met: Floats | None = None,
    *,
    worst_share: float,
    rank_by: str = "mean",
) -> pl.DataFrame:
    """One row a plan: `plan`, the `METRICS`, `rank` by one of them (1 is best; ties share the better rank).

    `values`: (K, F), more is better. `met`: (K, F) of 0 and 1, whether every threshold is met; without it
    satisficing is the share of futures in which a plan is worth more than nothing.
    """
    if values.shape[0] != len(plans) or values.ndim != 2:
        raise ValuationError(f"{len(plans)} plans are named, but values has shape {values.shape}.")
    if rank_by not in METRICS:
        raise ValuationError(f"Plans can be ranked by {', '.join(METRICS)}, not by {rank_by!r}.")
    behind = regret(values)
    satisfied = (values > 0 if met is None else np.asarray(met) > 0).mean(axis=1)
    table = pl.DataFrame(
        {
            "plan": list(plans),
            "mean": values.mean(axis=1),
            "maximin": values.min(axis=1),
            "largest_regret": behind.max(axis=1),
            "mean_regret": behind.mean(axis=1),
            "satisficing": satisfied,
            "cvar": [cvar(row, worst_share) for row in values],
        }
    )
    rank = pl.col(rank_by).rank("min", descending=rank_by not in _LESS).cast(pl.Int64)
    return table.with_columns(rank=rank).sort("rank", "plan")


def thresholds_met(measures: Mapping[str, Floats], thresholds: Mapping[str, float]) -> Floats:
    """(K, F) of 0 and 1: whether every measure (K, F) reaches its threshold in a future."""
    missing = [name for name in thresholds if name not in measures]
    if missing:
        raise ValuationError(f"There is no measure {', '.join(missing)} to hold a threshold against.")
    reached = [measures[name] >= least for name, least in thresholds.items()]
    return np.asarray(np.logical_and.reduce(reached), dtype=np.float64)
