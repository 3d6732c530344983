"""Indicator values: each kind of declaration, counted by hand on a made city."""

import numpy as np
import polars as pl
import pytest
from made_squares import SIDE, SOUTH, WEST, make_city

from philoxenia.exchange import Source
from philoxenia.needs import indicator_values
from philoxenia.needs.uncertainty import share_error
from philoxenia.reference import default_parameters

BASES = {"population": 1000, "recent_immigrants": [200, 100, 0], "immigration_base": 1000}


def values_of(city, indicator, population="all_residents"):
    chosen = (pl.col("indicator") == indicator) & (pl.col("population") == population)
    rows = indicator_values(city).frame.filter(chosen).sort("district_id")
    return dict(rows.select("district_id", "value").iter_rows())


def test_a_share_is_its_count_over_its_base():
    city = make_city(3, 1, {**BASES, "unemployed": [5, 10, 30], "labour_force": [100, 200, 300]})
    assert values_of(city, "unemployment") == {"0101": 5.0, "0102": 5.0, "0103": 10.0}


def test_a_share_tells_its_base_source_and_year():
    city = make_city(3, 1, {**BASES, "unemployed": 5, "labour_force": [100, 200, 300]})
    rows = indicator_values(city).frame.filter(pl.col("indicator") == "unemployment")
    assert rows.sort("district_id")["base"].to_list() == [100.0, 200.0, 300.0]
    assert set(rows["source_table"]) == {"census_profile"}
    assert set(rows["date"]) == {"2021"}


def test_the_latest_census_counts():
    city = make_city(3, 1, {**BASES, "unemployed": 5, "labour_force": 100})
    older = city.tables["census_profile"].with_columns(year=pl.lit("2016"), value=pl.col("value") * 2)
    both = make_city(3, 1, tables={"census_profile": pl.concat([city.tables["census_profile"], older])})
    assert values_of(both, "unemployment")["0101"] == 5.0


def test_a_district_with_nobody_in_the_base_has_no_share():
    city = make_city(3, 1, {**BASES, "unemployed": [5, 0, 1], "labour_force": [100, 0, None]})
    assert values_of(city, "unemployment") == {"0101": 5.0}
    assert "Unemployment: known for 1 of 3 districts." in indicator_values(city).missing


def test_a_count_above_its_rounded_base_is_a_whole():
    city = make_city(3, 1, {**BASES, "unemployed": 10, "labour_force": 5})
    assert values_of(city, "unemployment")["0101"] == 100.0


def test_published_medians_and_percentages_are_taken_as_they_are():
    counts = {"median_household_income_after_tax": [50000, 60000, 70000], "households": 400}
    counts |= {"tenant_cost_30_percent_share": 41.5, "tenant_households": 80}
    city = make_city(3, 1, {**BASES, **counts})
    assert values_of(city, "median_income")["0103"] == 70000.0
    assert values_of(city, "tenant_cost_share")["0101"] == 41.5


def test_a_median_has_no_sampling_error_we_could_tell():
    counts = {"median_household_income_after_tax": 50000, "households": 400}
    rows = indicator_values(make_city(3, 1, {**BASES, **counts})).frame
    assert rows.filter(pl.col("indicator") == "median_income")["standard_error"].null_count() == 3


def test_homes_on_the_way_are_set_against_households_in_need():
    pipeline = pl.DataFrame(
        {
            "district_id": ["0101", "0101", "0102", "0102", None],
            "affordable_homes": [10, 20, 40, 80, 5],
            "status": ["under_construction", None, "cancelled", "occupied", "under_review"],
        }
    )
    city = make_city(3, 1, {**BASES, "core_need": 100}, tables={"housing_pipeline": pipeline})
    assert values_of(city, "affordable_pipeline") == {"0101": 300.0, "0102": 0.0, "0103": 0.0}


