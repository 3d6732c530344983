"""Exposure: newcomers and long-term residents by the districts they live in, in plain words."""

import polars as pl
import pytest
from made_squares import make_city

from philoxenia.needs import pressure_today


def compared(**counts):
    bases = {"population": 1000, "immigration_base": 1000, "labour_force": 20000}
    city = make_city(4, 1, {**bases, **counts})
    return pressure_today(city, seed=1).exposure


def low_and_high(newcomers):
    return compared(unemployed=[1000, 1000, 3000, 3000], recent_immigrants=newcomers)


def row_of(frame, measure="unemployment"):
    return frame.filter(pl.col("measure") == measure).row(0, named=True)


def test_a_mean_is_over_people_not_over_districts():
    row = row_of(low_and_high([100, 0, 300, 0]))
    assert row["newcomers_mean"] == pytest.approx((100 * 5 + 300 * 15) / 400)
    assert row["long_term_mean"] == pytest.approx((900 * 5 + 1000 * 5 + 700 * 15 + 1000 * 15) / 3600)
    assert row["difference"] == pytest.approx(row["newcomers_mean"] - row["long_term_mean"])


def test_the_whole_spread_is_told():
    row = row_of(low_and_high([100, 0, 300, 0]))
    assert (row["newcomers_p10"], row["newcomers_p50"], row["newcomers_p90"]) == (5.0, 15.0, 15.0)


def test_the_pressed_fifth_holds_a_fifth_of_all():
    frame = low_and_high([400, 400, 400, 400])
    assert row_of(frame)["newcomers_top_share"] == pytest.approx(0.2)
    assert row_of(frame)["long_term_top_share"] == pytest.approx(0.2)
    assert row_of(low_and_high([0, 0, 300, 0]))["newcomers_top_share"] == pytest.approx(0.8)


@pytest.mark.parametrize(
    ("newcomers", "ending"),
    [
        ([10, 10, 300, 300], "Newcomers live where pressure is higher."),
        ([300, 300, 10, 10], "Newcomers live where pressure is lower."),
        ([200, 200, 200, 200], "The difference is within the noise."),
    ],
)
def test_the_sentence_says_it(newcomers, ending):
    sentence = row_of(low_and_high(newcomers))["sentence"]
    assert sentence.startswith("Unemployment: the average newcomer lives in a district with")
    assert sentence.endswith(ending)


def test_more_of_what_is_good_is_lower_pressure():
    frame = compared(
        median_household_income_after_tax=[50000, 50000, 90000, 90000],
        households=400,
        recent_immigrants=[10, 10, 300, 300],
    )
    assert row_of(frame, "median_income")["sentence"].endswith("pressure is lower.")


def test_newcomers_and_long_term_residents_are_the_people_counted():
    city = make_city(1, 1, {"population": 1010, "immigration_base": 1000, "recent_immigrants": 150})
    people = dict(pressure_today(city, seed=1).people.select("population", "people").iter_rows())
    assert people == {"all_residents": 1010.0, "newcomers": 150.0, "long_term_residents": 850.0}


def test_aspects_are_compared_too_but_never_added_up():
    frame = low_and_high([10, 10, 300, 300])
    assert frame.filter(pl.col("kind") == "aspect")["measure"].to_list() == [
        "economy_jobs",
        "inclusion_cohesion",
    ]


def test_a_city_that_does_not_know_its_newcomers_says_so():
    found = pressure_today(make_city(4, 1, {"population": 1000}), seed=1)
    assert found.exposure.is_empty()
    assert any("cannot be compared" in sentence for sentence in found.missing)


def test_a_city_with_next_to_nothing_still_runs():
    found = pressure_today(make_city(1, 1, {"population": 1000}), seed=1)
    assert found.pressure.is_empty() and found.reach.is_empty() and found.values.is_empty()
    assert len(found.missing) > 20


def test_the_same_seed_gives_the_same_frames():
    counts = {"population": 1000, "immigration_base": 1000, "recent_immigrants": 90}
    city = make_city(4, 2, {**counts, "unemployed": list(range(8)), "labour_force": 90})
    one, two = pressure_today(city, seed=4), pressure_today(city, seed=4)
    assert one.exposure.equals(two.exposure) and one.pressure.equals(two.pressure)
