"""District outlines: are they valid, how large are they, where is their middle."""

from collections.abc import Sequence

import numpy as np
import polars as pl
import pyproj
import shapely

_EARTH = pyproj.Geod(ellps="WGS84")
_SQUARE_METRES_PER_KM2 = 1e6


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
