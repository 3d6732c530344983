"""Toronto's figures beside what is known of Toronto: an order of magnitude off would show here."""

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest
from tests.engine.scenarios.small_city import FLOWS, months

from philoxenia.scenarios import CityInputs, LoadError, LoadResult, inputs_from_city, load_and_gaps
from philoxenia.scenarios.capacity import nightly_share, shelter_capacity
from philoxenia.scenarios.settlement import rent_adjusted, shares

TIMES = months(2025, 12)


@pytest.fixture(scope="module")
def steady(toronto_inputs: CityInputs) -> LoadResult:
    """A year in which everything goes on as in 2024, with some spread."""
    rng = np.random.default_rng(2)
    flow = toronto_inputs.shelter_flow
    assert flow is not None
    last_year = flow.filter(pl.col("month").str.starts_with("2024"))
    paths = {
        (measure, group): last_year.filter(pl.col("group") == group)[measure].mean()
        * rng.gamma(40, 1 / 40, (200, 12))
        for group in ("refugees", "non_refugees")
        for measure in FLOWS
    }
    paths["claims", "all"] = 7000 * rng.gamma(40, 1 / 40, (200, 12))
    return load_and_gaps(paths, TIMES, toronto_inputs, seed=3)


def row(
    result: LoadResult, service: str, population: str = "all_residents", time: str = TIMES[-1]
) -> dict[str, float]:
    """One row of the totals."""
    return result.totals.filter(service=service, population=population, time=time).row(0, named=True)


def test_water_of_two_point_eight_million(steady: LoadResult) -> None:
    # A quarter of a cubic metre a person: some 700,000 cubic metres a day for 2.8 million people.
    assert row(steady, "water")["demand_p50"] == pytest.approx(0.25 * 2_780_000, rel=0.03)


def test_the_waste_the_city_says_it_collects_lies_in_the_band(steady: LoadResult) -> None:
    waste = row(steady, "waste")
    assert waste["demand_p10"] < 719_982 / 365 < waste["demand_p90"]


def test_people_who_seek_shelter_are_about_as_many_as_at_the_end_of_2024(steady: LoadResult) -> None:
    # 11,144 people active in December 2024, nine in ten of them on a mean night.
    first = row(steady, "shelter", time=TIMES[0])
    assert 9_500 < first["demand_p50"] < 10_500
    assert first["capacity"] >= 9_757


def test_a_place_for_every_pupil_and_some_to_spare(steady: LoadResult) -> None:
    # The census counts some 390,000 people of 5 to 19; most go to the schools of the two large boards.
    schools = row(steady, "school_places")
    assert 320_000 < schools["demand_p50"] < 400_000
    assert 0.9 < schools["capacity"] / schools["demand_p50"] < 1.4


def test_programmes_today_are_those_of_the_last_year_on_record(steady: LoadResult) -> None:
    assert row(steady, "language_programmes")["capacity"] == pytest.approx(54_150 / 12, rel=1e-6)
    assert row(steady, "language_programmes", time=TIMES[0])["demand_p50"] > 54_150 / 12


def test_those_who_came_since_the_census_add_about_three_percent_to_the_water_asked_for(
    steady: LoadResult,
) -> None:
    water = row(steady, "water")
    assert 0.02 < water["arrivals_p50"] / water["demand_p50"] < 0.04


def test_every_district_month_service_and_constituency_has_a_row(steady: LoadResult) -> None:
    assert steady.load.height == 158 * 12 * 8 * 3
    keys = ["district_id", "service", "time", "population"]
    assert steady.load.select(keys).is_unique().all()


def test_what_is_missing_is_said(steady: LoadResult) -> None:
    said = " ".join(steady.missing)
    for word in (
        "'water': capacity is not known",
        "Shelter capacity was last counted",
    ):
        assert word in said


def test_persons_a_room_come_from_the_table_itself(toronto_inputs: CityInputs) -> None:
    occupancy = toronto_inputs.shelter_occupancy
    assert occupancy is not None
    latest = occupancy.filter(pl.col("month") == occupancy["month"].max())
    rooms = latest.filter(pl.col("capacity_type") == "rooms")
    persons_a_room = rooms["persons"].sum() / rooms["occupied"].sum()
    assert 1.5 < persons_a_room < 2.2
    capacity = shelter_capacity(occupancy)["capacity"].sum()
    beds = latest.filter(pl.col("capacity_type") == "beds")["capacity"].sum()
    assert capacity == pytest.approx(beds + rooms["capacity"].sum() * persons_a_room, rel=0.01)


