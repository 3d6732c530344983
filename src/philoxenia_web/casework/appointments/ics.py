"""Calendars as RFC 5545 (iCalendar, 2009) writes them: escaped, folded at 75 octets, times in UTC.

Knows nothing of residents: what a summary may say is decided by whoever calls.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

_LONGEST_LINE = 75
_PRODUCT = "-//Philoxenia//Appointments//EN"


@dataclass(frozen=True)
class Event:
    """One appointment of a calendar. `sequence` grows with each change, so that a calendar follows it."""

    uid: str
    starts: datetime
    ends: datetime
    summary: str
    changed: datetime
    sequence: int = 0
    location: str = ""
    url: str = ""
    cancelled: bool = False


def calendar(name: str, events: Iterable[Event]) -> bytes:
    """A whole calendar, ready to be sent as text/calendar in UTF-8."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for one in events:
        lines += _event(one)
    lines.append("END:VCALENDAR")
    return "".join(folded(line) + "\r\n" for line in lines).encode()


def _event(one: Event) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(one.uid)}"
    yield f"DTSTAMP:{_utc(one.changed)}"
    yield f"LAST-MODIFIED:{_utc(one.changed)}"
    yield f"DTSTART:{_utc(one.starts)}"
    yield f"DTEND:{_utc(one.ends)}"
    yield f"SEQUENCE:{one.sequence}"
    yield f"STATUS:{'CANCELLED' if one.cancelled else 'CONFIRMED'}"
    yield f"SUMMARY:{escaped(one.summary)}"
    if one.location:
        yield f"LOCATION:{escaped(one.location)}"
    if one.url:
        # A URI is not escaped (3.3.13); a line break in it would begin a property of its own.
        yield f"URL:{''.join(sign for sign in one.url if sign.isprintable())}"
    yield "CLASS:PRIVATE"
    yield "END:VEVENT"


def escaped(text: str) -> str:
    r"""Text as a value (3.3.11): control signs other than a line break cannot be written and are left out.

    >>> escaped("Room 1; floor 2\nleft")
    'Room 1\\; floor 2\\nleft'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(one for one in text if one == "\n" or (one >= " " and one != "\x7f"))
    for sign in ("\\", ";", ","):
        kept = kept.replace(sign, f"\\{sign}")
    return kept.replace("\n", "\\n")


def folded(line: str) -> str:
    """A content line in pieces of at most 75 octets (3.1), never cut within a sign."""
    pieces, size = [""], 0
    for sign in line:
        octets = len(sign.encode("utf-8", "surrogatepass"))
        if size + octets > _LONGEST_LINE:
            pieces.append(" ")
            size = 1
        pieces[-1] += sign
        size += octets
    return "\r\n".join(pieces)


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
