"""Capacity near the border serves people across it: sharing out capacity within reach.

Owns distances between districts and the sharing; ignores what the capacity is. Straight lines between
centres of districts, no road or transit network.
"""

import numpy as np

from philoxenia.scenarios.types import Floats

EARTH_KM = 6371.0


def distances_km(longitude: Floats, latitude: Floats) -> Floats:
    """Great-circle distances (D, D) between centres given in degrees (haversine)."""
    east, north = np.radians(longitude), np.radians(latitude)
    half = (
        np.sin((north[:, None] - north) / 2) ** 2
        + np.cos(north[:, None]) * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    )
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))), dtype=np.float64)


def within_reach(longitude: Floats, latitude: Floats, reach_km: float) -> Floats:
    """1 where a district's centre (D,) lies within reach of another's, itself included, else 0: (D, D)."""
    near = distances_km(longitude, latitude) <= reach_km
    return np.asarray(near | np.eye(longitude.size, dtype=bool), dtype=np.float64)


def shared_capacity(capacity: Floats, people: Floats, within: Floats) -> Floats:
    """Capacity (D,) shared among people (D,) of the districts `within` reach (D, D, 0/1, with itself).

    Two-step floating catchment (Luo and Wang 2003) read as places: the total stays what it was. Capacity
    that reaches nobody stays where it is.
    """
    reached = within @ people
    ratio = np.divide(capacity, reached, out=np.zeros_like(capacity), where=reached > 0)
    stranded = np.where(reached > 0, 0.0, capacity)
    return np.asarray(people * (within.T @ ratio) + stranded, dtype=np.float64)
