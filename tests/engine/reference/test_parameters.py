"""Parameters: rows with unit, range and source; a city's changes are checked and marked."""

import pytest

from philoxenia.reference import default_parameters, reference_table
from philoxenia.vocabulary import PhiloxeniaError


def test_every_parameter_lies_in_its_range_and_says_where_it_comes_from() -> None:
    parameters = default_parameters()
    assert len(parameters) > 20
    for name in parameters:
        row = parameters.row(name)
        assert row.low <= row.value <= row.high, name
        assert row.unit and row.description and row.source and row.date, name


def test_a_change_is_marked_with_who_made_it() -> None:
    parameters = default_parameters()
    name = next(iter(parameters))
    changed = parameters.overridden({name: parameters.row(name).high}, by="a city")
    assert changed.row(name).overridden == "a city"
    assert parameters.row(name).overridden == ""


def test_a_value_out_of_range_is_refused_with_the_range() -> None:
    parameters = default_parameters()
    name = next(iter(parameters))
    with pytest.raises(PhiloxeniaError, match=r"sets .* must lie between"):
        parameters.overridden({name: parameters.row(name).high + 1}, by="a city")


def test_an_unknown_name_gets_the_nearest() -> None:
    name = next(iter(default_parameters()))
    with pytest.raises(PhiloxeniaError, match=name):
        default_parameters().row(name + "x")


def test_an_unknown_table_lists_the_known_ones() -> None:
    with pytest.raises(PhiloxeniaError, match=r"Known tables: .*parameters_needs"):
        reference_table("no-such-table")


def test_asking_whether_a_parameter_is_there_is_no_error() -> None:
    known = default_parameters()
    assert "needs.walking_speed" in known
    assert "needs.speed" not in known


def test_parameters_can_be_taken_by_the_part_of_the_engine_they_belong_to() -> None:
    known = default_parameters()
    assert {known.row(name).topic for name in known} == {
        "arrivals",
        "needs",
        "scenarios",
        "futures",
        "valuation",
        "linkage",
        "disclosure",
        "synth",
        "small_area",
        "directory",
        "casework",
    }
    some = known.of_topics("valuation", "futures")
    assert "valuation.discount_per_year" in some
    assert "needs.walking_speed" not in some
    assert len(some) + len(known.of_topics("arrivals", "needs", "scenarios", "synth")) < len(known)
