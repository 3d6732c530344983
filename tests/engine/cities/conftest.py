"""A city the code has never seen, made in a folder: two districts, a population, one monthly series."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

SQUARES = {"A1": ("Harbour", 0.0), "B2": ("Old Town", 0.02)}


def outline(west: float) -> dict[str, object]:
    """A square of 0.02 degrees near Amman."""
    ring = [[35.9 + west + x, 31.9 + y] for x, y in ((0, 0), (0.02, 0), (0.02, 0.02), (0, 0.02), (0, 0))]
    return {"type": "Polygon", "coordinates": [ring]}


def write_city(folder: Path, id_property: str = "district_id", name_property: str = "name") -> Path:
    """The least a package may hold."""
    (folder / "tables").mkdir(parents=True)
    settings = '[city]\nname = "Second City"\nlanguages = ["ar", "en"]\n'
    if id_property != "district_id":
        settings += f'[districts]\nid = "{id_property}"\nname = "{name_property}"\n'
    (folder / "city.toml").write_text(settings, encoding="utf-8")
    features = [
        {"type": "Feature", "properties": {id_property: id_, name_property: name}, "geometry": outline(west)}
        for id_, (name, west) in SQUARES.items()
    ]
    document = {"type": "FeatureCollection", "features": features}
    (folder / "districts.geojson").write_text(json.dumps(document), encoding="utf-8")
    profile = "district_id,year,characteristic,value\nA1,2021,population,800\nB2,2021,population,500\n"
    (folder / "tables" / "census_profile.csv").write_text(profile, encoding="utf-8")
    series = "month,measure,group,value\n" + "".join(f"2024-{m:02d},arrivals,all,{m}\n" for m in range(1, 13))
    (folder / "tables" / "series.csv").write_text(series, encoding="utf-8")
    return folder


@pytest.fixture
def second_city(tmp_path: Path) -> Path:
    """A package with nothing but districts, population and one series."""
    return write_city(tmp_path / "second")


@pytest.fixture
def city_writer() -> Callable[..., Path]:
    """Writes such a package into a folder, with property names of one's own."""
    return write_city
