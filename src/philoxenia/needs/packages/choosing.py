"""Choose a package of programmes for people counted by their needs, and say how good it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from philoxenia.needs.overlap import Overlap
from philoxenia.needs.packages import greedy as steps
from philoxenia.needs.packages.cover import OBJECTIVES, Cover, cover
from philoxenia.needs.packages.exact import Optimum, optimum
from philoxenia.needs.packages.reach import chosen_rows, reach_rows
from philoxenia.needs.packages.types import Package, Programme
from philoxenia.needs.travel import Floats
from philoxenia.needs.types import NeedsError
from philoxenia.reference import default_parameters


@dataclass(frozen=True)
class _Task:
    """What is asked: `price` is what greedy divides gains by, ones where only the number counts."""

    covered: Cover
    covers: steps.Bools
    worth: Floats
    whose: np.ndarray[Any, np.dtype[np.str_]]
    programmes: Sequence[Programme]
    objective: str
    budget: float
    most: int
    floors: Mapping[str, float]
    price: Floats
    guarantee: float

    def value(self, chosen: list[int]) -> float:
        return steps.value_of(self.covers, self.worth, chosen)


def packages(
    found: Overlap,
    programmes: Sequence[Programme],
    *,
    budget: float = float("inf"),
    most: int | None = None,
    floors: Mapping[str, float] | None = None,
    objective: str = "people",
    exact: bool | None = None,
    group: str = "population",
) -> Package:
    """The programmes that reach most people within a budget and a number, newcomers and neighbours apart.

    `objective`: `people` counts everyone with some need met, `needs` every need met. `floors` are least
    shares of the people (or needs) of a `group` that must be reached: {"newcomers": 0.3}. `exact` None also
    computes the optimum where there are at most needs.exact_programmes; with floors the optimum is what is
    chosen, for greedy knows none. Raises `NeedsError` where no package keeps the floors.
    """
    if objective not in OBJECTIVES:
        raise NeedsError(f"The objective is {objective!r}; choose one of {', '.join(OBJECTIVES)}.")
    number = max(len(programmes), 1) if most is None else most
    if not budget > 0 or number < 1:
        raise NeedsError("Give a budget above zero and allow one programme at least.")
    covered = cover(found, programmes, group)
    task = _task(covered, programmes, objective, budget, number, dict(floors or {}))
    small = len(programmes) <= default_parameters()["needs.exact_programmes"]
    if task.floors or (small if exact is None else exact):
        return _exactly(task)
    return _told(task, _greedily(task), None)


def _task(
    covered: Cover,
    programmes: Sequence[Programme],
    objective: str,
    budget: float,
    most: int,
    floors: Mapping[str, float],
) -> _Task:
    """Which bound is proven hangs on what limits: a number, a budget, or both (then none is)."""
    alike = len(set(covered.cost)) == 1
    by_number = alike or covered.cost.sum() <= budget
    by_budget = most >= len(programmes)
    guarantee = steps.BY_NUMBER if by_number else steps.BY_BUDGET if by_budget else 0.0
    price = np.ones(len(programmes)) if by_number else covered.cost
    bounded = float(min(budget, covered.cost.sum()))
    proven = 0.0 if floors else guarantee
    elements = covered.elements(objective)
    return _Task(covered, *elements, programmes, objective, bounded, most, floors, price, proven)


def _greedily(task: _Task) -> list[int]:
    return steps.best_choice(task.covers, task.worth, task.covered.cost, task.budget, task.most, task.price)


def _exactly(task: _Task) -> Package:
    found = optimum(
        task.covers,
        task.worth,
        task.covered.cost,
        task.budget,
        task.most,
        _least(task),
        default_parameters()["needs.exact_seconds"],
    )
    if task.floors:
        return _told(task, _kept(task, found), found)
    by_greedy = _greedily(task)
    ahead = found.chosen is not None and found.value > task.value(by_greedy) + 1e-9
    return _told(task, _in_order(task, found.chosen or []) if ahead else by_greedy, found)


def _kept(task: _Task, found: Optimum) -> list[int]:
    if found.chosen is None:
        why = "Lower a floor or raise the budget." if found.proven else "None was found in time, at least."
        raise NeedsError(f"No package within these limits keeps the floors. {why}")
    return _in_order(task, found.chosen)


def _least(task: _Task) -> dict[int, tuple[steps.Bools, float]]:
    """For each floor the elements of its group, and how much of them is to be reached."""
    wanted = np.ones(len(task.covered.people))
    if task.objective == "needs":
        wanted = task.covered.wanted.sum(axis=1).astype(float)
    least = {}
    for place, (name, share) in enumerate(task.floors.items()):
        mine = task.covered.population == name
        if not mine.any():
            known = ", ".join(sorted(set(task.covered.population)))
            raise NeedsError(f"There is a floor for {name!r}, but nobody of that group. Groups: {known}.")
        if not 0 <= share <= 1:
            raise NeedsError(f"The floor for {name} is {share:g}; a floor is a share from 0 to 1.")
        least[place] = (task.whose == name, share * float((task.covered.people * wanted)[mine].sum()))
    return least


def _in_order(task: _Task, chosen: list[int]) -> list[int]:
    """The programmes of a set, the one that gains most for its price first."""
    some, price = task.covers[chosen], task.price[chosen]
    order = steps.greedy(some, task.worth, price, np.inf, len(chosen), price)
    rest = [place for place in range(len(chosen)) if place not in order]
    return [chosen[place] for place in (*order, *rest)]


def _told(task: _Task, chosen: list[int], found: Optimum | None) -> Package:
    best = found.value if found is not None and found.proven and found.chosen is not None else None
    value = task.value(chosen)
    upper = steps.upper_bound(task.covers, task.worth, task.covered.cost, task.budget, task.most, chosen)
    if found is not None:
        upper = min(upper, max(found.upper, value))
    rows = chosen_rows(task.covers, task.worth, task.covered.cost, task.programmes, chosen)
    reach = reach_rows(task.covered, chosen, task.floors, task.objective)
    return Package(
        chosen=rows,
        reach=reach,
        method="exact" if best is not None and value >= best - 1e-6 else "greedy",
        objective=task.objective,
        value=value,
        upper=upper,
        guarantee=task.guarantee,
        best=best,
        spent=float(task.covered.cost[chosen].sum()),
        notes=_notes(task, value, upper, best, reach),
    )


def _notes(
    task: _Task, value: float, upper: float, best: float | None, reach: pl.DataFrame
) -> tuple[str, ...]:
    what = "people with some need met" if task.objective == "people" else "needs met"
    notes = [f"{value:,.0f} {what}; no package within the limits can reach more than {upper:,.0f}."]
    if task.guarantee:
        notes.append(
            f"Taking the best next programme again and again is proven to reach {task.guarantee:.0%} "
            "of the best at least."
        )
    if best:
        notes.append(f"The exact best is {best:,.0f}; this package reaches {value / best:.1%} of it.")
    if reach.height > 2:
        rows = reach.filter(pl.col("group") != "all").sort("share").rows(named=True)
        shares = " and ".join(f"{row['share']:.0%} of {row['group'].replace('_', ' ')}" for row in rows)
        notes.append(f"Of those with a need it reaches {shares}.")
    return tuple(notes)
