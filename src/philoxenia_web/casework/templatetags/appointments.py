"""Times and signs of appointments in templates."""

from datetime import date, datetime

from babel.dates import format_date
from django import template
from django.utils import timezone

from philoxenia_web.directory.city import city
from philoxenia_web.ui.numbers import locale

register = template.Library()

_SIGNS = {
    "booked": "waiting",
    "arrived": "attention",
    "held": "success",
    "cancelled": "info",
    "missed": "problem",
    "sent": "success",
    "failed": "problem",
    "waiting": "waiting",
    "sending": "waiting",
}


@register.filter
def appointment_sign(state: str) -> str:
    """The shape beside the word of a state."""
    return _SIGNS.get(state, "info")


@register.filter
def clock(moment: datetime) -> str:
    """09:30, in the clock of the page."""
    return f"{timezone.localtime(moment):%H:%M}"


@register.filter
def long_day(day: date | datetime) -> str:
    """Monday, November 23, 2026, as the language of the page writes it."""
    if isinstance(day, datetime):
        day = timezone.localtime(day).date() if timezone.is_aware(day) else day.date()
    said = format_date(day, "full", locale=locale())
    return said[:1].upper() + said[1:]


@register.filter
def in_city(moment: datetime) -> datetime:
    """A moment in the clock of the city, on pages of another."""
    return timezone.localtime(moment, city().zone).replace(tzinfo=None)
