"""Dates of birth: what a notation means, in four calendars, and what it leaves open."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.linkage.dates import birth_columns, read_birth
from philoxenia.linkage.dates.calendars import NUMBERS
from philoxenia.linkage.dates.plain import ANCHORS, plain_number


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1987-03-05", date(1987, 3, 5)),
        ("05/03/1987", date(1987, 3, 5)),
        ("5.3.1987", date(1987, 3, 5)),
        ("19870305", date(1987, 3, 5)),
        ("5 March 1987", date(1987, 3, 5)),
        ("March 5, 1987", date(1987, 3, 5)),
        ("5 mars 1987", date(1987, 3, 5)),
        ("5 مارس 1987", date(1987, 3, 5)),
        ("٠٥/٠٣/١٩٨٧", date(1987, 3, 5)),
        ("1987-03-05T00:00:00", date(1987, 3, 5)),
        ("05-Mar-87", date(1987, 3, 5)),
        ("25/03/1987", date(1987, 3, 25)),
        ("03/25/1987", date(1987, 3, 25)),
    ],
)
def test_notations_of_one_day(text: str, meant: date):
    birth = read_birth(text)
    assert (birth.year, birth.month, birth.day, birth.precision) == (
        meant.year,
        meant.month,
        meant.day,
        "day",
    )
    assert birth.number == meant.toordinal()


# Days published for both calendars.
@pytest.mark.parametrize(
    ("calendar", "there", "here"),
    [
        ("persian", (1357, 11, 22), date(1979, 2, 11)),  # the revolution in Iran
        ("persian", (1403, 1, 1), date(2024, 3, 20)),  # Nowruz 2024
        ("persian", (1399, 12, 30), date(2021, 3, 20)),  # last day of a leap year
        ("hijri", (1445, 1, 1), date(2023, 7, 19)),  # new year 1445
        ("hijri", (1, 1, 1), date(622, 7, 19)),  # epoch, 16 July 622 in the Julian calendar
        ("ethiopian", (2000, 1, 1), date(2007, 9, 12)),  # the Ethiopian millennium
        ("ethiopian", (1966, 5, 4), date(1974, 1, 12)),  # the mutiny of Negele
        ("julian", (1917, 10, 25), date(1917, 11, 7)),  # the October revolution
        ("julian", (1900, 2, 29), date(1900, 3, 13)),  # no such day in the Gregorian calendar
    ],
)
def test_known_days_of_other_calendars(calendar: str, there: tuple[int, int, int], here: date):
    assert NUMBERS[calendar](*there) == here.toordinal()


@given(st.sampled_from(sorted(ANCHORS)), st.integers(0, 125), st.integers(0, 14), st.integers(0, 32))
@settings(max_examples=150)
def test_the_formulas_equal_counting_the_days(calendar: str, years: int, month: int, day: int):
    year = ANCHORS[calendar][0] + years
    assert NUMBERS[calendar](year, month, day) == plain_number(calendar, year, month, day)


def test_a_year_alone_is_a_year_and_a_month_a_month():
    assert (read_birth("1987").precision, read_birth("1987").number) == ("year", None)
    month = read_birth("03/1987")
    assert (month.year, month.month, month.day, month.precision) == (1987, 3, None, "month")
    assert read_birth("1987-00-00").precision == "year"


def test_an_impossible_day_keeps_its_year():
    assert (read_birth("31/04/1987").year, read_birth("31/04/1987").precision) == (1987, "year")


def test_a_year_of_the_solar_calendar_covers_two_of_ours():
    birth = read_birth("1366")
    assert (birth.year, birth.last_year, birth.calendar) == (1987, 1988, "persian")


def test_a_persian_date_keeps_its_lunar_reading_beside_it():
    birth = read_birth("۱۳۶۶/۱۲/۱۴")
    assert date.fromordinal(birth.number) == date(1988, 3, 4)
    assert date.fromordinal(birth.hijri) == date(1947, 10, 29)


def test_a_year_too_late_for_the_solar_calendar_is_lunar():
    assert read_birth("1408-07-05").calendar == "hijri"


def test_a_day_only_ethiopia_has_is_read_there():
    birth = read_birth("1979-13-05")
    assert birth.calendar == "ethiopian"
    assert date.fromordinal(birth.number) == date(1987, 9, 10)


def test_days_given_where_the_day_is_not_known_are_marked():
    heaped = [read_birth(text).heaped for text in ("1985-01-01", "1985-07-01", "1985-05-15", "1985-05-16")]
    assert heaped == [True, True, True, False]


def test_an_exchange_of_day_and_month_is_kept_beside_where_it_can_be_one():
    assert date.fromordinal(read_birth("1987-03-05").swapped) == date(1987, 5, 3)
    assert read_birth("1987-03-25").swapped is None
    assert read_birth("1987-03-03").swapped is None


@pytest.mark.parametrize("text", ["", "unknown", "99", "1700-01-01", "2500", "12-34-56-78", "१"])
def test_what_is_no_date_of_a_living_person_is_none(text: str):
    assert read_birth(text) is None


def test_each_list_has_its_own_order_and_one_slip_does_not_turn_it():
    texts = pl.Series(["03/04/1987", "04/25/1987", "05/26/1990", "25/10/1951", "03/04/1987", "25/12/1988"])
    lists = pl.Series(["library", "library", "library", "library", "housing", "housing"])
    found = birth_columns(texts, lists)
    assert found["birth_month"].to_list() == [3, 4, 5, 10, 4, 12]


def test_rows_keep_their_place_and_empty_lists_their_columns():
    found = birth_columns(pl.Series(["1987", None, "nonsense", "1987"], dtype=pl.String))
    assert found["birth_year"].to_list() == [1987, None, None, 1987]
    assert birth_columns(pl.Series([], dtype=pl.String)).height == 0


@given(st.text(max_size=14) | st.from_regex(r"[0-9]{1,4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,4}", fullmatch=True))
@settings(max_examples=200)
def test_no_text_breaks_the_reading(text: str):
    birth = read_birth(text)
    assert birth is None or birth.year <= birth.last_year
    if birth is not None and birth.number is not None:
        assert date.fromordinal(birth.number) == date(birth.year, birth.month, birth.day)
