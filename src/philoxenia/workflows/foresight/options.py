"""From actions to levers: an action at a size from a start, alone or together with others.

Owns what a size multiplies and when things begin; ignores what comes of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from philoxenia.scenarios.futures import Lever, LeverKind, Span
from philoxenia.scenarios.futures.types import Floats
from philoxenia.vocabulary.actions import CERTAINLY, Action, Benefit, Effect

MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Choice:
    """One action at one size from the beginning of one year (0 first)."""

    action: Action
    size: float = 1.0
    start: int = 0

    @property
    def name(self) -> str:
        """`rent_subsidy x 0.5 from year 1`: what tells this choice from others."""
        return f"{self.action.id} x {self.size:g} from year {self.start}"

    @property
    def first_month(self) -> int:
        """The month (0 first) in which it starts."""
        return MONTHS_A_YEAR * self.start


def choices_of(action: Action, starts: Sequence[int], sizes: bool) -> tuple[Choice, ...]:
    """Every size and start of an action; size 1 from the first start comes first."""
    wanted = sorted(action.sizes, key=lambda size: (abs(size - 1), size)) if sizes else [1.0]
    return tuple(Choice(action, size, start) for size in wanted for start in sorted(starts))


def levers_of(choice: Choice) -> tuple[Lever, ...]:
    """What an action changes, as levers. Its cost falls on the first, so that it is paid once.

    Size and start do not change an action's luck: it is the same in every option.
    """
    effects = choice.action.effects
    if not effects:
        return (_paid(choice, _nothing(choice)),)
    first, *others = (_lever(choice, number, effect) for number, effect in enumerate(effects))
    return (_paid(choice, first), *others)


def _lever(choice: Choice, number: int, effect: Effect) -> Lever:
    action = choice.action
    return Lever(
        name=f"{action.id}.{number}",
        action=action.id,
        kind=LeverKind(effect.kind),
        size=effect.size * choice.size,
        target=effect.target,
        relative=effect.relative,
        districts=effect.districts,
        groups=effect.groups,
        bands=effect.bands,
        start=choice.first_month,
        lead=action.lead,
        ramp=action.ramp,
        duration=action.duration,
        effect=Span(*effect.factor),
        cost_factor=Span(*action.cost),
        cost_per_exit=effect.cost_per_exit,
        cost_per_exit_month=effect.cost_per_exit_month,
    )


def _nothing(choice: Choice) -> Lever:
    """A lever that changes nothing in the model: what the action brings is among its benefits."""
    none = Effect(LeverKind.NOTHING, "", 0.0, False, (), (), (), CERTAINLY, 0.0, 0.0, "", "")
    return _lever(choice, 0, none)


def _paid(choice: Choice, lever: Lever) -> Lever:
    action, size = choice.action, choice.size
    return replace(lever, cost_once=action.cost_once * size, cost_per_month=action.cost_per_month * size)


def strength(choice: Choice, months: int) -> Floats:
    """How far the action has grown in each month (T,), from 0 to 1: as its levers do."""
    action = choice.action
    since = np.arange(months) - choice.first_month - action.lead
    grown = np.clip((since + 1) / max(action.ramp, 1), 0.0, 1.0)
    lasting = since < (np.inf if action.duration is None else action.duration)
    return np.asarray(np.where(lasting, grown, 0.0), dtype=np.float64)


def remaining_share(choice: Choice, months: int) -> float:
    """Share of what `cost_once` bought that still stands at the end of the horizon: it wears off evenly over
    its life, from its start. Nothing of an action without a life, or not begun."""
    life, stood = choice.action.life, months - choice.first_month
    return 0.0 if life is None or stood <= 0 else max(0.0, 1.0 - stood / life)


def benefit_units(choice: Choice, benefit: Benefit, months: int) -> Floats:
    """Units of a benefit outside the model in each year (Y,), the last one perhaps begun only."""
    monthly = strength(choice, months) * benefit.amount * choice.size
    starts = np.arange(0, months, MONTHS_A_YEAR)
    return np.asarray(np.add.reduceat(monthly, starts), dtype=np.float64)


def benefits_of(course: Sequence[Choice]) -> Iterator[tuple[str, Choice, Benefit]]:
    """Every benefit of a course of actions, with the name of its value: benefit.<action>.<benefit>."""
    for choice in course:
        for benefit in choice.action.benefits:
            yield f"benefit.{choice.action.id}.{benefit.name}", choice, benefit
