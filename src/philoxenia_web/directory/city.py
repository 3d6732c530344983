"""What the directory knows of the city from its package, without reading its tables."""

import json
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings

from philoxenia.report.names import clean


@dataclass(frozen=True)
class CityFacts:
    """Zone of its clocks, languages spoken most, names of districts by id, and the file of their outlines."""

    zone: ZoneInfo
    languages: tuple[str, ...]
    districts: dict[str, str] = field(default_factory=dict)
    outlines: Path | None = None


def city() -> CityFacts:
    """Of this installation's city."""
    return _facts(settings.ENVIRONMENT.city)


@cache
def _facts(folder: Path) -> CityFacts:
    place = folder / "city.toml"
    told: dict[str, Any] = tomllib.loads(place.read_text(encoding="utf-8-sig")) if place.is_file() else {}
    own = told.get("city", {})
    file = folder / told.get("districts", {}).get("file", "districts.geojson")
    known = file.is_file() and file.suffix == ".geojson"
    names = _names(file, told.get("districts", {})) if known else {}
    return CityFacts(
        _zone(own.get("timezone", "")), tuple(own.get("languages", ())), names, file if known else None
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")


def _names(file: Path, keys: dict[str, Any]) -> dict[str, str]:
    """Names by id, as the city's file calls them."""
    id_, name = keys.get("id", "district_id"), keys.get("name", "name")
    told = (one.get("properties", {}) for one in json.loads(file.read_text(encoding="utf-8"))["features"])
    return {str(one[id_]): clean(str(one[name])) for one in told if id_ in one and name in one}
