"""Demand against capacity in every future, then bands over futures.

Owns the gap, its sharing between constituencies, and quantiles; ignores where demand comes from.
"""

import numpy as np

from philoxenia.scenarios.types import Floats

LEVELS = (0.1, 0.5, 0.9)
_ROUNDING = 1e-12


def gap(demand: Floats, capacity: Floats) -> Floats:
    """max(0, demand - capacity), in each future. A difference that only rounding makes is no gap."""
    short = demand - capacity
    return np.where(short > _ROUNDING * demand, short, 0.0)


def shared_gap(whole: Floats, part: Floats, demand: Floats) -> Floats:
    """The part of a gap that falls on one constituency, in proportion to its demand.

    This is a rule, not a finding: one queue, nobody first. Other rules of allocation give other parts.
    """
    return whole * np.divide(part, demand, out=np.zeros_like(part), where=demand > 0)


def quantiles(values: Floats, levels: tuple[float, ...] = LEVELS) -> Floats:
    """Quantiles over the last axis, linear between order statistics (Hyndman and Fan 1996, type 7)."""
    ordered = np.sort(values, axis=-1)
    place = np.array(levels) * (ordered.shape[-1] - 1)
    below = np.floor(place).astype(int)
    above = np.minimum(below + 1, ordered.shape[-1] - 1)
    lower, upper = ordered[..., below], ordered[..., above]
    return np.asarray(np.moveaxis(lower + (place - below) * (upper - lower), -1, 0), dtype=np.float64)


def reached_quantiles(months: Floats, levels: tuple[float, ...] = LEVELS) -> Floats:
    """The month by which a share `level` of futures (P,) has come to it; infinity where fewer ever do."""
    ordered = np.sort(months)
    place = np.ceil(np.array(levels) * months.size).astype(int) - 1
    return np.asarray(ordered[np.maximum(place, 0)], dtype=np.float64)


def first_gap(gaps: Floats, above: float = 0.0) -> Floats:
    """Months until a gap (H, P) opens that is larger than `above`: (P,), 1 for the first month, infinity
    where none does."""
    opened = gaps > above
    return np.where(opened.any(axis=0), opened.argmax(axis=0) + 1.0, np.inf)
