"""Months, quarters and years as exact ordinals, in the notations departments use.

Owns parsing and arithmetic of periods; ignores days and time zones.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from philoxenia.vocabulary.problems import PhiloxeniaError


class Frequency(StrEnum):
    """How often a series is recorded; the value is the letter ISO-like codes use."""

    MONTH = "M"
    QUARTER = "Q"
    YEAR = "A"

    @property
    def per_year(self) -> int:
        """Periods in a year, which is also the length of the season."""
        return {"M": 12, "Q": 4, "A": 1}[self.value]


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or year. `ordinal` counts periods since year 0, so differences are exact."""

    frequency: Frequency
    ordinal: int

    def __add__(self, periods: int) -> "Period":
        return Period(self.frequency, self.ordinal + periods)

    def __sub__(self, other: "Period") -> int:
        return self.ordinal - other.ordinal

    @property
    def year(self) -> int:
        return self.ordinal // self.frequency.per_year

    @property
    def season(self) -> int:
        """0-based place in the year: 0..11, 0..3 or 0."""
        return self.ordinal % self.frequency.per_year

    def __str__(self) -> str:
        if self.frequency is Frequency.MONTH:
            return f"{self.year:04d}-{self.season + 1:02d}"
        if self.frequency is Frequency.QUARTER:
            return f"{self.year:04d}-Q{self.season + 1}"
        return f"{self.year:04d}"


_MONTHS = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], start=1
    )
}

_YEAR = re.compile(r"^(\d{4})(?:\.0)?$")
_YEAR_MONTH = re.compile(r"^(\d{4})[-/. ]?(0[1-9]|1[0-2])$")
_YEAR_MONTH_LOOSE = re.compile(r"^(\d{4})[-/. ]([1-9])$")
_DATE = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?$")
_MONTH_YEAR = re.compile(r"^(0?[1-9]|1[0-2])[-/.](\d{4})$")
_NAME_YEAR = re.compile(r"^([A-Za-z]{3,9})\.?[-/ ,]*(\d{4}|\d{2})$")
_YEAR_NAME = re.compile(r"^(\d{4}|\d{2})[-/ ]?([A-Za-z]{3,9})$")
_QUARTER = re.compile(r"^(?:Q([1-4])[-/ ]?(\d{4})|(\d{4})[-/ ]?Q([1-4]))$", re.IGNORECASE)


def month(year: int, number: int) -> Period:
    """The month `number` (1 to 12) of `year`."""
    return Period(Frequency.MONTH, year * 12 + number - 1)


def quarter(year: int, number: int) -> Period:
    """The quarter `number` (1 to 4) of `year`."""
    return Period(Frequency.QUARTER, year * 4 + number - 1)


def _four_digits(text: str) -> int:
    # Two-digit years are taken as 2000 to 2079; city extracts hold no older monthly series.
    number = int(text)
    if len(text) == 4:
        return number
    return 2000 + number if number < 80 else 1900 + number


def _named_month(name: str, year: str) -> Period | None:
    number = _MONTHS.get(name[:3].lower())
    return month(_four_digits(year), number) if number else None


def parse_period(text: str) -> Period:
    """Read one period: 2018-01, 201801, Jan-18, January 2018, 01/2018, 2018-01-31, Q1 2019, 2019Q1, 2019.

    A full date stands for its month. Raises `PhiloxeniaError` with the text found and the accepted forms.
    """
    cleaned = str(text).strip()
    if match := _QUARTER.match(cleaned):
        first, first_year, last_year, last = match.groups()
        return quarter(int(first_year or last_year), int(first or last))
    if match := _YEAR.match(cleaned):
        return Period(Frequency.YEAR, int(match[1]))
    for pattern in (_YEAR_MONTH, _YEAR_MONTH_LOOSE):
        if match := pattern.match(cleaned):
            return month(int(match[1]), int(match[2]))
    if (match := _DATE.match(cleaned)) and 1 <= int(match[2]) <= 12:
        return month(int(match[1]), int(match[2]))
    if match := _MONTH_YEAR.match(cleaned):
        return month(int(match[2]), int(match[1]))
    if (match := _NAME_YEAR.match(cleaned)) and (period := _named_month(match[1], match[2])):
        return period
    if (match := _YEAR_NAME.match(cleaned)) and (period := _named_month(match[2], match[1])):
        return period
    raise PhiloxeniaError(
        f"{text!r} is not a month, quarter or year. Write it as 2024-07, Jul-24, 2024-Q3 or 2024."
    )


def parse_periods(texts: Iterable[str]) -> list[Period]:
    """Read periods of one frequency. Dates a quarter or a year apart become quarters or years.

    Raises `PhiloxeniaError` where frequencies are mixed.
    """
    periods = [parse_period(text) for text in texts]
    frequencies = {period.frequency for period in periods}
    if len(frequencies) > 1:
        shown = ", ".join(sorted(str(min(p for p in periods if p.frequency is f)) for f in frequencies))
        raise PhiloxeniaError(
            f"The time column mixes months, quarters and years (for example {shown}). Keep one of them."
        )
    if frequencies == {Frequency.MONTH}:
        return _coarsen(periods)
    return periods


def _coarsen(months: list[Period]) -> list[Period]:
    # Yearly tables often hold 2019-12-31, quarterly ones 2019-03-31: the step tells.
    distinct = sorted({period.ordinal for period in months})
    steps = {later - earlier for earlier, later in pairwise(distinct)}
    if not steps or any(step % 3 for step in steps):
        return months
    if all(step % 12 == 0 for step in steps):
        return [Period(Frequency.YEAR, period.year) for period in months]
    return [Period(Frequency.QUARTER, period.ordinal // 3) for period in months]
