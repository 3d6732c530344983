"""Opening hours in words: now, today, the next time, the week."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from babel.dates import format_date, format_time
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from philoxenia.directory.hours import Hours
from philoxenia_web.directory.city import city
from philoxenia_web.ui.numbers import locale

_ROUND_THE_CLOCK = timedelta(hours=24)
_A_WEEK = 7
# A time is one piece in the order of its own signs, whatever stands beside it.
_ISOLATE, _END = "\u2068", "\u2069"


class Today(NamedTuple):
    """open, shut or unknown, and a sentence."""

    state: str
    words: str


class Day(NamedTuple):
    """A day of the week with its hours in words."""

    name: str
    words: str
    today: bool


class Opening(NamedTuple):
    """What a page says of the hours of one place; `remarks` are the source's own words."""

    today: Today
    week: list[Day]
    remarks: list[str]


def opening(schedules: Sequence[Mapping[str, Any]], moment: datetime | None = None) -> Opening:
    """Hours from rows of HSDS, in the city's time, as the page's language writes them."""
    hours = Hours(schedules, city().zone)
    now = (moment or timezone.now()).astimezone(hours.zone)
    remarks = [str(one[key]) for one in schedules for key in ("description", "notes") if one.get(key)]
    week = [_day(day, spans, now.date()) for day, spans in hours.week(now.date())] if hours.known else []
    return Opening(_today(hours, now), week, list(dict.fromkeys(remarks)))


def _today(hours: Hours, now: datetime) -> Today:
    if not hours.known:
        return Today("unknown", _("Opening hours are not known: call first"))
    until = hours.until(now)
    if until is not None:
        return Today("open", _open_words(now, until))
    later = hours.next_opening(now)
    if later is None:
        return Today("shut", pgettext("opening hours", "Closed"))
    return Today("shut", _opens_words(now, later))


def _open_words(now: datetime, until: datetime) -> str:
    if until - now >= _ROUND_THE_CLOCK - timedelta(minutes=1):
        return _("Open now, day and night")
    return _("Open now, until %(time)s") % {"time": clock(until)}


def _opens_words(now: datetime, later: datetime) -> str:
    ahead = (later.date() - now.date()).days
    values = {"time": clock(later), "day": weekday(later.date()), "date": day_words(later.date())}
    if ahead == 0:
        return _("Closed now. Opens today at %(time)s") % values
    if ahead == 1:
        return _("Closed now. Opens tomorrow at %(time)s") % values
    if ahead < _A_WEEK:
        return _("Closed now. Opens %(day)s at %(time)s") % values
    return _("Closed now. Opens %(date)s at %(time)s") % values


def _day(day: date, spans: list[tuple[datetime, datetime]], today: date) -> Day:
    words = _(", ").join(_span(opens, closes) for opens, closes in spans) or pgettext(
        "opening hours", "Closed"
    )
    return Day(weekday(day), words, day == today)


def _span(opens: datetime, closes: datetime) -> str:
    if closes - opens >= _ROUND_THE_CLOCK:
        return _("Day and night")
    return _("%(opens)s to %(closes)s") % {"opens": clock(opens), "closes": clock(closes)}


def clock(moment: datetime) -> str:
    """A time of day in one piece, with digits 0 to 9."""
    return f"{_ISOLATE}{format_time(moment.time(), 'short', locale=locale())}{_END}"


def weekday(day: date) -> str:
    """Its name."""
    return format_date(day, "EEEE", locale=locale())


def day_words(day: date) -> str:
    """22 November 2026, as the language writes it."""
    return format_date(day, "long", locale=locale())
