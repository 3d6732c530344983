"""The day of a queue, which begins at midnight in the city, and its minutes."""

from datetime import datetime, time

from philoxenia_web.casework.city_time import today as today
from philoxenia_web.directory.city import city


def midnight(moment: datetime | None = None) -> datetime:
    """When the day in the city began."""
    return datetime.combine(today(moment), time(), city().zone)


def minutes_of(moment: datetime) -> float:
    """A moment as minutes since 1970."""
    return moment.timestamp() / 60
