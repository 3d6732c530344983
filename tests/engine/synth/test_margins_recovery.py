"""Test people follow the margins of their city: districts, ages, homes, languages, time since arrival."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from scipy.stats import chi2

from philoxenia.exchange import City
from philoxenia.synth import MarginsError, TestPeople, margins_of, synthesise


def census(city: City, code: str) -> pl.DataFrame:
    profile = city.tables["census_profile"].filter(pl.col("year") == "2021")
    return profile.filter(pl.col("characteristic") == code).select("district_id", pl.col("value").alias(code))


def counted(made: TestPeople, *by: str) -> pl.DataFrame:
    return made.persons.group_by("district_id", *by).len("people").sort("district_id", *by)


def test_districts_hold_their_share_of_people_to_one_person(made: TestPeople, synth_city: City) -> None:
    both = counted(made).join(census(synth_city, "population"), on="district_id")
    expected = both["population"] / both["population"].sum() * made.number
    assert both.height == 158
    assert (both["people"] - expected).abs().max() < 1  # type: ignore[operator]


@pytest.mark.parametrize(("low", "high", "code"), [(0, 4, "age_0_4"), (30, 34, "age_30_34"), (85, 120, "")])
def test_ages_of_every_district_are_met_to_one_person(
    low: int, high: int, code: str, made: TestPeople, synth_city: City
) -> None:
    ages = census(synth_city, code or "age_85_over").rename({code or "age_85_over": "band"})
    total = census(synth_city, "population")
    mine = made.persons.filter(pl.col("age").is_between(low, high)).group_by("district_id").len("mine")
    all_ = counted(made).join(ages, on="district_id").join(total, on="district_id")
    both = all_.join(mine, on="district_id", how="left").with_columns(pl.col("mine").fill_null(0))
    expected = both["people"] * both["band"] / both["population"]
    # Bands are rounded to 5, so that they add up to a little more or less than the population.
    assert (both["mine"] - expected).abs().max() < 2.5  # type: ignore[operator]


def test_home_languages_pass_a_chi_square_test_over_the_city(made: TestPeople, synth_city: City) -> None:
    margins = margins_of(synth_city)
    people = margins.people[:, None] / margins.people.sum()
    expected = (people * margins.language).sum(axis=0) * made.number
    found = made.persons["language"].value_counts()
    seen = dict(found.iter_rows())
    observed = np.array([seen.get(code, 0) for code in margins.languages])
    large = expected >= 20
    # Households speak as one, so that the spread is that of households and not of persons.
    statistic = ((observed - expected) ** 2 / expected)[large].sum()
    assert statistic < chi2.ppf(0.999, large.sum() - 1) * 3
    assert abs(observed - expected)[large].max() / made.number < 0.004


def test_sizes_of_households_and_tenure_are_near_the_census(made: TestPeople, synth_city: City) -> None:
    homes = made.persons.group_by("household").agg(
        pl.len().alias("size"), pl.col("tenure").first(), pl.col("tenure").n_unique().alias("tenures")
    )
    assert homes["tenures"].max() == 1
    for size, code in ((1, "household_size_1"), (2, "household_size_2"), (4, "household_size_4")):
        share = census(synth_city, code)[code].sum() / census(synth_city, "households")["households"].sum()
        assert (homes["size"] == size).mean() == pytest.approx(share, abs=0.01)
    rent = census(synth_city, "households_renter")["households_renter"].sum()
    share = rent / census(synth_city, "households")["households"].sum()
    assert (homes["tenure"] == "renter").mean() == pytest.approx(share, abs=0.01)


def test_newcomers_are_told_by_the_month_they_came_and_by_nothing_else(
    made: TestPeople, synth_city: City
) -> None:
    margins = margins_of(synth_city)
    expected = (margins.newcomers * margins.people).sum() / margins.people.sum()
    newcomers = made.persons["population"] == "newcomers"
    assert newcomers.mean() == pytest.approx(expected, abs=0.006)
    recent = made.persons["in_city_since"] >= "2020-01"
    assert (recent == newcomers).all()


def test_nobody_under_eighteen_lives_alone_and_parents_are_older(made: TestPeople) -> None:
    homes = made.persons.group_by("household").agg(
        pl.col("age").max().alias("oldest"), pl.col("age").min().alias("youngest"), pl.len().alias("size")
    )
    assert homes.filter((pl.col("size") == 1) & (pl.col("oldest") < 18)).height == 0
    gap = homes.filter(pl.col("youngest") < 18).select((pl.col("oldest") - pl.col("youngest")).alias("g"))[
        "g"
    ]
    assert (gap >= 16).mean() > 0.97  # type: ignore[operator]


def test_needs_follow_the_census_and_come_together(made: TestPeople, synth_city: City) -> None:
    needs = made.persons["needs"].fill_null("")
    has = {code: needs.str.split(";").list.contains(code) for code in ("income", "housing", "language")}
    low = census(synth_city, "low_income")["low_income"].sum()
    share = low / census(synth_city, "low_income_base")["low_income_base"].sum()
    assert has["income"].mean() == pytest.approx(share, rel=0.08)
    both = (has["income"] & has["housing"]).mean()
    assert both > 1.5 * has["income"].mean() * has["housing"].mean()  # type: ignore[operator]
    newcomer = made.persons["population"] == "newcomers"
    assert has["language"].filter(newcomer).mean() > 2 * has["language"].filter(~newcomer).mean()  # type: ignore[operator]


def test_a_city_that_counts_only_people_says_what_is_by_assumption(synth_city: City) -> None:
    profile = census(synth_city, "population").head(3)
    table = pl.DataFrame({"district_id": profile["district_id"], "year": "2021"}).with_columns(
        pl.lit("population").alias("characteristic"), profile["population"].alias("value")
    )
    bare = synthesise(replace(synth_city, tables={"census_profile": table}), 300)
    assert bare.persons.height == 300
    said = " ".join(bare.notes)
    for missing in ("ages", "household sizes", "home_languages", "tenure", "time since arrival"):
        assert missing in said
    with pytest.raises(MarginsError, match="census_profile"):
        synthesise(replace(synth_city, tables={}), 300)
