"""How good forecasts were: interval score, scaled and percentage errors, coverage. Ignores who made them."""

from collections.abc import Mapping

import numpy as np

from philoxenia.arrivals.types import Floats


def weighted_interval_score(
    actual: Floats, median: Floats, bounds: Mapping[float, tuple[Floats, Floats]]
) -> Floats:
    """WIS of each value (Bracher, Ray, Gneiting and Reich 2021, eq. 1); `bounds` by level between 0 and 1.

    In units of the value; smaller is better; equals the absolute error where there are no intervals.
    """
    total = 0.5 * np.abs(actual - median)
    for level, (lower, upper) in bounds.items():
        share = 1 - level
        outside = np.maximum(lower - actual, 0) + np.maximum(actual - upper, 0)
        total = total + share / 2 * (upper - lower) + outside
    return np.asarray(total / (len(bounds) + 0.5))


def covered(actual: Floats, lower: Floats, upper: Floats) -> Floats:
    """1 where a value lies within its interval (ends included, to rounding), 0 where not, NaN where not
    known.
    """
    slack = 1e-9 * (1 + np.abs(actual))
    inside = (actual >= lower - slack) & (actual <= upper + slack)
    return np.where(np.isnan(actual) | np.isnan(lower), np.nan, inside)


def seasonal_change(values: Floats, season: int) -> Floats:
    """Mean absolute change from a season before, for each series up to each period: the scale of MASE.

    Hyndman and Koehler (2006). Series shorter than a season and a half use the change from the period before.
    """
    by_season, by_step = (_running_change(values, lag) for lag in (season, 1))
    long = np.cumsum(~np.isnan(values), axis=1) >= 1.5 * season
    return np.where(long & (by_season > 0), by_season, by_step)


def _running_change(values: Floats, lag: int) -> Floats:
    change = np.full(values.shape, np.nan)
    change[:, lag:] = np.abs(values[:, lag:] - values[:, :-lag])
    known = np.cumsum(~np.isnan(change), axis=1)
    total = np.cumsum(np.nan_to_num(change), axis=1)
    return np.asarray(np.divide(total, known, out=np.zeros(values.shape), where=known > 0))
