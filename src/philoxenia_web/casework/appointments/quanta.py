"""Time in pieces of five minutes: what is free and taken is a set of whole numbers, kept as the bits of one.

A piece is numbered by its minutes since 1970 (UTC) over five, so that clocks put back change nothing.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES = 5
_SECONDS = MINUTES * 60


@dataclass(frozen=True)
class Span:
    """From a piece to before another."""

    first: int
    end: int


@dataclass(frozen=True)
class Weekly:
    """Hours of a week: 0 is Monday; local times, `ends` after `begins` on the same day."""

    weekday: int
    begins: time
    ends: time


def piece_of(moment: datetime) -> int:
    """The piece a moment lies in."""
    return int(moment.timestamp() // _SECONDS)


def piece_after(moment: datetime) -> int:
    """The first piece that begins at the moment or later."""
    return -int(-moment.timestamp() // _SECONDS)


def moment_of(piece: int) -> datetime:
    """When a piece begins, in UTC."""
    return datetime.fromtimestamp(piece * _SECONDS, UTC)


def span_of(begins: datetime, ends: datetime) -> Span:
    """Every piece that the time from `begins` to `ends` touches: what is taken."""
    return Span(piece_of(begins), piece_after(ends))


def mask_of(spans: Iterable[Span], window: Span) -> int:
    """The bits of spans within a window, whose first piece is bit 0."""
    found = 0
    for one in spans:
        first, end = max(one.first, window.first), min(one.end, window.end)
        if end > first:
            found |= ((1 << (end - first)) - 1) << (first - window.first)
    return found


def mask_of_pieces(pieces: Iterable[int], window: Span) -> int:
    """The bits of single pieces within a window."""
    found = 0
    for one in pieces:
        if window.first <= one < window.end:
            found |= 1 << (one - window.first)
    return found


def opened(hours: Iterable[Weekly], zone: ZoneInfo, window: Span) -> Iterator[Span]:
    """The hours of a week on each day of a window, whole pieces only: one that is open in part is closed."""
    known = list(hours)
    for day in _days(window, zone):
        for one in known:
            if one.weekday == day.weekday():
                first = piece_after(datetime.combine(day, one.begins, zone))
                end = piece_of(datetime.combine(day, one.ends, zone))
                if end > first:
                    yield Span(first, end)


def _days(window: Span, zone: ZoneInfo) -> Iterator[date]:
    day = moment_of(window.first).astimezone(zone).date()
    last = moment_of(window.end).astimezone(zone).date()
    while day <= last:
        yield day
        day += timedelta(days=1)


def starts(free: int, length: int) -> int:
    """The bits at which `length` free pieces begin.

    >>> bin(starts(0b110111, 2))
    '0b10011'
    """
    found, covered = free, 1
    while covered < length and found:
        step = min(covered, length - covered)
        found &= found >> step
        covered += step
    return found


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest
