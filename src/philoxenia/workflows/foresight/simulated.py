"""Courses of actions through the futures: what happens by group, district and month, and what it costs.

Owns that few courses are in memory at a time, and that a course which only changes services is simulated
with these services alone. Ignores what anything is worth.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from philoxenia.scenarios.futures import Lever, Model, simulate
from philoxenia.scenarios.futures.restriction import restricted, services_touched
from philoxenia.scenarios.futures.types import Floats
from philoxenia.workflows.foresight.ground import Ground
from philoxenia.workflows.foresight.options import Choice, levers_of

Course = tuple[Choice, ...]
_AT_ONCE = 4
# Sums of the same people in another order differ by about so much of themselves: nobody gains or loses by it.
_ROUNDING = 1e-13


@dataclass(frozen=True)
class Lived:
    """What happens with one course: `by_group` (F, Y, G, M), `by_district` (F, D, 2, M; discounted),
    `by_month` (F, T, MM), `costs` (F, U, Y), not discounted. Measures are all of the model's."""

    by_group: Floats
    by_district: Floats
    by_month: Floats
    costs: Floats


def live_without(ground: Ground, model: Model | None = None) -> Lived:
    """The futures in which nothing is done; `model`: another one with the same futures, such as one without
    shocks."""
    model = model or ground.model
    found = simulate(model, ground.design, {"without": ()}, rule=ground.rule, discount_per_year=ground.rate)
    none = np.zeros((ground.futures, len(ground.funders), model.years))
    return Lived(found.by_group[0], found.by_district[0], found.by_month[0], none)


def live(
    ground: Ground,
    courses: Mapping[str, Course],
    without: Lived,
    *,
    model: Model | None = None,
    whole: bool = False,
    progress: Callable[[float], None] = lambda _: None,
) -> Iterator[tuple[str, Lived]]:
    """Each course with its name, a few in memory at a time.

    Unless `whole`, courses that touch services only are simulated with these alone; months of the city are
    then those without, except of these services.
    """
    model = model or ground.model
    done = 0
    for touched, names in _alike(courses, whole):
        part = model if touched is None else restricted(model, touched)
        for some in (names[first : first + _AT_ONCE] for first in range(0, len(names), _AT_ONCE)):
            plans = {name: _levers(courses[name]) for name in some}
            found = simulate(part, ground.design, plans, rule=ground.rule, discount_per_year=ground.rate)
            for row, name in enumerate(some):
                costs = _by_funder(ground, courses[name], plans[name], found.costs[name])
                lived = Lived(found.by_group[row], found.by_district[row], found.by_month[row], costs)
                lived = lived if part is model else _completed(model, part, lived, without)
                yield name, _without_rounding(lived, without)
            done += len(some)
            progress(done / len(courses))


def _levers(course: Course) -> tuple[Lever, ...]:
    return tuple(lever for choice in course for lever in levers_of(choice))


def _alike(courses: Mapping[str, Course], whole: bool) -> list[tuple[tuple[str, ...] | None, list[str]]]:
    """Courses by the services that they touch; None: by all."""
    found: dict[tuple[str, ...] | None, list[str]] = {}
    for name, course in courses.items():
        touched = None if whole else services_touched(_levers(course))
        found.setdefault(touched, []).append(name)
    return list(found.items())


def _by_funder(ground: Ground, course: Course, levers: Sequence[Lever], costs: Floats) -> Floats:
    """Costs (F, U, Y) by who pays, from costs (F, L, Y) by lever."""
    funder = {choice.action.id: choice.action.funder for choice in course}
    pays = np.zeros((len(ground.funders), len(levers)))
    for column, lever in enumerate(levers):
        pays[ground.funders.index(funder[lever.action]), column] = 1.0
    return np.asarray(np.einsum("ul,fly->fuy", pays, costs))


def _completed(model: Model, part: Model, lived: Lived, without: Lived) -> Lived:
    """The measures that a model of fewer services does not have, as they are without."""
    here = [model.measures.index(name) for name in part.measures]
    months = [model.month_measures.index(name) for name in part.month_measures]
    by_group, by_district = without.by_group.copy(), without.by_district.copy()
    by_month = without.by_month.copy()
    by_group[..., here], by_district[..., here] = lived.by_group, lived.by_district
    by_month[..., months] = lived.by_month
    return Lived(by_group, by_district, by_month, lived.costs)


def _without_rounding(lived: Lived, without: Lived) -> Lived:
    """What only rounding tells from life without is as without: else futures would lose by a millionth."""
    by_group, by_district = (
        np.where(np.abs(here - before) <= _ROUNDING * np.abs(before), before, here)
        for here, before in ((lived.by_group, without.by_group), (lived.by_district, without.by_district))
    )
    return replace(lived, by_group=by_group, by_district=by_district)
