"""Two-step floating catchments (2SFCA and its enhanced form) as two sparse matrix products.

Owns the method; ignores where people and places come from. `plain.py` says the same in loops.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import coo_array
from scipy.spatial import cKDTree

from philoxenia.needs.travel import Floats


@dataclass(frozen=True)
class TwoStep:
    """Supply a person for each group of people, and for each place (NaN where nobody can reach it)."""

    access: Floats
    ratio: Floats


def two_step(people: ArrayLike, supply: ArrayLike, weights: coo_array) -> TwoStep:
    """Share each place's supply among those within reach, then add up what each group of people gets.

    R_j = S_j / sum_i W_ij P_i and A_i = sum_j W_ij R_j, so that sum A_i P_i = the sum of S_j over the places
    somebody can reach (Luo and Wang 2003; with graded W, Luo and Qi 2009, equations 2 and 3).
    `people` (n), `supply` (m), `weights` (n, m) with weights in 0..1; access in supply a person.
    """
    persons = np.asarray(people, dtype=float)
    # scipy drops the only dimension of a product of length one.
    competing = np.atleast_1d(weights.T @ persons)
    reached = competing > 0
    ratio = np.full(competing.shape, np.nan)
    np.divide(np.asarray(supply, dtype=float), competing, out=ratio, where=reached)
    return TwoStep(access=np.atleast_1d(weights @ np.where(reached, ratio, 0.0)), ratio=ratio)


def zone_weights(distance: ArrayLike, edges: Sequence[float], weights: Sequence[float]) -> Floats:
    """The weight of each distance: `weights[k]` up to and with `edges[k]` (rising), 0 beyond the last."""
    away = np.asarray(distance, dtype=float)
    graded = np.where(away <= edges[-1], float(weights[-1]), 0.0)
    for edge, weight in zip(edges[-2::-1], weights[-2::-1], strict=True):
        graded[away <= edge] = weight
    return graded


def catchment_weights(
    people_km: Floats, places_km: Floats, edges_km: Sequence[float], weights: Sequence[float]
) -> coo_array:
    """Weights between points on a flat map, (n, 2) and (m, 2) in kilometres, as a sparse (n, m) matrix."""
    people, places = cKDTree(people_km), cKDTree(places_km)
    pairs = people.sparse_distance_matrix(places, edges_km[-1], output_type="coo_matrix")
    graded = zone_weights(pairs.data, edges_km, weights)
    return coo_array((graded, (pairs.row, pairs.col)), shape=(len(people_km), len(places_km)))


def travel_time_weights(
    minutes: ArrayLike,
    person: ArrayLike,
    place: ArrayLike,
    shape: tuple[int, int],
    edges: Sequence[float],
    weights: Sequence[float],
) -> coo_array:
    """Weights from a table of measured travel times: one entry each of `minutes`, `person` and `place`."""
    time = np.asarray(minutes, dtype=float)
    # Far pairs go first and by position: most of a table is beyond the catchment, and masks copy slowly.
    near = np.flatnonzero(time <= edges[-1])
    graded = zone_weights(time[near], edges, weights)
    return coo_array((graded, (np.asarray(person)[near], np.asarray(place)[near])), shape=shape)
