"""Means, shares, ratios and totals of groups that share one sample, with the covariance between them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from philoxenia.needs.survey import intervals
from philoxenia.needs.survey.design import Design
from philoxenia.needs.survey.sums import ratio_sums
from philoxenia.needs.survey.variance import covariance_of_sums, degrees_of_freedom
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
    top, bottom = np.where(known, above, 0.0), np.where(known, below, 0.0)
    parts = [_ratio(top, bottom, groups[:, place] & known, design) for place in range(groups.shape[1])]
    return told(parts, design, share, level)


def totals(values: Floats, groups: Bools, design: Design, *, level: float | None = None) -> Estimates:
    """Weighted sums of `values` in each group: how many households, how much money. `effect` is NaN."""
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    parts = [_total(filled, groups[:, place] & known, design) for place in range(groups.shape[1])]
    return told(parts, design, False, level)


@dataclass(frozen=True)
class Part:
    """One group: its figure, the weighted influence of each cluster, and what a simple sample would give."""

    value: float
    sums: Floats
    simple: float
    base: int
    people: float
    freedom: int


def _ratio(top: Floats, bottom: Floats, rows: Bools, design: Design) -> Part:
    value, sums, squares, base, people = ratio_sums(
        top, bottom, rows, design.weights, design.cluster, len(design.stratum)
    )
    simple = squares * people / (base - 1) if base > 1 else np.nan
    freedom = degrees_of_freedom(rows, design) if base else 1
    return Part(float(value), sums, float(simple), int(base), float(people), freedom)


def _total(values: Floats, rows: Bools, design: Design) -> Part:
    weights = np.where(rows, design.weights, 0.0)
    sums = np.bincount(design.cluster, weights * values, len(design.stratum)).astype(float)
    base, people = int(np.count_nonzero(rows)), float(weights.sum())
    return Part(float(weights @ values), sums, np.nan, base, people, degrees_of_freedom(rows, design))


def told(parts: list[Part], design: Design, share: bool, level: float | None) -> Estimates:
    """Estimates of groups from their parts: covariance over clusters, intervals, design effects."""
    confidence = default_parameters()["needs.interval_level"] if level is None else level
    spread = covariance_of_sums(np.stack([part.sums for part in parts], axis=1), design)
    value, simple, people = (
        np.array([getattr(part, name) for part in parts]) for name in ("value", "simple", "people")
    )
    base, freedom = (
        np.array([getattr(part, name) for part in parts], np.int64) for name in ("base", "freedom")
    )
    error = np.where(np.isfinite(value), np.sqrt(np.clip(np.diag(spread), 0, None)), np.nan)
    low, high = intervals.around(value, error, freedom, confidence)
    if share:
        low, high = intervals.of_share(value, error, freedom, base, confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = error**2 / simple
    return Estimates(value, error, low, high, base, people, freedom, effect, spread)
