"""The fixed release plan of one linked picture: few tables, rounded once; every view is a sum of their cells.

A table counts people by population, one further grouping (none, district, sex, age, language) and the
exact set of their needs. `philoxenia.disclosure.rounded` moves each cell up or down to a multiple of the
base, once, with secret chances; so whoever adds, subtracts and compares views learns the rounded cells and
nothing behind them: a cell shown as 5 holds 1 to 9 people, one that is not shown 0 to 4. Errors of each need
and pair of needs are held small on the way. Chances follow from cell, count and the agreement's secret: to
link the same lists again and take the mean of what is shown tells nothing new.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.reference import default_parameters
from philoxenia_web.needs.cube_check import mended
from philoxenia_web.ui.late import Late

_disclosure = Late("philoxenia.disclosure")

EVERYBODY = "all"
# The groupings that are let out. A further one would be a further release: it belongs here, checked.
GROUPINGS = (EVERYBODY, "district_id", "sex", "age_band", "language")
POPULATIONS = ("newcomers", "long_term_residents")
# Sums of fewer multiples of the base than this are too few to show.
_FEWEST_MULTIPLES = 2
_SHARE_KEPT = 0.95
_FORMAT = 1

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Slice:
    """One table of the plan: a row a cell, all of equal length. `people` are rounded."""

    populations: tuple[str, ...]
    groups: tuple[str, ...]
    mask: Whole
    people: Whole

    @cached_property
    def population(self) -> NDArray[np.str_]:
        """The population of each cell."""
        return np.array(self.populations, dtype=np.str_)

    @cached_property
    def group(self) -> NDArray[np.str_]:
        """The group of each cell."""
        return np.array(self.groups, dtype=np.str_)

    @cached_property
    def known_groups(self) -> list[str]:
        """The groups with anybody in them, in order."""
        return sorted(set(self.groups))


@dataclass(frozen=True)
class Cube:
    """The protected tables of one run. `needs`: codes in the order of a mask's bits.

    `moved`: for each grouping, how far rounding moves sums of one, two, and three or more needs in 95 of 100
    cases (people). `withheld`: for each grouping, how many groups are too small to be let out at all.
    """

    needs: tuple[str, ...]
    tables: Mapping[str, Slice]
    moved: Mapping[str, Sequence[float]] = field(default_factory=dict)
    withheld: Mapping[str, int] = field(default_factory=dict)
    base: int = 5
    fewest: int = 10


def protected(cells: pl.DataFrame, needs: Sequence[str], secret: bytes) -> Cube:
    """The cube of a run's joint cells: population, the groupings there are, mask, people.

    The same cells and secret give the same cube, so that a second making tells nothing new.
    """
    base = int(default_parameters()["disclosure.base"])
    known = cells.filter(pl.col("population").is_in(POPULATIONS))
    counted = {
        grouping: _counted(known, grouping)
        for grouping in GROUPINGS
        if grouping == EVERYBODY or grouping in cells.columns
    }
    large = {grouping: _large(table) for grouping, table in counted.items()}
    drawn = {
        grouping: table.with_columns(shown=_rounded(table, len(needs), secret + grouping.encode(), base))
        for grouping, table in large.items()
    }
    everybody = drawn[EVERYBODY]["people"].sum()
    partial = [grouping for grouping, table in drawn.items() if table["people"].sum() < everybody]
    tables = mended(drawn, base, partial)
    return Cube(
        tuple(needs),
        {grouping: _slice(table) for grouping, table in tables.items()},
        {grouping: _moved(table, len(needs)) for grouping, table in tables.items()},
        {grouping: _groups(counted[grouping]) - _groups(table) for grouping, table in large.items()},
        base,
        _FEWEST_MULTIPLES * base,
    )


def _counted(cells: pl.DataFrame, grouping: str) -> pl.DataFrame:
    group = pl.lit("") if grouping == EVERYBODY else pl.col(grouping).cast(pl.String)
    named = cells.select("population", group.alias("group"), pl.col("mask").cast(pl.Int64), "people")
    kept = named.filter(pl.col("group").is_not_null() & (pl.col("people") > 0))
    return kept.group_by("population", "group", "mask").agg(pl.col("people").sum()).sort(pl.all())


def _large(table: pl.DataFrame) -> pl.DataFrame:
    """Without groups so small that to know the group is nearly to know the person."""
    smallest = int(default_parameters()["needs.small_base"])
    return table.filter(pl.col("people").sum().over("population", "group") >= smallest)


def _groups(table: pl.DataFrame) -> int:
    return table.select("population", "group").unique().height


def _rounded(table: pl.DataFrame, needs: int, secret: bytes, base: int) -> pl.Series:
    """Each cell's people, rounded once; each need and pair of needs of a group is kept near."""
    if table.is_empty():
        return table["people"]
    holds = [f"need_{place}" for place in range(needs)]
    known = table.with_columns(
        (pl.col("mask") & (1 << place) != 0).alias(name) for place, name in enumerate(holds)
    )
    sums = [(), *((one,) for one in holds), *combinations(holds, 2)]
    kept = [("population", "group", *one) for one in sums] + [("population", *one) for one in sums]
    shown = _disclosure.rounded(
        known, ["population", "group", "mask", *holds], seed=secret, base=base, kept=kept
    )
    return shown.head(table.height)["shown"]


def _moved(table: pl.DataFrame, needs: int) -> list[float]:
    """How far rounding moves sums of one, two, three needs within a group, in 95 of 100 of them."""
    if table.is_empty():
        return [0.0, 0.0, 0.0]
    group = table.select(pl.struct("population", "group").rank("dense") - 1).to_series().to_numpy()
    masks, error = table["mask"].to_numpy(), (table["shown"] - table["people"]).to_numpy().astype(float)
    single = [1 << one for one in range(needs)]
    sizes = [[sum(some) for some in combinations(single, size)] for size in (1, 2, 3)]
    return [_usual(masks, group, error, asked) for asked in sizes]


def _usual(masks: Whole, group: Whole, error: Floats, asked: Sequence[int]) -> float:
    found = []
    for one in asked:
        holds = (masks & one) == one
        found.append(np.abs(np.bincount(group[holds], error[holds])))
    there = np.concatenate(found) if found else np.zeros(1)
    return float(np.ceil(np.quantile(there, _SHARE_KEPT))) if there.size else 0.0


def _slice(table: pl.DataFrame) -> Slice:
    """Only cells that are shown: one rounded to nothing is like one that never was."""
    kept = table.filter(pl.col("shown") > 0)
    return Slice(
        tuple(kept["population"]), tuple(kept["group"]), kept["mask"].to_numpy(), kept["shown"].to_numpy()
    )


def to_bytes(cube: Cube) -> bytes:
    """The cube as it is kept."""
    tables = {
        name: [one.populations, one.groups, one.mask.tolist(), one.people.tolist()]
        for name, one in cube.tables.items()
    }
    plain: dict[str, Any] = {"format": _FORMAT, "needs": cube.needs, "tables": tables}
    plain |= {"moved": cube.moved, "withheld": cube.withheld, "base": cube.base, "fewest": cube.fewest}
    return json.dumps(plain).encode()


def from_bytes(content: bytes) -> Cube:
    """A kept cube."""
    plain = json.loads(content)
    tables = {
        name: Slice(tuple(population), tuple(group), np.array(mask, np.int64), np.array(people, np.int64))
        for name, (population, group, mask, people) in plain["tables"].items()
    }
    return Cube(
        tuple(plain["needs"]), tables, plain["moved"], plain["withheld"], plain["base"], plain["fewest"]
    )
