"""Who gets a place in a shelter: the rules of `plain`, on arrays."""

from philoxenia.scenarios.futures.kernel_state import (
    BAND_OF,
    MONTHS,
    City,
    K,
    Luck,
    Now,
    Plan,
    compiled,
    group_of,
    highest,
    total,
)
from philoxenia.scenarios.futures.kernel_steps import CAPACITY, D_CAPACITY, INTAKE
from philoxenia.scenarios.futures.types import Floats

FIRST_COME, NEED_FIRST, EQUAL_SHARES = range(3)
EVERYBODY = -1


@compiled
def place_in_shelter(city: City, luck: Luck, plan: Plan, now: Now, rule: int, f: int, t: int) -> None:
    """Free places go to those who wait and those who enter; who is left waits."""
    places = city.places * luck.places[f] * luck.drivers[f, t, D_CAPACITY]
    for row in range(plan.kind.size):
        if plan.kind[row] == CAPACITY and plan.target[row] == city.rates.shape[0]:
            places += plan.strength[f, row, t] * total(plan.vector[row])
    places = max(places, 0.0)
    there = 0.0
    for k in range(K):
        there += total(now.shelter[k])
        now.month[INTAKE] += total(now.entering[k])
    if there > places:
        _turn_out(now, 1 - places / there)
    free = max(places - there, 0.0)
    if rule == NEED_FIRST:
        for level in range(highest(city.shelter_priority) + 1):
            free = _admit(city, now, now.waiting, now.entering, True, free, level)
    elif rule == EQUAL_SHARES:
        free = _admit(city, now, now.waiting, now.entering, True, free, EVERYBODY)
    else:
        free = _admit(city, now, now.waiting, now.entering, False, free, EVERYBODY)
        free = _admit(city, now, now.entering, now.waiting, False, free, EVERYBODY)
    for k in range(K):
        for m in range(MONTHS + 1):
            now.waiting[k, m] += now.entering[k, m]


@compiled
def _turn_out(now: Now, share: float) -> None:
    for k in range(K):
        for m in range(MONTHS + 1):
            out = now.shelter[k, m] * share
            now.shelter[k, m] -= out
            now.waiting[k, m] += out


@compiled
def _admit(city: City, now: Now, first: Floats, second: Floats, both: bool, free: float, level: int) -> float:
    """Give free places to the first lot of people, or to both alike."""
    asking = 0.0
    for k in range(K):
        for m in range(MONTHS + 1):
            if level == EVERYBODY or city.shelter_priority[group_of(k, BAND_OF[m])] == level:
                asking += first[k, m] + (second[k, m] if both else 0.0)
    share = min(free / asking, 1.0) if asking > 0 else 0.0
    for k in range(K):
        for m in range(MONTHS + 1):
            if level == EVERYBODY or city.shelter_priority[group_of(k, BAND_OF[m])] == level:
                placed = first[k, m] * share
                first[k, m] -= placed
                now.shelter[k, m] += placed
                if both:
                    placed = second[k, m] * share
                    second[k, m] -= placed
                    now.shelter[k, m] += placed
    return max(free - asking * share, 0.0)
