"""Quarters and years spread over their months, since load is reckoned by month.

Owns this spreading; ignores what is counted. Counts are spread evenly: a season inside a quarter is lost.
"""

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from philoxenia.scenarios.types import LoadError, Paths
from philoxenia.vocabulary import Frequency, Period, parse_period


def months_of(period: Period) -> list[Period]:
    """The months a period is made of; a month is made of itself."""
    length = 12 // period.frequency.per_year
    return [Period(Frequency.MONTH, period.ordinal * length + step) for step in range(length)]


def by_month(paths: Paths, times: tuple[str, ...], notes: list[str]) -> tuple[Paths, tuple[str, ...]]:
    """Paths (paths, times) of counts by month, quarter or year as counts by month, with their months."""
    periods = [parse_period(time) for time in times]
    if not periods or any(later.frequency != earlier.frequency for earlier, later in pairwise(periods)):
        raise LoadError(
            "The times of the paths must be of one kind (months, quarters or years), one or more."
        )
    if any(later - earlier != 1 for earlier, later in pairwise(periods)):
        raise LoadError(f"The times of the paths must follow each other without a hole: {', '.join(times)}.")
    months = [months_of(period) for period in periods]
    length = len(months[0])
    if length == 1:
        return paths, times
    notes.append(f"The forecast runs by {times[0]!r}; counts are spread evenly over the months.")
    spread = {key: np.repeat(array, length, axis=1) / length for key, array in paths.items()}
    return spread, tuple(str(month) for each in months for month in each)


def monthly_counts(rows: Iterable[tuple[str, float | None]]) -> dict[Period, float]:
    """Counts by month from (time, count) by month, quarter or year; unknown counts are left out."""
    counts: dict[Period, float] = {}
    for time, count in rows:
        if count is None:
            continue
        months = months_of(parse_period(time))
        for month in months:
            counts[month] = counts.get(month, 0.0) + float(count) / len(months)
    return counts
