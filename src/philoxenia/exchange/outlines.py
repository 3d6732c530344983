"""District outlines: are they valid, how large are they, where is their middle."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pyproj
import shapely

_EARTH = pyproj.Geod(ellps="WGS84")
_SQUARE_METRES_PER_KM2 = 1e6
_TURN, _HALF_TURN = 360.0, 180.0


def outline_faults(ids: Sequence[str], outlines: Sequence[bytes | None]) -> list[str]:
    """A sentence for each district without a usable outline; empty where all are sound."""
    faults = []
    for district, blob in zip(ids, outlines, strict=True):
        shape = shapely.from_wkb(blob) if blob is not None else None
        if shape is None or shape.is_empty:
            faults.append(f"District {district} has no outline. Add it, or leave the district out.")
        elif shape.geom_type not in {"Polygon", "MultiPolygon"}:
            faults.append(f"District {district} is a {shape.geom_type}; its outline must be a polygon.")
        elif not shape.is_valid:
            faults.append(
                f"The outline of district {district} crosses itself ({shapely.is_valid_reason(shape)}). "
                "Repair it in a GIS ('fix geometries') and export the layer again."
            )
    return faults


def across_date_line(districts: pl.DataFrame) -> bool:
    """Whether the outlines lie on both sides of longitude 180, so that a map of them would span the earth."""
    west, _, east, _ = shapely.total_bounds(shapely.from_wkb(districts["geometry"].to_list()))
    return bool(east - west > _HALF_TURN)


def unbroken(districts: pl.DataFrame) -> pl.DataFrame:
    """The districts with western longitudes counted on beyond 180, so that neighbours stand side by side."""
    shapes = shapely.from_wkb(districts["geometry"].to_list())
    moved = shapely.transform(
        shapes, lambda degrees: degrees + np.where(degrees[:, :1] < 0, [_TURN, 0.0], 0.0)
    )
    return districts.with_columns(pl.Series("geometry", shapely.to_wkb(moved), dtype=pl.Binary))


def eastward(table: pl.DataFrame) -> pl.DataFrame:
    """A table of places with its longitudes counted on beyond 180, as `unbroken` does with outlines."""
    if "longitude" not in table.columns or not table["longitude"].dtype.is_numeric():
        return table
    return table.with_columns(pl.col("longitude") + pl.when(pl.col("longitude") < 0).then(_TURN).otherwise(0))


def measured(districts: pl.DataFrame) -> pl.DataFrame:
    """district_id, name, longitude, latitude (a point inside), area_km2 (geodesic, WGS84), geometry (WKB)."""
    shapes = shapely.from_wkb(districts["geometry"].to_list())
    middles = np.where(
        shapely.within(shapely.centroid(shapes), shapes),
        shapely.centroid(shapes),
        shapely.point_on_surface(shapes),
    )
    surfaces = [abs(_EARTH.geometry_area_perimeter(shape)[0]) / _SQUARE_METRES_PER_KM2 for shape in shapes]
    return districts.select(
        "district_id",
        "name",
        pl.Series("longitude", shapely.get_x(middles)),
        pl.Series("latitude", shapely.get_y(middles)),
        pl.Series("area_km2", surfaces),
        "geometry",
    )
