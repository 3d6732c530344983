"""How load and gaps are reckoned, a paragraph a test."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.engine.scenarios.small_city import (
    capacity,
    certain_rates,
    city,
    flow_history,
    months,
    profile,
    steady_paths,
)

from philoxenia.reference import default_parameters
from philoxenia.scenarios import CityInputs, LoadError, TotalArrivals, floor_needs, load_and_gaps
from philoxenia.vocabulary import Population

TWO_MONTHS = months(2024, 2)
NOBODY = {("registrations", "all"): np.zeros((1, 2))}
EVERYBODY_STAYS = default_parameters().overridden(
    {"scenarios.total_arrivals_share": 1, "scenarios.leave_city_share_per_month": 0}, "the test"
)
REGISTRATIONS = TotalArrivals("registrations", "all")


def total(
    result: pl.DataFrame, service: str, population: Population = Population.ALL_RESIDENTS
) -> pl.DataFrame:
    """Rows of one service and constituency, month by month."""
    return result.filter((pl.col("service") == service) & (pl.col("population") == population)).sort("time")


# --- Demand is people times a rate -------------------------------------------------------------------


def test_residents_ask_for_their_number_times_the_rate() -> None:
    inputs = city([1000, 3000], [100, 900], own_rates=certain_rates("water", 0.2), services=("water",))
    load = load_and_gaps(NOBODY, TWO_MONTHS, inputs).load
    by_district = load.filter((pl.col("time") == "2024-01") & (pl.col("population") == "all_residents"))
    assert by_district["demand_p50"].to_list() == pytest.approx([200, 600])


def test_newcomers_and_long_term_residents_add_up_to_all() -> None:
    inputs = city([1000, 3000], [100, 900], own_rates=certain_rates("water", 0.2), services=("water",))
    totals = load_and_gaps(NOBODY, TWO_MONTHS, inputs).totals
    assert total(totals, "water", Population.NEWCOMERS)["demand_mean"].to_list() == pytest.approx([200, 200])
    assert total(totals, "water", Population.LONG_TERM_RESIDENTS)["demand_mean"].to_list() == pytest.approx(
        [600, 600]
    )


def test_arrivals_settle_by_the_last_known_shares_of_newcomers() -> None:
    inputs = city(
        [1000, 3000],
        [100, 300],
        own_rates=certain_rates("water", 1),
        services=("water",),
        total_arrivals=REGISTRATIONS,
        parameters=EVERYBODY_STAYS,
        earlier=profile([1000, 3000], [100, 300]),
        earlier_year=2016,
    )
    load = load_and_gaps({("registrations", "all"): np.full((1, 2), 40.0)}, TWO_MONTHS, inputs).load
    last = load.filter((pl.col("time") == "2024-02") & (pl.col("population") == "all_residents"))
    assert last["demand_p50"].to_list() == pytest.approx([1000 + 80 / 4, 3000 + 80 * 3 / 4])


def test_needs_change_with_months_since_arrival() -> None:
    inputs = city(
        [1000],
        [0],
        own_rates=certain_rates("classes", 1, population="newcomers", months_from="1", months_to="3"),
        services=("classes",),
        total_arrivals=REGISTRATIONS,
        parameters=EVERYBODY_STAYS,
    )
    paths = {("registrations", "all"): np.array([[10.0, 0, 0, 0]])}
    totals = load_and_gaps(paths, months(2024, 4), inputs).totals
    assert total(totals, "classes", Population.NEWCOMERS)["demand_p50"].to_list() == [0, 10, 10, 0]


def test_a_newcomer_of_long_ago_is_a_long_term_resident() -> None:
    parameters = EVERYBODY_STAYS.overridden({"scenarios.newcomer_months": 12}, "the test")
    inputs = city(
        [1000], [0], own_rates=certain_rates("water", 1), services=("water",), parameters=parameters
    )
    inputs = CityInputs(**{**inputs.__dict__, "total_arrivals": REGISTRATIONS})
    arriving = np.zeros((1, 13))
    arriving[0, 0] = 50
    totals = load_and_gaps({("registrations", "all"): arriving}, months(2024, 13), inputs).totals
    assert total(totals, "water", Population.NEWCOMERS)["demand_p50"].to_list() == [50] * 12 + [0]
    assert total(totals, "water", Population.LONG_TERM_RESIDENTS)["demand_p50"][-1] == 1050


def test_quarters_are_spread_over_their_months() -> None:
    inputs = city(
        [1000],
        [0],
        own_rates=certain_rates("water", 1),
        services=("water",),
        parameters=EVERYBODY_STAYS,
        total_arrivals=REGISTRATIONS,
        arrivals_history=pl.DataFrame({"month": ["2023-Q4"], "arrivals": [30.0]}),
    )
    result = load_and_gaps({("registrations", "all"): np.array([[60.0]])}, ("2024-Q1",), inputs)
    water = total(result.totals, "water")
    assert water["time"].to_list() == ["2024-01", "2024-02", "2024-03"]
    assert water["arrivals_p50"].to_list() == pytest.approx([50, 70, 90])


def test_a_region_s_count_is_not_a_city_s_until_the_city_says_its_share() -> None:
    inputs = city(
        [1000], [0], own_rates=certain_rates("water", 1), services=("water",), total_arrivals=REGISTRATIONS
    )
    result = load_and_gaps({("registrations", "all"): np.full((1, 2), 40.0)}, TWO_MONTHS, inputs)
    assert total(result.totals, "water")["arrivals_p50"].to_list() == [0, 0]
    assert any("scenarios.total_arrivals_share" in sentence for sentence in result.missing)


# --- Keeping today's level ---------------------------------------------------------------------------


def test_by_use_today_s_residents_ask_for_what_is_given_today() -> None:
    inputs = city(
        [1000, 3000],
        [100, 300],
        capacity=capacity("library_programmes", {"01": 30, "02": 10}, used=20),
        services=("library_programmes",),
    )
    load = load_and_gaps(NOBODY, TWO_MONTHS, inputs).load
    now = load.filter((pl.col("time") == "2024-01") & (pl.col("population") == "all_residents"))
    assert now["demand_p50"].to_list() == pytest.approx([10, 30])


def test_a_gap_by_use_is_what_must_be_added_to_keep_the_level() -> None:
    inputs = city(
        [10000],
        [0],
        capacity=capacity("library_programmes", {"01": 500}, used=500),
        services=("library_programmes",),
        total_arrivals=REGISTRATIONS,
        parameters=EVERYBODY_STAYS,
    )
    totals = load_and_gaps({("registrations", "all"): np.full((1, 2), 100.0)}, TWO_MONTHS, inputs).totals
    assert total(totals, "library_programmes")["gap_p50"].to_list() == pytest.approx([5, 10])


def test_more_arrivals_in_a_year_than_residents_are_settled_only_where_the_city_says_they_come() -> None:
    # 1,200 a year in a village of 1,000: most likely a count of the whole country, though it may be a border.
    village = city(
        [1000],
        [0],
        capacity=capacity("library_programmes", {"01": 500}, used=500),
        services=("library_programmes",),
        total_arrivals=REGISTRATIONS,
        parameters=EVERYBODY_STAYS,
    )
    told = replace(village, total_arrivals=replace(REGISTRATIONS, share=1, declared=True))
    paths = {("registrations", "all"): np.full((1, 2), 100.0)}
    doubted, believed = (load_and_gaps(paths, TWO_MONTHS, inputs) for inputs in (village, told))
    assert total(doubted.totals, "library_programmes")["gap_p50"].to_list() == [0, 0]
    assert any("1,200 a year, more than the 1,000" in sentence for sentence in doubted.missing)
    assert total(believed.totals, "library_programmes")["gap_p50"].to_list() == pytest.approx([50, 100])
    assert not any("more than the" in sentence for sentence in believed.missing)


# --- Gaps --------------------------------------------------------------------------------------------


def test_a_gap_is_reckoned_in_every_future_and_only_then_summed_up() -> None:
    inputs = city(
        [1000],
        [0],
        own_rates=certain_rates("water", 1),
        services=("water",),
        capacity=capacity("water", {"01": 1050}),
        total_arrivals=REGISTRATIONS,
        parameters=EVERYBODY_STAYS,
    )
    arriving = np.array([[0.0], [0], [0], [150]])
    totals = total(load_and_gaps({("registrations", "all"): arriving}, ("2024-01",), inputs).totals, "water")
    assert totals["gap_p50"][0] == 0
    assert totals["gap_mean"][0] == pytest.approx(25)
    assert totals["share_with_gap"][0] == 0.25


def test_one_capacity_serves_both_and_the_gap_falls_on_both_in_proportion() -> None:
    inputs = city(
        [1000],
        [250],
        own_rates=certain_rates("water", 1),
        services=("water",),
        capacity=capacity("water", {"": 900}),
    )
    totals = load_and_gaps(NOBODY, TWO_MONTHS, inputs).totals
    parts = [total(totals, "water", population)["gap_p50"][0] for population in Population]
    assert parts == pytest.approx([25, 75, 100])


def test_without_capacity_there_is_demand_and_no_gap_and_that_is_said() -> None:
    result = load_and_gaps(NOBODY, TWO_MONTHS, city([1000], [0], services=("water",)))
    assert result.load["capacity"].null_count() == result.load.height
    assert result.load["gap_p50"].null_count() == result.load.height
    assert result.totals["demand_p50"].null_count() == 0
    assert "'water': capacity is not known; demand is given without a gap." in result.missing


def test_a_register_of_some_providers_is_not_read_as_a_huge_gap() -> None:
    inputs = city([1000], [0], services=("school_places",), capacity=capacity("school_places", {"01": 20}))
    result = load_and_gaps(NOBODY, TWO_MONTHS, inputs)
    assert result.totals["gap_p50"].null_count() == result.totals.height
    assert any("the record cannot be complete" in sentence for sentence in result.missing)


def test_neighbours_share_a_school_and_far_districts_do_not() -> None:
    rates = certain_rates("school_places", 0.1, scope="district", reach_km="3")
    apart = profile([1000, 1000, 1000], [0, 0, 0]).with_columns(longitude=pl.Series([0.0, 0.02, 1.0]))
    inputs = CityInputs(
        profile=apart,
        own_rates=rates,
        services=("school_places",),
        capacity=capacity("school_places", {"01": 300}),
    )
    result = load_and_gaps(NOBODY, TWO_MONTHS, inputs)
    now = result.load.filter((pl.col("time") == "2024-01") & (pl.col("population") == "all_residents"))
    assert now["capacity"].to_list() == pytest.approx([150, 150, 0])
    assert now["gap_p50"].to_list() == pytest.approx([0, 0, 100])
    city_row = total(result.totals, "school_places")
    assert city_row["gap_p50"][0] == 0
    assert city_row["local_gap_p50"][0] == pytest.approx(100)


def test_months_until_a_gap() -> None:
    inputs = city(
        [1000],
        [0],
        own_rates=certain_rates("water", 1),
        services=("water",),
        capacity=capacity("water", {"01": 1150}),
        total_arrivals=REGISTRATIONS,
        parameters=EVERYBODY_STAYS,
    )
    arriving = np.array([[60.0] * 4, [60.0] * 4, [0.0] * 4, [0.0] * 4])
    outlook = load_and_gaps({("registrations", "all"): arriving}, months(2024, 4), inputs).outlook
    row = outlook.row(0, named=True)
    assert row["share_of_futures_with_gap"] == 0.5
    assert (row["months_until_gap_p10"], row["months_until_gap_p50"], row["months_until_gap_p90"]) == (
        3,
        3,
        None,
    )


# --- Shelter -----------------------------------------------------------------------------------------

GROUPS = {"refugees": 1.0, "non_refugees": 2.0, "all": 3.0}


def sheltering(**more: object) -> CityInputs:
    """A city whose shelters are in balance: 600 people, 200 of them newcomers."""
    history = flow_history(GROUPS, 24, stock=200)
    parameters = default_parameters().overridden(
        {"scenarios.nightly_share_of_active": 1, "scenarios.exit_forecast_weight": 1}, "the test"
    )
    return city(
        [1000, 1000], [10, 10], shelter_flow=history, services=("shelter",), parameters=parameters, **more
    )


def test_the_stock_follows_the_flows() -> None:
    paths = steady_paths(GROUPS, 1, 2)
    paths["newly_identified", "refugees"] = np.array([[70.0, 40.0]])
    shelter = load_and_gaps(paths, TWO_MONTHS, sheltering()).shelter
    seeking = shelter.filter(pl.col("group") == "refugees")["seeking_p50"].to_list()
    assert seeking == pytest.approx([200 + 70 + 10 - 50, 230 + 40 + 10 - 50])


def test_people_who_seek_shelter_are_not_only_those_who_get_it() -> None:
    result = load_and_gaps(
        steady_paths(GROUPS, 1, 2),
        TWO_MONTHS,
        sheltering(capacity=capacity("shelter", {"01": 300, "02": 150})),
    )
    first = result.shelter.filter(pl.col("time") == "2024-01")
    assert first["seeking_p50"].sum() == pytest.approx(600)
    assert first["in_shelter_p50"].sum() == pytest.approx(450)
    assert total(result.totals, "shelter")["gap_p50"][0] == pytest.approx(150)
    assert total(result.totals, "shelter", Population.NEWCOMERS)["gap_p50"][0] == pytest.approx(50)


def test_demand_that_full_shelters_hid_raises_what_is_forecast() -> None:
    demand = pl.DataFrame(
        {
            "group": ["refugees"] * 2,
            "time": ["2023-11", "2023-12"],
            "recorded": [40.0, 40.0],
            "estimated_p10": [60.0, 60.0],
            "estimated_p50": [60.0, 60.0],
            "estimated_p90": [60.0, 60.0],
        }
    )
    result = load_and_gaps(steady_paths(GROUPS, 1, 1), ("2024-01",), sheltering(), demand=demand)
    assert result.shelter.filter(pl.col("group") == "refugees")["seeking_p50"][0] == pytest.approx(200 + 20)
    assert "Recorded intake of 'refugees'" not in " ".join(result.missing)
    assert "Recorded intake of 'non_refugees' is read as demand" in " ".join(result.missing)


def test_a_flow_without_a_stock_is_no_place_to_start_from() -> None:
    history = flow_history(GROUPS, 24, stock=200).with_columns(
        actively_homeless=pl.lit(None, dtype=pl.Float64)
    )
    result = load_and_gaps(steady_paths(GROUPS, 1, 1), ("2024-01",), city([1000], [10], shelter_flow=history))
    assert result.shelter.is_empty()
    assert "shelter" not in result.totals["service"].to_list()
    assert any("the need for shelter is not computed" in sentence for sentence in result.missing)


def test_months_between_the_last_record_and_the_forecast_are_named() -> None:
    result = load_and_gaps(steady_paths(GROUPS, 1, 1), ("2024-03",), sheltering())
    assert any(
        sentence.startswith("The shelter flow ends in 2023-12 and the forecast begins in 2024-03")
        for sentence in result.missing
    )


def test_shelter_is_one_system_so_districts_show_people_but_no_gap() -> None:
    result = load_and_gaps(
        steady_paths(GROUPS, 1, 2),
        TWO_MONTHS,
        sheltering(capacity=capacity("shelter", {"01": 300, "02": 150})),
    )
    rows = result.load.filter((pl.col("time") == "2024-01") & (pl.col("population") == "all_residents"))
    assert rows["demand_p50"].to_list() == pytest.approx([400, 200])
    assert rows["capacity"].to_list() == [300, 150]
    assert rows["gap_p50"].null_count() == 2


def test_a_flow_that_does_not_tell_newcomers_gives_all_residents_only() -> None:
    history = flow_history({"all": 3.0}, 24, stock=200)
    inputs = city([1000], [10], shelter_flow=history, services=("shelter",))
    result = load_and_gaps(steady_paths({"all": 3.0}, 1, 2), TWO_MONTHS, inputs)
    assert result.load["population"].unique().to_list() == ["all_residents"]
    assert any("does not tell newcomers from others" in sentence for sentence in result.missing)


def test_exits_that_are_not_forecast_follow_the_share_that_left_last_year() -> None:
    paths = {key: value for key, value in steady_paths(GROUPS, 1, 2).items() if key[0] == "newly_identified"}
    result = load_and_gaps(paths, TWO_MONTHS, sheltering())
    assert result.shelter["seeking_p50"].sum() == pytest.approx(2 * 600)
    assert any("Exits from shelter are not forecast" in sentence for sentence in result.missing)


# --- Cities differ -----------------------------------------------------------------------------------


def test_population_alone_is_enough() -> None:
    bare = CityInputs(profile=pl.DataFrame({"district_id": ["a", "b"], "population": [100.0, 200.0]}))
    result = load_and_gaps({("newly_identified", "all"): np.ones((3, 2))}, TWO_MONTHS, bare)
    assert set(result.totals["service"]) == {"school_places", "water", "waste", "energy"}
    assert any(sentence.startswith("No shelter flow table") for sentence in result.missing)
    assert any(sentence.startswith("Newcomers are not counted") for sentence in result.missing)
    assert any(sentence.startswith("The census gives no ages") for sentence in result.missing)


def test_a_city_adds_a_service_with_its_own_rates() -> None:
    own = certain_rates("legal_advice", 0.3, population="newcomers", unit="hours a month")
    inputs = city([1000], [100], own_rates=own)
    totals = load_and_gaps(NOBODY, TWO_MONTHS, inputs).totals
    row = total(totals, "legal_advice")
    assert row["demand_p50"][0] == pytest.approx(30)
    assert row["unit"][0] == "hours a month"


def test_a_city_s_own_rate_replaces_the_reference_and_adding_one_changes_no_other() -> None:
    paths = {("registrations", "all"): np.ones((50, 2))}
    before = load_and_gaps(paths, TWO_MONTHS, city([1000], [100])).totals
    after = load_and_gaps(
        paths, TWO_MONTHS, city([1000], [100], own_rates=certain_rates("water", 0.1))
    ).totals
    assert total(after, "water")["demand_p90"][0] == pytest.approx(100)
    assert total(before, "waste").equals(total(after, "waste"))


def test_emergency_minima_stand_apart_from_what_a_city_gives() -> None:
    floors = floor_needs(10_000)
    water = floors.filter(pl.col("service") == "water").row(0, named=True)
    assert (water["needed_low"], water["needed"], water["needed_high"]) == (150, 150, 200)
    assert "UNHCR" in water["source"]


def test_the_same_seed_gives_the_same_tables() -> None:
    paths, inputs = {("registrations", "all"): np.ones((20, 2))}, city([1000, 500], [100, 7])
    first, second = load_and_gaps(paths, TWO_MONTHS, inputs, 7), load_and_gaps(paths, TWO_MONTHS, inputs, 7)
    assert first.load.equals(second.load)
    assert not first.load.equals(load_and_gaps(paths, TWO_MONTHS, inputs, 8).load)


# --- Refusals say what to mend -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paths", "times", "sentence"),
    [
        ({("a", "b"): np.ones((2, 2))}, ("2024-Q1", "2024-04"), "of one kind"),
        ({("a", "b"): np.ones((2, 2))}, ("2024-01", "2024-03"), "without a hole"),
        ({("a", "b"): np.ones((2, 3))}, ("2024-01", "2024-02"), "All paths must be"),
        ({("a", "b"): np.full((2, 2), np.nan)}, ("2024-01", "2024-02"), "not finite"),
        ({}, ("2024-01",), "There are no paths"),
    ],
)
def test_paths_that_cannot_be_used(
    paths: dict[tuple[str, str], np.ndarray], times: tuple[str, ...], sentence: str
) -> None:
    with pytest.raises(LoadError, match=sentence):
        load_and_gaps(paths, times, city([1000], [0]))


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ({"rate": "2", "low": "3"}, "Write low <= rate <= high"),
        ({"rate": "1", "population": "visitors"}, "use one of newcomers"),
        ({"rate": "1", "age_group": "age_0_17"}, "age group 'age_0_17'"),
        ({"rate": "1", "basis": "wish"}, "use one of"),
        ({"rate": "much"}, "is not a number"),
        ({"rate": ""}, "has no 'rate'"),
    ],
)
def test_rates_that_cannot_be_used(row: dict[str, str], sentence: str) -> None:
    own = pl.DataFrame({"service": ["parks"], **{key: [value] for key, value in row.items()}})
    with pytest.raises(LoadError, match=sentence):
        load_and_gaps(NOBODY, TWO_MONTHS, city([1000], [0], own_rates=own))


def test_a_city_without_people() -> None:
    with pytest.raises(LoadError, match="counts no population"):
        load_and_gaps(NOBODY, TWO_MONTHS, city([0.0], [0.0]))
