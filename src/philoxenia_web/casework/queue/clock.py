"""The day of a queue, which begins at midnight in the city, and its minutes."""

from datetime import date, datetime

from django.utils import timezone

from philoxenia_web.directory.city import city


def today(moment: datetime | None = None) -> date:
    """The day in the city."""
    return (moment or timezone.now()).astimezone(city().zone).date()


def minutes_of(moment: datetime) -> float:
    """A moment as minutes since 1970."""
    return moment.timestamp() / 60
