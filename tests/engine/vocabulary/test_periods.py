"""Periods: the notations departments use, and exact arithmetic on them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.vocabulary import Frequency, Period, PhiloxeniaError, parse_period
from philoxenia.vocabulary.periods import parse_periods


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2018-01", "2018-01"),
        ("Jan-18", "2018-01"),
        ("January 2018", "2018-01"),
        ("Sept. 2020", "2020-09"),
        ("18-Jan", "2018-01"),
        ("201807", "2018-07"),
        ("7/2018", "2018-07"),
        ("2018-07-31", "2018-07"),
        ("2018-07-31T00:00:00", "2018-07"),
        ("Q1 2019", "2019-Q1"),
        ("2019Q4", "2019-Q4"),
        ("2019", "2019"),
        ("2019.0", "2019"),
    ],
)
def test_each_notation_a_department_uses_is_read(text: str, iso: str) -> None:
    assert str(parse_period(text)) == iso


@pytest.mark.parametrize("text", ["", "yesterday", "2018-13", "Foo-18", "13/2018", "20181", "Q5 2019"])
def test_what_is_no_period_is_refused_with_the_accepted_forms(text: str) -> None:
    with pytest.raises(PhiloxeniaError, match="is not a month, quarter or year"):
        parse_period(text)


def test_dates_a_year_or_a_quarter_apart_are_years_and_quarters() -> None:
    assert [str(p) for p in parse_periods(["2019-12-31", "2020-12-31"])] == ["2019", "2020"]
    assert [str(p) for p in parse_periods(["2019-03-31", "2019-06-30", "2019-09-30"])] == [
        "2019-Q1",
        "2019-Q2",
        "2019-Q3",
    ]


def test_mixed_frequencies_are_refused_with_examples() -> None:
    with pytest.raises(PhiloxeniaError, match=r"mixes months, quarters and years.*2019"):
        parse_periods(["2019", "2019-Q1"])


@given(st.sampled_from(list(Frequency)), st.integers(1900 * 12, 2100 * 12), st.integers(-500, 500))
def test_arithmetic_is_exact(frequency: Frequency, ordinal: int, step: int) -> None:
    period = Period(frequency, ordinal)
    assert (period + step) - period == step
    assert 0 <= period.season < frequency.per_year


@given(st.sampled_from(list(Frequency)), st.integers(1900, 2100), st.integers(0, 11))
def test_the_iso_form_reads_back_as_itself(frequency: Frequency, year: int, season: int) -> None:
    period = Period(frequency, year * frequency.per_year + season % frequency.per_year)
    assert parse_period(str(period)) == period
