"""What other panels taught: which base models to start from, how spreads grow, how errors are shaped.

Owns reading the learnt tables of `reference`; ignores how they were learnt (`benchmarks/learn_forecasts.py`).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from philoxenia.arrivals.types import Floats
from philoxenia.reference import Parameters, reference_table
from philoxenia.vocabulary import Frequency

FEATURES = ("constant", "file", "own", "recent", "level", "disagreement", "horizon")


@dataclass(frozen=True)
class Member:
    """One base model: a row of `forecast_members.csv`. `prior`: its usual error against the last value's."""

    name: str
    model: str
    method: str
    settings: tuple[float, ...]
    prior: float


@dataclass(frozen=True)
class Learnt:
    """For one frequency: members, the rule of spreads by `FEATURES`, sizes of errors in spreads at a grid.

    `grid` starts at probability 0 with size 0.
    """

    members: tuple[Member, ...]
    rule: Floats
    grid: Floats
    sizes: Floats


def learnt(frequency: Frequency, parameters: Parameters) -> Learnt:
    """What the reference tables hold for a frequency."""
    column = column_of(frequency)
    errors = reference_table("forecast_errors")
    grid, sizes = ([0.0, *map(float, errors[name].to_list())] for name in ("probability", column))
    rule = [parameters[f"arrivals.spread.{column}.{name}"] for name in FEATURES]
    return Learnt(tuple(_members(column)), np.array(rule), np.array(grid), np.array(sizes))


def column_of(frequency: Frequency) -> str:
    """How a frequency is called in tables and parameters: month, quarter, year."""
    return frequency.name.lower()


def _members(column: str) -> Iterator[Member]:
    for row in reference_table("forecast_members").iter_rows(named=True):
        if row[column]:
            settings = tuple(float(row[name]) for name in ("level", "trend", "damping") if row[name])
            yield Member(row["member"], row["model"], row["method"], settings, float(row[column]))
