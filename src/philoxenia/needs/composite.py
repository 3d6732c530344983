"""Scores of one aspect for one population: the stated score, and the same under seeded variations.

Varied together: the weights, the scaling, which indicator is left out, and the sampling noise of the census.
(Saisana, Saltelli and Tarantola 2005; OECD/JRC Handbook 2008, chapter 7.)
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from philoxenia.needs.scaling import SCALES, Scale, percentile
from philoxenia.needs.travel import Floats

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class IndicatorMatrix:
    """One aspect: `values` and `errors` (districts x indicators), NaN where not known or not measured.

    Values point the same way: more is more pressure. `weights` has one number an indicator.
    """

    districts: tuple[str, ...]
    indicators: tuple[str, ...]
    values: Floats
    errors: Floats
    weights: Floats

    @property
    def weighed(self) -> Flags:
        """Which figures count: known, and of an indicator with a weight."""
        return np.isfinite(self.values) & (self.weights > 0)


@dataclass(frozen=True)
class Scores:
    """`stated` (districts) and `draws` (draws x districts), 0 to 100; NaN where too little is known."""

    stated: Floats
    draws: Floats


def scores(matrix: IndicatorMatrix, seed: int, parameters: Mapping[str, float]) -> Scores:
    """The stated score (percentiles, stated weights) and its seeded variations."""
    random = np.random.default_rng(seed)
    stated = _weighted(_scaled(matrix, matrix.values[None], percentile, parameters), matrix.weights)[0]
    draws = int(parameters["needs.sensitivity_draws"])
    weights = _varied_weights(matrix.weights, draws, random, parameters)
    scale_of_draw = random.integers(len(SCALES), size=draws)
    varied = np.empty((draws, len(matrix.districts)))
    for number, scale in enumerate(SCALES):
        chosen = scale_of_draw == number
        noise = random.standard_normal((int(chosen.sum()), *matrix.values.shape))
        noisy = matrix.values + noise * np.nan_to_num(matrix.errors)
        varied[chosen] = _weighted(_scaled(matrix, noisy, scale, parameters), weights[chosen])
    known = _enough(matrix, parameters["needs.minimum_weight_share"])
    # A variation that leaves out all a district is known by says nothing of it, and keeps the stated score.
    varied = np.where(np.isfinite(varied), varied, stated)
    return Scores(np.where(known, stated, np.nan), np.where(known, varied, np.nan))


def _enough(matrix: IndicatorMatrix, share: float) -> Flags:
    """Whether at least `share` of the weight is known for a district."""
    known = matrix.weighed @ matrix.weights
    enough: Flags = (known > 0) & (known >= share * matrix.weights.sum() - 1e-12)
    return enough


def _scaled(matrix: IndicatorMatrix, values: Floats, scale: Scale, parameters: Mapping[str, float]) -> Floats:
    """Each indicator scaled over the districts where it is known; NaN elsewhere."""
    scaled = np.full(values.shape, np.nan)
    for number in range(values.shape[2]):
        known = np.isfinite(matrix.values[:, number])
        if known.any():
            scaled[:, known, number] = scale(values[:, known, number], parameters)
    return scaled


def _weighted(scaled: Floats, weights: Floats) -> Floats:
    """The weighted mean over what is known: a gap gives its weight to the others."""
    known = np.isfinite(scaled)
    filled = np.where(known, scaled, 0.0)
    each = np.broadcast_to(weights, (scaled.shape[0], scaled.shape[2]))
    total = np.einsum("dnk,dk->dn", filled, each)
    weight = np.einsum("dnk,dk->dn", known.astype(float), each)
    mean: Floats = np.divide(total, weight, out=np.full(total.shape, np.nan), where=weight > 0)
    return mean


def _varied_weights(
    weights: Floats, draws: int, random: np.random.Generator, parameters: Mapping[str, float]
) -> Floats:
    """Weights near the stated ones (Dirichlet), in some draws with one indicator left out."""
    weighed = np.flatnonzero(weights > 0)
    varied = np.zeros((draws, len(weights)))
    if not len(weighed):
        return varied
    shares = weights[weighed] / weights[weighed].sum()
    varied[:, weighed] = random.dirichlet(
        parameters["needs.weight_concentration"] * len(weighed) * shares, size=draws
    )
    left_out = random.choice(weighed, size=draws)
    leave = random.random(draws) < parameters["needs.leave_out_share"]
    if len(weighed) > 1:
        varied[np.flatnonzero(leave), left_out[leave]] = 0.0
    return varied


def places(scored: Floats) -> NDArray[np.int64]:
    """Rank of each district in each row (1 is the highest score); ties by the order of districts.

    Rows have no gaps.
    """
    # Rounded first: two ways to the same sum differ in the last bit, and would settle ties by accident.
    order = np.argsort(-np.round(scored, 9), axis=1, kind="stable")
    ranks = np.empty(scored.shape, dtype=np.int64)
    np.put_along_axis(ranks, order, np.arange(1, scored.shape[1] + 1)[None], axis=1)
    return ranks
