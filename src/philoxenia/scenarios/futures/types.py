"""What the futures model is made of: people, homes, shelters, services, shocks and levers as arrays.

Owns shapes and units; ignores where the numbers come from and how a month is stepped.

Axes: K classes, B bands of months since arrival, G groups, D districts, S services, T months, Y years,
F futures, P arrival paths, L levers. Newcomers are the bands below 60 months, long-term residents the last
band, so that the eight groups are a partition: class k in band b is group k, or 4 + k in the last band.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from philoxenia.vocabulary import PhiloxeniaError

Floats = NDArray[np.float64]

CLASSES = ("children", "women", "men", "older")
BANDS = ("0-2", "3-5", "6-11", "12-23", "24-59", "60+")
BAND_STARTS = (0, 3, 6, 12, 24, 60)
OLDEST = 60
LAST_BAND = len(BANDS) - 1
GROUPS = tuple(f"{who}_{kind}" for who in ("newcomer", "long_term") for kind in CLASSES)
CONSTITUENCIES = ("newcomers", "long_term_residents")

FLOWS = (
    "newcomers_to_shelter",
    "newcomers_to_homes",
    "long_term_from_homes",
    "newcomers_from_homes",
    "newcomers_back",
    "long_term_back",
)
DRIVERS = ("exits", "departures", "homes_added", "capacity", "displaced")
PEOPLE_MEASURES = ("waiting", "in_shelter", "in_homes", "exits_to_homes")
CITY_MEASURES = ("arrivals", "left_city", "people", "shelter_intake", "vacant_homes", "without_own_home")
SHELTER, HOMES = "shelter", "homes"


class FuturesError(PhiloxeniaError):
    """A model, design or lever that cannot be simulated; the message says which and how to mend it."""

    exit_code = 5


class Rule(StrEnum):
    """Who is served first where capacity is short.

    `first_come`: those who already wait, then new demand, each in proportion. `need_first`: groups in the
    model's order of priority. `equal_shares`: the same amount for each person, nobody above what they need.
    """

    FIRST_COME = "first_come"
    NEED_FIRST = "need_first"
    EQUAL_SHARES = "equal_shares"


class LeverKind(StrEnum):
    """What a lever changes; `nothing` in the model, where an action only costs and benefits beside it."""

    CAPACITY = "capacity"
    EXITS = "exits"
    DEPARTURES = "departures"
    ENTRIES = "entries"
    USE = "use"
    ELIGIBILITY = "eligibility"
    REACH = "reach"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Span:
    """An uncertain number: low, most likely and high of a triangular distribution."""

    low: float
    mode: float
    high: float


CERTAIN = Span(1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Service:
    """One service: units one person asks for in a month, and what there is.

    `rates` (K, B): units a person and month. `capacity` (D,): units a month, already shared within reach;
    `placed` (D,): the same where it stands. `sharing` (D, D): share of a unit placed in column j that serves
    row i. `pooled`: one capacity for the city. `keeps`: share of unmet demand that asks again next month.
    `eligible` (K, B): share of people who may use it. `priority` (G,): order under `need_first`, 0 first.
    `rate_factor`, `capacity_factor`: uncertainty, relative to the numbers here.
    """

    name: str
    unit: str
    rates: Floats
    capacity: Floats
    placed: Floats
    pooled: bool = False
    keeps: float = 0.0
    sharing: Floats | None = None
    eligible: Floats = field(default_factory=lambda: np.ones((len(CLASSES), len(BANDS))))
    priority: tuple[int, ...] = (0, 1, 1, 0, 0, 1, 1, 0)
    rate_factor: Span = CERTAIN
    capacity_factor: Span = CERTAIN


@dataclass(frozen=True)
class Shock:
    """A named event whose occurrence, date, size and duration (months) differ by future; a row of shocks.csv.

    In a month of the event a flow or driver is multiplied by 1 + coefficient x size (`factors`, by name of
    `FLOWS` or `DRIVERS`). `added`: people in all, as coefficient x size, spread over the duration, by name
    of `FLOWS`. `displaced`: share of the people in homes of the districts hit who lose them in the first
    month. `struck`: share of districts hit.
    """

    name: str
    probability_per_year: float
    size: Span
    duration: Span
    factors: Mapping[str, float] = field(default_factory=dict)
    added: Mapping[str, float] = field(default_factory=dict)
    displaced: float = 0.0
    struck: float = 0.0


@dataclass(frozen=True)
class Homes:
    """Where people come to live, and how many homes there are.

    `vacant`, `added` (D,): homes empty at the start, homes more each month. `shares` (D,): last known shares
    of settlement. `rent` (D,): relative to the city. `moving`: share of newcomers who change district in a
    month; `departing` (2,): share of newcomers and of long-term residents who leave the city.
    `network`, `vacancy_pull`: weights 0..1 of newcomers already there and of vacant homes.
    """

    vacant: Floats
    added: Floats
    shares: Floats
    rent: Floats
    persons_per_home: float
    moving: float
    departing: tuple[float, float]
    network: float
    vacancy_pull: float
    rent_elasticity: Span


@dataclass(frozen=True)
class ShelterSystem:
    """Places, who leaves and who gives up. Shares are of people in shelter (or waiting) in a month, for
    newcomers and long-term residents: `to_homes`, `to_elsewhere` (2,). `districts` (D,): where places are.
    `stop_waiting`: of those left waiting; `stopped_leave_city`: of these, the rest stays with others.
    `stay_near`: share of exits that look for a home in the shelter's district. `back_after`: months since
    arrival of newcomers who come back to a shelter after they were lost sight of."""

    places: float
    districts: Floats
    to_homes: tuple[float, float]
    to_elsewhere: tuple[float, float]
    stop_waiting: float
    stopped_leave_city: float
    stay_near: float
    back_after: int = 6
    priority: tuple[int, ...] = (0, 1, 1, 0, 0, 1, 1, 0)
    capacity_factor: Span = CERTAIN


@dataclass(frozen=True)
class Model:
    """A city from which futures start. `homes_months`, `shelter_months` (K, 61): people in homes and in
    shelter by months since arrival, the last column 60 and over; `waiting_months` likewise; `in_homes`
    (K, B, D) the same people by district. `paths`: (P, T) people a month for each of `FLOWS`.
    `arrival_classes`, `homeless_classes` (K,): shares of classes among arrivals, and among long-term
    residents who come to the shelters. `exit_factor`, `rent_growth` (share a year), `departure_factor`:
    uncertain; `exit_rent_elasticity`: per cent fewer exits for one per cent higher rent."""

    districts: tuple[str, ...]
    months: tuple[str, ...]
    in_homes: Floats
    homes_months: Floats
    shelter_months: Floats
    waiting_months: Floats
    paths: Mapping[str, Floats]
    arrival_classes: Floats
    homeless_classes: Floats
    homes: Homes
    shelter: ShelterSystem
    services: tuple[Service, ...]
    shocks: tuple[Shock, ...] = ()
    exit_factor: Span = CERTAIN
    departure_factor: Span = CERTAIN
    rent_growth: Span = Span(0.0, 0.0, 0.0)
    exit_rent_elasticity: float = 0.0
    near: NDArray[np.int64] | None = None
    distances_km: Floats | None = None
    notes: tuple[str, ...] = ()

    @property
    def years(self) -> int:
        """Years of the horizon, the last one perhaps begun only."""
        return -(-len(self.months) // 12)

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """What is counted for each group and district."""
        by_service = (
            f"{kind}.{service.name}" for service in self.services for kind in ("served", "unmet", "queue")
        )
        return (*PEOPLE_MEASURES, *by_service)

    @cached_property
    def month_measures(self) -> tuple[str, ...]:
        """What is counted for the city in each month."""
        idle = tuple(f"idle.{service.name}" for service in self.services)
        return (*self.measures, *idle, *CITY_MEASURES)

    def with_notes(self, notes: tuple[str, ...]) -> "Model":
        """The same model with these sentences on what is missing or assumed."""
        return replace(self, notes=notes)

    def units(self) -> dict[str, str]:
        """The unit of each measure. Sums over months; `queue` counts a unit in each month it waits."""
        people = dict.fromkeys(PEOPLE_MEASURES, "person-months") | {"exits_to_homes": "persons"}
        city = {name: "homes" if name == "vacant_homes" else "persons" for name in CITY_MEASURES}
        given = {
            f"{kind}.{service.name}": service.unit + (" x months waited" if kind == "queue" else "")
            for service in self.services
            for kind in ("served", "unmet", "queue", "idle")
        }
        return people | city | given


@dataclass(frozen=True)
class Lever:
    """One thing an action changes. Costs are in the city's currency at today's prices.

    `kind`, `target`: what changes; the target of `capacity` is a service, "shelter" (places) or "homes"; of
    `use`, `eligibility` and `reach` a service. `size`: units in all for `capacity` (a share of what there is
    with `relative`), a share for rates (0.2: a fifth more), kilometres for `reach`. `districts`: where;
    empty is everywhere, by need. `groups`, `bands`: whom rates and eligibility concern; empty is everybody.
    Starts in month `start` (0 first), works from `lead` months later, grows over `ramp` months, lasts
    `duration` months (None: to the end). `effect`, `lead_factor`, `cost_factor`: uncertainty by future.
    `cost_once` falls due at the start; `cost_per_month` while it works, in proportion to the ramp;
    `cost_per_exit`, `cost_per_exit_month`: of exits to homes it brings about, once and every month after.
    `action`: whose luck in effect, lead and cost this is; levers of one action share it, the same in every
    plan; empty is the lever's own name.
    """

    name: str
    kind: LeverKind
    size: float
    target: str = ""
    relative: bool = False
    districts: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    bands: tuple[str, ...] = ()
    start: int = 0
    lead: int = 0
    ramp: int = 0
    duration: int | None = None
    effect: Span = CERTAIN
    lead_factor: Span = CERTAIN
    cost_factor: Span = CERTAIN
    cost_once: float = 0.0
    cost_per_month: float = 0.0
    cost_per_exit: float = 0.0
    cost_per_exit_month: float = 0.0
    action: str = ""

    @property
    def luck(self) -> str:
        """The name its effect, lead and cost are drawn by."""
        return self.action or self.name

    def span(self, draw: str) -> Span:
        """The range of its `effect`, `lead` or `cost`."""
        return {"effect": self.effect, "lead": self.lead_factor, "cost": self.cost_factor}[draw]


def constituency_of(group: int) -> int:
    """0 for a group of newcomers, 1 for one of long-term residents."""
    return group // len(CLASSES)
