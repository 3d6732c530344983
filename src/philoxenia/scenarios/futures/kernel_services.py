"""Who asks for how much of each service, and who is served. The same as `plain`, over districts at once."""

from philoxenia.scenarios.futures.kernel_rules import (
    equal_shares,
    first_come,
    need_first,
    one_pool,
)
from philoxenia.scenarios.futures.kernel_shelter import EQUAL_SHARES, NEED_FIRST
from philoxenia.scenarios.futures.kernel_state import (
    NEW_BANDS,
    STARTS,
    B,
    City,
    G,
    K,
    Luck,
    Now,
    Plan,
    compiled,
    group_of,
    total,
)
from philoxenia.scenarios.futures.kernel_steps import CAPACITY, D_CAPACITY
from philoxenia.scenarios.futures.types import PEOPLE_MEASURES, Floats

FIRST = len(PEOPLE_MEASURES)
SERVED, UNMET, QUEUE = range(3)


@compiled
def gather_people(city: City, now: Now) -> None:
    """People by class, band and district: in homes, and in the shelter system where the shelters are."""
    now.heads[:] = 0.0
    for k in range(K):
        for band in range(B):
            system, group = 0.0, group_of(k, band)
            for m in range(STARTS[band], STARTS[band + 1]):
                system += now.shelter[k, m] + now.waiting[k, m]
            for d in range(now.slack.size):
                here = now.homes[k, band, d] + system * city.shelter_districts[d]
                now.people[k, band, d] = here
                now.heads[group, d] += here


@compiled
def ask(city: City, luck: Luck, now: Now, f: int, s: int) -> bool:
    """Demand of each group by district, and that of people not allowed in; whether there is any of that."""
    barred = False
    rates = now.asked
    for k in range(K):
        for band in range(B):
            rates[k, band] = city.rates[s, k, band] * luck.rates[f, s] * max(now.use[s, k, band], 0.0)
            may = min(max(city.eligible[s, k, band] + now.opened[s, k, band], 0.0), 1.0)
            barred = barred or (may < 1.0 and rates[k, band] > 0.0)
    now.fresh[:] = 0.0
    now.barred[:] = 0.0
    for k in range(K):
        if not barred and _even(rates, k):
            _ask_together(now.fresh[k], now.heads[k], rates[k, 0])
            _ask_together(now.fresh[k + K], now.heads[k + K], rates[k, NEW_BANDS])
            continue
        for band in range(B):
            may = min(max(city.eligible[s, k, band] + now.opened[s, k, band], 0.0), 1.0)
            group = group_of(k, band)
            _ask_apart(now.fresh[group], now.barred[group], now.people[k, band], rates[k, band], may)
    return barred


@compiled
def _even(rates: Floats, k: int) -> bool:
    alike = True
    for band in range(1, NEW_BANDS):
        alike = alike and rates[k, band] == rates[k, 0]
    return alike


@compiled
def _ask_together(fresh: Floats, heads: Floats, rate: float) -> None:
    """Where time since arrival does not matter, a group asks as one."""
    for d in range(fresh.size):
        fresh[d] = heads[d] * rate


@compiled
def _ask_apart(fresh: Floats, barred: Floats, people: Floats, rate: float, may: float) -> None:
    if rate > 0.0:
        for d in range(fresh.size):
            asked = people[d] * rate
            fresh[d] += asked * may
            barred[d] += asked * (1 - may)


@compiled
def find_room(city: City, luck: Luck, plan: Plan, now: Now, f: int, t: int, s: int) -> None:
    """Capacity of one service by district this month, levers included."""
    factor = luck.capacities[f, s] * luck.drivers[f, t, D_CAPACITY]
    for d in range(now.slack.size):
        now.room[d] = city.capacity[s, d] * factor
    for row in range(plan.kind.size):
        strength = plan.strength[f, row, t]
        if plan.kind[row] == CAPACITY and plan.target[row] == s and strength != 0.0:
            for d in range(now.slack.size):
                now.room[d] += strength * plan.vector[row, d]
    for d in range(now.slack.size):
        now.room[d] = max(now.room[d], 0.0)


@compiled
def serve(city: City, luck: Luck, plan: Plan, now: Now, rule: int, f: int, t: int) -> None:
    """Every service of the month."""
    gather_people(city, now)
    for s in range(city.rates.shape[0]):
        barred = ask(city, luck, now, f, s)
        find_room(city, luck, plan, now, f, t, s)
        room = total(now.room)
        if rule == EQUAL_SHARES:
            equal_shares(now, s, city.pooled[s] == 1)
        elif city.pooled[s] == 1:
            one_pool(now, city.priority[s], rule, s)
        elif rule == NEED_FIRST:
            need_first(now, city.priority[s], s)
        else:
            first_come(now, s, city.keeps[s] > 0.0)
        served = _settle_accounts(city, now, s, barred)
        now.month[FIRST + 3 * city.rates.shape[0] + s] += max(room - served, 0.0)


@compiled
def _settle_accounts(city: City, now: Now, s: int, barred: bool) -> float:
    """Count served, unmet and carried over. The rules left `fresh` as served, `queue` as not."""
    keeps, first = city.keeps[s], FIRST + 3 * s
    for row in range(3):
        now.rows[row] = 0.0
    for g in range(G):
        for d in range(now.slack.size):
            now.tally[first + SERVED, g, d] += now.fresh[g, d]
            now.rows[SERVED, d] += now.fresh[g, d]
        for d in range(now.slack.size):
            unmet = now.queue[s, g, d] * (1 - keeps)
            now.tally[first + UNMET, g, d] += unmet
            now.rows[UNMET, d] += unmet
        _carry_over(now.queue[s, g], now.tally[first + QUEUE, g], now.rows[QUEUE], keeps)
        if barred:
            _count_barred(now.tally[first + UNMET, g], now.rows[UNMET], now.barred[g])
    for row in range(3):
        now.month[first + row] += total(now.rows[row])
    return total(now.rows[SERVED])


@compiled
def _carry_over(queue: Floats, tally: Floats, waits: Floats, keeps: float) -> None:
    if keeps <= 0.0:
        queue[:] = 0.0
        return
    for d in range(queue.size):
        kept = queue[d] * keeps
        queue[d] = kept
        tally[d] += kept
        waits[d] += kept


@compiled
def _count_barred(tally: Floats, unmet: Floats, barred: Floats) -> None:
    for d in range(barred.size):
        tally[d] += barred[d]
        unmet[d] += barred[d]
