"""From weights to decisions: the prior of this run, probabilities, thresholds from expected error rates.

The prior is the share of all possible pairs that are one person. A model from elsewhere does not know it, so
it is found here by expectation maximisation over the scored pairs with weights held still (Fellegi and
Sunter 1969; the pairs that blocking left out count as apart).
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.linkage.types import Thresholds
from philoxenia.reference import Parameters

Array = NDArray[np.float64]
_ROUNDS, _STILL = 200, 1e-9


def possible_pairs(frame: pl.DataFrame, within: bool) -> int:
    """How many pairs of records could be compared: all, or only those of different lists."""
    sizes = frame.group_by("source").len()["len"].to_list()
    every = frame.height * (frame.height - 1) // 2
    return every if within else every - sum(size * (size - 1) // 2 for size in sizes)


def odds(weights: Array, log_prior: float, calibration: tuple[float, float] = (1.0, 0.0)) -> Array:
    """Log2 odds of each pair: slope x (weight + log2 prior odds) + intercept."""
    slope, intercept = calibration
    found: Array = slope * (weights + log_prior) + intercept
    return found


def probabilities(log_odds: Array) -> Array:
    """Chances from log2 odds."""
    found: Array = 1.0 / (1.0 + np.exp2(-np.clip(log_odds, -1000, 1000)))
    return found


def log_prior(weights: Array, pairs: int, start: float, calibration: tuple[float, float]) -> float:
    """Log2 odds that two random records are one person, in this run's lists."""
    prior = min(max(start, 1.0 / max(pairs, 2)), 0.5)
    for _ in range(_ROUNDS):
        expected = float(probabilities(odds(weights, _logit(prior), calibration)).sum())
        found = min(max(expected / max(pairs, 1), 1.0 / max(10.0 * pairs, 2.0)), 0.5)
        if abs(found - prior) <= _STILL * prior:
            break
        prior = found
    return _logit(prior)


def _logit(prior: float) -> float:
    return float(np.log2(prior / (1.0 - prior)))


def thresholds(log_odds: Array, parameters: Parameters) -> Thresholds:
    """Where links begin and where doubt begins, from the error rates the probabilities expect.

    A link: as low as the expected share of false links allows, never below the least probability.
    """
    chance = np.sort(probabilities(log_odds))[::-1]
    false = np.cumsum(1.0 - chance) / np.arange(1, chance.size + 1)
    least = parameters["linkage.least_probability"]
    fit = np.flatnonzero((false <= parameters["linkage.false_share"]) & (chance >= least))
    links = int(fit[-1]) + 1 if fit.size else 0
    at = float(chance[links - 1]) if links else max(least, 1.0 - parameters["linkage.false_share"])
    total = float(chance.sum())
    return Thresholds(
        link=_logit(min(at, 1 - 1e-12)),
        doubt=_logit(parameters["linkage.doubt_probability"]),
        false_share=float(false[links - 1]) if links else 0.0,
        missed_share=float(chance[links:].sum() / total) if total else 0.0,
    )


def decided(pairs: pl.DataFrame, found: Thresholds) -> pl.DataFrame:
    """Pairs with their decision: link, doubtful or apart."""
    weight = pl.col("match_weight")
    decision = (
        pl.when(weight >= found.link - 1e-9)
        .then(pl.lit("link"))
        .when(weight >= found.doubt)
        .then(pl.lit("doubtful"))
        .otherwise(pl.lit("apart"))
    )
    return pairs.with_columns(decision.alias("decision"))
