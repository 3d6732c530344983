"""Estimates by district: map and table with intervals, and a sentence where a city lacks the tables."""

from pathlib import Path

import polars as pl
import pytest
from django.test import Client

from philoxenia.exchange import City
from philoxenia.needs.small_area import Estimates
from philoxenia_web.datasets.queries import package
from philoxenia_web.needs.districts import estimating


def made(measure: str, population: str, values: list[float], bases: list[float]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "district_id": [f"D{place:02d}" for place in range(1, len(values) + 1)],
            "measure": measure,
            "population": population,
            "estimate": values,
            "low": [0.5 * one for one in values],
            "high": [2.0 * one for one in values],
            "base": bases,
            "unit": "households",
            "source": "A made-up source",
        }
    )


@pytest.fixture
def estimates(monkeypatch: pytest.MonkeyPatch, own_folder: Path) -> None:
    """Nine districts: the second has most without an account, the ninth too few newcomers to tell."""
    everybody = made("unbanked_households", "all_residents", [20.0, 90.0] + [10.0] * 7, [1000.0] * 9)
    newcomers = made("unbanked_households", "newcomers", [5.0] * 9, [100.0] * 8 + [12.0])
    both = Estimates(pl.concat([everybody, newcomers]), ("A note of the engine.",))
    monkeypatch.setattr(estimating, "accounts", lambda: both)


def test_the_answer_stands_above_map_and_table(estimates: None, planner: Client) -> None:
    shown = planner.get("/needs/districts/").content.decode()
    assert "180 of 9,000 households (2%)" in shown
    assert "90 (40 to 180)" in shown or "90 (45 to 180)" in shown
    assert "A note of the engine." in shown
    assert "A made-up source" in shown


def test_a_district_of_few_households_has_no_figure(estimates: None, planner: Client) -> None:
    answer = planner.get("/needs/districts/?who=newcomers&districts-export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 10
    assert sum(line.endswith(",,,,,12.0") for line in lines) == 1
    assert "too few to show" in planner.get("/needs/districts/?who=newcomers").content.decode()


def test_another_process_finds_what_one_has_made(own_folder: Path) -> None:
    first = Estimates(made("unbanked_households", "all_residents", [20.0], [1000.0]), ("A note.",))
    assert estimating._on_disk("x", package(), lambda _city: first) is first

    def never(_city: City) -> Estimates:
        raise AssertionError("it was there")

    again = estimating._on_disk("x", package(), never)
    assert again.table.equals(first.table)
    assert again.notes == first.notes


def test_strange_choices_are_left_aside(estimates: None, planner: Client) -> None:
    assert planner.get("/needs/districts/?show=%00&who=nobody&price=-1").status_code == 200


def test_a_city_without_the_tables_says_what_is_lacking(own_folder: Path, planner: Client) -> None:
    shown = planner.get("/needs/districts/").content.decode()
    assert "lacks what these estimates need" in shown
