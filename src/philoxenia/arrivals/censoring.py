"""In which periods recorded intake was held down by capacity, by a declared rule.

A period is held down when shelters were filled to `arrivals.censored_occupancy` or more. A period without a
record takes the state of the last one for a while, then what the city says of it. Ignores how much demand
there was.
"""

import numpy as np
import polars as pl

from philoxenia.arrivals.history import ordinals_of
from philoxenia.arrivals.types import Bools, HistoryError
from philoxenia.reference import Parameters
from philoxenia.vocabulary import Frequency, parse_period


def held_down(
    first: int,
    periods: int,
    frequency: Frequency,
    parameters: Parameters,
    capacity: pl.DataFrame | None = None,
    binding_from: str = "",
) -> Bools:
    """Whether each of `periods` periods from the ordinal `first` on is held down (periods,).

    `capacity` has time, capacity and occupied; `binding_from` is the period from which the city says capacity
    binds.
    """
    flags = np.zeros(periods, dtype=bool)
    if binding_from:
        flags[max(_ordinal(binding_from, frequency) - first, 0) :] = True
    if capacity is None or capacity.is_empty():
        return flags
    recorded = _recorded_states(capacity, frequency, parameters)
    carry = int(parameters["arrivals.censored_carry"])
    for place in range(periods):
        near = [at for at in recorded if at <= first + place <= at + carry]
        if near:
            flags[place] = recorded[max(near)]
    return flags


def _ordinal(text: str, frequency: Frequency) -> int:
    period = parse_period(text)
    if period.frequency is not frequency:
        raise HistoryError(f"{text!r} is not a {frequency.name.lower()}, as the series are.")
    return period.ordinal


def _recorded_states(capacity: pl.DataFrame, frequency: Frequency, parameters: Parameters) -> dict[int, bool]:
    if absent := [name for name in ("time", "capacity", "occupied") if name not in capacity.columns]:
        raise HistoryError(
            f"A capacity table needs the columns time, capacity, occupied; not there: {absent}."
        )
    rows = capacity.drop_nulls(["time", "capacity", "occupied"])
    ordinals, found = ordinals_of(rows["time"].cast(pl.String))
    if found is not frequency:
        raise HistoryError(
            f"Capacity is recorded by {found.name.lower()}, intake by {frequency.name.lower()}."
        )
    sums = rows.with_columns(ordinals).group_by("ordinal").agg(pl.col("capacity", "occupied").sum())
    share = parameters["arrivals.censored_occupancy"]
    return {
        at: bool(places > 0 and filled >= share * places)
        for at, places, filled in sums.sort("ordinal").iter_rows()
    }
