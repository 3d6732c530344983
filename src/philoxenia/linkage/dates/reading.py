"""One written date of birth to what it may mean: year, month, day, how precise, heaped, other readings."""

import csv
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from philoxenia.exchange.notations import month_words
from philoxenia.exchange.spelling import plain
from philoxenia.linkage.dates.calendars import NUMBERS

_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"[^\W\d_]+")
_TIME = re.compile(r"[T ,]+\d{1,2}:\d{2}.*$")


@dataclass(frozen=True, slots=True)
class Birth:
    """A date of birth. `number` is the day number, set only where the day is known; `last_year` differs from
    `year` where a year of another calendar covers two. `swapped`, `hijri`, `ethiopian`, `julian` are day
    numbers of other readings of the same digits.
    """

    year: int
    last_year: int
    month: int | None = None
    day: int | None = None
    precision: str = "year"
    heaped: bool = False
    calendar: str = "gregorian"
    number: int | None = None
    swapped: int | None = None
    hijri: int | None = None
    ethiopian: int | None = None
    julian: int | None = None


def read_birth(text: str, first: str = "day") -> Birth | None:
    """A date of birth in any usual notation, None where it is none.

    `first` is `day` or `month`: what stands first in dates such as 05/03/1987. Years 1290 to 1500 are read as
    Solar Hijri, with the lunar reading kept beside it.
    """
    found = _parts(_ascii_digits(text), first)
    if found is None:
        return None
    year, month, day = found
    if _years()["other_first"] <= year <= _years()["other_last"]:
        return _persian(year, month, day)
    if not _years()["gregorian_first"] <= year <= _years()["gregorian_last"]:
        return None
    return _gregorian(year, month, day)


def _gregorian(year: int, month: int | None, day: int | None) -> Birth:
    if month is None or day is None:
        return Birth(year, year, month, None, "year" if month is None else "month")
    # Thirteenth months and 30 February exist elsewhere: Ethiopia.
    for calendar in ("gregorian", "ethiopian"):
        number = NUMBERS[calendar](year, month, day)
        if number is not None:
            return _whole(number, calendar, (year, month, day))
    return Birth(year, year)


def _persian(year: int, month: int | None, day: int | None) -> Birth:
    solar = year <= _years()["solar_last"]
    for calendar in ("persian", "hijri") if solar else ("hijri",):
        number = NUMBERS[calendar](year, month, day) if month and day else None
        if number is not None and month and day:
            return _whole(number, calendar, (year, month, day))
    return _year_of_two(year, "persian" if solar else "hijri")


def _year_of_two(year: int, calendar: str) -> Birth:
    first = NUMBERS[calendar](year, 1, 1) or 1
    last = (NUMBERS[calendar](year + 1, 1, 1) or 2) - 1
    return Birth(date.fromordinal(first).year, date.fromordinal(last).year, calendar=calendar)


def _whole(number: int, calendar: str, digits: tuple[int, int, int]) -> Birth:
    meant = date.fromordinal(number)
    year, month, day = digits
    others = {name: NUMBERS[name](*digits) for name in _others(calendar)}
    swapped = NUMBERS[calendar](year, day, month) if day != month and day <= 12 else None
    return Birth(
        meant.year,
        meant.year,
        meant.month,
        meant.day,
        "day",
        (month, day) in heaps() or (0, day) in heaps(),
        calendar,
        number,
        swapped,
        others.get("hijri"),
        others.get("ethiopian"),
        others.get("julian"),
    )


def _others(calendar: str) -> tuple[str, ...]:
    return {"gregorian": ("ethiopian", "julian"), "persian": ("hijri",)}.get(calendar, ())


@cache
def _years() -> dict[str, int]:
    return {row["name"]: int(row["year"]) for row in _rows("years")}


@cache
def heaps() -> frozenset[tuple[int, int]]:
    """Months and days written down where the day is not known; month 0 means any."""
    return frozenset((int(row["month"]), int(row["day"])) for row in _rows("heaps"))


def _rows(name: str) -> list[dict[str, str]]:
    text = (files("philoxenia.linkage.dates") / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _ascii_digits(text: str) -> str:
    if text.isascii():
        return _TIME.sub("", text.strip())
    made = (str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text.strip())
    return _TIME.sub("", "".join(made))


def _parts(text: str, first: str) -> tuple[int, int | None, int | None] | None:
    """Year, month, day as written."""
    numbers = _NUMBERS.findall(text)
    month = _month_named(text)
    if month is not None:
        return _with_month(numbers, month)
    if len(numbers) == 1:
        return _packed(numbers[0])
    if len(numbers) == 2:
        return _two(*numbers)
    return _three(numbers, first) if len(numbers) == 3 else None


def _month_named(text: str) -> int | None:
    for match in _WORDS.finditer(text):
        if number := month_words().get(plain(match[0])):
            return number
    return None


def _with_month(numbers: list[str], month: int) -> tuple[int, int, int | None] | None:
    years = [one for one in numbers if len(one) == 4] or numbers[-1:]
    if not years or len(numbers) > 2:
        return None
    days = [int(one) for one in numbers if one is not years[0]]
    return _full(years[0]), month, (days[0] if days else None)


def _packed(digits: str) -> tuple[int, int | None, int | None] | None:
    if len(digits) not in {4, 6, 8}:
        return None
    year, month, day = int(digits[:4]), int(digits[4:6] or 0), int(digits[6:] or 0)
    return year, _month(month), (day or None) if _month(month) else None


def _month(number: int) -> int | None:
    return number if 1 <= number <= 13 else None


def _two(left: str, right: str) -> tuple[int, int | None, None] | None:
    if len(left) == 4:
        return int(left), _month(int(right)), None
    return (int(right), _month(int(left)), None) if len(right) == 4 else None


def _three(numbers: list[str], first: str) -> tuple[int, int | None, int | None]:
    if len(numbers[0]) == 4:
        year, month, day = (int(one) for one in numbers)
        swap = month > 13 >= day
    else:
        left, right, year = int(numbers[0]), int(numbers[1]), _full(numbers[2])
        day, month = (right, left) if first == "month" else (left, right)
        swap = month > 12 >= day
    if swap:
        day, month = month, day
    known = _month(month)
    return year, known, (day or None) if known else None


def _full(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else 2000 + year if year < _years()["two_digit_turn"] else 1900 + year
