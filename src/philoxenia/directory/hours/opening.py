"""Opening hours of one service or place: open now, when next, a week at a glance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from philoxenia.directory.hours.rows import DAY, Row, read_rows

# A service that does not open within this many days is not said to open.
_LOOK_AHEAD_DAYS = 62


@dataclass(frozen=True, order=True, slots=True)
class Opening:
    """One time of being open, in the city's own time; `closes` may lie on the next day."""

    opens: datetime
    closes: datetime


class Hours:
    """What HSDS schedule rows say, in the time of an IANA zone.

    Rows add up; a closed row (no times, for named days) takes its days away, except from rows that are
    valid for no longer than itself: the special hours of a holiday. `unclear` holds the words of rows that
    say no hours.
    """

    def __init__(self, schedules: Iterable[Mapping[str, Any]], zone: str | ZoneInfo) -> None:
        self.zone = zone if isinstance(zone, ZoneInfo) else ZoneInfo(zone)
        rows = read_rows(schedules, self.zone)
        self._open = tuple(row for row in rows if row.clear and not row.closed)
        self._closed = tuple(row for row in rows if row.clear and row.closed)
        self.unclear = tuple(row.words for row in rows if not row.clear)

    @property
    def known(self) -> bool:
        """Whether any row says when it is open. Without one, nobody may call it closed."""
        return bool(self._open)

    def open_at(self, moment: datetime) -> bool:
        """Whether it is open at a moment; a naive moment is in the city's time."""
        return self.until(moment) is not None

    def until(self, moment: datetime) -> datetime | None:
        """When it closes, where it is open at the moment."""
        local = self._local(moment)
        minute = local.hour * 60 + local.minute
        today = local.date()
        # The day before may last past midnight, and the day after may go on where this one ends.
        spans = [
            (first + ahead * DAY, last + ahead * DAY)
            for ahead in (-1, 0, 1)
            if date.min.toordinal() <= today.toordinal() + ahead <= date.max.toordinal()
            for first, last in self._minutes(today + timedelta(days=ahead))
        ]
        ends = [last for first, last in _merged(spans) if first <= minute < last]
        return self._moment(today, ends[0]) if ends else None

    def on(self, day: date) -> list[tuple[datetime, datetime]]:
        """From when to when it is open on a day, earliest first; a night belongs to the day it begins."""
        spans = _merged(self._minutes(day))
        return [(self._moment(day, first), self._moment(day, last)) for first, last in spans]

    def next_opening(self, moment: datetime) -> datetime | None:
        """The next time it opens after the moment; None where that is too far off or not known."""
        local = self._local(moment)
        for ahead in range(_LOOK_AHEAD_DAYS):
            if (date.max - local.date()).days < ahead:
                return None
            starts = (opens for opens, _ in self.on(local.date() + timedelta(days=ahead)))
            found = next((opens for opens in starts if opens > local), None)
            if found is not None:
                return found
        return None

    def week(self, first: date | None = None) -> list[tuple[date, list[tuple[datetime, datetime]]]]:
        """Seven days from `first` (today in the city where none is given), each with its openings."""
        start = first or datetime.now(self.zone).date()
        return [(day, self.on(day)) for day in (start + timedelta(days=ahead) for ahead in range(7))]

    def openings(self, first: date, last: date) -> list[Opening]:
        """All openings that begin from one day to another, both counted."""
        days = (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
        return [Opening(*span) for day in days for span in self.on(day)]

    def _local(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=self.zone) if moment.tzinfo is None else moment.astimezone(self.zone)

    def _moment(self, day: date, minute: int) -> datetime:
        naive = datetime(day.year, day.month, day.day) + timedelta(minutes=minute)
        return naive.replace(tzinfo=self.zone)

    def _minutes(self, day: date) -> list[tuple[int, int]]:
        rows = [row for row in self._open if row.falls_on(day)]
        if not rows:
            return []
        closings = [row.days for row in self._closed if row.falls_on(day)]
        if closings:
            rows = [row for row in rows if _stays(row, closings)]
        return [row.minutes(day, self.zone) for row in rows]


def _stays(row: Row, closings: Iterable[int | None]) -> bool:
    """Whether a row is special hours within every closing that names its day."""
    return row.days is not None and all(days is None or row.days <= days for days in closings)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return merged
