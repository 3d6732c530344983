"""Arrays the kernel reads and writes, and the small sums every step needs.

Owns their layout: districts last, so that inner loops run over contiguous memory. Terms are those of
`types`; `plain` says in words what the steps do.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numba import njit
from numpy.typing import NDArray

from philoxenia.scenarios.futures.draws import Draws
from philoxenia.scenarios.futures.levers import LeverArrays
from philoxenia.scenarios.futures.types import (
    BAND_STARTS,
    BANDS,
    CLASSES,
    GROUPS,
    LAST_BAND,
    OLDEST,
    Floats,
    Model,
)

Ints = NDArray[np.int64]

T = TypeVar("T")
_INSIDE: dict[str, Any] = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_UNCOUNTED = _INSIDE | {"_nrt": False}

K, B, G = len(CLASSES), len(BANDS), len(GROUPS)
NEW_BANDS, MONTHS = LAST_BAND, OLDEST
STARTS = np.array([*BAND_STARTS, OLDEST + 1], dtype=np.int64)
BAND_OF = np.array([np.searchsorted(BAND_STARTS, m, side="right") - 1 for m in range(OLDEST + 1)])


def compiled(function: Callable[..., T]) -> Callable[..., T]:
    """Compile a function that only compiled code calls and that makes no arrays.

    Without a way in from Python, which for this many arrays takes long to compile; and without counting who
    refers to an array (`_nrt`), which took a third of the time of running: `run` holds them all.
    """
    made: Callable[..., T] = njit(**_UNCOUNTED)(function)
    return made


def allocating(function: Callable[..., T]) -> Callable[..., T]:
    """Compile a function that only compiled code calls and that makes or copies arrays."""
    made: Callable[..., T] = njit(**_INSIDE)(function)
    return made


class City(NamedTuple):
    """What is the same in every future; letters as in `types`."""

    in_homes: Floats
    homes_months: Floats
    shelter_months: Floats
    waiting_months: Floats
    arrival_classes: Floats
    homeless_classes: Floats
    vacant: Floats
    added: Floats
    departing: Floats
    shelter_districts: Floats
    to_homes: Floats
    to_elsewhere: Floats
    shelter_priority: Ints
    rates: Floats
    capacity: Floats
    eligible: Floats
    pooled: Ints
    keeps: Floats
    priority: Ints
    places: float
    per_home: float
    moving: float
    network: float
    vacancy_pull: float
    stop_waiting: float
    stopped_leave: float
    stay_near: float
    back_after: int


class Luck(NamedTuple):
    """What differs by future: the arrays of `Draws`."""

    flows: Floats
    drivers: Floats
    struck: NDArray[np.uint8]
    rates: Floats
    capacities: Floats
    places: Floats
    settling: Floats


class Plan(NamedTuple):
    """The levers: the arrays of `LeverArrays`."""

    kind: Ints
    target: Ints
    vector: Floats
    mask: Floats
    strength: Floats
    spent: Floats
    per_exit: Floats


class Now(NamedTuple):
    """One future's state and room to work in. `homes` (K, B, D), `slack` (D,): vacant homes less people's
    homes that are short; `offered` (D,): homes on offer; `queue` (S, G, D). `tally` (M, G, D): the
    year so far. `system` (2, G): its person-months waiting and in shelter. `month` (MM,): counts."""

    homes: Floats
    homes_months: Floats
    shelter: Floats
    waiting: Floats
    entering: Floats
    slack: Floats
    offered: Floats
    queue: Floats
    weights: Floats
    taken: Floats
    exits: Floats
    departures: Floats
    entries: Floats
    use: Floats
    opened: Floats
    brought_about: Floats
    people: Floats
    heads: Floats
    fresh: Floats
    barred: Floats
    given: Floats
    asked: Floats
    room: Floats
    rows: Floats
    tally: Floats
    system: Floats
    month: Floats


def city_arrays(model: Model) -> City:
    """The model as the kernel reads it."""
    services, homes, shelter = model.services, model.homes, model.shelter

    def floats(values: object) -> Floats:
        return np.ascontiguousarray(values, dtype=np.float64)

    def ints(values: object) -> Ints:
        return np.ascontiguousarray(values, dtype=np.int64)

    shape, districts = (len(services), K, B), len(model.districts)
    return City(
        floats(model.in_homes),
        floats(model.homes_months),
        floats(model.shelter_months),
        floats(model.waiting_months),
        floats(model.arrival_classes),
        floats(model.homeless_classes),
        floats(homes.vacant),
        floats(homes.added),
        floats(homes.departing),
        floats(shelter.districts),
        floats(shelter.to_homes),
        floats(shelter.to_elsewhere),
        ints(shelter.priority),
        floats([s.rates for s in services]).reshape(shape),
        floats([s.capacity for s in services]).reshape(len(services), districts),
        floats([s.eligible for s in services]).reshape(shape),
        ints([s.pooled for s in services]),
        floats([s.keeps for s in services]),
        ints([s.priority for s in services]).reshape(len(services), G),
        float(shelter.places),
        float(homes.persons_per_home),
        float(homes.moving),
        float(homes.network),
        float(homes.vacancy_pull),
        float(shelter.stop_waiting),
        float(shelter.stopped_leave_city),
        float(shelter.stay_near),
        int(shelter.back_after),
    )


def luck_arrays(draws: Draws) -> Luck:
    """Draws as the kernel reads them."""
    return Luck(
        np.maximum(draws.flows, 0.0),
        draws.drivers,
        draws.struck,
        draws.rates,
        draws.capacities,
        draws.places,
        draws.settling,
    )


def plan_arrays(levers: LeverArrays) -> Plan:
    """Levers as the kernel reads them."""
    return Plan(
        levers.kind,
        levers.target,
        levers.vector,
        levers.mask,
        levers.strength,
        levers.spent,
        levers.per_exit,
    )


@allocating
def make_room(city: City, levers: int, measures: int, month_measures: int) -> Now:
    """Room for one future's state."""
    services, districts = city.rates.shape[0], city.vacant.size
    months = (K, MONTHS + 1)
    return Now(
        np.zeros((K, B, districts)),
        np.zeros(months),
        np.zeros(months),
        np.zeros(months),
        np.zeros(months),
        np.zeros(districts),
        np.zeros(districts),
        np.zeros((services, G, districts)),
        np.zeros(districts),
        np.zeros(districts),
        np.ones((K, B)),
        np.ones((K, B)),
        np.ones((K, B)),
        np.ones((services, K, B)),
        np.zeros((services, K, B)),
        np.zeros(levers),
        np.zeros((K, B, districts)),
        np.zeros((G, districts)),
        np.zeros((G, districts)),
        np.zeros((G, districts)),
        np.zeros((G, districts)),
        np.zeros((K, B)),
        np.zeros(districts),
        np.zeros((6, districts)),
        np.zeros((measures, G, districts)),
        np.zeros((2, G)),
        np.zeros(month_measures),
    )


