"""Courses of actions through the futures: what happens by group, district and month, and what it costs.

Owns that few courses are in memory at a time, and that a course which only changes services is simulated
with these services alone. Ignores what anything is worth.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from philoxenia.scenarios.futures import Lever, Model, Outcomes, simulate
from philoxenia.scenarios.futures.levers import lever_arrays
from philoxenia.scenarios.futures.restriction import restricted, services_touched
from philoxenia.scenarios.futures.sampling import drawn
from philoxenia.scenarios.futures.stacking import simulate_services
from philoxenia.scenarios.futures.types import Floats
from philoxenia.workflows.foresight.ground import Ground
from philoxenia.workflows.foresight.options import MONTHS_A_YEAR, Choice, levers_of, remaining_share

Course = tuple[Choice, ...]
_MOVING_AT_ONCE, _SERVING_AT_ONCE = 2, 12
# Sums of the same people in another order differ by about so much of themselves: nobody gains or loses by it.
_ROUNDING = 1e-13


@dataclass(frozen=True)
class Lived:
    """What happens with one course: `by_group` (F, Y, G, M), `by_district` (F, D, 2, M; discounted),
    `by_month` (F, T, MM), `costs` (F, U, Y), not discounted; `remaining` (F, U): worth at the end of what was
    built. Measures are all of the model's."""

    by_group: Floats
    by_district: Floats
    by_month: Floats
    costs: Floats
    remaining: Floats


def live_without(ground: Ground, model: Model | None = None) -> Lived:
    """The futures in which nothing is done; `model`: another one with the same futures, such as one without
    shocks."""
    model = model or ground.model
    found = simulate(model, ground.design, {"without": ()}, rule=ground.rule, discount_per_year=ground.rate)
    none = np.zeros((ground.futures, len(ground.funders), model.years))
    return Lived(found.by_group[0], found.by_district[0], found.by_month[0], none, none[:, :, 0])


def live(
    ground: Ground,
    courses: Mapping[str, Course],
    without: Lived,
    *,
    model: Model | None = None,
    services: Collection[str] | None = None,
    progress: Callable[[float], None] = lambda _: None,
) -> Iterator[tuple[str, Lived]]:
    """Each course with its name, a few in memory at a time; each meets the futures of `without`.

    `services`: those that matter, None for all. What is not simulated is as it is without: services that do
    not matter, and services and months that a course does not touch.
    """
    model = model or ground.model
    done = 0
    for touched, names in _alike(courses):
        at_once = _MOVING_AT_ONCE if touched is None else _SERVING_AT_ONCE
        for some in (names[first : first + at_once] for first in range(0, len(names), at_once)):
            yield from _some(
                ground, {name: courses[name] for name in some}, touched, services, model, without
            )
            done += len(some)
            progress(done / len(courses))


def _some(
    ground: Ground,
    courses: Mapping[str, Course],
    touched: tuple[str, ...] | None,
    services: Collection[str] | None,
    model: Model,
    without: Lived,
) -> Iterator[tuple[str, Lived]]:
    plans = {name: _levers(course) for name, course in courses.items()}
    if touched == ():
        for name, course in courses.items():
            costs = _by_funder(ground, course, plans[name], _spent(ground, plans[name]))
            yield name, replace(without, costs=costs, remaining=_remaining(ground, course))
        return
    asked: dict[str, Any] = {"rule": ground.rule, "discount_per_year": ground.rate}
    if touched is None:
        matter = [one.name for one in model.services if services is None or one.name in services]
        found = simulate(restricted(model, matter), ground.design, plans, **asked)
    else:
        found = simulate_services(model, ground.design, plans, **asked)
    for row, (name, course) in enumerate(courses.items()):
        costs = _by_funder(ground, course, plans[name], found.costs[name])
        lived = _completed(model, found, row, costs, _remaining(ground, course), without)
        yield name, _without_rounding(lived, without)


def _spent(ground: Ground, levers: Sequence[Lever]) -> Floats:
    """Costs (F, L, Y) of levers that change nothing, for which no future need be simulated."""
    spent = lever_arrays(ground.model, ground.design, levers).spent
    years = np.arange(0, len(ground.model.months), MONTHS_A_YEAR)
    return np.asarray(np.add.reduceat(spent, years, axis=2), dtype=np.float64)


def _remaining(ground: Ground, course: Course) -> Floats:
    """What is left at the end (F, U) of what was paid once, with the same luck as its cost."""
    left = np.zeros((ground.futures, len(ground.funders)))
    for choice in course:
        share = remaining_share(choice, len(ground.model.months))
        if share > 0:
            first = levers_of(choice)[0]
            factor = drawn(first.cost_factor, ground.design.of_lever(first, "cost"))
            left[:, ground.funders.index(choice.action.funder)] += share * first.cost_once * factor
    return left


def _levers(course: Course) -> tuple[Lever, ...]:
    return tuple(lever for choice in course for lever in levers_of(choice))


def _alike(courses: Mapping[str, Course]) -> list[tuple[tuple[str, ...] | None, list[str]]]:
    """Courses by the services that they touch; None: they move people."""
    found: dict[tuple[str, ...] | None, list[str]] = {}
    for name, course in courses.items():
        found.setdefault(services_touched(_levers(course)), []).append(name)
    return list(found.items())


def _by_funder(ground: Ground, course: Course, levers: Sequence[Lever], costs: Floats) -> Floats:
    """Costs (F, U, Y) by who pays, from costs (F, L, Y) by lever."""
    funder = {choice.action.id: choice.action.funder for choice in course}
    pays = np.zeros((len(ground.funders), len(levers)))
    for column, lever in enumerate(levers):
        pays[ground.funders.index(funder[lever.action]), column] = 1.0
    return np.asarray(np.einsum("ul,fly->fuy", pays, costs))


def _completed(
    model: Model, found: Outcomes, row: int, costs: Floats, remaining: Floats, without: Lived
) -> Lived:
    """One plan's outcomes, with the measures that were not simulated as they are without."""
    if found.measures == model.measures:
        outcomes = (found.by_group[row], found.by_district[row], found.by_month[row])
        return Lived(*outcomes, costs, remaining)
    here = [model.measures.index(name) for name in found.measures]
    months = [model.month_measures.index(name) for name in found.month_measures]
    by_group, by_district = without.by_group.copy(), without.by_district.copy()
    by_month = without.by_month.copy()
    by_group[..., here], by_district[..., here] = found.by_group[row], found.by_district[row]
    by_month[..., months] = found.by_month[row]
    return Lived(by_group, by_district, by_month, costs, remaining)


def _without_rounding(lived: Lived, without: Lived) -> Lived:
    """What only rounding tells from life without is as without: else futures would lose by a millionth."""
    return replace(lived, by_group=unrounded(lived.by_group, without.by_group))


def unrounded(here: Floats, before: Floats) -> Floats:
    """`here`, with `before` wherever only rounding tells them apart."""
    return np.asarray(np.where(np.abs(here - before) <= _ROUNDING * np.abs(before), before, here))
