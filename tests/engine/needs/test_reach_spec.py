"""Reach: what people can get to, shared with all who can get there too."""

import numpy as np
import polars as pl
import pytest
from made_squares import SIDE, SOUTH, WEST, make_city, square_districts
from pyproj import Geod
from scipy.sparse import coo_array

from philoxenia.needs import NeedsError, reach
from philoxenia.needs.catchment import catchment_weights, two_step, zone_weights
from philoxenia.needs.points import people_points
from philoxenia.needs.travel import flat_map_km, straight_km
from philoxenia.reference import default_parameters

PEOPLE = {"population": 1000, "recent_immigrants": 100, "immigration_base": 1000}


def test_where_catchments_overlap_people_get_both_shares():
    # One doctor for 8 people, another for 5: 1/8, 1/5, and 13/40 for the one person who reaches both.
    first, second = [1] * 8 + [0] * 4, [0] * 7 + [1] * 5
    found = two_step(np.ones(12), [1.0, 1.0], coo_array(np.array([first, second], dtype=float).T))
    assert found.ratio.tolist() == [0.125, 0.2]
    assert found.access[:7] == pytest.approx(0.125)
    assert found.access[7] == pytest.approx(0.325)
    assert found.access[8:] == pytest.approx(0.2)


def test_all_that_is_reached_is_shared_out_and_nothing_more():
    random = np.random.default_rng(1)
    people, supply = random.integers(0, 900, 60).astype(float), random.integers(1, 9, 25).astype(float)
    where, places = random.random((60, 2)) * 9, random.random((25, 2)) * 9
    found = two_step(people, supply, catchment_weights(where, places, (1, 2, 3), (1, 0.68, 0.22)))
    assert found.access @ people == pytest.approx(supply[~np.isnan(found.ratio)].sum(), rel=1e-12)


def test_a_place_nobody_reaches_gives_nobody_anything():
    found = two_step(
        [100.0], [1.0, 7.0], catchment_weights(np.zeros((1, 2)), np.array([[0, 1], [9, 9.0]]), (3,), (1,))
    )
    assert found.access.tolist() == [0.01]
    assert np.isnan(found.ratio).tolist() == [False, True]


def test_zones_are_closed_at_their_far_edge():
    assert zone_weights([0, 10, 10.1, 20, 30, 30.1], (10, 20, 30), (1, 0.68, 0.22)).tolist() == [
        1,
        1,
        0.68,
        0.68,
        0.22,
        0,
    ]


def test_who_walks_gets_less_far_than_the_clock_says():
    # 30 minutes at 4.8 km/h are 2.4 km of streets: 1.89 km in a straight line.
    assert straight_km(30, "walk", default_parameters()) == pytest.approx(2.4 / 1.27)


def test_transit_begins_after_the_wait_and_never_loses_against_walking():
    given = default_parameters()
    assert straight_km(30, "transit", given) == pytest.approx(20 / 60 * 18 / 1.27)
    assert straight_km(10, "transit", given) == straight_km(10, "walk", given)
    with pytest.raises(NeedsError, match="'boat' is no way to travel"):
        straight_km(10, "boat", given)


@pytest.mark.parametrize("latitude", [0.0, 31.9, 44.0, 52.5, 60.0])
def test_the_flat_map_is_right_to_one_in_a_hundred_over_a_city(latitude):
    random = np.random.default_rng(2)
    east, north = random.uniform(-0.3, 0.3, 200), latitude + random.uniform(-0.2, 0.2, 200)
    flat = flat_map_km(east, north, latitude)
    true = Geod(ellps="WGS84").inv(east[:-1], north[:-1], east[1:], north[1:])[2] / 1000
    assert np.abs(np.hypot(*np.diff(flat, axis=0).T) / true - 1).max() < 0.01


def test_points_fill_a_district_evenly_and_the_same_each_time():
    points = people_points(square_districts(2, 1), 64)
    assert np.bincount(points.district).tolist() == pytest.approx([64, 64], abs=12)
    assert np.bincount(points.district, weights=points.share) == pytest.approx([1, 1])
    assert np.array_equal(points.km, people_points(square_districts(2, 1), 64).km)


