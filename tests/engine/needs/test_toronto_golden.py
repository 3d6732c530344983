"""Toronto as shipped: the districts of highest pressure by aspect, and what reach adds up to.

When a change is meant, write the file again: python tests/engine/needs/test_toronto_golden.py
"""

from pathlib import Path

import polars as pl
import pytest

from philoxenia.exchange import read_city
from philoxenia.needs import PressureToday, pressure_today
from philoxenia.vocabulary import Aspect

GOLDEN = Path(__file__).parent / "toronto_top_districts.csv"
NUMBERS = ("score", "score_low", "score_high")


def top_districts(found: PressureToday) -> pl.DataFrame:
    everyone = found.pressure.filter((pl.col("population") == "all_residents") & (pl.col("rank") <= 5))
    return everyone.with_columns(pl.col(NUMBERS).round(1)).drop("population").sort("aspect", "rank")


@pytest.fixture(scope="module")
def today(toronto: Path) -> PressureToday:
    return pressure_today(read_city(toronto), seed=1)


def test_the_districts_of_highest_pressure_are_the_ones_we_know(today):
    expected = pl.read_csv(GOLDEN, schema_overrides={"district_id": pl.String})
    found = top_districts(today)
    assert found.drop(NUMBERS).equals(expected.drop(NUMBERS))
    assert found.select(NUMBERS).to_numpy() == pytest.approx(expected.select(NUMBERS).to_numpy(), abs=0.11)


def test_every_district_is_scored_on_every_aspect(today):
    counts = today.pressure.filter(pl.col("population") == "all_residents").group_by("aspect").len()
    assert dict(counts.iter_rows()) == {str(aspect): 158 for aspect in Aspect}


def test_what_is_reached_is_what_there_is(today):
    totals = today.reach.group_by("service", "method").agg(
        reached=(pl.col("access") * pl.col("people")).sum() / 1000
    )
    told = today.unreached.select("service", there=pl.col("supply") - pl.col("unreached_supply"))
    both = totals.join(told, on="service")
    assert both["reached"].to_numpy() == pytest.approx(both["there"].to_numpy(), rel=1e-9)
    assert both.height == 16


def test_every_figure_has_a_date_and_a_source(today):
    assert today.values.filter((pl.col("date") == "") | (pl.col("source_table") == "")).is_empty()


def test_nobody_is_asked_about_status(today):
    words = " ".join([*today.missing, *today.exposure["sentence"], *today.values["indicator"].unique()])
    assert "illegal" not in words and "status" not in words and "refugee" not in words.lower()


if __name__ == "__main__":
    top_districts(pressure_today(read_city("cities/toronto"), seed=1)).write_csv(GOLDEN)
