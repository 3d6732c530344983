"""Greedy maximum coverage, and what no package can exceed."""

from typing import Any

import numpy as np

from philoxenia.needs.travel import Floats

Bools = np.ndarray[Any, np.dtype[np.bool_]]
# Nemhauser, Wolsey and Fisher 1978 (a number of programmes); Khuller, Moss and Naor 1999 (a budget, the
# better of greedy by gain for cost and the best single programme).
BY_NUMBER = 1 - 1 / np.e
BY_BUDGET = (1 - 1 / np.e) / 2


def greedy(covers: Bools, worth: Floats, cost: Floats, budget: float, most: int, price: Floats) -> list[int]:
    """Take again and again the programme that gains most for its `price` and can still be paid.

    Ties go to the earlier programme. Stops where nothing gains.
    """
    chosen: list[int] = []
    while len(chosen) < most:
        payable = cost <= budget - cost[chosen].sum() + 1e-9
        payable[chosen] = False
        rate = np.where(payable, gains_of(covers, worth, chosen) / price, -1.0)
        best = int(np.argmax(rate))
        if rate[best] <= 0:
            break
        chosen.append(best)
    return chosen


def best_choice(
    covers: Bools, worth: Floats, cost: Floats, budget: float, most: int, price: Floats
) -> list[int]:
    """The better of greedy and the best programme alone, without which a budget has no bound."""
    chosen = greedy(covers, worth, cost, budget, most, price)
    alone = np.where(cost <= budget + 1e-9, covers @ worth, -1.0)
    single = int(np.argmax(alone))
    return [single] if alone[single] > value_of(covers, worth, chosen) else chosen


def gains_of(covers: Bools, worth: Floats, chosen: list[int]) -> Floats:
    """What each programme would add to those chosen."""
    reached = covers[chosen].any(axis=0)
    gains: Floats = covers.astype(float) @ np.where(reached, 0.0, worth)
    return gains


def value_of(covers: Bools, worth: Floats, chosen: list[int]) -> float:
    """What the chosen reach together."""
    return float(worth[covers[chosen].any(axis=0)].sum())


def upper_bound(
    covers: Bools, worth: Floats, cost: Floats, budget: float, most: int, chosen: list[int]
) -> float:
    """No package within budget and number reaches more (Leskovec et al. 2007, section 3.2).

    For any A: best <= f(A) + the most that gains over A can bring as a fractional knapsack. Taken over the
    prefixes of the choice, and never above all there is.
    """
    bounds = [float(worth[covers.any(axis=0)].sum())]
    for size in range(len(chosen) + 1):
        so_far = chosen[:size]
        gains = gains_of(covers, worth, so_far)
        by_number = np.sort(gains)[::-1][:most].sum()
        more = min(by_number, _fractional(gains, cost, budget))
        bounds.append(value_of(covers, worth, so_far) + float(more))
    return min(bounds)


def _fractional(gains: Floats, cost: Floats, budget: float) -> float:
    order = np.argsort(-gains / cost, kind="stable")
    before = np.cumsum(cost[order]) - cost[order]
    taken = np.clip((budget - before) / cost[order], 0.0, 1.0)
    return float((gains[order] * taken).sum())
