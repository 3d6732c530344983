"""Why each action is in a portfolio or out of it: what the aim would lose otherwise, and what forbids it."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from philoxenia.valuation.portfolio.choosing import Chooser
from philoxenia.valuation.portfolio.rows import name_at
from philoxenia.valuation.portfolio.types import Aim, Limits, Option, Portfolio, Reason
from philoxenia.valuation.types import Floats, ValuationError


def reasons(
    options: Sequence[Option],
    limits: Limits,
    found: Portfolio,
    aim: Aim | None = None,
    *,
    effort_each: float = 5.0,
) -> tuple[Reason, ...]:
    """A reason for every action, by solving again with it banned or required: one program an action.

    Programs share what bounds they found. One that asks more than `effort_each` gives its best so far,
    and `sure` is then False.
    """
    aim = aim or Aim()
    chosen = {id(option) for option in found.chosen}
    taken = np.array([id(option) in chosen for option in options], dtype=np.float64)
    chooser = Chooser(options, limits, replace(aim, effort=effort_each), known=[taken])
    inside = {option.action for option in found.chosen}
    actions = dict.fromkeys(option.action for option in options)
    return tuple(_reason(action, chooser, found, inside) for action in actions)


def _reason(action: str, chooser: Chooser, found: Portfolio, inside: set[str]) -> Reason:
    is_in, limits, turned = action in inside, chooser.limits, frozenset({action})
    if action in limits.required or action in limits.banned:
        asked = "required" if action in limits.required else "banned"
        return Reason(action, is_in, None, (f"{asked} {action}",), ())
    changed = (
        replace(limits, banned=limits.banned | turned)
        if is_in
        else replace(limits, required=limits.required | turned)
    )
    try:
        other = chooser.under(changed)
    except ValuationError:
        return Reason(action, is_in, None, _standing_against(action, chooser.options, limits), ())
    sign = -1.0 if chooser.aim.name == "regret" else 1.0
    left = {option.action for option in other.chosen}
    displaced = tuple(sorted(inside - left - turned))
    against = () if is_in else _standing_against(action, chooser.options, limits, found)
    # Below zero the plan itself was not the best, as its gap says: nothing is lost by changing it.
    change = max(sign * (found.objective - other.objective), 0.0)
    return Reason(action, is_in, change, against, displaced, other.gap <= chooser.aim.gap + 1e-9)


def _standing_against(
    action: str, options: Sequence[Option], limits: Limits, found: Portfolio | None = None
) -> tuple[str, ...]:
    """Which limits the option of an action that breaks fewest would break beside what is chosen already."""
    mine = [option for option in options if option.action == action]
    told = [(*_overdrawn(option, limits, found), *_under_floor(option, limits, found)) for option in mine]
    chosen = {option.action for option in found.chosen} if found is not None else set()
    return (*min(told, key=len), *_rules(action, limits, chosen))


def _overdrawn(option: Option, limits: Limits, found: Portfolio | None) -> list[str]:
    """Budgets by the first year that is overdrawn; capacities likewise."""
    spent = found.costs if found is not None else np.zeros_like(option.costs)
    used = np.zeros_like(option.uses) if found is None else _used(found, option)
    told = _first_over("budget", option.costs, spent, limits.budgets, limits.funders, limits.first_year)
    if limits.capacities.size:
        told += _first_over(
            "capacity", option.uses, used, limits.capacities, limits.resources, limits.first_year
        )
    return told


def _used(found: Portfolio, option: Option) -> Floats:
    return np.asarray(sum((one.uses for one in found.chosen), np.zeros_like(option.uses)))


def _first_over(
    kind: str, asked: Floats, used: Floats, there: Floats, names: tuple[str, ...], first_year: int
) -> list[str]:
    over = (asked > 0) & (asked + used > there + 1e-9 * np.maximum(np.abs(there), 1.0))
    years = [(row, int(over[row].argmax())) for row in np.flatnonzero(over.any(axis=1))]
    # Without names a reader could take the year for a part of the position.
    return [
        f"{kind} {names[row]} {first_year + year}" if row < len(names) else f"{kind} {row}"
        for row, year in years
    ]


def _under_floor(option: Option, limits: Limits, found: Portfolio | None) -> list[str]:
    gains = found.gains if found is not None else np.zeros_like(option.gains)
    after = gains + option.gains
    return [
        f"floor {name_at(limits.constituencies, place)}"
        for place, least in limits.floors
        if option.gains[place] < 0 and after[place] < least - 1e-9 * max(1.0, abs(least))
    ]


def _rules(action: str, limits: Limits, chosen: set[str]) -> list[str]:
    needs = [rule.needs for rule in limits.prerequisites if rule.action == action]
    against = [group & chosen - {action} for group in limits.exclusions if action in group]
    told = [f"needs {needed}" for needed in needs if needed not in chosen]
    return told + [f"excluded by {', '.join(sorted(names))}" for names in against if names]
