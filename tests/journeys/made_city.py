"""A made-up city for tests: a grid of districts, a census profile, monthly arrivals. Nothing is real."""

import json
from pathlib import Path

import numpy as np

CITY_TOML = """
[city]
id = "{id}"
name = "{name}"
country = "GRC"
currency = "EUR"
languages = ["el", "en", "ar"]

[groups]
newcomers = {{ characteristic = "recent_immigrants", base = "immigration_base" }}

[[arrivals.series]]
id = "arrivals"
table = "series"
time = "month"
group = "group"
filter = {{ measure = "arrivals" }}
measures = ["value"]
"""


def write_city(folder: Path, name: str = "Νέα Πόλη", side: int = 3, months: int = 60, seed: int = 7) -> Path:
    """Write a package with side x side districts and `months` months of arrivals in two groups."""
    rng = np.random.default_rng(seed)
    tables = folder / "tables"
    tables.mkdir(parents=True)
    ids = [f"D{number:02d}" for number in range(1, side * side + 1)]
    (folder / "city.toml").write_text(CITY_TOML.format(id=folder.name, name=name), encoding="utf-8")
    (folder / "districts.geojson").write_text(json.dumps(_districts(ids, side)), encoding="utf-8")
    (tables / "census_profile.csv").write_text(_profile(ids, rng), encoding="utf-8")
    (tables / "series.csv").write_text(_arrivals(months, rng), encoding="utf-8")
    return folder


def _districts(ids: list[str], side: int) -> dict[str, object]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"district_id": name, "name": f"حي {name} & <Γειτονιά>"},
                "geometry": {"type": "Polygon", "coordinates": [_square(*divmod(number, side))]},
            }
            for number, name in enumerate(ids)
        ],
    }


def _square(row: int, column: int) -> list[list[float]]:
    west, south, step = 22.9 + 0.02 * column, 40.6 + 0.015 * row, (0.02, 0.015)
    corners = [(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]
    return [[round(west + x * step[0], 5), round(south + y * step[1], 5)] for x, y in corners]


def _profile(ids: list[str], rng: np.random.Generator) -> str:
    lines = ["district_id,year,characteristic,value"]
    for name in ids:
        people = int(rng.integers(4_000, 20_000))
        figures = {
            "population": people,
            "immigration_base": people,
            "recent_immigrants": int(people * rng.uniform(0.02, 0.15)),
            "labour_force": people // 2,
            "unemployed": int(people * rng.uniform(0.02, 0.08)),
            "low_income": int(people * rng.uniform(0.05, 0.3)),
            "low_income_base": people,
        }
        lines += [f"{name},2021,{code},{value}" for code, value in figures.items()]
    return "\n".join(lines) + "\n"


def _arrivals(months: int, rng: np.random.Generator) -> str:
    lines = ["month,measure,group,value"]
    for step in range(months):
        time = f"{2020 + step // 12}-{step % 12 + 1:02d}"
        for group, mean in (("all", 220), ("families", 90)):
            lines.append(f"{time},arrivals,{group},{rng.poisson(mean * (1 + 0.3 * np.sin(step / 6)))}")
    return "\n".join(lines) + "\n"
