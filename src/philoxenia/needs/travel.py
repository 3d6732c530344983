"""From minutes to kilometres and from degrees to a flat map: how far reach goes, approximately.

Travel time is not measured: it is straight-line distance, times a detour factor, over a speed. Rivers, hills,
timetables and closed paths are not in it.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import ArrayLike, NDArray

from philoxenia.needs.types import NeedsError

Floats = NDArray[np.float64]

_EARTH_RADIUS_KM = 6371.0088  # mean radius R1 of the WGS84 ellipsoid (Moritz 2000)


def flat_map_km(longitude: ArrayLike, latitude: ArrayLike, centre_latitude: float) -> Floats:
    """Degrees to kilometres east and north (n, 2) on a plane tangent at `centre_latitude`.

    Equirectangular: within 30 km of the centre distances are wrong by under 1 % (1.5 % beyond 55 degrees).
    """
    degrees = np.column_stack([np.asarray(longitude, float), np.asarray(latitude, float)])
    shrink = np.array([np.cos(np.radians(centre_latitude)), 1.0])
    flat: Floats = np.radians(degrees) * shrink * _EARTH_RADIUS_KM
    return flat


def straight_km(minutes: float, mode: str, parameters: Mapping[str, float]) -> float:
    """How far away, in a straight line, somebody gets in `minutes`.

    By transit the ride begins after `needs.transit_wait` and whoever is faster on foot walks. Raises
    `NeedsError` for a mode that is neither walk nor transit.
    """
    detour = parameters["needs.detour_factor"]
    on_foot = minutes / 60 * parameters["needs.walking_speed"] / detour
    if mode == "walk":
        return on_foot
    if mode == "transit":
        riding = max(minutes - parameters["needs.transit_wait"], 0.0)
        return max(on_foot, riding / 60 * parameters["needs.transit_speed"] / detour)
    raise NeedsError(f"{mode!r} is no way to travel. services.csv knows walk and transit.")
