"""Whom each programme reaches: elements (people alike in group and needs) and what covers them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from philoxenia.needs.overlap import Overlap
from philoxenia.needs.packages.types import Programme
from philoxenia.needs.travel import Floats
from philoxenia.needs.types import NeedsError

Bools = np.ndarray[Any, np.dtype[np.bool_]]
OBJECTIVES = ("people", "needs")


@dataclass(frozen=True)
class Cover:
    """p programmes, c cells of people with a need, n needs.

    `meets` (p, c, n): whether a programme meets a need of the people of a cell; `people` (c); `population`
    (c) names; `cost` (p); `wanted` (c, n): the needs of each cell.
    """

    meets: Bools
    wanted: Bools
    people: Floats
    population: np.ndarray[Any, np.dtype[np.str_]]
    cost: Floats

    def elements(self, objective: str) -> tuple[Bools, Floats, np.ndarray[Any, np.dtype[np.str_]]]:
        """What is to be covered: (p, e) by whom, (e) how much it counts, (e) whose it is.

        `people` counts a person once when some need is met; `needs` counts each need of each person.
        """
        if objective == "people":
            some: Bools = np.any(self.meets, axis=2)
            return _merged(some, self.people, self.population)
        programmes, cells, needs = self.meets.shape
        flat = self.meets.reshape(programmes, cells * needs)
        return _merged(flat, np.repeat(self.people, needs), np.repeat(self.population, needs))


def cover(found: Overlap, programmes: Sequence[Programme], group: str) -> Cover:
    """The cells with a need, and which programme meets which of their needs."""
    _check(found, programmes)
    cells = found.cells.filter(pl.col("mask") > 0)
    masks = cells["mask"].to_numpy().astype(np.int64)
    has = (masks[:, None] >> np.arange(len(found.needs))) & 1 == 1
    meets = np.zeros((len(programmes), *has.shape), dtype=bool)
    for row, programme in enumerate(programmes):
        offered = np.array([need in programme.needs for need in found.needs])
        eligible = np.ones(cells.height, dtype=bool)
        for name, values in programme.only.items():
            eligible &= cells[name].is_in(list(values)).to_numpy()
        meets[row] = has & offered & eligible[:, None]
    everybody = ["all"] * cells.height
    population = np.array(cells[group].to_list() if group in cells.columns else everybody, dtype=np.str_)
    cost = np.array([programme.cost for programme in programmes], dtype=float)
    return Cover(meets, has, cells["people"].to_numpy().astype(float), population, cost)


def _merged(
    covers: Bools, worth: Floats, whose: np.ndarray[Any, np.dtype[np.str_]]
) -> tuple[Bools, Floats, np.ndarray[Any, np.dtype[np.str_]]]:
    """Elements that the same programmes cover and that count for the same people become one."""
    reached = covers.any(axis=0)
    names, codes = np.unique(whose[reached], return_inverse=True)
    packed = np.packbits(covers[:, reached], axis=0).T
    keys, place = np.unique(np.column_stack([packed, codes]), axis=0, return_inverse=True)
    first = np.zeros(len(keys), dtype=np.int64)
    first[place[::-1]] = np.arange(len(place))[::-1]
    sums = np.bincount(place, worth[reached], len(keys)).astype(float)
    return covers[:, reached][:, first], sums, names[codes[first]] if len(names) else whose[:0]


def _check(found: Overlap, programmes: Sequence[Programme]) -> None:
    ids = [programme.id for programme in programmes]
    if not ids or len(set(ids)) != len(ids):
        raise NeedsError("Name each programme once, and one at least.")
    for programme in programmes:
        unknown = [need for need in programme.needs if need not in found.needs]
        if unknown or not programme.needs:
            raise NeedsError(
                f"The programme {programme.id} meets {', '.join(unknown) or 'no need'}, which this overlap "
                f"does not count. Needs: {', '.join(found.needs)}."
            )
        if not (np.isfinite(programme.cost) and programme.cost > 0):
            raise NeedsError(f"The programme {programme.id} must cost something: give a cost above zero.")
        strange = [name for name in programme.only if name not in found.by]
        if strange:
            raise NeedsError(
                f"The programme {programme.id} is for some {strange[0]}, by which the overlap is not counted."
            )
