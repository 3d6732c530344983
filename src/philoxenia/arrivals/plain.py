"""The obvious slow way: one series, one origin, plain loops. Tests hold the fast ways to these."""

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

Series = Sequence[float]


def _known(values: Series) -> list[float]:
    return [value for value in values if not math.isnan(value)]


def last_value(values: Series) -> float:
    """The last value that is there."""
    known = _known(values)
    return known[-1] if known else math.nan


def seasonal_last(values: Series, season: int, ahead: int) -> float:
    """The value of the same season in the last whole year before the period `ahead`."""
    place = len(values) - 1 + ahead
    while place >= len(values):
        place -= season
    return values[place] if place >= 0 else math.nan


def recent_mean(values: Series, width: int) -> float:
    """Mean of what is there among the last `width`."""
    known = _known(values[-width:])
    return sum(known) / len(known) if known else math.nan


def level(values: Series, gain: float) -> float:
    """Simple exponential smoothing that starts as a running mean."""
    state, count = math.nan, 0
    for value in values:
        if math.isnan(value):
            continue
        count += 1
        state = value if count == 1 else state + max(gain, 1 / count) * (value - state)
    return state


def damped_trend(values: Series, gain: float, trend_gain: float, damping: float, ahead: int) -> float:
    """Damped trend, started without one; the trend is learnt from the third value on."""
    state, slope, count = math.nan, 0.0, 0
    for value in values:
        foreseen = state + damping * slope
        if math.isnan(value):
            state, slope = foreseen, damping * slope if count > 2 else 0.0
            continue
        count += 1
        if count == 1:
            state = value
            continue
        weight = max(gain, 1 / count)
        slope = damping * slope + weight * trend_gain * (value - foreseen) if count > 2 else 0.0
        state = foreseen + weight * (value - foreseen)
    return state + slope * sum(damping**step for step in range(1, ahead + 1))


def theta(values: Series, gain: float, prior: float, ahead: int) -> float:
    """Smoothing plus half of a straight line's slope, the slope shrunk by `prior` periods."""
    points = [(place, value) for place, value in enumerate(values) if not math.isnan(value)]
    places, heights = np.array(points, dtype=float).reshape(-1, 2).T
    slope = float(np.polyfit(places, heights, 1)[0]) if len(points) > 2 else 0.0
    drift = 0.5 * slope * len(points) / (len(points) + prior)
    return level(values, gain) + drift * (ahead - 1 + 1 / gain)


def difference(values: Series, prior: float, memory: float, ahead: int) -> float:
    """ARIMA(1,1,0): the last value plus the last change, fading by a shrunk coefficient."""
    changes = [math.nan, *(after - before for before, after in pairwise(values))]
    xy = xx = count = 0.0
    for before, after in pairwise(changes):
        xy, xx, count = xy * memory, xx * memory, count * memory
        if not math.isnan(before + after):
            xy, xx, count = xy + before * after, xx + before * before, count + 1
    phi = min(max(xy / (xx + prior * xx / max(count, 1)), -0.8), 0.8) if xx > 0 else 0.0
    change = 0.0 if math.isnan(changes[-1]) else changes[-1]
    return last_value(values) + change * sum(phi**step for step in range(1, ahead + 1))


def weighted_interval_score(
    actual: float, median: float, bounds: Mapping[float, tuple[float, float]]
) -> float:
    """Bracher et al. (2021): half the absolute error, and of each level half its share of its score."""
    total = 0.5 * abs(actual - median)
    for hold, (lower, upper) in bounds.items():
        share = 1 - hold
        penalty = 2 / share * (max(lower - actual, 0) + max(actual - upper, 0))
        total += share / 2 * (upper - lower + penalty)
    return total / (len(bounds) + 0.5)


def conformal_size(sizes: Series, hold: float) -> float:
    """The ceil((n+1) hold)-th smallest of n past errors; the largest where n is too small."""
    ordered = sorted(sizes)
    rank = math.ceil((len(ordered) + 1) * hold - 1e-9)
    return ordered[min(max(rank, 1), len(ordered)) - 1]
