"""What a course of actions is worth: what happens with it and without, at each future's own prices.

Owns cells, benefits outside the model and where they fall; the definition of the dividend is valuation's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from philoxenia.scenarios.futures.types import CLASSES, GROUPS, Floats
from philoxenia.valuation import Dividend, Outcomes, dividend
from philoxenia.valuation.types import Pillar, UnitValue
from philoxenia.workflows.foresight.cells import CELLS, MEMBERS, in_cells
from philoxenia.workflows.foresight.ground import Ground
from philoxenia.workflows.foresight.options import benefit_units, benefits_of
from philoxenia.workflows.foresight.simulated import Course, Lived, unrounded

_PEOPLE = ("in_homes", "in_shelter", "waiting")


@dataclass(frozen=True)
class Benefits:
    """Benefits outside the model: `money` (F, Y, G) by name; `pillars` in the same order."""

    money: dict[str, Floats]
    pillars: tuple[Pillar, ...]


@dataclass(frozen=True)
class Worth:
    """`dividend`: by cell and pillar, discounted. `parts` (F,) by name of a measure or benefit add up to the
    gross dividend. `costs` (F, U, Y): what is paid, not discounted; `remaining` (F,): what still stands at
    the end of it, discounted, which the dividend's costs count."""

    dividend: Dividend
    parts: dict[str, Floats]
    costs: Floats
    remaining: Floats

    @property
    def gains(self) -> Floats:
        """(F, constituencies): before costs; constituencies overlap."""
        return np.asarray(self.dividend.by_constituency @ MEMBERS)


def worth_of(ground: Ground, course: Course, lived: Lived, without: Lived) -> Worth:
    """The dividend of a course, and through which measures and benefits it comes."""
    benefits = _benefits(ground, course, without)
    prices = ground.prices
    measures = (*prices.measures, *benefits.money)
    columns = list(prices.columns)
    priced = [
        UnitValue(name, "money", 1.0, 1.0, 1.0, pillar, "")
        for name, pillar in zip(measures, (*prices.pillars, *benefits.pillars), strict=True)
    ]
    own = np.stack([*benefits.money.values()], axis=-1) if benefits.money else None
    outcomes = [
        Outcomes(
            CELLS, measures, ground.funders, _money(ground, each.by_group[..., columns], beside), _paid(each)
        )
        for each, beside in ((lived, own), (without, None if own is None else np.zeros_like(own)))
    ]
    found = dividend(outcomes[0], outcomes[1], priced, ground.rate)
    through = np.einsum("fycm,y->fm", outcomes[0].amounts - outcomes[1].amounts, ground.discount)
    parts = {name: through[:, column] for column, name in enumerate(measures)}
    remaining = lived.remaining.sum(axis=1) * ground.discount[-1]
    return Worth(found, parts, lived.costs - without.costs, remaining)


def _paid(lived: Lived) -> Floats:
    """Costs (F, Y, U) as valuation wants them; what still stands at the end counts in the last year."""
    paid = np.swapaxes(lived.costs, 1, 2).copy()
    paid[:, -1] -= lived.remaining
    return paid


def _money(ground: Ground, amounts: Floats, beside: Floats | None) -> Floats:
    """Money (F, Y, cells, measures and benefits) of what happens by group (F, Y, G, V)."""
    money = in_cells(amounts, ground.prices.measures) * ground.prices.drawn[:, None, None, :]
    if beside is None:
        return money
    # A benefit comes to a group wherever its people live.
    spread = np.concatenate([beside, np.zeros_like(beside)], axis=2)
    return np.concatenate([money, spread], axis=-1)


def _benefits(ground: Ground, course: Course, without: Lived) -> Benefits:
    money, pillars = {}, []
    months = len(ground.model.months)
    for name, choice, benefit in benefits_of(course):
        units = benefit_units(choice, benefit, months)
        worth = ground.price(name, benefit.value)[:, None] * units[None, :]
        money[name] = worth[:, :, None] * _shares(ground, without, benefit.groups)
        pillars.append(Pillar(benefit.pillar))
    return Benefits(money, tuple(pillars))


def _shares(ground: Ground, without: Lived, groups: Sequence[str]) -> Floats:
    """Share (F, Y, G) of each group in the people a benefit is for, as they are without any action."""
    columns = [ground.model.measures.index(name) for name in _PEOPLE]
    people = without.by_group[..., columns].sum(axis=-1)
    meant = np.array([not groups or group in groups for group in GROUPS])
    return _of_whole(np.where(meant, people, 0.0), np.broadcast_to(meant, people.shape), axis=2)


def _of_whole(part: Floats, alike: Floats, axis: int) -> Floats:
    """Shares along an axis; the same for each of `alike` where there is nobody."""
    whole = part.sum(axis=axis, keepdims=True)
    even = alike / alike.sum(axis=axis, keepdims=True)
    return np.asarray(np.where(whole > 0, part / np.where(whole > 0, whole, 1.0), even))


def by_district(ground: Ground, course: Course, lived: Lived, without: Lived) -> Floats:
    """Gains (F, D, 2) of newcomers and long-term residents by district, before costs; they add up to gross.

    Benefits outside the model come to districts in proportion to a population's people in homes there.
    """
    columns = list(ground.prices.columns)
    before = without.by_district[..., columns]
    change = unrounded(lived.by_district[..., columns], before) - before
    gains = np.einsum("fdpv,fv->fdp", change, ground.prices.drawn)
    homes = without.by_district[..., ground.model.measures.index("in_homes")]
    spread = _of_whole(homes, np.ones_like(homes), axis=1)
    for money in _benefits(ground, course, without).money.values():
        worth = np.einsum("fyg,y->fg", money, ground.discount)
        newcomers, long_term = np.split(worth, [len(CLASSES)], axis=1)
        gains += spread * np.stack([newcomers.sum(axis=1), long_term.sum(axis=1)], axis=1)[:, None, :]
    return np.asarray(gains)
