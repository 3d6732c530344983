"""Three ways to put indicators of different units on one scale of 0 to 100, over the districts of a city.

Each takes draws x districts without gaps and is unmoved by a change of unit; an indicator that is the same
everywhere gives 50 everywhere. (OECD/JRC, Handbook on Constructing Composite Indicators, 2008, chapter 5.)
"""

from collections.abc import Callable, Mapping

import numpy as np
from scipy.stats import rankdata

from philoxenia.needs.travel import Floats

Scale = Callable[[Floats, Mapping[str, float]], Floats]

_MIDDLE = 50.0
_NORMAL_MAD = 1.4826  # makes the median absolute deviation of a normal distribution its standard deviation


def percentile(values: Floats, _parameters: Mapping[str, float]) -> Floats:
    """The share of districts with less, and half of those with as much: the default, blind to outliers."""
    share: Floats = (rankdata(values, axis=1) - 0.5) / values.shape[1] * 100
    return share


def between_limits(values: Floats, parameters: Mapping[str, float]) -> Floats:
    """The place between the city's low and high limits (5th and 95th percentile); 0 and 100 beyond them."""
    cut = parameters["needs.winsor_share"]
    low, high = np.quantile(values, [cut, 1 - cut], axis=1, keepdims=True)
    return _ratio(np.clip(values, low, high) - low, high - low, at_rest=_MIDDLE / 100) * 100


def robust_deviation(values: Floats, parameters: Mapping[str, float]) -> Floats:
    """The distance from the median in robust deviations, cut at a limit: 50 at the median."""
    limit = parameters["needs.robust_z_limit"]
    away = values - np.median(values, axis=1, keepdims=True)
    spread = _NORMAL_MAD * np.median(np.abs(away), axis=1, keepdims=True)
    # Where more than half the districts are alike the median deviation is zero and says nothing.
    spread = np.where(spread > 0, spread, away.std(axis=1, keepdims=True))
    deviations = np.clip(_ratio(away, spread, at_rest=0.0), -limit, limit)
    placed: Floats = _MIDDLE + deviations / limit * _MIDDLE
    return placed


def _ratio(part: Floats, whole: Floats, at_rest: float) -> Floats:
    ratio: Floats = np.divide(part, whole, out=np.full(part.shape, at_rest), where=whole > 0)
    return ratio


SCALES: tuple[Scale, ...] = (percentile, between_limits, robust_deviation)
