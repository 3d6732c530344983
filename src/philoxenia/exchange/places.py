"""A city's districts for the rules that ask where a place lies and how a district is called.

Reads only what those rules need from a city package: `districts.geojson`, `tables/district_names.csv` and the
section `[exchange]` of `city.toml`. Owns matching of names and points; ignores everything else of the city.
"""

import json
import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import shapely
from shapely.geometry import shape

from philoxenia.exchange.problems import UnreadableFileError
from philoxenia.exchange.spelling import key, nearest
from philoxenia.exchange.status import NotStatus


@dataclass(frozen=True)
class Places:
    """The districts of one city: ids, names in every known spelling, outlines, and declared false alarms."""

    id: str
    name: str
    ids: tuple[str, ...]
    names: tuple[str, ...]
    spellings: dict[str, str]
    outlines: np.ndarray
    not_status: tuple[NotStatus, ...] = ()
    folder: Path | None = None
    former: frozenset[str] = frozenset()

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the city, in degrees."""
        west, south, east, north = shapely.total_bounds(self.outlines).tolist()
        return west, south, east, north

    def locate(self, longitude: pl.Series, latitude: pl.Series) -> pl.Series:
        """The district of each point, null where it lies in none.

        A point on a border goes to the first by id.
        """
        points = shapely.points(longitude.fill_null(np.nan).to_numpy(), latitude.fill_null(np.nan).to_numpy())
        # The points are queried by few outlines: the other way round takes five times as long.
        inside = shapely.STRtree(points).query(self.outlines, predicate="intersects")
        found = (
            pl.DataFrame({"place": inside[0], "point": inside[1]})
            .sort("point", "place")
            .unique("point", keep="first")
        )
        ids = pl.Series([None] * len(points), dtype=pl.String)
        return ids.scatter(found["point"], [self.ids[i] for i in found["place"]]) if found.height else ids

    def identify(self, text: str) -> str:
        """The id of a district written as name, known spelling or id (also without leading zeros); '' if
        none.
        """
        known = self.spellings.get(key(text))
        if known is not None:
            return known
        if text.strip() in self.ids:
            return text.strip()
        bare = text.strip().removesuffix(".0").lstrip("0")
        by_number = {id_.lstrip("0"): id_ for id_ in self.ids}
        return by_number.get(bare, "") if bare else ""

    def was_district(self, text: str) -> bool:
        """Whether an older map of the city had a district of that name."""
        return key(text) in self.former

    def nearest(self, text: str) -> str:
        """The name of the district most like a text, or ''."""
        return nearest(text, self.names)


def read_places(folder: Path) -> Places:
    """The districts of a city package.

    Raises `UnreadableFileError` where `districts.geojson` is missing or damaged.
    """
    path = folder / "districts.geojson"
    try:
        features = json.loads(path.read_bytes())["features"]
    except (OSError, ValueError, KeyError) as fault:
        raise UnreadableFileError(
            f"{folder} is not a city package: its districts.geojson cannot be read ({fault}). Name the "
            f"folder with --city."
        ) from fault
    settings = _settings(folder)
    id_field = settings.get("districts", {}).get("id", "district_id")
    name_field = settings.get("districts", {}).get("name", "name")
    rows = sorted(
        (
            str(f["properties"].get(id_field, "")),
            str(f["properties"].get(name_field, "")),
            shape(f["geometry"]),
        )
        for f in features
        if f.get("geometry")
    )
    ids, names, outlines = ([row[i] for row in rows] for i in range(3))
    city = settings.get("city", {})
    return Places(
        id=str(city.get("id", folder.name)),
        name=str(city.get("name", folder.name)),
        ids=tuple(ids),
        names=tuple(names),
        spellings=_spellings(folder, ids, names),
        outlines=np.array(outlines, dtype=object),
        not_status=_not_status(settings),
        folder=folder,
        former=_former(folder),
    )


def places_of(folder: Path, id_: str, name: str, districts: pl.DataFrame, exchange: dict[str, Any]) -> Places:
    """The places of a package whose districts are already read: district_id, name, geometry (WKB)."""
    ordered = districts.sort("district_id")
    ids, names = ordered["district_id"].to_list(), ordered["name"].to_list()
    return Places(
        id=id_,
        name=name,
        ids=tuple(ids),
        names=tuple(names),
        spellings=_spellings(folder, ids, names),
        outlines=shapely.from_wkb(ordered["geometry"].to_numpy()),
        not_status=_not_status({"exchange": exchange}),
        folder=folder,
        former=_former(folder),
    )


def _settings(folder: Path) -> dict[str, Any]:
    path = folder / "city.toml"
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise UnreadableFileError(f"{path} is not valid TOML ({fault}). Correct that line.") from fault


def _spellings(folder: Path, ids: list[str], names: list[str]) -> dict[str, str]:
    known: dict[str, str] = {}
    table = folder / "tables" / "district_names.csv"
    if table.is_file():
        frame = pl.read_csv(table, infer_schema=False)
        known = {
            key(name): id_ for name, id_ in frame.select("name", "district_id").iter_rows() if name and id_
        }
    return known | {key(name): id_ for name, id_ in zip(names, ids, strict=True)}


def _former(folder: Path) -> frozenset[str]:
    table = folder / "tables" / "district_crosswalk.csv"
    if not table.is_file():
        return frozenset()
    names = pl.read_csv(table, infer_schema=False)
    return (
        frozenset(key(name) for name in names["from_name"].drop_nulls())
        if "from_name" in names
        else frozenset()
    )


def _not_status(settings: dict[str, Any]) -> tuple[NotStatus, ...]:
    declared = settings.get("exchange", {}).get("not_status", [])
    return tuple(
        NotStatus(
            column=str(entry.get("column", "")),
            reason=str(entry.get("reason", "no reason given")),
            decided_by=", ".join(str(entry[name]) for name in ("decided_by_role", "date") if name in entry)
            or "not said",
            contract=str(entry.get("contract", "*")),
        )
        for entry in declared
    )
