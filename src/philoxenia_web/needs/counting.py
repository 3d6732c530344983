"""Counts of people by the needs they have together, cut from the protected cube; with base and interval.

Every figure is a sum of rounded cells. An interval covers missed and false links, as the run's quality report
tells them, and the rounding; not needs that nobody wrote down, nor people on no list.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia_web.needs.cube import EVERYBODY, POPULATIONS, Cube, Slice

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class LinkError:
    """Upper ends of the shares of missed and of false links; None where the run could not tell."""

    missed: float | None = None
    false: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether intervals cover it."""
        return self.missed is not None and self.false is not None


def link_error(quality: pl.DataFrame) -> LinkError:
    """What a run's quality report says of all links together."""
    if not {"measure", "by", "high"} <= set(quality.columns):
        return LinkError()
    rows = quality.filter(pl.col("by") == "all")
    high = dict(rows.select("measure", "high").iter_rows())
    return LinkError(_share(high.get("missed")), _share(high.get("false")))


def _share(value: float | None) -> float | None:
    return None if value is None else min(max(float(value), 0.0), 0.95)


@dataclass(frozen=True)
class Figure:
    """People with some needs together, out of `base`. None where too few to show, or nearly everybody:

    where all of a group have a need, whoever is known to be in the group is known to have it.
    """

    people: float | None
    low: float | None = None
    high: float | None = None
    base: float | None = None
    is_nearly_everybody: bool = False

    @property
    def bounds(self) -> tuple[float | None, float | None, float | None]:
        """For a cell of a table."""
        return self.people, self.low, self.high

    @property
    def share(self) -> float | None:
        """Of the base."""
        return self.people / self.base if self.people is not None and self.base else None

    @property
    def shares(self) -> tuple[float | None, float | None, float | None]:
        """The share with its interval, in percent."""
        if self.share is None or not self.base:
            return None, None, None
        ends = [None if end is None else min(100 * end / self.base, 100.0) for end in (self.low, self.high)]
        return 100 * self.share, ends[0], ends[1]


@dataclass(frozen=True)
class Counts:
    """All combinations of the chosen needs in one population of one part of the city.

    `exactly[c]` has these needs and no other chosen one; `at_least[c]` these and perhaps others. `c` counts
    in bits over the chosen needs.
    """

    chosen: tuple[str, ...]
    exactly: Floats
    at_least: Floats
    moved: Sequence[float]
    fewest: int
    error: LinkError

    @property
    def base(self) -> float | None:
        """Everybody of this population here, with needs or without."""
        return self._shown(float(self.at_least[0]))

    def figure(self, combination: int, exactly: bool = False) -> Figure:
        """The figure of a combination."""
        counted = float((self.exactly if exactly else self.at_least)[combination])
        people = self._told(counted)
        if people is None:
            is_most = counted >= self.fewest and self.base is not None
            return Figure(None, base=self.base, is_nearly_everybody=is_most)
        low, high = self._interval(people, combination.bit_count())
        return Figure(people, low, high, self.base)

    def lift(self, combination: int) -> float | None:
        """How many times as often as if needs fell on people independently of each other."""
        people = self._told(float(self.at_least[combination]))
        if combination.bit_count() < 2 or people is None or not self.base:
            return None
        expected = self.base
        for place, share in enumerate(self._shares):
            if combination >> place & 1:
                if share is None:
                    return None
                expected *= share
        return people / expected

    @cached_property
    def _shares(self) -> list[float | None]:
        """Of each chosen need alone; kept, since twelve needs have thousands of combinations."""
        base = self.base or 1.0
        singles = [self._told(float(self.at_least[1 << place])) for place in range(len(self.chosen))]
        return [None if one is None else one / base for one in singles]

    def _shown(self, people: float) -> float | None:
        return people if people >= self.fewest else None

    def _told(self, people: float) -> float | None:
        """Neither too few nor all but too few."""
        return people if self.fewest <= people <= float(self.at_least[0]) - self.fewest else None

    def _interval(self, people: float, size: int) -> tuple[float, float]:
        """Rounding moves both ends; links move the count of one need and of several in opposite ways.

        A missed link leaves one person as two: their needs look apart. A false one joins two people's needs.
        """
        moved = self.moved[min(max(size, 1), len(self.moved)) - 1] if self.moved else 0.0
        missed, false = self.error.missed or 0.0, self.error.false or 0.0
        if size > 1:
            return max(people - moved, 0.0) * (1 - false), (people + moved) / (1 - missed)
        return max(people - moved, 0.0) * (1 - missed), (people + moved) * (1 + false)


