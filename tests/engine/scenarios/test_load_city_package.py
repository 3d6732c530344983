"""A city package with nothing but people, water and a service of its own, from its folder to its gaps."""

import json
from pathlib import Path

import numpy as np
import pytest

from philoxenia.exchange import read_city
from philoxenia.scenarios import inputs_from_city, load_and_gaps

TABLES = {
    "census_profile": "district_id,year,characteristic,value\n"
    "north,2020,population,4000\nsouth,2020,population,6000\n"
    "north,2020,recent_immigrants,400\nsouth,2020,recent_immigrants,100\n",
    "series": "month,measure,group,value\n"
    + "".join(f"2023-{m:02d},arrivals,all,100\n" for m in range(1, 13)),
    "service_rates": "service,population,months_to,rate,unit,source\n"
    "water,,,0.1,cubic metres a day,Water department\n"
    "legal_advice,newcomers,6,0.5,hours a month,Legal aid\n",
    "service_capacity": "service,district_id,capacity,date,source\nwater,,1100,2023,Water department\n",
}
SETTINGS = """
[city]
name = "Twinhill"
[population]
published_total = 10000
[services]
shown = ["water", "waste", "legal_advice"]
[[arrivals.series]]
id = "arrivals"
table = "series"
group = "group"
groups = ["all"]
filter = { measure = "arrivals" }
measures = ["value"]
"""


def square(name: str, north: float) -> dict[str, object]:
    """A district one hundredth of a degree wide."""
    corners = [(0, 0), (0.01, 0), (0.01, 0.01), (0, 0.01), (0, 0)]
    ring = [[20 + east, 40 + north + up] for east, up in corners]
    return {
        "type": "Feature",
        "properties": {"district_id": name, "name": name.title()},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture
def twinhill(tmp_path: Path) -> Path:
    """The folder of the package."""
    (tmp_path / "city.toml").write_text(SETTINGS, encoding="utf-8")
    outlines = {"type": "FeatureCollection", "features": [square("south", 0), square("north", 0.01)]}
    (tmp_path / "districts.geojson").write_text(json.dumps(outlines), encoding="utf-8")
    (tmp_path / "tables").mkdir()
    for name, text in TABLES.items():
        (tmp_path / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def test_a_package_nobody_saw_before(twinhill: Path) -> None:
    inputs = inputs_from_city(read_city(twinhill))
    result = load_and_gaps(
        {("arrivals", "all"): np.full((4, 2), 100.0)}, ("2024-01", "2024-02"), inputs, seed=1
    )
    last = {
        row["service"]: row
        for row in result.totals.filter(population="all_residents", time="2024-02").iter_rows(named=True)
    }
    # The census was in 2020; 1,400 people have come since, a few of whom have left again.
    assert last["water"]["demand_p50"] == pytest.approx(0.1 * (10_000 + 1_400), rel=0.01)
    assert last["water"]["gap_p50"] == pytest.approx(last["water"]["demand_p50"] - 1100)
    assert set(last) == {"water", "waste", "legal_advice"}
    # Half an hour for each of those who came within six months; residents at the census came over five years.
    assert last["legal_advice"]["demand_p50"] == pytest.approx(0.5 * (600 + 500 * 6 / 60), rel=0.02)
    north = result.load.filter(district_id="north", service="water", population="newcomers", time="2024-02")
    assert north["demand_p50"][0] == pytest.approx(0.1 * (400 + 1_400 * 0.8), rel=0.1)


def test_a_share_written_in_city_toml_is_believed_even_beyond_all_who_live_here(
    twinhill: Path,
) -> None:
    series = twinhill / "tables" / "series.csv"
    series.write_text(series.read_text().replace(",100\n", ",1000\n"), encoding="utf-8")
    settings = twinhill / "city.toml"
    paths = {("arrivals", "all"): np.full((2, 3), 1000.0)}
    settled = []
    for more in ("", "city_share = 1\n"):
        settings.write_text(SETTINGS + more, encoding="utf-8")
        made = load_and_gaps(paths, ("2024-01", "2024-02", "2024-03"), inputs_from_city(read_city(twinhill)))
        settled.append(float(made.settlement["arrivals_p50"].sum()))
    assert settled[0] == 0
    assert settled[1] > 1000


@pytest.mark.parametrize("kinds", [None, ("Municipal", "Escola privada"), ("Privato", "Gymnasium")])
def test_schools_of_another_city_need_no_kinds_or_may_have_its_own(
    kinds: tuple[str, str] | None, twinhill: Path
) -> None:
    rows = ["school_id,name,address,latitude,longitude,district_id", "1,One,Street 1,40.005,20.005,south"]
    rows.append("2,Two,Street 2,40.015,20.005,north")
    if kinds:
        rows = [",".join(row) for row in zip(rows, ("type", *kinds), strict=True)]
    (twinhill / "tables" / "schools.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    capacity = inputs_from_city(read_city(twinhill)).capacity
    assert capacity is not None
    places = capacity.filter(service="school_places")
    assert sorted(places["district_id"]) == ["north", "south"]
    assert places["capacity"].min() > 0  # type: ignore[operator]
