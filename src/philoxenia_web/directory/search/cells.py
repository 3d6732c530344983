"""A grid over the globe, so that what is near is a list of cells; distances on a sphere."""

import math
from collections.abc import Iterable

# Cells of about a kilometre: hundredths of a degree north, wider where meridians draw together.
_A_DEGREE = 100
_EARTH_KM = 6371.0088
_KM_A_DEGREE = math.pi * _EARTH_KM / 180


def cell(latitude: float, longitude: float) -> str:
    """The cell a point lies in."""
    return f"{math.floor(latitude * _A_DEGREE)}_{math.floor(longitude * _A_DEGREE)}"


def cells_around(latitude: float, longitude: float, radius_km: float) -> list[str]:
    """Cells that a circle touches, and a few at its corners."""
    north = radius_km / _KM_A_DEGREE
    east = north / max(math.cos(math.radians(latitude)), 0.05)
    rows = range(math.floor((latitude - north) * _A_DEGREE), math.floor((latitude + north) * _A_DEGREE) + 1)
    columns = range(
        math.floor((longitude - east) * _A_DEGREE), math.floor((longitude + east) * _A_DEGREE) + 1
    )
    return [f"{row}_{column}" for row in rows for column in columns]


def distance_km(points: Iterable[tuple[float, float]], latitude: float, longitude: float) -> float:
    """From a point to the nearest of some, in kilometres (haversine); infinity where there is none."""
    return min((_haversine(latitude, longitude, *point) for point in points), default=math.inf)


def _haversine(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    one, two = math.radians(latitude), math.radians(other_latitude)
    east = math.radians(other_longitude - longitude)
    half = math.sin((two - one) / 2) ** 2 + math.cos(one) * math.cos(two) * math.sin(east / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, half)))
