"""Allocation of one service under each rule, over all districts at once. `plain_services` says it in words.

Each leaves in `fresh` what is served and in `queue` what is left over; a service that keeps no queue leaves
there what is unmet.
"""

from philoxenia.scenarios.futures.kernel_shelter import NEED_FIRST
from philoxenia.scenarios.futures.kernel_state import G, Ints, Now, compiled, highest, total
from philoxenia.scenarios.futures.types import Floats


@compiled
def first_come(now: Now, s: int, queues: bool) -> None:
    """Those who wait first, then new demand, each in proportion, district by district."""
    districts = now.slack.size
    old, new = now.rows[3], now.rows[4]
    old[:] = 0.0
    new[:] = 0.0
    for g in range(G):
        for d in range(districts):
            new[d] += now.fresh[g, d]
        if queues:
            for d in range(districts):
                old[d] += now.queue[s, g, d]
    for d in range(districts):
        to_old = min(now.room[d] / old[d], 1.0) if old[d] > 0 else 0.0
        rest = max(now.room[d] - old[d] * to_old, 0.0)
        new[d] = min(rest / new[d], 1.0) if new[d] > 0 else 0.0
        old[d] = to_old
    for g in range(G):
        if queues:
            _give_rows(now.queue[s, g], now.fresh[g], old, new)
        else:
            for d in range(districts):
                served = now.fresh[g, d] * new[d]
                now.queue[s, g, d] = now.fresh[g, d] - served
                now.fresh[g, d] = served


@compiled
def _give_rows(queue: Floats, fresh: Floats, to_old: Floats, to_new: Floats) -> None:
    """Serve these shares by district; what is served stands in `fresh`, what is left in `queue`."""
    for d in range(fresh.size):
        served = queue[d] * to_old[d] + fresh[d] * to_new[d]
        queue[d] = max(queue[d] + fresh[d] - served, 0.0)
        fresh[d] = served


@compiled
def _give(queue: Floats, fresh: Floats, d: int, served: float) -> None:
    queue[d] = max(queue[d] + fresh[d] - served, 0.0)
    fresh[d] = served


@compiled
def need_first(now: Now, priority: Ints, s: int) -> None:
    """Groups in the order of priority, each in proportion, district by district."""
    asked, share = now.rows[3], now.rows[4]
    for level in range(highest(priority) + 1):
        asked[:] = 0.0
        for g in range(G):
            if priority[g] == level:
                for d in range(asked.size):
                    asked[d] += now.queue[s, g, d] + now.fresh[g, d]
        for d in range(asked.size):
            share[d] = min(now.room[d] / asked[d], 1.0) if asked[d] > 0 else 0.0
            now.room[d] = max(now.room[d] - asked[d] * share[d], 0.0)
        for g in range(G):
            if priority[g] == level:
                _give_rows(now.queue[s, g], now.fresh[g], share, share)


@compiled
def one_pool(now: Now, priority: Ints, rule: int, s: int) -> None:
    """First come or need first, with one capacity for the whole city."""
    room = total(now.room)
    if rule == NEED_FIRST:
        for level in range(highest(priority) + 1):
            asked = 0.0
            for g in range(G):
                if priority[g] == level:
                    asked += total(now.queue[s, g]) + total(now.fresh[g])
            share = min(room / asked, 1.0) if asked > 0 else 0.0
            room = max(room - asked * share, 0.0)
            for g in range(G):
                if priority[g] == level:
                    _give_all(now.queue[s, g], now.fresh[g], share, share)
        return
    old, new = 0.0, 0.0
    for g in range(G):
        old += total(now.queue[s, g])
        new += total(now.fresh[g])
    to_old = min(room / old, 1.0) if old > 0 else 0.0
    rest = max(room - old * to_old, 0.0)
    to_new = min(rest / new, 1.0) if new > 0 else 0.0
    for g in range(G):
        _give_all(now.queue[s, g], now.fresh[g], to_old, to_new)


@compiled
def _give_all(queue: Floats, fresh: Floats, to_old: float, to_new: float) -> None:
    for d in range(fresh.size):
        _give(queue, fresh, d, queue[d] * to_old + fresh[d] * to_new)


@compiled
def equal_shares(now: Now, s: int, pooled: bool) -> None:
    """The same for each person of a district, or of the city, nobody above what they ask for."""
    districts = now.slack.size
    for g in range(G):
        for d in range(districts):
            # Who asks is open, minus one; the others get nothing.
            asks = now.queue[s, g, d] + now.fresh[g, d] > 0.0 and now.heads[g, d] > 0.0
            now.given[g, d] = -1.0 if asks else 0.0
    if pooled:
        _same_for_each(now, s, 0, districts, total(now.room))
    else:
        for d in range(districts):
            _same_for_each(now, s, d, d + 1, now.room[d])
    for g in range(G):
        for d in range(districts):
            _give(now.queue[s, g], now.fresh[g], d, now.given[g, d])


@compiled
def _same_for_each(now: Now, s: int, first: int, last: int, capacity: float) -> None:
    """Fill those who need less than what is left for each, until nobody does; the others get that."""
    filled = 1
    while filled > 0:
        people, filled, used = 0.0, 0, 0.0
        for g in range(G):
            for d in range(first, last):
                people += now.heads[g, d] if now.given[g, d] < 0.0 else 0.0
        each = capacity / people if people > 0.0 else 0.0
        for g in range(G):
            for d in range(first, last):
                asked = now.queue[s, g, d] + now.fresh[g, d]
                if now.given[g, d] < 0.0 and asked <= each * now.heads[g, d]:
                    now.given[g, d] = asked
                    used += asked
                    filled += 1
        capacity = max(capacity - used, 0.0)
    for g in range(G):
        for d in range(first, last):
            if now.given[g, d] < 0.0:
                now.given[g, d] = each * now.heads[g, d]
