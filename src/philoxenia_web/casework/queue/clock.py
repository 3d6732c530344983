"""The day of a queue, which begins at midnight in the city, and its minutes."""

from datetime import datetime

from philoxenia_web.casework.city_time import today as today


def minutes_of(moment: datetime) -> float:
    """A moment as minutes since 1970."""
    return moment.timestamp() / 60
