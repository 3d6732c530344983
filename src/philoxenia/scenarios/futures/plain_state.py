"""The state of one future in the oracle, and small questions about it: who is where, what a lever changes.

Owns reading drawn numbers and adding up what is counted; ignores the order of a month's steps.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from philoxenia.scenarios.futures.draws import Draws
from philoxenia.scenarios.futures.levers import KINDS, LeverArrays
from philoxenia.scenarios.futures.types import (
    BAND_STARTS,
    CLASSES,
    DRIVERS,
    FLOWS,
    GROUPS,
    LAST_BAND,
    OLDEST,
    Floats,
    Model,
    Rule,
    constituency_of,
)


@dataclass
class PlainState:
    """Where one future under one plan stands. `by_group`: (year, group, measure); `by_district`: (district,
    constituency, measure), discounted by year; `by_month`: (month, measure); `costs`: (lever, year)."""

    model: Model
    draws: Draws
    levers: LeverArrays
    future: int
    rule: Rule
    discount: Floats
    by_group: dict[tuple[int, int, str], float] = field(default_factory=dict)
    by_district: dict[tuple[int, int, str], float] = field(default_factory=dict)
    by_month: dict[tuple[int, str], float] = field(default_factory=dict)
    costs: dict[tuple[int, int], float] = field(default_factory=dict)
    month: int = 0

    def _begin(self) -> None:
        model = self.model
        self.classes, self.places = range(len(CLASSES)), range(len(model.districts))
        self.homes = model.in_homes.copy()
        self.homes_months = model.homes_months.copy()
        self.shelter = model.shelter_months.copy()
        self.waiting = model.waiting_months.copy()
        self.offered = [0.0 for _ in self.places]
        self.slack = [float(vacant) for vacant in model.homes.vacant]
        self.queue = np.zeros((len(model.services), len(GROUPS), len(model.districts)))
        self.brought_about = [0.0 for _ in self.levers.kind]

    def _cells(self) -> Iterator[tuple[int, int, int]]:
        for k in self.classes:
            for since in range(OLDEST + 1):
                yield k, since, band_of(since)

    def _driver(self, name: str) -> float:
        return float(self.draws.drivers[self.future, self.month, DRIVERS.index(name)])

    def _flow(self, name: str) -> float:
        return max(float(self.draws.flows[self.future, self.month, FLOWS.index(name)]), 0.0)

    def _levers(self, kind: str, target: int | None = None) -> Iterator[tuple[int, float]]:
        for row, code in enumerate(self.levers.kind):
            if KINDS[code] == kind and target in (None, self.levers.target[row]):
                yield row, float(self.levers.strength[self.future, row, self.month])

    def _multiplier(self, kind: str, k: int, band: int, target: int | None = None) -> float:
        changes = (strength * self.levers.mask[row, k, band] for row, strength in self._levers(kind, target))
        return float(max(1 + sum(changes), 0.0))

    def _homes_of(self, district: int, people: float) -> None:
        """People move into homes of a district (out of them where negative)."""
        self.slack[district] -= people / self.model.homes.persons_per_home

    def _count(self, measure: str, value: float) -> None:
        key = (self.month, measure)
        self.by_month[key] = self.by_month.get(key, 0.0) + float(value)

    def _tally(self, measure: str, group: int, district: int, value: float) -> None:
        year = self.month // 12
        here, there = (year, group, measure), (district, constituency_of(group), measure)
        self.by_group[here] = self.by_group.get(here, 0.0) + float(value)
        discounted = float(value * self.discount[year])
        self.by_district[there] = self.by_district.get(there, 0.0) + discounted
        self._count(measure, value)


def band_of(since: int) -> int:
    return bisect_right(BAND_STARTS, since) - 1


def group_of(k: int, band: int) -> int:
    return k + len(CLASSES) * (band == LAST_BAND)
