"""District outlines as SVG paths. Owns projection and simplification; ignores what the map shows.

Equirectangular with the cosine of the middle latitude: true enough over a city, and anyone can check it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

WIDTH = 400.0
_TALLEST = 520.0
_MARGIN = 3.0
# Finer detail than this cannot be seen at the width a map is shown at.
_TOLERANCE = 0.45
_SNAP = 0.05

Shapes = NDArray[Any]


@dataclass(frozen=True)
class Outlines:
    """Paths and label points in a drawing `width` x `height`; districts without an outline have none."""

    width: float
    height: float
    paths: Mapping[str, str] = field(default_factory=dict)
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)


def outlines(districts: pl.DataFrame) -> Outlines:
    """The outlines of all districts, in the order of their ids."""
    if not {"district_id", "geometry"} <= set(districts.columns):
        return Outlines(WIDTH, 0.0)
    rows = districts.select("district_id", "geometry").sort("district_id")
    return _outlines(tuple(rows["district_id"]), tuple(rows["geometry"]))


@lru_cache(maxsize=2)
def _outlines(ids: tuple[str, ...], geometries: tuple[bytes | None, ...]) -> Outlines:
    shapes = shapely.from_wkb(np.array(geometries, dtype=object), on_invalid="ignore")
    known = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    if not known.any():
        return Outlines(WIDTH, 0.0)
    drawn, width, height = _to_drawing(shapes[known])
    names = [name for name, there in zip(ids, known, strict=True) if there]
    return Outlines(
        width,
        height,
        {name: _path(shape) for name, shape in zip(names, drawn, strict=True)},
        {name: _label_point(shape) for name, shape in zip(names, drawn, strict=True)},
    )


def _to_drawing(shapes: Shapes) -> tuple[Shapes, float, float]:
    west, south, east, north = shapely.total_bounds(shapes)
    squeeze = np.cos(np.radians((south + north) / 2))
    across, up = max((east - west) * squeeze, 1e-9), max(north - south, 1e-9)
    scale = min((WIDTH - 2 * _MARGIN) / across, (_TALLEST - 2 * _MARGIN) / up)

    def place(points: NDArray[np.float64]) -> NDArray[np.float64]:
        x = (points[:, 0] - west) * squeeze * scale + _MARGIN
        y = (north - points[:, 1]) * scale + _MARGIN
        return np.column_stack([x, y])

    placed = shapely.set_precision(shapely.transform(shapes, place), _SNAP, mode="pointwise")
    width, height = across * scale + 2 * _MARGIN, up * scale + 2 * _MARGIN
    return _simplified(placed), round(width, 1), round(height, 1)


def _simplified(shapes: Shapes) -> Shapes:
    """Shared borders are simplified once for both neighbours, so that no slivers open between them."""
    areal = np.isin(shapely.get_type_id(shapes), (3, 6))
    simple = shapes.copy()
    if areal.any():
        simple[areal] = shapely.coverage_simplify(shapes[areal], _TOLERANCE)
    gone = shapely.is_empty(simple)
    simple[gone] = shapes[gone]
    return simple


def _path(shape: shapely.Geometry) -> str:
    rings = []
    for part in shapely.get_parts(shape):
        if isinstance(part, shapely.Polygon):
            rings += [part.exterior, *part.interiors]
        elif isinstance(part, shapely.Point):
            rings.append(part.buffer(3, quad_segs=2).exterior)
    return "".join(_ring(np.asarray(ring.coords)[:, :2]) for ring in rings)


def _ring(points: NDArray[np.float64]) -> str:
    """One closed ring in tenths, each step relative to the one before: the shortest text."""
    tenths = np.rint(points * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    steps = steps[np.any(steps != 0, axis=1)][:-1]
    start = f"M{_tenth(tenths[0, 0])} {_tenth(tenths[0, 1])}l"
    return start + "".join(_pair(x, y) for x, y in steps).lstrip(" ") + "z"


def _pair(x: int, y: int) -> str:
    first, second = _tenth(x), _tenth(y)
    return f" {first}{second if second.startswith('-') else ' ' + second}"


def _tenth(value: int) -> str:
    whole, rest = divmod(abs(int(value)), 10)
    text = f"{whole}.{rest}" if rest else str(whole)
    return f"-{text}" if value < 0 else text


def _label_point(shape: shapely.Geometry) -> tuple[float, float]:
    point = shapely.point_on_surface(shape)
    return round(float(point.x), 1), round(float(point.y), 1)