def clinics(*degrees):
    rows = [{"clinic_id": str(n), "longitude": x, "latitude": y} for n, (x, y) in enumerate(degrees)]
    return pl.DataFrame(
        rows, schema={"clinic_id": pl.String, "longitude": pl.Float64, "latitude": pl.Float64}
    )


def middle(east, north):
    return WEST + (east - 0.5) * SIDE, SOUTH + (north - 0.5) * SIDE


def test_districts_near_a_clinic_have_more_of_it():
    city = make_city(9, 1, PEOPLE, tables={"clinics": clinics(middle(1, 1))})
    near = reach(city).frame.filter((pl.col("service") == "primary_care") & (pl.col("method") == "e2sfca"))
    access = near.sort("district_id")["access"].to_list()
    assert access[0] >= access[1] > access[3] > access[-1] == 0.0


def test_the_city_has_what_its_clinics_have():
    city = make_city(4, 3, PEOPLE, tables={"clinics": clinics(middle(1, 1), middle(3, 2), middle(4, 3))})
    totals = reach(city).frame.group_by("method").agg((pl.col("access") * pl.col("people")).sum() / 1000)
    assert totals["access"].to_list() == pytest.approx([3.0, 3.0], rel=1e-12)


def test_a_large_district_is_not_all_beside_the_clinic_in_its_middle():
    tables = {"pharmacies": clinics(middle(1, 1)).rename({"clinic_id": "pharmacy_id"})}
    crude = make_city(1, 1, PEOPLE, tables=tables, parameters={"needs.sample_points": 1})
    fair = make_city(1, 1, PEOPLE, tables=tables, parameters={"needs.walking_speed": 3.0})
    assert reach(crude).unreached["people_without"].to_list() == [0.0]
    assert 0 < reach(fair).unreached["people_without"][0] < 1000


def test_what_cannot_be_reached_is_told():
    city = make_city(1, 1, PEOPLE, tables={"clinics": clinics(middle(1, 1), (WEST + 3, SOUTH))})
    unreached = reach(city).unreached.row(0, named=True)
    assert (unreached["places"], unreached["unreached_places"], unreached["unreached_supply"]) == (2, 1, 1.0)


def test_places_without_coordinates_are_left_out_and_said():
    city = make_city(1, 1, PEOPLE, tables={"clinics": clinics(middle(1, 1), (None, None))})
    assert (
        "Primary care clinics: 1 of 2 places have no coordinates or amount; left out." in reach(city).missing
    )


def test_a_table_that_is_not_there_is_a_sentence():
    found = reach(make_city(counts=PEOPLE))
    assert found.frame.is_empty()
    assert "Pharmacies: reach needs the table pharmacies, which this city has not handed in." in found.missing


def test_a_characteristic_that_is_not_there_is_a_sentence():
    found = reach(make_city(tables={"clinics": clinics(middle(1, 1))}))
    assert any("needs population in the census profile" in sentence for sentence in found.missing)


def test_sessions_are_those_of_the_latest_year_and_the_right_type():
    branch = {"branch_id": "B", "longitude": middle(1, 1)[0], "latitude": middle(1, 1)[1]}
    libraries = pl.DataFrame([{**branch, "weekly_hours": 40.0, "workstations": 9}])
    programmes = pl.DataFrame(
        {
            "branch_id": ["B"] * 4,
            "year": [2018, 2019, 2019, 2019],
            "programme_type": ["esl", "esl", "esl", "literary"],
            "programmes": [99, 5, 7, 30],
        }
    )
    tables = {"libraries": libraries, "library_programmes": programmes}
    counts = {**PEOPLE, "neither_official_language": 50}
    found = reach(make_city(1, 1, counts, tables=tables)).frame.filter(pl.col("method") == "2sfca")
    access = dict(found.select("service", "access").iter_rows())
    assert access["language_programmes"] == pytest.approx(12 / 50 * 1000)
    assert access["library_programmes"] == pytest.approx(42 / 1000 * 1000)
    assert access["library_hours"] == pytest.approx(40.0)
    assert found.filter(pl.col("service") == "language_programmes")["date"].to_list() == ["2019"]


def test_shelters_are_never_points():
    assert "shelter" not in reach(make_city(counts=PEOPLE)).frame["service"]
