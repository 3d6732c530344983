"""Each action alone, at every size and start, against life without: what is kept of it and told of it.

Owns which arrays are reduced at once so that memory stays small; ignores portfolios.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
import polars as pl

from philoxenia.scenarios.futures.types import Floats
from philoxenia.valuation import Dividend
from philoxenia.vocabulary.actions import Action
from philoxenia.workflows.foresight.cells import CELLS
from philoxenia.workflows.foresight.ground import Ground
from philoxenia.workflows.foresight.lives import changes_table, districts_table, months_table
from philoxenia.workflows.foresight.options import Choice, choices_of
from philoxenia.workflows.foresight.simulated import Lived, live
from philoxenia.workflows.foresight.worth import Worth, worth_of
from philoxenia.workflows.steps import Outcome

_TOLD = ("districts", "changes", "months")


@dataclass(frozen=True)
class Valued:
    """One choice of an action: `dividend`, its yearly `costs` (F, Y), not discounted, and what still stands
    of them at the end (`remaining` (F,), discounted)."""

    choice: Choice
    dividend: Dividend
    costs: Floats
    remaining: Floats


@dataclass(frozen=True)
class ActionFound:
    """What is found of one action: its `options`, the first of them the one it is told by (size nearest 1,
    earliest start); of that one `parts` (F,) by measure and benefit, the net without shocks `quiet` (F,),
    `peaks` (F, MM), the highest month of each measure of the city, and the frames districts, changes and
    months."""

    options: tuple[Valued, ...]
    parts: dict[str, Floats]
    quiet: Floats
    peaks: Floats
    frames: dict[str, pl.DataFrame]

    @property
    def first(self) -> Valued:
        """The option it is told by."""
        return self.options[0]


def find_action(
    ground: Ground,
    action: Action,
    starts: Sequence[int],
    sizes: bool,
    lives: tuple[Lived, Lived],
    progress: Callable[[float], None] = lambda _: None,
) -> Outcome:
    """Every option of an action as an outcome that can be kept. `lives`: without it, with shocks and with
    none."""
    choices = choices_of(action, starts, sizes)
    without, quiet_without = lives
    funder = ground.funders.index(action.funder)
    courses = {choice.name: (choice,) for choice in choices}
    first = choices[0]
    frames: dict[str, pl.DataFrame] = {}
    arrays: dict[str, Floats] = {}
    found: dict[str, Worth] = {}
    # All of the first option is told; of the others only what is valued is needed.
    whole = live(ground, {first.name: courses.pop(first.name)}, without)
    rest = live(ground, courses, without, services=ground.prices.services, progress=progress)
    by_name = {choice.name: (choice,) for choice in choices}
    for name, lived in chain(whole, rest):
        worth = worth_of(ground, by_name[name], lived, without)
        found[name] = worth
        if name == first.name:
            arrays = {f"part.{part}": values for part, values in worth.parts.items()}
            arrays["peaks"] = lived.by_month.max(axis=1)
            frames = lives_told(ground, action.id, by_name[name], lived, without)
    worths = [found[choice.name] for choice in choices]
    arrays["gains"] = np.stack([worth.dividend.gains for worth in worths])
    arrays["costs"] = np.stack([worth.costs[:, funder] for worth in worths])
    arrays["remaining"] = np.stack([worth.remaining for worth in worths])
    arrays["quiet"] = _quiet(ground, first, quiet_without)
    return Outcome(frames, arrays)


def lives_told(
    ground: Ground, name: str, course: tuple[Choice, ...], lived: Lived, without: Lived
) -> dict[str, pl.DataFrame]:
    """The frames that need all of a course's outcomes."""
    return {
        "districts": districts_table(ground, name, course, lived, without),
        "changes": changes_table(ground, name, lived, without),
        "months": months_table(ground, name, lived),
    }


def _quiet(ground: Ground, choice: Choice, without: Lived) -> Floats:
    """Net (F,) in the same futures with every shock taken out."""
    model = replace(ground.model, shocks=())
    matter = ground.prices.services
    _, lived = next(live(ground, {"quiet": (choice,)}, without, model=model, services=matter))
    return worth_of(ground, (choice,), lived, without).dividend.net


def read_action(
    ground: Ground, action: Action, starts: Sequence[int], sizes: bool, kept: Outcome
) -> ActionFound:
    """What was found of an action, from the outcome of its step."""
    choices = choices_of(action, starts, sizes)
    parts = {
        name.removeprefix("part."): kept.arrays[name] for name in kept.arrays if name.startswith("part.")
    }
    each = (kept.arrays[name] for name in ("gains", "costs", "remaining"))
    valued = tuple(
        Valued(choice, _dividend(ground, action, gains, costs @ ground.discount - left), costs, left)
        for choice, gains, costs, left in zip(choices, *each, strict=True)
    )
    return ActionFound(
        valued, parts, kept.arrays["quiet"], kept.arrays["peaks"], {name: kept.frames[name] for name in _TOLD}
    )


def _dividend(ground: Ground, action: Action, gains: Floats, cost: Floats) -> Dividend:
    paid = np.zeros((ground.futures, len(ground.funders)))
    paid[:, ground.funders.index(action.funder)] = cost
    return Dividend(CELLS, ground.funders, gains, paid)
