"""Unbanked households and home-ownership potential by district: totals, groups, rules, intervals, misuse."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from philoxenia.cli.main import main
from philoxenia.exchange import City, read_city
from philoxenia.needs.small_area import (
    Estimates,
    SmallAreaError,
    ownership_potential,
    unbanked_households,
)
from philoxenia.needs.small_area.households import assumed, household_margins, household_tables, share_above
from philoxenia.needs.small_area.ownership import carrying_threshold, published_threshold
from philoxenia.reference import reference_table

COLUMNS = ["district_id", "measure", "population", "estimate", "low", "high", "base", "unit", "source"]


@pytest.fixture(scope="module")
def city(toronto: Path) -> City:
    whole = read_city(toronto)
    settings = replace(
        whole.settings,
        parameters=whole.parameters.overridden({"small_area.replicates": 40}, "the test"),
    )
    return replace(whole, settings=settings)


@pytest.fixture(scope="module")
def unbanked(city: City) -> pl.DataFrame:
    return unbanked_households(city).table


@pytest.fixture(scope="module")
def ownership(city: City) -> Estimates:
    return ownership_potential(city)


def of(table: pl.DataFrame, measure: str, population: str) -> pl.DataFrame:
    return table.filter((pl.col("measure") == measure) & (pl.col("population") == population)).sort(
        "district_id"
    )


@pytest.mark.parametrize(("measure", "share"), [("unbanked", 0.03), ("underbanked", 0.15)])
def test_districts_add_up_to_the_published_total_and_groups_to_everybody(
    measure: str, share: float, unbanked: pl.DataFrame, city: City
) -> None:
    profile = city.tables["census_profile"].filter(
        (pl.col("year") == "2021") & (pl.col("characteristic") == "households")
    )
    total = share * profile["value"].sum()
    everybody = of(unbanked, f"{measure}_households", "all_residents")
    assert everybody.height == 158
    assert abs(everybody["estimate"].sum() - total) < 1e-9 * total
    parts = [of(unbanked, f"{measure}_households", group) for group in ("newcomers", "long_term_residents")]
    both = parts[0]["estimate"] + parts[1]["estimate"]
    assert (both - everybody["estimate"]).abs().max() < 1e-6  # type: ignore[operator]
    assert ((parts[0]["base"] + parts[1]["base"]) - everybody["base"]).abs().max() < 1e-5  # type: ignore[operator]


def test_poorer_districts_have_more_and_intervals_hold_the_estimate(
    unbanked: pl.DataFrame, city: City
) -> None:
    assert unbanked.columns == COLUMNS
    everybody = of(unbanked, "unbanked_households", "all_residents")
    income = city.tables["census_profile"].filter(
        (pl.col("characteristic") == "median_household_income") & (pl.col("year") == "2021")
    )
    rate = everybody["estimate"] / everybody["base"]
    assert np.corrcoef(rate, income.sort("district_id")["value"])[0, 1] < -0.6
    assert (unbanked["low"] <= unbanked["estimate"]).all()
    assert (unbanked["estimate"] <= unbanked["high"]).all()
    width = (everybody["high"] - everybody["low"]) / everybody["estimate"]
    assert width.min() > 0.2  # type: ignore[operator]


def test_a_survey_of_the_city_moves_districts_towards_it(city: City, unbanked: pl.DataFrame) -> None:
    before = of(unbanked, "unbanked_households", "all_residents")
    share = (before["estimate"] / before["base"]).to_numpy()
    rng = np.random.default_rng(2)
    heard = np.arange(158) < 120
    direct = pl.DataFrame(
        {
            "district_id": before["district_id"].to_list(),
            "measure": "unbanked",
            "estimate": np.clip(share + rng.normal(0, 0.02, 158), 0, 1),
            "standard_error": 0.005,
        }
    ).filter(pl.Series(heard))
    found = unbanked_households(city, direct)
    after = of(found.table, "unbanked_households", "all_residents")
    moved = (after["estimate"] / after["base"]).to_numpy() - share
    wanted = direct["estimate"].to_numpy() - share[heard]
    assert np.corrcoef(moved[heard], wanted)[0, 1] > 0.8
    assert after["estimate"].sum() == pytest.approx(before["estimate"].sum(), rel=1e-9)
    assert any("120 direct estimates" in note for note in found.notes)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"district_id": ["999"]}, "no district of this city"),
        ({"estimate": [3.0]}, "from 0 to 1"),
        ({"measure": ["unbanked"], "drop": ["standard_error"]}, "lack standard_error"),
    ],
)
def test_direct_estimates_that_cannot_be_are_told(
    change: dict[str, list[object]], words: str, city: City
) -> None:
    row = {"district_id": ["001"], "measure": ["unbanked"], "estimate": [0.1], "standard_error": [0.02]}
    drop = change.pop("drop", [])
    table = pl.DataFrame({**row, **change}).drop(*map(str, drop))
    with pytest.raises(SmallAreaError, match=words):
        unbanked_households(city, table)


def test_households_keep_the_margins_of_the_census(city: City) -> None:
    margins = household_margins(city)
    table = household_tables(margins, assumed(city.parameters, 1, None), None, city.parameters)[0]
    assert abs(table.sum(axis=(2, 3)) - margins.incomes).max() < 1e-4
    assert abs(table.sum(axis=(1, 3)) - margins.tenures).max() < 1e-4
    assert abs(table.sum(axis=(1, 2)) - margins.groups).max() < 1e-4
    renters = share_above(table[None, :, :, 1], margins.bands, np.array([100_000.0])).sum()
    owners = share_above(table[None, :, :, 0], margins.bands, np.array([100_000.0])).sum()
    assert renters / table[:, :, 1].sum() < owners / table[:, :, 0].sum()


def test_the_published_rule_asks_half_the_price_and_the_carrying_rule_what_a_bank_would(city: City) -> None:
    p = city.parameters
    assert published_threshold(300_000, p) == 150_000
    # By hand: 285,000 at 5.5 % over 300 months is 1,750.15 a month; 5,100 of tax and upkeep, 1,200 more.
    payment = 285_000 * (0.055 / 12) / (1 - (1 + 0.055 / 12) ** -300)
    assert payment == pytest.approx(1750.15, abs=0.01)
    assert carrying_threshold(300_000, p)[0] == pytest.approx((12 * payment + 5_100 + 1_200) / 0.3)
    free = p.overridden({"small_area.loan_rate": 0.0}, "the test")
    assert carrying_threshold(300_000, free)[0] == pytest.approx((285_000 / 25 + 6_300) / 0.3)


def test_potential_is_per_thousand_renters_of_the_group_and_falls_with_the_price(
    ownership: Estimates, city: City
) -> None:
    table = ownership.table
    assert table.columns == COLUMNS
    dear = ownership_potential(city, 600_000).table
    for population in ("all_residents", "newcomers", "long_term_residents"):
        here = of(table, "ownership_published_rule", population)
        assert here["unit"].unique().to_list() == ["per 1,000 renter households"]
        assert here["estimate"].is_between(0, 1000).all()
        assert (of(dear, "ownership_published_rule", population)["estimate"] <= here["estimate"]).all()
    profile = city.tables["census_profile"].filter(
        (pl.col("year") == "2021") & (pl.col("characteristic") == "households_renter")
    )
    base = of(table, "ownership_published_rule", "all_residents")["base"].sum()
    assert base == pytest.approx(profile["value"].sum(), rel=1e-3)
    assert any("denominator is renter households" in note for note in ownership.notes)


def test_stock_in_poor_repair_stands_beside_it_as_counted(ownership: Estimates) -> None:
    stock = of(ownership.table, "stock_major_repairs", "all_residents")
    assert stock["estimate"].sum() > 50_000
    assert stock["low"].null_count() == 158
    assert of(ownership.table, "stock_low_score", "all_residents")["unit"].unique().to_list() == ["flats"]
    assert any("no table of vacant homes" in note for note in ownership.notes)


def test_shares_above_an_income_are_even_in_a_band_and_whole_or_none_outside() -> None:
    table, bands = np.array([[[10.0, 20.0, 30.0]]]), np.array([0.0, 50.0, 100.0])
    above = [share_above(table, bands, np.array([at]))[0, 0] for at in (0.0, 25.0, 50.0, 75.0, 100.0, 200.0)]
    assert above == pytest.approx([60, 55, 50, 40, 30, 30 / 4])


def test_a_city_without_the_tables_is_told_which(city: City) -> None:
    bare = replace(city, tables={"census_profile": city.tables["census_profile"]})
    with pytest.raises(SmallAreaError, match="household_incomes"):
        unbanked_households(bare)
    with pytest.raises(SmallAreaError, match="census_profile"):
        ownership_potential(replace(city, tables={}))
    with pytest.raises(SmallAreaError, match="price above 0"):
        ownership_potential(city, -5.0)


def test_every_rate_names_its_source_and_lies_in_its_range() -> None:
    table = reference_table("account_rates").with_columns(pl.col("value", "low", "high").cast(float))
    assert (table["low"] <= table["value"]).all()
    assert (table["value"] <= table["high"]).all()
    assert table["source"].str.contains("assumption|general knowledge").all()


def test_the_command_writes_a_table_and_says_what_it_means(
    toronto: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "a" / "ownership.csv"
    asked = ["small-area", str(toronto), "--what", "ownership", "--out", str(out), "--quiet"]
    assert main(asked) == 0
    said = capsys.readouterr().out
    assert "per 1,000 renter households" in said
    assert pl.read_csv(out).columns == COLUMNS
    assert main(["small-area", str(toronto), "--what", "unbanked", "--price", "5"]) == 2
    broken = tmp_path / "broken.csv"
    broken.write_text(
        "district_id,measure,estimate,standard_error\n001,unbanked,many,0.1\n", encoding="utf-8"
    )
    assert main(["small-area", str(toronto), "--what", "unbanked", "--direct", str(broken), "--quiet"]) == 5
