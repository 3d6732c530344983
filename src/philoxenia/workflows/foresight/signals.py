"""Which sign of what can be counted each month says early enough that a plan will fail, and what then helps.

Owns which indicators are watched, what is started, and that a trigger is judged on futures it was not chosen
on; choosing and judging are valuation's.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from philoxenia.scenarios.futures.types import Floats
from philoxenia.valuation import find_trigger
from philoxenia.valuation.triggers import NEVER, Trigger, judge_trigger
from philoxenia.vocabulary.actions import Action
from philoxenia.workflows.foresight.actions_step import ActionFound
from philoxenia.workflows.foresight.ground import Ground
from philoxenia.workflows.foresight.plans_step import PlanFound
from philoxenia.workflows.foresight.robust import FailureRule, Months
from philoxenia.workflows.foresight.simulated import Lived

# What a city counts each month, the months averaged before anybody acts on it, and the side that warns.
WATCHED = (
    ("shelter_intake", 3, 1.0),
    ("arrivals", 3, 1.0),
    ("exits_to_homes", 3, -1.0),
    ("waiting", 1, 1.0),
    ("in_shelter", 1, 1.0),
)
# Below this share of the failing measure an action does not count as help.
_NO_HELP = 1e-6

SCHEMA = {
    "plan": pl.String,
    "indicator": pl.String,
    "unit": pl.String,
    "window": pl.Int64,
    "threshold": pl.Float64,
    "lead": pl.Int64,
    "action": pl.String,
    "latest_start": pl.Int64,
    "caught": pl.Float64,
    "late": pl.Float64,
    "false_alarms": pl.Float64,
    "precision": pl.Float64,
    "warning_months": pl.Float64,
}


def triggers_table(
    ground: Ground,
    rule: FailureRule,
    found: Sequence[PlanFound],
    fails: dict[str, Months],
    actions: Sequence[ActionFound],
    without: Lived,
) -> pl.DataFrame:
    """For each plan and indicator the level that warns best; none where a plan always or never fails.

    A level below zero means: warns when the indicator falls below its size. `action` is '' where no action
    lowers what fails.
    """
    rows = []
    for one in found:
        month = fails[one.plan.name]
        if not _can_be_judged(month):
            continue
        action = _help(ground, rule, one, month != NEVER, actions, without)
        for indicator, window, side in WATCHED:
            values = side * one.by_month[:, :, ground.model.month_measures.index(indicator)]
            trigger = _judged(values, month, 0 if action is None else action.lead, window)
            told = vars(trigger) | {"plan": one.plan.name, "indicator": indicator}
            told |= {"action": action.id if action else "", "unit": ground.model.units()[indicator]}
            told["warning_months"] = None if np.isnan(trigger.warning_months) else trigger.warning_months
            rows.append({name: told[name] for name in SCHEMA})
    return pl.DataFrame(rows, schema=SCHEMA)


def _can_be_judged(month: Months) -> bool:
    """Whether both halves of the futures hold some that fail and some that do not."""
    halves = (month[0::2] != NEVER, month[1::2] != NEVER)
    return all(half.any() and not half.all() for half in halves)


def _judged(values: Floats, month: Months, lead: int, window: int) -> Trigger:
    """A trigger chosen on every second future and judged on the others."""
    chosen = find_trigger(values[0::2], month[0::2], lead=lead, window=window)
    return judge_trigger(values[1::2], month[1::2], chosen.threshold, lead=lead, window=window)


def _help(
    ground: Ground,
    rule: FailureRule,
    plan: PlanFound,
    failing: np.ndarray[tuple[int], np.dtype[np.bool_]],
    actions: Sequence[ActionFound],
    without: Lived,
) -> Action | None:
    """The action that lowers most, in the failing futures, what makes the plan fail: one that the plan does
    not hold or starts later than at once. None where no action lowers it."""
    at_once = {choice.action.id for choice in plan.plan.course if choice.start == 0}
    free = [one for one in actions if one.first.choice.action.id not in at_once]
    lowered = [_lowered(ground, rule, one, failing, without) for one in free]
    if not lowered or max(lowered) <= _NO_HELP:
        return None
    return free[int(np.argmax(lowered))].first.choice.action


def _lowered(
    ground: Ground,
    rule: FailureRule,
    action: ActionFound,
    failing: np.ndarray[tuple[int], np.dtype[np.bool_]],
    without: Lived,
) -> float:
    """By which share an action alone lowers the peak of what fails, or what it brings where money fails."""
    if rule.measure == "net":
        return float(action.first.dividend.net[failing].mean())
    column = ground.model.month_measures.index(rule.measure)
    before = without.by_month[failing, :, column].max(axis=1)
    return float((before - action.peaks[failing, column]).sum() / max(before.sum(), 1.0))
