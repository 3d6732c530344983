"""Need for a language minus the help within reach that speaks it."""

import polars as pl
import pytest
from made_squares import SIDE, SOUTH, WEST, make_city

from philoxenia.needs import NeedsError
from philoxenia.needs.languages import GAP_COLUMNS, language_gap

NO_PLACES = pl.DataFrame(schema={"longitude": pl.Float64, "latitude": pl.Float64, "language": pl.String})


def spoken(districts, **languages):
    """A table of home languages: a number for each district."""
    rows = [
        {"district_id": district, "year": "2021", "language": language, "people": float(people)}
        for language, counts in languages.items()
        for district, people in zip(districts, counts, strict=True)
    ]
    return pl.DataFrame(rows)


def city_of(across=2, minutes=30.0, **languages):
    ids = [f"01{east + 1:02d}" for east in range(across)]
    tables = {"home_languages": spoken(ids, **languages)}
    parameters = {"needs.language_minutes": minutes, "needs.transit_wait": 0.0}
    return make_city(across, 1, tables=tables, parameters=parameters)


def place(district, language):
    """A place in the middle of a district."""
    return {"longitude": WEST + (district - 0.5) * SIDE, "latitude": SOUTH + SIDE / 2, "language": language}


def test_without_any_place_everybody_who_speaks_it_is_without():
    city = city_of(all=[1000, 1000], ar=[100, 40], several=[10, 10])
    gap = language_gap(city, NO_PLACES)
    assert gap.frame["without"].to_list() == [100.0, 40.0]
    assert gap.frame["access"].to_list() == [0.0, 0.0]
    assert gap.frame.schema == GAP_COLUMNS
    assert gap.frame["language"].unique().to_list() == ["ar"], "all and several are no languages"


def test_a_place_helps_those_who_speak_its_language_and_are_near():
    city = city_of(4, 6.0, all=[1000] * 4, ar=[100] * 4, ti=[50] * 4)
    gap = language_gap(city, pl.DataFrame([place(1, "ar")]))
    arabic = gap.frame.filter(pl.col("language") == "ar")
    assert arabic["without"][0] < 100
    assert arabic["without"][3] == pytest.approx(100)
    assert gap.frame.filter(pl.col("language") == "ti")["without"].to_list() == pytest.approx([50] * 4)


def test_one_place_is_shared_by_all_who_reach_it():
    city = city_of(1, 90.0, all=[1000], ar=[200])
    gap = language_gap(city, pl.DataFrame([place(1, "ar")]))
    assert gap.frame["access"].to_list() == pytest.approx([5.0])
    assert gap.frame["without"].to_list() == [0.0]


def test_a_place_near_a_district_of_no_speakers_leaves_nobody_without():
    city = city_of(1, 90.0, all=[1000], ar=[0])
    row = language_gap(city, pl.DataFrame([place(1, "ar")])).frame.row(0, named=True)
    assert (row["speakers"], row["without"]) == (0.0, 0.0)
    assert row["speakers_high"] > 0, "nobody among those asked does not mean nobody"


def test_intervals_hold_the_figure_and_are_relatively_narrower_for_the_city():
    city = city_of(2, all=[4000, 4000], ar=[100, 100])
    gap = language_gap(city, NO_PLACES)
    one, total = gap.frame.row(0, named=True), gap.total.row(0, named=True)
    assert 0 <= one["speakers_low"] < 100 < one["speakers_high"]
    width = one["speakers_high"] - one["speakers_low"]
    assert total["speakers_high"] - total["speakers_low"] == pytest.approx(width * 2**0.5)
    assert (total["places"], total["without"], total["base"]) == (0, 200.0, 8000.0)


def test_without_a_base_there_is_no_interval_and_a_missing_count_stays_missing():
    city = city_of(2, ar=[100, float("nan")])
    gap = language_gap(city, NO_PLACES)
    assert gap.frame["speakers_low"].to_list() == [None, None]
    assert gap.frame["without"].to_list() == [100.0, None]
    assert gap.total["without"].to_list() == [100.0]


def test_a_city_without_the_table_is_told_what_to_add():
    with pytest.raises(NeedsError, match="no table home_languages"):
        language_gap(make_city(1, 1), NO_PLACES)
