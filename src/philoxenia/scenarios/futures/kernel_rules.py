"""Allocation of one service under each rule, over all districts at once. `plain_services` says it in words.

Each leaves in `fresh` what is served and in `queue` what is left over; a service that keeps no queue leaves
there what is unmet.
"""

import numpy as np

from philoxenia.scenarios.futures.kernel_shelter import NEED_FIRST
from philoxenia.scenarios.futures.kernel_state import G, Ints, Now, compiled, total
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
    for level in range(priority.max() + 1):
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
        for level in range(priority.max() + 1):
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
def equal_districts(now: Now, s: int) -> None:
    """The same for each person of a district, nobody above what they ask for."""
    asked, heads = np.empty(G), np.empty(G)
    for d in range(now.slack.size):
        for g in range(G):
            asked[g] = now.queue[s, g, d] + now.fresh[g, d]
            heads[g] = now.heads[g, d]
        served = _same_for_each(asked, heads, now.room[d])
        for g in range(G):
            _give(now.queue[s, g], now.fresh[g], d, served[g])


@compiled
def equal_city(now: Now, s: int) -> None:
    """The same for each person of the city, nobody above what they ask for."""
    districts = now.slack.size
    asked, heads = np.empty(G * districts), np.empty(G * districts)
    for g in range(G):
        for d in range(districts):
            asked[g * districts + d] = now.queue[s, g, d] + now.fresh[g, d]
            heads[g * districts + d] = now.heads[g, d]
    served = _same_for_each(asked, heads, total(now.room))
    for g in range(G):
        for d in range(districts):
            _give(now.queue[s, g], now.fresh[g], d, served[g * districts + d])


@compiled
def _same_for_each(asked: np.ndarray, heads: np.ndarray, capacity: float) -> np.ndarray:
    """Fill those who need least first, until what is left is the same for each of the others."""
    each, people = np.empty(asked.size), 0.0
    for i in range(asked.size):
        asks = asked[i] > 0 and heads[i] > 0
        each[i] = asked[i] / heads[i] if asks else np.inf
        people += heads[i] if asks else 0.0
    served = np.zeros(asked.size)
    for i in np.argsort(each):
        if each[i] == np.inf or people <= 0:
            break
        served[i] = min(capacity / people, each[i]) * heads[i]
        capacity = max(capacity - served[i], 0.0)
        people -= heads[i]
    return served
