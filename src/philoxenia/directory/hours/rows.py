"""One HSDS schedule row as a rule: on which days it falls, and from when to when.

Reads the part of RFC 5545 that HSDS 3.1 names: freq DAILY, WEEKLY, MONTHLY, byday with ordinals, bymonthday,
interval, until, count, wkst, valid_from, valid_to, opens_at, closes_at. A row that says no hours one can
compute is *unclear*: it is kept for its words and never counts as open.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = 24 * 60
_BY_DAY = re.compile(r"([+-]?\d{0,2})\s*([A-Z]{2})[A-Z]*")
_TIME = re.compile(r"(\d{1,2})[:.h](\d{2})(?::\d{2}(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?", re.IGNORECASE)
_CLOSED = re.compile(
    r"\b(?:closed|holiday|ferm[eé]|f[eé]ri[eé]|cerrad[oa]|festivo)\b|مغلق|عطلة|κλειστ|αργία|зачинен|вихідн",
    re.IGNORECASE,
)
# Without a word that says so, only a short row without times is taken for a closing.
_SHORT_DAYS = 31
_MOST_COUNTED = 1000
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY")


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day in minutes after midnight; `offset` in minutes where the row's is not the zone's."""

    minute: int
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One rule. `by_day` pairs an ordinal in the month (0: every) with a weekday (0: Monday)."""

    frequency: str
    by_day: tuple[tuple[int, int], ...]
    by_month_day: tuple[int, ...]
    interval: int
    start: date | None
    first: date | None
    last: date | None
    week_start: int
    opens: Time | None
    closes: Time | None
    closed: bool
    words: str

    @property
    def clear(self) -> bool:
        """Whether one can say when it is open, or that it is closed."""
        if self.frequency not in _FREQUENCIES or (self.interval > 1 and self.start is None):
            return False
        named = bool(self.by_day or self.by_month_day or self.start) or self.frequency == "DAILY"
        return named and (self.closed or (self.opens is not None and self.closes is not None))

    @property
    def days(self) -> int | None:
        """How many days it is valid; None without an end."""
        return None if self.first is None or self.last is None else (self.last - self.first).days + 1

    def falls_on(self, day: date) -> bool:
        """Whether the rule names this day."""
        if (self.first is not None and day < self.first) or (self.last is not None and day > self.last):
            return False
        if self.frequency == "WEEKLY":
            return self._weekly(day)
        if self.frequency == "MONTHLY":
            return self._monthly(day)
        named = not self.by_day or any(weekday == day.weekday() for _, weekday in self.by_day)
        return named and (self.interval == 1 or (day - self._anchor()).days % self.interval == 0)

    def _anchor(self) -> date:
        return self.start or self.first or date(1970, 1, 5)

    def _weekly(self, day: date) -> bool:
        weekdays = [weekday for _, weekday in self.by_day] or [self._anchor().weekday()]
        if day.weekday() not in weekdays:
            return False
        return self.interval == 1 or (self._week(day) - self._week(self._anchor())) % self.interval == 0

    def _week(self, day: date) -> int:
        return (day.toordinal() - 1 - self.week_start) // 7

    def _monthly(self, day: date) -> bool:
        start = self._anchor()
        months = (day.year - start.year) * 12 + day.month - start.month
        if self.interval > 1 and months % self.interval:
            return False
        last = _days_of_month(day)
        if self.by_month_day:
            return day.day in self.by_month_day or day.day - last - 1 in self.by_month_day
        if not self.by_day:
            return day.day == start.day
        places = {0, (day.day - 1) // 7 + 1, -((last - day.day) // 7 + 1)}
        return any(weekday == day.weekday() and place in places for place, weekday in self.by_day)

    def minutes(self, day: date, zone: ZoneInfo) -> tuple[int, int]:
        """From when to when on a day it falls on, in minutes after its midnight; the end may pass 24 h."""
        if self.opens is None or self.closes is None:
            return (0, 0)
        opens, closes = _local(self.opens, day, zone), _local(self.closes, day, zone)
        closes += closes == DAY - 1  # 23:59 is how systems without 24:00 write it
        # The same time twice is round the clock; an earlier one is of the next day.
        return (opens, closes) if closes > opens else (opens, closes + DAY)


def read_rows(schedules: Iterable[Mapping[str, Any]], zone: ZoneInfo) -> tuple[Row, ...]:
    """Every schedule row as a rule, in their order. Nothing a row may hold raises."""
    return tuple(read_row(schedule, zone) for schedule in schedules)


def read_row(schedule: Mapping[str, Any], zone: ZoneInfo) -> Row:
    """One HSDS 3.1 schedule row; what is not understood makes the row unclear."""
    by_day = _by_day(_text(schedule, "byday"))
    start, first, last = (_date(schedule, name) for name in ("dtstart", "valid_from", "valid_to"))
    until = _date(schedule, "until")
    words = " ".join(filter(None, (_text(schedule, name) for name in ("description", "notes"))))
    row = Row(
        frequency=_frequency(schedule, by_day, start),
        by_day=by_day,
        by_month_day=_numbers(_text(schedule, "bymonthday")),
        interval=max(1, _number(schedule, "interval", 1)),
        start=start or first,
        first=max(filter(None, (start, first)), default=None),
        last=min(filter(None, (until, last)), default=None),
        week_start=_weekday(_text(schedule, "wkst")),
        opens=_time(_text(schedule, "opens_at"), zone),
        closes=_time(_text(schedule, "closes_at"), zone),
        closed=False,
        words=words,
    )
    row = replace(row, closed=_is_closed(schedule, row))
    return _counted(row, _number(schedule, "count", 0))


def _text(schedule: Mapping[str, Any], name: str) -> str:
    value = schedule.get(name)
    if isinstance(value, list | tuple):
        return ",".join(str(one) for one in value)
    return "" if value is None else str(value).strip()


def _date(schedule: Mapping[str, Any], name: str) -> date | None:
    value = schedule.get(name)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = _text(schedule, name)[:10]
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _number(schedule: Mapping[str, Any], name: str, missing: int) -> int:
    text = _text(schedule, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else missing


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(one) for one in re.findall(r"-?\b\d{1,2}\b", text))


def _by_day(text: str) -> tuple[tuple[int, int], ...]:
    found = (_BY_DAY.fullmatch(one) for one in re.split(r"[,;\s]+", text.upper()) if one)
    return tuple(
        (int(one[1]) if one[1] not in {"", "+", "-"} else 0, WEEKDAYS.index(one[2]))
        for one in found
        if one is not None and one[2] in WEEKDAYS
    )


def _weekday(text: str) -> int:
    code = text.upper()[:2]
    return WEEKDAYS.index(code) if code in WEEKDAYS else 0


def _frequency(schedule: Mapping[str, Any], by_day: tuple[tuple[int, int], ...], start: date | None) -> str:
    given = _text(schedule, "freq").upper()
    if given:
        return given
    if any(_text(schedule, name) for name in ("byweekno", "byyearday")):
        return "YEARLY"
    if any(place for place, _ in by_day) or _text(schedule, "bymonthday"):
        return "MONTHLY"
    # `byday` that says nothing we know must not become "every day".
    if not by_day and _text(schedule, "byday"):
        return "UNKNOWN"
    return "WEEKLY" if by_day else "DAILY"


def _time(text: str, zone: ZoneInfo) -> Time | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    minute = int(found[1]) * 60 + int(found[2])
    if minute > DAY or int(found[2]) > 59:
        return None
    if found[3] is None:
        return Time(minute)
    offset = _offset(found[3])
    # An offset the zone itself uses is a wall clock, in winter as in summer.
    return Time(minute) if offset in _offsets(zone) else Time(minute, offset)


def _offset(text: str) -> int:
    if text.upper() == "Z":
        return 0
    digits = text[1:].replace(":", "")
    return (int(digits[:2]) * 60 + int(digits[2:])) * (-1 if text[0] == "-" else 1)


def _offsets(zone: ZoneInfo) -> set[int]:
    found = (datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in (1, 7))
    return {int(one.total_seconds() // 60) for one in found if one is not None}


def _local(time: Time, day: date, zone: ZoneInfo) -> int:
    if time.offset is None:
        return time.minute
    there = datetime(day.year, day.month, day.day, tzinfo=timezone(timedelta(minutes=time.offset)))
    here = (there + timedelta(minutes=time.minute)).astimezone(zone)
    return (here.date() - day).days * DAY + here.hour * 60 + here.minute


def _is_closed(schedule: Mapping[str, Any], row: Row) -> bool:
    if str(schedule.get("closed", "")).lower() in {"true", "1", "yes"}:
        return True
    if row.opens is not None or row.closes is not None:
        return False
    dated = row.first is not None or row.last is not None
    if dated and _CLOSED.search(row.words):
        return True
    return row.days is not None and row.days <= _SHORT_DAYS and not row.words


def _days_of_month(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1) if day.year < date.max.year else None
    return 31 if following is None else (following - timedelta(days=1)).day


def _counted(row: Row, count: int) -> Row:
    """The same rule with its `count` as a last day."""
    if not count or row.start is None or not row.clear:
        return row
    day, left = row.start, min(count, _MOST_COUNTED)
    for _ in range(_MOST_COUNTED * 31):
        if row.falls_on(day):
            left -= 1
            if not left:
                break
        if day == date.max:
            break
        day += timedelta(days=1)
    return replace(row, last=day if row.last is None else min(day, row.last))
