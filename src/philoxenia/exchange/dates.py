"""Days, months, quarters and years as people write them, in several languages; one reading for a whole
column.

A date such as 03/04/2024 can be read two ways. The order is settled by dates that can be read only one way;
where there is none, by the caller; else the column is refused, since a guess would move people to another
month.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from philoxenia.exchange.notations import month_words
from philoxenia.exchange.spelling import plain
from philoxenia.vocabulary import Frequency, PhiloxeniaError, parse_period

_ISO = re.compile(r"^(\d{4})-(\d{2})-(\d{2})$")
_YEAR_FIRST = re.compile(r"^(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})\.?(?:[T ,].*)?$")
_PACKED = re.compile(r"^(19\d{2}|20\d{2})(0[1-9]|1[0-2])([0-2]\d|3[01])$")
_SHORT = re.compile(r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[ ,T].*)?$")
_SERIAL = re.compile(r"^(\d{5})(?:\.\d+)?$")
_WORDED = re.compile(r"[^\W\d_]+")
# Spreadsheets count days from here; the two days before 1900-03-01 that differ do not concern us.
_SERIAL_START = date(1899, 12, 30)
_SERIAL_RANGE = (20_000, 70_000)


@dataclass(frozen=True)
class Day:
    """A date read from text, and the rule under which its notation is logged ('' where it was ISO)."""

    value: date
    rule: str


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text) if int(text) < 80 else 1900 + int(text)


def order_of(texts: Iterable[str]) -> tuple[str, str, str]:
    """`day`, `month`, `both` or `` for the first part of short dates, with an example of each order that is
    certain.
    """
    day_first = month_first = ""
    for text in texts:
        if match := _SHORT.match(text.strip()):
            first, second = int(match[1]), int(match[2])
            if first > 12 >= second:
                day_first = day_first or text
            elif second > 12 >= first:
                month_first = month_first or text
    if day_first and month_first:
        return "both", day_first, month_first
    return ("day" if day_first else "month" if month_first else ""), day_first, month_first


def unclear(texts: Iterable[str]) -> list[str]:
    """Short dates that can be read both ways and mean different days."""
    found = []
    for text in texts:
        match = _SHORT.match(text.strip())
        if (
            match
            and int(match[1]) <= 12
            and int(match[2]) <= 12
            and match[1].lstrip("0") != match[2].lstrip("0")
        ):
            found.append(text)
    return found


def read_day(text: str, order: str) -> Day | None:
    """One date; `order` is `day` or `month` for what comes first in short dates."""
    cleaned = text.strip()
    if match := _ISO.match(cleaned):
        value = _made(int(match[1]), int(match[2]), int(match[3]))
        return Day(value, "") if value else None
    numbers = _numbers(cleaned, order)
    if numbers is not None:
        value = _made(*numbers)
        return Day(value, "date_notation") if value else None
    if (match := _SERIAL.match(cleaned)) and _SERIAL_RANGE[0] <= int(match[1]) <= _SERIAL_RANGE[1]:
        return Day(_SERIAL_START + timedelta(days=int(match[1])), "serial_date")
    return _worded(cleaned)


def _numbers(text: str, order: str) -> tuple[int, int, int] | None:
    for pattern in (_YEAR_FIRST, _PACKED):
        if match := pattern.match(text):
            return int(match[1]), int(match[2]), int(match[3])
    if match := _SHORT.match(text):
        day, month = (match[1], match[2]) if order == "day" else (match[2], match[1])
        return _full_year(match[3]), int(month), int(day)
    return None


def _month_in(text: str) -> tuple[int, str] | None:
    """The month a text names, and the text with that name replaced by a space."""
    known = month_words()
    for match in sorted(_WORDED.finditer(text), key=lambda match: -len(match[0])):
        if number := known.get(plain(match[0])):
            return number, text[: match.start()] + " " + text[match.end() :]
    for name, number in known.items():
        if " " in name and name in plain(text):
            return number, re.sub(r"[^\d]+", " ", text)
    return None


def _worded(text: str) -> Day | None:
    found = _month_in(text)
    if found is None:
        return None
    month, rest = found
    numbers = re.findall(r"\d+", rest)
    if len(numbers) < 2:
        return None
    year, day = (numbers[0], numbers[1]) if len(numbers[0]) == 4 else (numbers[1], numbers[0])
    value = _made(_full_year(year), month, int(day)) if len(day) <= 2 and len(year) in (2, 4) else None
    return Day(value, "date_notation") if value else None


def read_month(text: str, order: str) -> tuple[str, str] | None:
    """A month as ISO text, and `` or the kind of notation it was written in (`month` or `day`)."""
    period = read_period(text, order)
    if period is None or not re.match(r"^\d{4}-\d{2}$", period[0]):
        return None
    return period


def read_period(text: str, order: str) -> tuple[str, str] | None:
    """A month, quarter or year as ISO text, and its notation: `` (ISO already), `period` or `day`."""
    cleaned = text.strip()
    if re.match(r"^\d{4}(-\d{2})?$", cleaned):
        return _known_period(cleaned, "")
    day = None if re.match(r"^(?:19|20)\d{4}$", cleaned) else read_day(cleaned, order)
    if day is not None:
        return day.value.isoformat()[:7], "day"
    if _YEAR_FIRST.match(cleaned):
        return None
    found = _month_in(cleaned)
    if found is not None:
        numbers = re.findall(r"\d+", found[1])
        if len(numbers) == 1 and len(numbers[0]) in (2, 4):
            return f"{_full_year(numbers[0]):04d}-{found[0]:02d}", "period"
        return None
    if re.search(r"[^\W\d_]{2,}", cleaned):
        return None  # a word that names no month
    quarter = re.sub(r"(?i)^t(?=[1-4]\b)|(?<=[\s\-/])t(?=[1-4]$)", "Q", cleaned)
    return _known_period(quarter, "" if re.match(r"^\d{4}-Q[1-4]$", cleaned) else "period")


def _known_period(text: str, notation: str) -> tuple[str, str] | None:
    try:
        period = parse_period(text)
    except PhiloxeniaError:
        return None
    if period.frequency is Frequency.YEAR and not 1800 <= period.year <= 2200:
        return None
    return str(period), notation
