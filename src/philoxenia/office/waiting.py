"""How long people wait, those who still wait included: the product-limit estimate.

Leaving out who still waits would make every month look better the longer the queue grows.
"""

import math
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# 95 % of a normal distribution.
_Z = 1.959964


@dataclass(frozen=True)
class Wait:
    """Days until half (and nine in ten) are through, with the interval of the half; None where not reached.

    `base` is how many were counted, `waiting` how many of them still waited.
    """

    base: int
    waiting: int
    median: float | None
    median_low: float | None
    median_high: float | None
    nine_in_ten: float | None


def waiting(times: pl.DataFrame) -> Wait:
    """From `days` (0 and more) and `over` (whether the waiting ended then; else it went on).

    Interval of the median: Brookmeyer and Crowley 1982 with log(-log) (Greenwood's variance).
    """
    ordered = times.group_by("days").agg(over=pl.col("over").sum(), all=pl.len()).sort("days")
    days, over, count = (ordered[name].to_numpy().astype(float) for name in ("days", "over", "all"))
    base, still = times.height, int((~times["over"]).sum()) if times.height else 0
    if not base or not over.any():
        return Wait(base, still, None, None, None, None)
    at_risk = count[::-1].cumsum()[::-1]
    share = np.cumprod(1 - over / at_risk)
    low, high = _bounds(share, over, at_risk)
    return Wait(
        base,
        still,
        _first(days, share, 0.5),
        _first(days, low, 0.5),
        _first(days, high, 0.5),
        _first(days, share, 0.1),
    )


def _bounds(share: Floats, over: Floats, at_risk: Floats) -> tuple[Floats, Floats]:
    """The 95 % band of the share that still waits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt(np.cumsum(over / (at_risk * np.maximum(at_risk - over, 1e-9))))
        wide = _Z * spread / np.abs(np.log(share))
        low, high = share ** np.exp(wide), share ** np.exp(-wide)
    ends = (share >= 1) | (share <= 0)
    return np.where(ends, share, low), np.where(ends, share, high)


def _first(days: Floats, share: Floats, level: float) -> float | None:
    """The first day on which no more than `level` still wait."""
    reached = np.flatnonzero(share <= level + 1e-12)
    return float(days[reached[0]]) if reached.size and not math.isnan(share[reached[0]]) else None