def bits_of(cube: Cube, chosen: Sequence[str]) -> list[int]:
    """The bits of the cube's masks that the chosen needs stand for."""
    return [1 << cube.needs.index(need) for need in chosen]


def counts(
    cube: Cube,
    chosen: Sequence[str],
    population: str,
    error: LinkError,
    grouping: str = EVERYBODY,
    groups: Sequence[str] = (),
) -> Counts:
    """Combinations of the chosen needs; of the whole city, or of some groups of one grouping."""
    table = cube.tables[grouping]
    kept = table.population == population
    if groups:
        kept &= np.isin(table.group, np.array(groups, dtype=np.str_))
    exactly = np.bincount(
        _chosen_bits(table, bits_of(cube, chosen))[kept], table.people[kept], 1 << len(chosen)
    )
    # Sums over several groups err by more; independent errors add up as their squares do.
    spread = max(len(groups), 1) ** 0.5
    moved = [one * spread for one in cube.moved.get(grouping, ())]
    return Counts(tuple(chosen), exactly, _supersets(exactly), moved, cube.fewest, error)


def by_group(
    cube: Cube, chosen: Sequence[str], population: str, error: LinkError, grouping: str
) -> dict[str, Counts]:
    """The same for each group of a grouping, for instance each district."""
    if grouping not in cube.tables:
        return {}
    table = cube.tables[grouping]
    bits, size = _chosen_bits(table, bits_of(cube, chosen)), 1 << len(chosen)
    names = table.known_groups
    kept = table.population == population
    place = np.searchsorted(np.array(names, dtype=np.str_), table.group[kept])
    flat = np.bincount(place * size + bits[kept], table.people[kept], len(names) * size)
    return {
        name: Counts(tuple(chosen), row, _supersets(row), cube.moved.get(grouping, ()), cube.fewest, error)
        for name, row in zip(names, flat.reshape(len(names), size), strict=True)
    }


def _chosen_bits(table: Slice, bits: Sequence[int]) -> NDArray[np.int64]:
    """Each cell's needs among the chosen ones, as bits in their order."""
    found = np.zeros(table.mask.size, dtype=np.int64)
    for place, bit in enumerate(bits):
        found |= ((table.mask & bit) != 0).astype(np.int64) << place
    return found


def _supersets(exactly: Floats) -> Floats:
    """For each combination the sum over all that contain it (zeta transform, one pass a need)."""
    found = np.asarray(exactly, dtype=np.float64).copy()
    size = found.size
    step = 1
    while step < size:
        folded = found.reshape(-1, 2, step)
        folded[:, 0, :] += folded[:, 1, :]
        step *= 2
    return found


def shown_in_any(both: Sequence[Counts], exactly: bool) -> list[int]:
    """Combinations with a figure in some population, the most people first."""
    parts = [one.exactly if exactly else one.at_least for one in both]
    total = np.sum(parts, axis=0)
    enough = np.any([part >= one.fewest for part, one in zip(parts, both, strict=True)], axis=0)
    enough[0] = False
    found = np.flatnonzero(enough)
    return [int(one) for one in found[np.lexsort((found, -total[found]))]]


__all__ = ["POPULATIONS", "Counts", "Figure", "LinkError", "by_group", "counts", "link_error", "shown_in_any"]
