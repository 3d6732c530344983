"""What the plans bring in every future: the arrays that valuation, robustness and triggers read.

Owns names, shapes, units and where large arrays lie; ignores how they were simulated.
"""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from philoxenia.scenarios.futures.levers import LeverArrays
from philoxenia.scenarios.futures.types import CONSTITUENCIES, GROUPS, Floats, FuturesError, Lever, Model

Plans = Mapping[str, tuple[Lever, ...]]


@dataclass(frozen=True)
class Chunk:
    """Outcomes of some futures under one plan: `by_group` (F, Y, G, M), `by_district` (F, D, 2, M),
    `by_month` (F, T, MM), `costs` and `strength` (F, L, Y)."""

    by_group: Floats
    by_district: Floats
    by_month: Floats
    costs: Floats
    strength: Floats


def empty_chunk(model: Model, levers: LeverArrays) -> Chunk:
    """Room for the outcomes of the futures that these levers are drawn for."""
    futures, measures = len(levers.strength), len(model.measures)
    strength = levers.by_year()
    return Chunk(
        np.zeros((futures, model.years, len(GROUPS), measures)),
        np.zeros((futures, len(model.districts), 2, measures)),
        np.zeros((futures, len(model.months), len(model.month_measures))),
        np.zeros_like(strength),
        strength,
    )


@dataclass(frozen=True)
class Outcomes:
    """Outcomes of every plan A in every future F; futures are the same for all plans.

    `by_group` (A, F, Y, G, M): sums over the months of each year, not discounted. `by_district`
    (A, F, D, 2, M): newcomers and long-term residents, summed over the horizon with year y (0 first) times
    `discount[y]`. `by_month` (A, F, T, MM): the city, not discounted. So the sum of `by_district` over
    districts is the sum over years of `discount` times `by_group`, to 1e-9 of it. `costs`: by plan (F, L, Y),
    not discounted, its levers named in `levers`; `strength`: by plan (F, L, Y), lever-months at full strength
    (effect included), from which benefits beside the model are counted. `design`: a future a row, its
    uncertainties as values, those of the levers of all plans included.

    `served` + `unmet` over the horizon + what still waits at the end = demand: `unmet` is given up or never
    allowed in, `queue` waits for next month. A unit of `waiting`, `in_shelter`, `in_homes` is a person-month.
    """

    plans: tuple[str, ...]
    measures: tuple[str, ...]
    month_measures: tuple[str, ...]
    units: Mapping[str, str]
    districts: tuple[str, ...]
    months: tuple[str, ...]
    discount: Floats
    rule: str
    by_group: Floats
    by_district: Floats
    by_month: Floats
    costs: Mapping[str, Floats]
    strength: Mapping[str, Floats]
    levers: Mapping[str, tuple[str, ...]]
    design: pl.DataFrame
    notes: tuple[str, ...] = ()
    groups: tuple[str, ...] = GROUPS
    constituencies: tuple[str, ...] = CONSTITUENCIES

    @property
    def futures(self) -> int:
        """How many futures."""
        return len(self.design)

    def plan(self, name: str) -> int:
        """Row of a plan. Raises `FuturesError` with the names there are."""
        return self._place(name, self.plans, "plan")

    def measure(self, name: str) -> int:
        """Column of a measure in `by_group` and `by_district`."""
        return self._place(name, self.measures, "measure")

    def month_measure(self, name: str) -> int:
        """Column of a measure in `by_month`."""
        return self._place(name, self.month_measures, "measure")

    def cost(self, plan: str) -> Floats:
        """Cost of a plan (F, Y), not discounted: the sum over its levers."""
        self.plan(plan)
        return np.asarray(self.costs[plan].sum(axis=1), dtype=np.float64)

    @staticmethod
    def _place(name: str, names: tuple[str, ...], what: str) -> int:
        if name not in names:
            raise FuturesError(f"There is no {what} {name!r}; there is: {', '.join(names)}.")
        return names.index(name)


@dataclass(frozen=True)
class Store:
    """Room for the outcomes of all plans, in memory or, where that is more than allowed, in files."""

    by_group: Floats
    by_district: Floats
    by_month: Floats
    costs: Mapping[str, Floats]
    strength: Mapping[str, Floats]

    def put(self, name: str, first: int, chunk: Chunk) -> None:
        """Lay down the outcomes of a plan in a chunk of futures, the first of which has number `first`."""
        here, plan = slice(first, first + len(chunk.by_group)), list(self.costs).index(name)
        self.by_group[plan, here] = chunk.by_group
        self.by_district[plan, here] = chunk.by_district
        self.by_month[plan, here] = chunk.by_month
        self.costs[name][here] = chunk.costs
        self.strength[name][here] = chunk.strength


def outcome_bytes(model: Model, futures: int, plans: int) -> int:
    """Bytes that the outcomes take."""
    groups = model.years * len(GROUPS) * len(model.measures) * 8
    districts = len(model.districts) * len(CONSTITUENCIES) * len(model.measures) * 8
    months = len(model.months) * len(model.month_measures) * 8
    return plans * futures * (groups + districts + months)


def make_store(model: Model, futures: int, plans: Plans, limit: int, folder: Path | None) -> Store:
    """Room for outcomes. What does not fit in `limit` bytes together lies in files under `folder`, or under a
    folder of temporary files; operating systems then keep in memory what is in use."""
    kept = None if outcome_bytes(model, futures, len(plans)) <= limit and folder is None else _folder(folder)
    measures, months = len(model.measures), len(model.month_measures)
    shape = (len(plans), futures)
    by_group = _room(kept, "by_group", (*shape, model.years, len(GROUPS), measures))
    by_district = _room(kept, "by_district", (*shape, len(model.districts), 2, measures))
    by_month = _room(kept, "by_month", (*shape, len(model.months), months))
    by_lever = [
        {name: np.zeros((futures, len(levers), model.years)) for name, levers in plans.items()}
        for _ in ("costs", "strength")
    ]
    return Store(by_group, by_district, by_month, *by_lever)


def _folder(folder: Path | None) -> Path:
    if folder is None:
        return Path(tempfile.mkdtemp(prefix="philoxenia-futures-"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _room(folder: Path | None, name: str, shape: tuple[int, ...]) -> Floats:
    if folder is None:
        return np.zeros(shape)
    return np.lib.format.open_memmap(folder / f"{name}.npy", mode="w+", dtype=np.float64, shape=shape)
