"""Calibration: which multiple of the spread holds a given share of what came true.

Split conformal prediction with pooled scores: the ceil((n+1)(1-a))/n quantile of past errors in spreads (Vovk
et al. 2005; Lei et al. 2018), here weighted towards recent ones, pooled over series, origins and periods
ahead, and mixed with errors learnt on other panels (`forecast_errors.csv`) as long as the file has few of its
own. Owns that mixture; ignores point forecasts.
"""

from dataclasses import dataclass

import numpy as np

from philoxenia.arrivals.breaks import break_periods
from philoxenia.arrivals.combination import Workbench
from philoxenia.arrivals.learnt import column_of
from philoxenia.arrivals.types import Bools, Floats, Ints
from philoxenia.reference import Parameters


@dataclass(frozen=True)
class Pool:
    """All past errors of a panel in the order in which they became known."""

    size: Floats
    ahead: Ints
    known_at: Ints
    weight: Floats
    series_seen: Floats
    breaks: Bools
    horizon: int
    widening: Floats

    def until(self, period: int) -> int:
        """How many errors are known at the end of a period."""
        return int(np.searchsorted(self.known_at, period, side="right"))


def pool_errors(bench: Workbench, errors: Floats) -> Pool:
    """Gather errors in spreads (series, origins, horizon) for calibration."""
    series, periods, horizon = errors.shape
    s, t, h = np.nonzero(~np.isnan(errors))
    known_at = t + h + 1
    order = np.argsort(known_at, kind="stable")
    most = int(bench.parameters["arrivals.pool_most"])
    order = order[:: max(1, len(order) // most)]
    broken = break_periods(errors, bench.parameters)
    factor = np.where(broken, bench.parameters["arrivals.break_weight"], 1.0)
    return Pool(
        np.abs(errors[s, t, h])[order],
        h[order],
        known_at[order],
        factor[known_at[order]],
        _series_seen(s[order], h[order], known_at[order], (series, periods, horizon)),
        broken,
        horizon,
        _widening(bench),
    )


def _widening(bench: Workbench) -> Floats:
    """Factor on sizes at each period ahead: a file's past errors understate later and farther ones."""
    column = column_of(bench.panel.frequency)
    power = bench.parameters[f"arrivals.widening_ahead.{column}"]
    return np.asarray(
        bench.parameters[f"arrivals.widening.{column}"] * np.arange(1, bench.horizon + 1) ** power
    )


def _series_seen(s: Ints, h: Ints, known_at: Ints, shape: tuple[int, int, int]) -> Floats:
    """How many series have an error at each period ahead, by period (periods, horizon)."""
    series, periods, horizon = shape
    first = np.full((series, horizon), periods)
    np.minimum.at(first, (s, h), known_at)
    return np.asarray((first[None] <= np.arange(periods)[:, None, None]).sum(axis=1), dtype=float)


@dataclass(frozen=True)
class Calibration:
    """At one origin: `growth` corrects the spread for each period ahead; `sizes` are errors at the
    probabilities.
    """

    growth: Floats
    sizes: Floats
    independent: float


def calibrate(pool: Pool, period: int, grid: Floats, usual: Floats, parameters: Parameters) -> Calibration:
    """What the errors known at `period` say, mixed with `usual` sizes at the probabilities `grid`."""
    count = pool.until(period)
    if count < 2:
        return Calibration(pool.widening, usual, 0.0)
    size, ahead = pool.size[:count], pool.ahead[:count]
    weight = pool.weight[:count] * parameters["arrivals.pool_memory"] ** (period - pool.known_at[:count])
    independent = _independent(weight, ahead, pool.series_seen[period], parameters)
    growth = _growth(size, ahead, weight, independent, pool.horizon, parameters)
    own = conformal_sizes(size / growth[ahead], weight, grid)
    share = independent / (independent + parameters["arrivals.pool_prior"])
    floor = 1e-6
    mixed = np.exp(share * np.log(np.maximum(own, floor)) + (1 - share) * np.log(np.maximum(usual, floor)))
    return Calibration(growth * pool.widening, np.where(grid == 0, 0.0, mixed), independent)


def conformal_sizes(size: Floats, weight: Floats, grid: Floats) -> Floats:
    """Weighted conformal quantiles: interpolated where weights reach (n+1)p/n of their sum, n the effective
    count.
    """
    order = np.argsort(size, kind="stable")
    total = weight.sum()
    effective = total**2 / (weight**2).sum()
    reached = np.cumsum(weight[order]) / total
    target = np.minimum(grid * (effective + 1) / effective, 1.0)
    return np.asarray(
        np.interp(target, np.concatenate([[0.0], reached]), np.concatenate([[0.0], size[order]]))
    )


def _independent(weight: Floats, ahead: Ints, seen: Floats, parameters: Parameters) -> float:
    """How many independent errors the pool is worth: origins at one period ahead times a power of the
    series.
    """
    by_ahead = np.bincount(ahead, weight, len(seen))
    origins = np.divide(by_ahead, seen, out=np.zeros(len(seen)), where=seen > 0)
    return float((origins * seen ** parameters["arrivals.pool_series_power"]).max())


def _growth(
    size: Floats, ahead: Ints, weight: Floats, independent: float, horizon: int, parameters: Parameters
) -> Floats:
    cut = weight * np.minimum(size, 6.0)
    overall = cut.sum() / weight.sum()
    prior = parameters["arrivals.growth_prior"] / max(independent, 1e-9) * weight.sum() / horizon
    sums, counts = np.bincount(ahead, cut, horizon), np.bincount(ahead, weight, horizon)
    return (
        np.asarray((sums + prior * overall) / (counts + prior) / overall) if overall > 0 else np.ones(horizon)
    )
