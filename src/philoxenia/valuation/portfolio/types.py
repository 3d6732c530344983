"""Options, limits, aims and portfolios: what choosing takes and gives. Owns values; decides nothing.

Axes: F futures, C constituencies, U funders, Y years, R shared capacities.
"""

from dataclasses import dataclass, field

import numpy as np

from philoxenia.valuation.types import Floats, ValuationError

AIMS = ("mean", "cvar", "regret")


def _none() -> Floats:
    return np.zeros((0, 0))


@dataclass(frozen=True)
class Option:
    """One action at one size from one year. At most one option of an action is chosen.

    `value`: (F,) net dividend; `gains`: (C,) mean gain by constituency; `costs`: (U, Y) by funder and year;
    `uses`: (R, Y) of shared capacities.
    """

    action: str
    size: str
    start: int
    value: Floats
    gains: Floats
    costs: Floats
    uses: Floats = field(default_factory=_none)


@dataclass(frozen=True)
class Prerequisite:
    """`action` may start only `years` or more after `needs` has started."""

    action: str
    needs: str
    years: int = 0


@dataclass(frozen=True)
class Limits:
    """What must hold. `budgets`: (U, Y) by funder; `capacities`: (R, Y). `floors`: least mean gain by
    constituency, as (position, amount). `exclusions`: sets of actions of which at most one is chosen.
    `required`: actions that must be in, `banned`: that must not. `funders`, `constituencies`, `resources`:
    names to speak of them by; without names positions are told. `first_year`: what the first year is called.
    """

    budgets: Floats
    capacities: Floats = field(default_factory=_none)
    floors: tuple[tuple[int, float], ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
    exclusions: tuple[frozenset[str], ...] = ()
    required: frozenset[str] = frozenset()
    banned: frozenset[str] = frozenset()
    funders: tuple[str, ...] = ()
    constituencies: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    first_year: int = 1


@dataclass(frozen=True)
class Portfolio:
    """The chosen options. `value`: (F,) of the whole; `objective` is what was maximised (regret: minimised);
    `gap` is the share by which the true optimum may be better."""

    chosen: tuple[Option, ...]
    value: Floats
    gains: Floats
    costs: Floats
    objective: float
    gap: float


@dataclass(frozen=True)
class Aim:
    """What counts: the mean, the mean of the worst `worst_share` of futures, or the least largest regret.

    `gap`: how near to the optimum is near enough, as a share. `effort`: how long to search, in about as many
    seconds of a core, counted in work of the solver: a busy machine gives the same answer.
    """

    name: str = "mean"
    worst_share: float = 0.1
    gap: float = 1e-4
    effort: float = 60.0

    def __post_init__(self) -> None:
        if self.name not in AIMS:
            raise ValuationError(f"A portfolio can aim at {', '.join(AIMS)}, not at {self.name!r}.")
        if not 0 < self.worst_share <= 1:
            raise ValuationError(f"The worst share is {self.worst_share:g}; above 0 and at most 1 is needed.")


@dataclass(frozen=True)
class Reason:
    """Why an action is in or out: `change` is what the objective loses if it were otherwise (None where the
    limits forbid that), `binding` which limits stand against it, `displaced` which actions would give way.
    `sure`: whether `change` is proven to the gap that was asked for."""

    action: str
    is_in: bool
    change: float | None
    binding: tuple[str, ...]
    displaced: tuple[str, ...]
    sure: bool = True
