"""A made city: square districts on a grid, with whatever tables a test gives it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import shapely

from philoxenia.exchange import City
from philoxenia.exchange.settings import Settings
from philoxenia.reference import default_parameters

SIDE = 0.02  # degrees: some 2.2 km north, 1.6 km east at this latitude
WEST, SOUTH = 20.0, 44.0


def square_districts(across: int, up: int) -> pl.DataFrame:
    """District 0101 is the south-western square, 0102 its eastern neighbour."""
    rows = []
    for north in range(up):
        for east in range(across):
            west, south = WEST + east * SIDE, SOUTH + north * SIDE
            rows.append(
                {
                    "district_id": f"{north + 1:02d}{east + 1:02d}",
                    "name": f"Square {north + 1}-{east + 1}",
                    "longitude": west + SIDE / 2,
                    "latitude": south + SIDE / 2,
                    "geometry": shapely.to_wkb(shapely.box(west, south, west + SIDE, south + SIDE)),
                }
            )
    return pl.DataFrame(rows)


def census(districts: pl.DataFrame, **counts: Any) -> pl.DataFrame:
    """A profile of 2021 with one number for all districts, or a list of one for each."""
    ids = districts["district_id"].to_list()
    frames = []
    for code, given in counts.items():
        values = given if isinstance(given, list) else [given] * len(ids)
        numbers = pl.Series("value", values, dtype=pl.Float64, strict=False)
        frames.append(pl.DataFrame({"district_id": ids, "characteristic": code}).with_columns(numbers))
    profile = pl.concat(frames).with_columns(year=pl.lit("2021"))
    return profile.select("district_id", "year", "characteristic", "value").drop_nulls()


def make_city(across: int = 3, up: int = 3, counts: Mapping[str, Any] | None = None, **more: Any) -> City:
    """A city of `across` x `up` squares with a census (`counts`), other tables, parameters and settings."""
    districts = square_districts(across, up)
    tables = dict(more.pop("tables", {}))
    if counts is not None:
        tables["census_profile"] = census(districts, **counts)
    sources = more.pop("sources", {})
    parameters = default_parameters().overridden(more.pop("parameters", {}), by="the test")
    settings = Settings("made", "Made", parameters=parameters, **more)
    return City(Path("made"), settings, districts, tables, sources, {})
