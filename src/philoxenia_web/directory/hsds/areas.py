"""Near a postal code. Where it is, is read from the directory's own addresses: nobody else is asked."""

import json
import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection

if TYPE_CHECKING:
    from philoxenia_web.directory.hsds.finding import Chosen

_METRES_A_DEGREE = 111_320.0
# The first signs of a postal code, where none has the whole of it.
_AREA = 3
_CENTRE = """
select avg(l.latitude), avg(l.longitude) from directory_address a
join directory_location l on l.id = a.location_id
where upper(a.postal_code) like %s and l.latitude is not null and l.longitude is not null"""
_AREAS = """
select service_id, extent from directory_service_area
where service_id is not null and extent_type = 'geojson' and extent <> ''"""


def narrow(chosen: "Chosen", postcode: str, proximity: float | None) -> None:
    """Places within so many metres of the code's centre; without a distance, services whose area holds it."""
    point = centre(postcode)
    if point is None:
        chosen.add("false")
    elif proximity is None:
        chosen.add("not s.id = any(%s)", _elsewhere(point))
    else:
        _within(chosen, point, proximity)


def centre(postcode: str) -> tuple[float, float] | None:
    """Latitude and longitude in the middle of the addresses that have the code, or begin as it does."""
    code = "".join(postcode.upper().split()).replace("%", "").replace("_", "")
    if not code:
        return None
    with connection.cursor() as cursor:
        for pattern in ("%".join(code), code[:_AREA] + "%"):
            cursor.execute(_CENTRE, [pattern])
            latitude, longitude = cursor.fetchone()
            if latitude is not None:
                return float(latitude), float(longitude)
    return None


def _within(chosen: "Chosen", point: tuple[float, float], metres: float) -> None:
    """A box first, which the index knows; then the great circle."""
    latitude, longitude = point
    up = metres / _METRES_A_DEGREE
    aside = up / max(0.01, math.cos(math.radians(latitude)))
    chosen.add("l.latitude between %s and %s", latitude - up, latitude + up)
    chosen.add("l.longitude between %s and %s", longitude - aside, longitude + aside)
    chosen.add(
        "2 * 6371008.8 * asin(least(1, sqrt(power(sin(radians(l.latitude - %s) / 2), 2) + "
        "cos(radians(%s)) * cos(radians(l.latitude)) * power(sin(radians(l.longitude - %s) / 2), 2)))) <= %s",
        latitude,
        latitude,
        longitude,
        metres,
    )


def _elsewhere(point: tuple[float, float]) -> list[UUID]:
    """Services that say for which areas they are, none of which holds the point."""
    told: dict[UUID, bool] = {}
    with connection.cursor() as cursor:
        cursor.execute(_AREAS)
        for service, extent in cursor.fetchall():
            holds = _holds(extent, point)
            if holds is not None:
                told[service] = told.get(service, False) or holds
    return [service for service, holds in told.items() if not holds]


def _holds(extent: str, point: tuple[float, float]) -> bool | None:
    """Whether a GeoJSON area holds a point; None where it cannot be read."""
    try:
        read = json.loads(extent)
        rings = _polygons(read.get("geometry") or read) if isinstance(read, dict) else []
        return any(_inside(polygon, point) for polygon in rings) if rings else None
    except (ValueError, TypeError, AttributeError, RecursionError):
        # Whatever a directory wrote there: one area must not close the whole list.
        return None


def _polygons(geometry: Any) -> list[Any]:
    kind, corners = geometry.get("type"), geometry.get("coordinates") or []
    return [corners] if kind == "Polygon" else list(corners) if kind == "MultiPolygon" else []


def _inside(polygon: Any, point: tuple[float, float]) -> bool:
    """Even-odd rule over all rings: what lies in a hole is outside."""
    latitude, longitude = point
    odd = False
    for ring in polygon:
        for (x1, y1, *_), (x2, y2, *_) in pairwise(ring):
            crosses = (y1 > latitude) != (y2 > latitude)
            if crosses and longitude < (x2 - x1) * (latitude - y1) / (y2 - y1) + x1:
                odd = not odd
    return odd