@allocating
def begin(city: City, now: Now) -> None:
    """The state before the first month; what each month sets anew is left as it was."""
    now.homes[:] = city.in_homes
    now.homes_months[:] = city.homes_months
    now.shelter[:] = city.shelter_months
    now.waiting[:] = city.waiting_months
    now.slack[:] = city.vacant
    now.queue[:] = 0.0
    now.brought_about[:] = 0.0
    now.tally[:] = 0.0
    now.system[:] = 0.0


@compiled
def total(values: Floats) -> float:
    """Sum in a fixed order of four strands, so that processors overlap additions and bytes stay the same."""
    a, b, c, d = 0.0, 0.0, 0.0, 0.0
    whole = values.size - values.size % 4
    for i in range(0, whole, 4):
        a += values[i]
        b += values[i + 1]
        c += values[i + 2]
        d += values[i + 3]
    for i in range(whole, values.size):
        a += values[i]
    return (a + b) + (c + d)


@compiled
def group_of(k: int, band: int) -> int:
    """The group of a class and band."""
    return k + K if band == NEW_BANDS else k


@compiled
def highest(numbers: Ints) -> int:
    """The largest number, as `max` without an array of its own."""
    most: int = numbers[0]
    for i in range(numbers.size):
        most = max(most, numbers[i])
    return most
