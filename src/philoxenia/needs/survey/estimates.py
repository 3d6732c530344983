"""Means, shares, ratios and totals of groups that share one sample, with the covariance between them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from philoxenia.needs.survey import intervals
from philoxenia.needs.survey.design import Design
from philoxenia.needs.survey.variance import covariance, degrees_of_freedom
from philoxenia.needs.travel import Floats
from philoxenia.reference import default_parameters

Bools = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Estimates:
    """One figure for each of g groups.

    `value` (NaN without a base), `error` (linearised standard error), `low` and `high`, `base` (rows with an
    answer), `people` (their sum of weights), `freedom` (degrees of freedom), `effect` (variance over that of
    a simple random sample of as many, with replacement), `covariance` (g, g).
    """

    value: Floats
    error: Floats
    low: Floats
    high: Floats
    base: np.ndarray[Any, np.dtype[np.int64]]
    people: Floats
    freedom: np.ndarray[Any, np.dtype[np.int64]]
    effect: Floats
    covariance: Floats


def means(
    values: Floats, groups: Bools, design: Design, *, share: bool = False, level: float | None = None
) -> Estimates:
    """Weighted means (Hajek 1971) of `values` (n, NaN for no answer) in each of the `groups` (n, g).

    `share` says the values are 0 and 1: the interval is then made on the logit scale and stays within 0 and 1
    (Korn and Graubard 1998). Groups may overlap.
    """
    return ratios(values, np.ones(len(values)), groups, design, share=share, level=level)


def ratios(
    above: Floats,
    below: Floats,
    groups: Bools,
    design: Design,
    *,
    share: bool = False,
    level: float | None = None,
) -> Estimates:
    """Weighted sum of `above` over that of `below` in each group; rows without both are left out.

    Taylor: the influence of a row is (above - ratio below) / sum of w below, zero outside the group (domain
    estimation: Sarndal, Swensson and Wretman 1992, section 5.8).
    """
    known = np.isfinite(above) & np.isfinite(below)
    inside = groups & known[:, None]
    top, bottom = np.where(known, above, 0.0), np.where(known, below, 0.0)
    weighted = inside * design.weights[:, None]
    sums, sizes = top @ weighted, bottom @ weighted
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(sizes != 0, sums / sizes, np.nan)
        influence = np.where(inside, (top[:, None] - value * bottom[:, None]) / sizes, 0.0)
    return _told(value, np.nan_to_num(influence), inside, design, share, level)


def totals(values: Floats, groups: Bools, design: Design, *, level: float | None = None) -> Estimates:
    """Weighted sums of `values` in each group: how many households, how much money. `effect` is NaN."""
    known = np.isfinite(values)
    inside = groups & known[:, None]
    filled = np.where(known, values, 0.0)
    influence = np.where(inside, filled[:, None], 0.0)
    value = filled @ (inside * design.weights[:, None])
    found = _told(value, influence, inside, design, False, level)
    return replace(found, effect=np.full(len(value), np.nan))


def _told(
    value: Floats,
    influence: Floats,
    inside: Bools,
    design: Design,
    share: bool,
    level: float | None,
) -> Estimates:
    confidence = default_parameters()["needs.interval_level"] if level is None else level
    spread = covariance(influence, design)
    base = inside.sum(axis=0).astype(np.int64)
    error = np.where(np.isfinite(value), np.sqrt(np.clip(np.diag(spread), 0, None)), np.nan)
    freedom = np.array([degrees_of_freedom(rows, design) for rows in inside.T], dtype=np.int64)
    low, high = intervals.around(value, error, freedom, confidence)
    if share:
        low, high = intervals.of_share(value, error, freedom, base, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = error**2 / _simple(influence, inside, design)
    people = design.weights @ inside
    return Estimates(value, error, low, high, base, people, freedom, effect, spread)


def _simple(influence: Floats, inside: Bools, design: Design) -> Floats:
    """What the variance would be if the rows of each group were a simple random sample with replacement."""
    weighted = inside * design.weights[:, None]
    size, number = weighted.sum(axis=0), inside.sum(axis=0)
    # Influence is per unit of the group's weight, so its weighted mean square is the spread of a row.
    square = (influence**2 * weighted).sum(axis=0) * size
    return np.where(number > 1, square / np.maximum(number - 1, 1), np.nan)
