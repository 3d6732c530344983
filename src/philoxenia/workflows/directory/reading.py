"""A directory read from a file, its places put into the districts of a city."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl

from philoxenia.exchange.hsds import About, Records, read_records
from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.places import read_places

Progress = Callable[[str, float, str], None]


def read_directory(path: Path, about: About | None = None, city: Path | None = None) -> Records:
    """The directory in a file, folder or archive, places with the district of `city` they lie in.

    Raises what `exchange.hsds.read_records` raises; wrong records are told, not raised.
    """
    records = read_records(Path(path), about)
    return with_districts(records, city) if city is not None else records


def with_districts(records: Records, city: Path) -> Records:
    """The records with `district_id` filled from the point of each place, where the source names none."""
    locations = records.tables["location"]
    if not locations.height:
        return records
    places = read_places(city)
    found = places.locate(locations["longitude"], locations["latitude"])
    told = Told()
    outside = locations["latitude"].is_not_null() & found.is_null()
    told.find("outside_city", "location", int(outside.sum()), city=places.name)
    known = locations["district_id"].is_in(list(places.ids)).fill_null(False)
    district = locations["district_id"].zip_with(known, found)
    tables = {**records.tables, "location": locations.with_columns(pl.Series("district_id", district))}
    return replace(records, tables=tables).with_told(told.findings)
