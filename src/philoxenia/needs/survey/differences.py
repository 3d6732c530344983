"""Differences between groups of one sample, and what many comparisons at once do to their meaning."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t

from philoxenia.needs.survey.estimates import Estimates
from philoxenia.needs.survey.intervals import around
from philoxenia.needs.travel import Floats
from philoxenia.reference import default_parameters


@dataclass(frozen=True)
class Difference:
    """One group less another: `value`, `error`, `low`, `high`, and `p` of no difference."""

    value: float
    error: float
    low: float
    high: float
    p: float


def differences(
    estimates: Estimates, pairs: Sequence[tuple[int, int]], level: float | None = None
) -> list[Difference]:
    """For each pair (a, b) of groups a less b, with the variance V_aa + V_bb - 2 V_ab.

    Groups in the same clusters are not independent: the covariance takes that in. NaN where a side has no
    base.
    """
    confidence = default_parameters()["needs.interval_level"] if level is None else level
    return [_difference(estimates, a, b, confidence) for a, b in pairs]


def _difference(estimates: Estimates, a: int, b: int, level: float) -> Difference:
    spread = estimates.covariance
    value = estimates.value[a] - estimates.value[b]
    error = np.sqrt(max(spread[a, a] + spread[b, b] - 2 * spread[a, b], 0.0))
    freedom = np.array([min(estimates.freedom[a], estimates.freedom[b])])
    if not np.isfinite(value):
        return Difference(*[float("nan")] * 5)
    low, high = around(np.array([value]), np.array([error]), freedom, level)
    # Rounding leaves dust where two groups are the same rows.
    no_spread = error <= 1e-12 * max(abs(value), 1e-300)
    p = float(value == 0) if no_spread else float(2 * t.sf(abs(value) / error, freedom[0]))
    return Difference(float(value), float(error), float(low[0]), float(high[0]), p)


def holm(p: Floats) -> Floats:
    """p of each comparison when all of them are looked at together (Holm 1979); NaN stays NaN."""
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * (len(order) - np.arange(len(order)))
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted
