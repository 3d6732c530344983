"""Shocks of a city's own table, and shocks as a planner sets them: what changes, and what is said of it."""

import polars as pl
import pytest

from philoxenia.reference import reference_table
from philoxenia.scenarios.futures import FuturesError, Span
from philoxenia.scenarios.futures.shocks import changed_shocks, city_shocks, known_shocks


def own_row(**changed: object) -> pl.DataFrame:
    """The row of the economic slump as a city might state it."""
    row = reference_table("shocks").filter(pl.col("name") == "economic_slump").to_dicts()[0]
    return pl.DataFrame([row | changed])


def test_a_city_without_a_table_has_the_usual_shocks_and_says_nothing() -> None:
    assert city_shocks(None) == (known_shocks(), ())


def test_a_row_of_the_city_takes_the_place_of_the_usual_one() -> None:
    found, said = city_shocks(own_row(probability_per_year=0.3, size_high=0.5))
    slump = next(shock for shock in found if shock.name == "economic_slump")
    assert (slump.probability_per_year, slump.size.high) == (0.3, 0.5)
    assert [shock.name for shock in found] == [shock.name for shock in known_shocks()]
    assert said[0].startswith("Shocks that the city's own table states: economic_slump. In these futures: ")


def test_a_city_adds_a_shock_and_takes_one_out() -> None:
    rows = pl.concat([own_row(name="harbour_strike"), own_row(probability_per_year="0")])
    names = {shock.name for shock in city_shocks(rows)[0]}
    assert names == {shock.name for shock in known_shocks()} - {"economic_slump"} | {"harbour_strike"}


def test_what_a_planner_sets_moves_the_range_with_it_and_is_said() -> None:
    changes = {"economic_slump": {"probability_per_year": 0.5, "size": 0.3, "months": 9}}
    found, said = changed_shocks(known_shocks(), changes)
    slump = next(shock for shock in found if shock.name == "economic_slump")
    assert slump.probability_per_year == 0.5
    assert slump.size == Span(pytest.approx(0.1), 0.3, pytest.approx(0.7))
    assert slump.duration == Span(4.5, 9, 18)
    assert said == (
        "The shock economic slump is as set for this study: chance a year 0.5 (otherwise 0.1), likely size "
        "0.3 (0.15), likely months 9 (18).",
    )


def test_a_chance_of_nought_takes_a_shock_out_and_says_so() -> None:
    found, said = changed_shocks(known_shocks(), {"flood_or_heat": {"probability_per_year": 0}})
    assert "flood_or_heat" not in {shock.name for shock in found}
    assert said == ("The shock flood or heat is taken out of these futures.",)


def test_nothing_set_is_nothing_said() -> None:
    assert changed_shocks(known_shocks(), {}) == (known_shocks(), ())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"meteor": {"size": 1}}, "no shock 'meteor'; there is: sudden_influx"),
        ({"economic_slump": {"colour": 1}}, "has no 'colour' to change; there is: probability_per_year"),
        ({"economic_slump": {"probability_per_year": 1}}, "is 1: give 0 or more and less than 1"),
        ({"economic_slump": {"months": 0}}, "The months of 'economic_slump' is 0: give a number above 0"),
    ],
)
def test_what_cannot_be_says_what_there_is(changes: dict[str, dict[str, float]], words: str) -> None:
    with pytest.raises(FuturesError, match=words):
        changed_shocks(known_shocks(), changes)


def test_a_table_that_acts_on_what_is_not_there_says_so() -> None:
    with pytest.raises(FuturesError, match="acts on 'moon'; there is: newcomers_to_shelter"):
        city_shocks(own_row(factors="moon=1"))
