"""What is measured is declared in rows, and every row holds together with the others."""

import re

import pytest

from philoxenia.needs import indicator_weights, indicators, services
from philoxenia.reference import default_parameters, reference_table
from philoxenia.vocabulary import Aspect

CHARACTERISTICS = set(reference_table("characteristics")["code"])


def test_every_aspect_has_several_indicators():
    for aspect in Aspect:
        assert len([row for row in indicators() if row.aspect is aspect]) >= 5


@pytest.mark.parametrize("row", indicators(), ids=lambda row: row.id)
def test_an_indicator_says_what_it_is(row):
    assert row.name and row.definition and row.unit and row.about and row.source_table
    assert row.direction in (-1, 1)
    assert str(row.crf_goal) in set(reference_table("crf_goals")["goal"])
    assert row.newcomers in ("not published", "same place")


@pytest.mark.parametrize("row", indicators(), ids=lambda row: row.id)
def test_an_indicator_reads_what_exists(row):
    codes = [code for code in (row.numerator, row.denominator) if code and "." not in code]
    if row.kind == "reach":
        assert row.numerator in {service.id for service in services() if service.place_table}
        assert row.newcomers == "same place"
    else:
        assert set(codes) <= CHARACTERISTICS


def test_every_indicator_has_a_weight_a_city_can_change():
    assert set(indicator_weights(default_parameters())) == {row.id for row in indicators()}
    changed = default_parameters().overridden({"needs.weight.low_income": 3.0}, by="city.toml")
    assert indicator_weights(changed)["low_income"] == 3.0


@pytest.mark.parametrize("service", services(), ids=lambda service: service.id)
def test_a_service_names_its_demand_goal_and_blueprint(service):
    assert service.blueprint in set(reference_table("blueprint")["id"])
    assert str(service.crf_goal) in set(reference_table("crf_goals")["goal"])
    if service.place_table:
        assert set(service.demand) <= CHARACTERISTICS and service.demand
        assert service.mode in ("walk", "transit")
        assert service.catchment_minutes > 0
    else:
        assert "No reach is computed" in service.note


def test_the_blueprint_has_its_47_systems():
    ids = reference_table("blueprint")["id"].to_list()
    expected = {"F": 5, "P": 16, "E": 10, "T": 10, "L": 6}
    assert ids == [
        f"{letter}{number}" for letter, count in expected.items() for number in range(1, count + 1)
    ]


def test_the_framework_has_four_dimensions_and_twelve_goals():
    goals = reference_table("crf_goals")
    assert goals["goal"].to_list() == [str(number) for number in range(1, 13)]
    assert goals["dimension"].value_counts()["count"].to_list() == [3, 3, 3, 3]


def test_the_aspects_are_those_of_the_vocabulary():
    assert reference_table("aspects")["id"].to_list() == [str(aspect) for aspect in Aspect]


def test_no_characteristic_is_named_by_an_abbreviation_of_one_country() -> None:
    labels = reference_table("characteristics")["label"]
    assert [label for label in labels if re.search(r"\b(LIM|LICO|MBM|AMI|NHS)\b", label)] == []
