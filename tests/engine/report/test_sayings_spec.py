"""What the engine says with ids, the report says in the words it uses everywhere else."""

from dataclasses import replace

import polars as pl
import pytest
from tests.engine.report.made_city import bare, full

from philoxenia.report import document
from philoxenia.report.document import Points
from philoxenia.report.names import plain
from philoxenia.report.sections.sayings import in_words


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "Most series of 'became_inactive' jumped.",
            "Most series of people who left or were not seen again jumped.",
        ),
        ("Intake of 'all' is read as all demand.", "Intake of everybody is read as all demand."),
        ("'water': capacity is not known.", "Water: capacity is not known."),
        (
            "Known to 2024-03 and 2024-Q3.",
            "Known to March 2024 and third quarter of 2024.",
        ),
        ("The city's share of today's 'unheard_of' file.", "The city's share of today's 'unheard_of' file."),
        ("No file 2024-03-01 nor 12024-03.", "No file 2024-03-01 nor 12024-03."),
    ],
)
def test_quoted_ids_and_periods_are_told_in_words_and_nothing_else_is(sentence: str, told: str) -> None:
    assert in_words([sentence], full()) == (told,)


def test_a_city_calls_its_series_as_it_likes() -> None:
    findings = replace(bare(), labels={"claims": "Claims made at the port"})
    assert in_words(["The series 'claims' is short."], findings) == (
        "The series claims made at the port is short.",
    )


def test_a_group_of_the_city_keeps_its_own_name() -> None:
    history = full().history.head(1).with_columns(group=pl.lit("O'Neil_house"))
    (told,) = in_words(['The series "O\'Neil_house" is short.'], replace(bare(), history=history))
    assert plain(told) == "The series O'Neil house is short."


def test_what_is_not_forecast_stands_apart_from_notes_on_what_is() -> None:
    findings = replace(
        full(), missing={"arrivals": ("'claims' is too short.",)}, remarks={"arrivals": ("'all' jumped.",)}
    )
    section = next(one for one in document(findings).sections if one.id == "arrivals")
    folds = {block.fold: block.items for block in section.closing if isinstance(block, Points)}
    assert folds["What could not be forecast (1)"] == ("Claims made in the province is too short.",)
    assert folds["Notes on the forecasts (1)"] == ("Everybody jumped.",)
