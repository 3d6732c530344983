"""Figures as each language writes them, with the digits of the engine."""

import re
from datetime import UTC, datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.report import numbers as engine
from philoxenia_web.ui import numbers

LANGUAGES = ("en", "fr", "es", "ar", "el", "uk")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "12,300"),
        ("fr", "12\u202f300"),
        ("es", "12.300"),
        ("ar", "12,300"),
        ("el", "12.300"),
        ("uk", "12\xa0300"),
    ],
)
def test_thousands_are_parted_as_the_language_does(language: str, text: str) -> None:
    with translation.override(language):
        assert numbers.number(12345) == text


@pytest.mark.parametrize(("language", "text"), [("en", "0.756"), ("fr", "0,756"), ("ar", "0.756")])
def test_decimals(language: str, text: str) -> None:
    with translation.override(language):
        assert numbers.number(0.7561) == text


@given(st.floats(-1e9, 1e9, allow_nan=False))
def test_digits_are_the_engines_in_every_language(value: float) -> None:
    digits = re.findall(r"\d", engine.shown(value))
    for language in LANGUAGES:
        with translation.override(language):
            assert re.findall(r"\d", numbers.number(value)) == digits


@pytest.mark.parametrize("language", LANGUAGES)
def test_figures_use_the_digits_0_to_9(language: str) -> None:
    with translation.override(language):
        said = (
            numbers.interval(4912, 4123, 6010)
            + numbers.percent(0.5)
            + numbers.size(123456)
            + numbers.month("2025-03")
            + numbers.when(datetime(2026, 11, 22, 7, 12, tzinfo=UTC))
        )
    assert re.sub(r"[0-9]", "", said) != said
    assert all(sign.isascii() for sign in said if sign.isdigit())


def test_an_interval_is_written_in_full() -> None:
    assert numbers.interval(4912, 4123, 6010) == "4,900 (4,100 to 6,000)"
    assert numbers.interval(5) == "5"
    assert numbers.interval(None) == "–"


@pytest.mark.parametrize(
    ("time", "words"),
    [("2025-03", "March 2025"), ("2025", "2025"), ("2025-Q3", "3rd quarter 2025"), ("soon", "soon")],
)
def test_periods_in_words(time: str, words: str) -> None:
    assert numbers.month(time) == words


def test_shares() -> None:
    assert numbers.percent(0.123) == "12%"
    assert numbers.percent(0.0001) == "under 0.1%"
    with translation.override("fr"):
        assert numbers.percent(0.123) == "12\xa0%"


def test_sizes() -> None:
    assert numbers.size(16) == "16 bytes"
    assert numbers.size(1_234_567) == "1.2 MB"
    with translation.override("fr"):
        assert numbers.size(1_234_567) == "1,2\u202fMo"


@pytest.mark.parametrize("value", [1_000_000, 2_794_356, 999_999.6, -1_234_567])
def test_whole_numbers_keep_all_their_digits(value: float) -> None:
    assert numbers.whole(value) == f"{round(value):,}"
    assert "million" not in numbers.whole(value)


@pytest.mark.parametrize("value", [None, float("nan"), float("inf"), ""])
def test_a_whole_number_that_is_not_known_is_a_dash(value: float | None) -> None:
    assert numbers.whole(value) == numbers.NOT_KNOWN


def test_an_interval_stays_one_piece_of_arabic() -> None:
    with translation.override("ar"):
        said = numbers.interval(4912, 4123, 6010)
        alone = numbers.interval(5)
    assert (said[0], said[-1]) == ("\u2067", "\u2069")
    assert alone == "5"
    assert "\u2067" not in numbers.interval(4912, 4123, 6010)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_and_its_interval_apart_are_those_of_the_whole(language: str) -> None:
    with translation.override(language):
        figure, between = numbers.apart(4912, 4123, 6010)
        assert re.findall(r"\d", figure + between) == re.findall(r"\d", numbers.interval(4912, 4123, 6010))
        assert numbers.apart(5, None, None) == ("5", "")


def test_the_percent_sign_stays_after_its_figure_in_arabic() -> None:
    """Between marks of left-to-right text the sign cannot change sides, whatever word stands before it."""
    with translation.override("ar"):
        assert numbers.percent(0.12) == "12\u200e%\u200e"
