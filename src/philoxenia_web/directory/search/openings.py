"""Which hours are open at a moment, for all services at once: openings of a day, worked out once and kept."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from philoxenia.directory.hours import Hours

_MOST_DAYS = 4


class Openings:
    """The hours of an index by signature, in the city's zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._hours: dict[str, Hours] = {}
        self._days: dict[date, list[tuple[datetime, datetime, str]]] = {}
        self._lock = Lock()

    def read(self, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Take in the hours of the index; those that are known stay."""
        with self._lock:
            new = {one: Hours(found, self._zone) for one, found in rows.items() if one not in self._hours}
            self._hours |= new
            if new:
                self._days = {}

    def open_at(self, moment: datetime) -> list[str]:
        """Signatures of hours that are open at a moment, in order."""
        local = moment.astimezone(self._zone)
        today = local.date()
        spans = [*self._of(today - timedelta(days=1)), *self._of(today)]
        return sorted({signature for opens, closes, signature in spans if opens <= local < closes})

    def _of(self, day: date) -> list[tuple[datetime, datetime, str]]:
        with self._lock:
            found = self._days.get(day)
            if found is None:
                found = [
                    (*span, signature) for signature, hours in self._hours.items() for span in hours.on(day)
                ]
                self._days = {**dict(list(self._days.items())[-_MOST_DAYS + 1 :]), day: found}
            return found