def test_shelter_places_taken_are_those_of_the_latest_month():
    occupancy = pl.DataFrame(
        {
            "month": ["2024-01", "2024-02", "2024-02", "2024-02"],
            "capacity_type": ["beds", "beds", "rooms", "beds"],
            "district_id": ["0101", "0101", "0101", None],
            "capacity": [10.0, 20.0, 20.0, 99.0],
            "occupied": [1.0, 19.0, 11.0, 99.0],
        }
    )
    city = make_city(3, 1, BASES, tables={"shelter_occupancy": occupancy})
    assert values_of(city, "shelter_places_taken") == {"0101": 75.0}


def test_buildings_are_weighted_by_their_homes():
    buildings = pl.DataFrame(
        {
            "district_id": ["0101", "0101", "0102"],
            "units": [10, 30, 5],
            "score": [60.0, 80.0, None],
        }
    )
    city = make_city(3, 1, BASES, tables={"rental_buildings": buildings})
    assert values_of(city, "rental_building_score") == {"0101": 75.0}


def test_reach_is_the_same_place_for_everybody_who_lives_there():
    clinic = pl.DataFrame({"longitude": [WEST + SIDE / 2], "latitude": [SOUTH + SIDE / 2]})
    city = make_city(
        3, 1, BASES, tables={"clinics": clinic}, sources={"clinics": Source("clinics", date="2017")}
    )
    frame = indicator_values(city).frame.filter(pl.col("indicator") == "primary_care_reach")
    by_population = frame.group_by("district_id").agg(pl.col("value").n_unique(), pl.len())
    assert by_population["value"].to_list() == [1, 1, 1]
    assert by_population["len"].to_list() == [3, 3, 3]
    newcomers = frame.filter(pl.col("population") == "newcomers").sort("district_id")
    assert newcomers["base"].to_list() == [200.0, 100.0, 0.0]
    assert set(newcomers["date"]) == {"2017"}


def test_where_the_census_tells_nothing_of_newcomers_that_is_said():
    city = make_city(3, 1, {**BASES, "unemployed": 5, "labour_force": 100})
    assert values_of(city, "unemployment", "newcomers") == {}
    assert any(
        "Not published for newcomers" in said and "Unemployment" in said
        for said in indicator_values(city).missing
    )


def test_a_profile_that_is_cross_tabulated_gives_both():
    counts = {**BASES, "unemployed": 30, "labour_force": 200}
    counts |= {"newcomers_unemployed": 20, "newcomers_labour_force": 50}
    city = make_city(3, 1, counts)
    assert values_of(city, "unemployment", "newcomers")["0101"] == pytest.approx(40.0)
    assert values_of(city, "unemployment", "long_term_residents")["0101"] == pytest.approx(100 * 10 / 150)


def test_a_city_with_a_population_of_its_own_name_is_understood():
    clinic = pl.DataFrame({"longitude": [WEST + SIDE / 2], "latitude": [SOUTH + SIDE / 2]})
    city = make_city(
        3, 1, {"inhabitants": 500}, tables={"clinics": clinic}, population={"characteristic": "inhabitants"}
    )
    assert values_of(city, "primary_care_reach")["0101"] > 0


def test_an_empty_city_is_all_sentences_and_no_error():
    found = indicator_values(make_city(3, 1))
    assert found.frame.is_empty()
    assert "Unemployment: the census profile has no unemployed and no labour_force." in found.missing
    assert (
        "Condition of rental buildings: needs the table rental_buildings, which this city has not handed in."
        in found.missing
    )


def test_sampling_error_is_what_asking_a_quarter_of_the_households_gives():
    random = np.random.default_rng(3)
    given = {**default_parameters(), "needs.census_design_effect": 1.0}
    people, share = 4000, 0.12
    truth = np.zeros(people, dtype=bool)
    truth[: int(people * share)] = True
    asked = np.array([random.permutation(truth)[: people // 4].sum() * 4.0 for _ in range(3000)])
    rounded = np.floor(asked / 5) * 5 + 5 * (random.random(3000) < asked % 5 / 5)
    told = share_error(np.array([share]), np.array([float(people)]), given)[0]
    assert told == pytest.approx((rounded / people).std(), rel=0.05)


def test_a_share_of_zero_is_not_certain():
    zero, small = share_error(np.array([0.0, 0.0]), np.array([4000.0, 200.0]), default_parameters())
    assert 0 < zero < small
