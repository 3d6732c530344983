"""Steps that work on outlines and points: which district a place lies in, the old map on the new one.

Coordinates are WGS84 degrees. Areas are compared within one city, so degrees serve as well as metres.
"""

import numpy as np
import polars as pl
import shapely
from numpy.typing import NDArray

from philoxenia.workflows.build_city.columns import missing

# One degree of latitude in kilometres (mean meridian arc of WGS84).
KM_PER_DEGREE = 111.2
# Parts smaller than this share of an area are drawing errors between two maps, not people.
SLIVER = 0.005


def simplify_outlines(frame: pl.DataFrame, tolerance: float, digits: int) -> pl.DataFrame:
    """Outlines with fewer points; shared borders stay shared (Visvalingam-Whyatt on the whole coverage)."""
    outlines = shapely.coverage_simplify(_outlines(frame), tolerance)
    rounded = shapely.set_precision(outlines, 10.0**-digits)
    return frame.with_columns(pl.Series("geometry", shapely.to_wkb(rounded), dtype=pl.Binary))


def point_of(frame: pl.DataFrame, digits: int = 6) -> pl.DataFrame:
    """`longitude` and `latitude` of a place: the centre of its points; empty where there is no geometry."""
    missing(frame, ["geometry"])
    centres = shapely.centroid(shapely.from_wkb(frame["geometry"].to_list()))
    degrees = {"longitude": shapely.get_x(centres), "latitude": shapely.get_y(centres)}
    return frame.with_columns(
        pl.Series(name, values, nan_to_null=True).round(digits) for name, values in degrees.items()
    )


def district_by_point(frame: pl.DataFrame, districts: pl.DataFrame, within_km: float = 0.0) -> pl.DataFrame:
    """`district_id` of each point; one outside all outlines takes the nearest within `within_km`, or none."""
    missing(frame, ["longitude", "latitude"])
    ids = districts["district_id"].to_list()
    points = shapely.points(frame["longitude"].to_numpy(), frame["latitude"].to_numpy())
    places = places_in(points, _outlines(districts), within_km)
    chosen = [ids[place] if place >= 0 else None for place in places]
    return frame.with_columns(pl.Series("district_id", chosen, dtype=pl.String))


def places_in(
    points: NDArray[np.object_], outlines: NDArray[np.object_], within_km: float
) -> NDArray[np.int64]:
    """Index of the outline each point lies in (the first, on a shared border), -1 for none."""
    found = np.full(len(points), len(outlines), dtype=np.int64)
    area, point = shapely.STRtree(points).query(outlines, predicate="intersects")
    np.minimum.at(found, point, area)
    lost = np.flatnonzero((found == len(outlines)) & ~np.isnan(shapely.get_x(points)))
    if within_km > 0 and len(lost):
        nearest = shapely.STRtree(outlines).nearest(points[lost])
        close = shapely.distance(points[lost], outlines[nearest]) * KM_PER_DEGREE <= within_km
        found[lost[close]] = nearest[close]
    found[found == len(outlines)] = -1
    return found


def crosswalk(frame: pl.DataFrame, districts: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Shares of each old area's population by new district: from_id, from_name, district_id, weight.

    `frame` is the old map (district_id, name, geometry), `people` small areas with `population` and geometry.
    A small area's people are spread over its parts by surface, parts under 0.5 % left out. Shares sum to 1.
    """
    atoms = _parts(people, _outlines(frame), _outlines(districts))
    shares = (
        atoms.group_by("old", "new")
        .agg(pl.col("people").sum())
        .with_columns(share=pl.col("people") / pl.col("people").sum().over("old"))
        .filter(pl.col("share") >= SLIVER)
        .sort("old", "new")
    )
    named = shares.select(
        from_id=frame["district_id"].gather(shares["old"]),
        from_name=frame["name"].gather(shares["old"]),
        district_id=districts["district_id"].gather(shares["new"]),
        weight=pl.col("share"),
    )
    return _shares_of_one(named.sort("from_id", "district_id"))


def _shares_of_one(shares: pl.DataFrame, digits: int = 6) -> pl.DataFrame:
    """Rounded shares; the largest of each area takes what rounding left over."""
    rounded = shares.with_columns(
        (pl.col("weight") / pl.col("weight").sum().over("from_id")).round(digits)
    ).with_columns(
        largest=pl.col("weight").rank("ordinal", descending=True).over("from_id") == 1,
        rest=1 - pl.col("weight").sum().over("from_id"),
    )
    return rounded.with_columns(
        weight=pl.when("largest").then(pl.col("weight") + pl.col("rest")).otherwise("weight").round(digits)
    ).drop("largest", "rest")


def count_in_districts(frame: pl.DataFrame, districts: pl.DataFrame, to: str = "value") -> pl.DataFrame:
    """People of small areas by district, by surface, as whole numbers that add up to the exact total."""
    outlines = _outlines(districts)
    atoms = _parts(frame, outlines, outlines).filter(pl.col("old") == pl.col("new"))
    counts = atoms.group_by("new").agg(pl.col("people").sum()).sort("new")
    people = whole_shares(counts["people"].to_numpy(), int(frame["population"].sum()))
    return pl.DataFrame(
        {"district_id": districts["district_id"].gather(counts["new"]), to: people.astype(np.float64)}
    )


def whole_shares(amounts: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Whole numbers in proportion to `amounts` that sum to `total` (largest remainders; ties by position)."""
    exact = amounts * (total / amounts.sum())
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    order = np.lexsort((np.arange(len(exact)), -(exact - whole)))
    whole[order[: total - int(whole.sum())]] += 1
    return whole


def _parts(people: pl.DataFrame, old: NDArray[np.object_], new: NDArray[np.object_]) -> pl.DataFrame:
    """Parts of small areas by old and new area, with the people in them."""
    small = _outlines(people)
    first = _cut(small, old, np.arange(len(small)))
    second = _cut(first[2], new, np.arange(len(first[0])))
    parts = pl.DataFrame(
        {
            "small": first[0][second[0]],
            "old": first[1][second[0]],
            "new": second[1],
            "surface": shapely.area(second[2]),
        }
    )
    whole = pl.Series("whole", shapely.area(small))
    return (
        parts.with_columns(
            whole=whole.gather(parts["small"]), people=people["population"].gather(parts["small"])
        )
        .filter(pl.col("surface") >= SLIVER * pl.col("whole"))
        .with_columns(people=pl.col("people") * pl.col("surface") / pl.col("surface").sum().over("small"))
    )


def _cut(
    shapes: NDArray[np.object_], areas: NDArray[np.object_], ids: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.object_]]:
    area, shape = shapely.STRtree(shapes).query(areas, predicate="intersects")
    order = np.lexsort((area, shape))
    area, shape = area[order], shape[order]
    parts = shapely.intersection(shapes[shape], areas[area])
    kept = shapely.area(parts) > 0
    return ids[shape[kept]], area[kept], parts[kept]


def _outlines(frame: pl.DataFrame) -> NDArray[np.object_]:
    missing(frame, ["geometry"])
    outlines: NDArray[np.object_] = shapely.make_valid(shapely.from_wkb(frame["geometry"].to_list()))
    return outlines