def test_nine_in_ten_people_active_in_a_month_sleep_in_a_shelter_on_a_mean_night(
    toronto_inputs: CityInputs,
) -> None:
    occupancy, flow = toronto_inputs.shelter_occupancy, toronto_inputs.shelter_flow
    assert occupancy is not None and flow is not None
    assert nightly_share(occupancy, flow, "all") == pytest.approx(0.895, abs=0.01)


def test_last_shares_are_the_baseline_that_others_do_not_beat(toronto_inputs: CityInputs) -> None:
    assert toronto_inputs.earlier is not None
    both = toronto_inputs.profile.join(toronto_inputs.earlier, on="district_id", suffix="_2016")
    later, last = (shares(both[name].to_numpy()) for name in ("newcomers", "newcomers_2016"))
    misplaced = {
        "last shares": last,
        "population": shares(both["population_2016"].to_numpy()),
        "equal": shares(np.ones(158)),
        "rents": rent_adjusted(last, both["median_rent"].to_numpy(), 0.5),
    }
    errors = {name: np.abs(guess - later).sum() / 2 for name, guess in misplaced.items()}
    assert errors == pytest.approx(
        {"last shares": 0.113, "population": 0.214, "equal": 0.278, "rents": 0.117}, abs=0.001
    )


def test_a_city_without_most_tables_still_gets_an_answer(toronto_city: SimpleNamespace) -> None:
    kept = {
        "census_profile": toronto_city.tables["census_profile"].filter(
            pl.col("characteristic") == "population"
        )
    }
    bare = SimpleNamespace(**{**toronto_city.__dict__, "tables": kept, "arrivals": {}, "groups": {}})
    result = load_and_gaps({("arrivals", "all"): np.ones((3, 2))}, TIMES[:2], inputs_from_city(bare))
    assert set(result.totals["service"]) == {"school_places", "water", "waste", "energy"}
    assert "'school_places': there is no table schools, so capacity is not known." in result.missing


def test_a_city_without_a_census_is_told_what_is_needed(toronto_city: SimpleNamespace) -> None:
    bare = SimpleNamespace(**{**toronto_city.__dict__, "tables": {}})
    with pytest.raises(LoadError, match="census_profile"):
        inputs_from_city(bare)


def test_a_service_without_a_rate_is_named(toronto_city: SimpleNamespace) -> None:
    wishful = SimpleNamespace(**{**toronto_city.__dict__, "services": ("water", "dentists")})
    inputs = inputs_from_city(wishful)
    assert inputs.services == ("water",)
    assert any(sentence.startswith("'dentists': no rate is given") for sentence in inputs.missing)


def test_the_city_s_own_capacity_comes_first_and_without_a_range(toronto_city: SimpleNamespace) -> None:
    own = pl.DataFrame(
        {"service": ["school_places", "water"], "district_id": ["", ""], "capacity": [400_000.0, 1_000_000.0]}
    )
    tables = {**toronto_city.tables, "service_capacity": own}
    result = load_and_gaps(
        {("claims", "all"): np.ones((5, 2))},
        TIMES[:2],
        inputs_from_city(SimpleNamespace(**{**toronto_city.__dict__, "tables": tables})),
    )
    assert row(result, "school_places", time=TIMES[0])["capacity"] == 400_000
    assert row(result, "water", time=TIMES[0])["gap_p50"] == 0


def test_a_city_s_own_count_of_arrivals_is_taken_whole(toronto_city: SimpleNamespace) -> None:
    tables = {
        "census_profile": toronto_city.tables["census_profile"],
        "series": pl.DataFrame(
            {"month": ["2024-12"], "measure": ["arrivals"], "group": ["all"], "value": [500]}
        ),
    }
    series = {
        "table": "series",
        "group": "group",
        "groups": ["all"],
        "filter": {"measure": "arrivals"},
        "measures": ["value"],
    }
    city = SimpleNamespace(**{**toronto_city.__dict__, "tables": tables, "arrivals": {"series": [series]}})
    result = load_and_gaps({("arrivals", "all"): np.full((3, 1), 700.0)}, TIMES[:1], inputs_from_city(city))
    water = row(result, "water", time=TIMES[0])
    assert 1100 < water["arrivals_p50"] / 0.25 < 1300
