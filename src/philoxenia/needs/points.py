"""Where people are assumed to live: points on a regular grid inside each district, each with an equal share.

One point in the middle would put all of a large district within reach of what stands near its middle.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from philoxenia.needs.travel import Floats, flat_map_km


@dataclass(frozen=True)
class PeoplePoints:
    """Points of all districts: `district` (n) is the row of the district, `share` (n) sums to 1 in each."""

    km: Floats
    district: NDArray[np.int64]
    share: Floats
    centre_latitude: float


def people_points(districts: pl.DataFrame, points_each: int) -> PeoplePoints:
    """Lay some `points_each` points in every district (geometry as WKB in degrees), the same each time."""
    centre = float(districts["latitude"].mean())  # type: ignore[arg-type]
    shapes = shapely.transform(
        shapely.from_wkb(districts["geometry"].to_numpy()),
        lambda degrees: flat_map_km(degrees[:, 0], degrees[:, 1], centre),
    )
    laid = [_grid(shape, points_each) for shape in shapes]
    counts = np.array([len(points) for points in laid])
    return PeoplePoints(
        km=np.concatenate(laid),
        district=np.repeat(np.arange(len(laid)), counts),
        share=np.repeat(1.0 / counts, counts),
        centre_latitude=centre,
    )


def district_mean(points: PeoplePoints, values: Floats) -> Floats:
    """The mean over the points of each district."""
    return np.bincount(points.district, weights=points.share * values).astype(float)


def _grid(shape: shapely.Geometry, points_each: int) -> Floats:
    step = np.sqrt(shape.area / points_each)
    if step > 0:
        west, south, east, north = shape.bounds
        across, up = np.meshgrid(
            np.arange(west + step / 2, east, step), np.arange(south + step / 2, north, step)
        )
        inside = shapely.contains_xy(shape, across.ravel(), up.ravel())
        if inside.any():
            grid: Floats = np.column_stack([across.ravel(), up.ravel()])[inside]
            return grid
    middle = shape.representative_point()
    return np.array([[middle.x, middle.y]])
