"""Actions a city can take: what each changes, costs and brings beside. Values only; nothing is computed here.

Shares, factors and amounts are those of the action at size 1 and full strength, in the city's currency at
today's prices. A range is (low, likely, high) of a triangular distribution; factors are relative to 1.
"""

from dataclasses import dataclass, field

Range = tuple[float, float, float]
CERTAINLY: Range = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Effect:
    """One thing an action changes in the model of a city: a row of `action_effects`.

    `kind`, `target`, `size`, `relative`, `districts`, `groups`, `bands`: as a lever of the futures model.
    `factor`: how uncertain the effect is. Costs `per_exit`, `per_exit_month`: of exits to homes it brings
    about, once and every month after.
    """

    kind: str
    target: str
    size: float
    relative: bool
    districts: tuple[str, ...]
    groups: tuple[str, ...]
    bands: tuple[str, ...]
    factor: Range
    cost_per_exit: float
    cost_per_exit_month: float
    source: str
    date: str


@dataclass(frozen=True)
class Benefit:
    """Something an action brings that the model does not follow: a row of `action_benefits`.

    `amount`: units in a month at full strength. `value`: (low, likely, high) money a unit. `groups`: to whom,
    in proportion to their number; empty is everybody. `pillar`: a part of the triple dividend.
    """

    name: str
    unit: str
    amount: float
    value: Range
    pillar: str
    groups: tuple[str, ...]
    source: str
    date: str


@dataclass(frozen=True)
class Action:
    """One action of a catalogue: a row of `actions` with its effects and benefits.

    `lead`, `ramp`, `duration` in months (`duration` None: to the end). `cost_once` falls due at the start,
    `cost_per_month` while it works; `cost`: factor on both. `life`: months that what `cost_once` buys lasts
    from its start, in equal parts (None: nothing remains at the end of the horizon). `sizes`: multiples of
    size 1 that can be chosen. `needs`: actions that must have started; `excludes`: actions that cannot be
    taken beside it.
    """

    id: str
    title: str
    summary: str
    blueprint: tuple[str, ...]
    crf_goals: tuple[int, ...]
    funder: str
    lead: int
    ramp: int
    duration: int | None
    cost_once: float
    cost_per_month: float
    cost: Range
    cost_source: str
    cost_date: str
    sizes: tuple[float, ...] = (1.0,)
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    note: str = ""
    effects: tuple[Effect, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    life: int | None = None
    changed: tuple[str, ...] = field(default=())
