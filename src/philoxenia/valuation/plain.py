"""Obvious slow versions, held against the fast ones by tests: loops, and every portfolio tried."""

from collections.abc import Mapping, Sequence
from itertools import product

import numpy as np

from philoxenia.valuation.distribution import cvar
from philoxenia.valuation.dividend import Dividend
from philoxenia.valuation.portfolio import Aim, Limits, Option
from philoxenia.valuation.types import PILLARS, Floats, Outcomes, UnitValue


def dividend_of(
    with_action: Outcomes,
    without: Outcomes,
    values: Sequence[UnitValue],
    rate: float,
    future: int,
    drawn: Mapping[str, Floats] | None = None,
) -> dict[tuple[str, str], float]:
    """What each constituency gains by pillar in one future: sums written out."""
    found = {(name, pillar.value): 0.0 for name in without.constituencies for pillar in PILLARS}
    for c, name in enumerate(without.constituencies):
        for year in range(without.amounts.shape[1]):
            for value in values:
                m = without.measures.index(value.measure)
                more = with_action.amounts[future, year, c, m] - without.amounts[future, year, c, m]
                drawn_here = (drawn or {}).get(value.measure)
                worth = value.value if drawn_here is None else float(drawn_here[future])
                found[name, value.pillar.value] += float(more) * worth / (1 + rate) ** year
    return found


def net_of(found: Dividend, future: int) -> float:
    """Gains minus costs of one future, added one by one."""
    gains = sum(float(amount) for row in found.gains[future] for amount in row)
    return gains - sum(float(cost) for cost in found.costs[future])


def portfolios_by_trying(options: Sequence[Option], limits: Limits) -> list[Floats]:
    """What every portfolio that keeps the limits is worth (F,); for a handful of options."""
    worth = []
    for taken in product((False, True), repeat=len(options)):
        chosen = [option for option, is_in in zip(options, taken, strict=True) if is_in]
        if _keeps(chosen, limits):
            worth.append(sum((option.value for option in chosen), np.zeros_like(options[0].value)))
    return worth


def best_by_trying(options: Sequence[Option], limits: Limits, aim: Aim) -> float:
    """The best of an aim over every portfolio that keeps the limits; the least, for regret."""
    worth = portfolios_by_trying(options, limits)
    if aim.name == "mean":
        return max(float(value.mean()) for value in worth)
    if aim.name == "cvar":
        return max(cvar(value, aim.worst_share) for value in worth)
    best = [max(float(value[future]) for value in worth) for future in range(worth[0].size)]
    return min(max(best[f] - float(value[f]) for f in range(value.size)) for value in worth)


def _keeps(chosen: Sequence[Option], limits: Limits) -> bool:
    names = [option.action for option in chosen]
    starts = {option.action: option.start for option in chosen}
    if len(set(names)) < len(names) or limits.banned & set(names) or limits.required - set(names):
        return False
    if any(len(group & set(names)) > 1 for group in limits.exclusions):
        return False
    for rule in limits.prerequisites:
        if rule.action in starts and starts.get(rule.needs, float("inf")) > starts[rule.action] - rule.years:
            return False
    for place, least in limits.floors:
        if sum(float(option.gains[place]) for option in chosen) < least - 1e-9:
            return False
    return all(
        sum(float(option.costs[u, y]) for option in chosen) <= limits.budgets[u, y] + 1e-9
        for u in range(limits.budgets.shape[0])
        for y in range(limits.budgets.shape[1])
    )
