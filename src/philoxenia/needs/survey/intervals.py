"""Intervals around estimates: Student's t, and for shares the logit of t."""

from typing import Any

import numpy as np
from scipy.special import expit, logit
from scipy.stats import t

from philoxenia.needs.travel import Floats

Whole = np.ndarray[Any, np.dtype[np.int64]]


def around(value: Floats, error: Floats, freedom: Whole, level: float) -> tuple[Floats, Floats]:
    """Value less and plus t errors."""
    half = t.ppf((1 + level) / 2, freedom) * error
    return value - half, value + half


def of_share(
    value: Floats, error: Floats, freedom: Whole, base: Whole, level: float
) -> tuple[Floats, Floats]:
    """The logit interval; where nobody or everybody says yes, the exact end for `base` rows.

    Korn and Graubard 1998; the exact end (1 - level) / 2 ^ (1 / base) is Clopper and Pearson's of 1934 for a
    simple sample: a clustered one knows less, so read it as the least width there is.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        half = t.ppf((1 + level) / 2, freedom) * error / (value * (1 - value))
        low, high = expit(logit(value) - half), expit(logit(value) + half)
        most = 1 - ((1 - level) / 2) ** (1 / np.maximum(base, 1))
    low = np.where(value <= 0, 0.0, np.where(value >= 1, 1 - most, low))
    high = np.where(value <= 0, most, np.where(value >= 1, 1.0, high))
    return np.where(np.isfinite(value), low, np.nan), np.where(np.isfinite(value), high, np.nan)
