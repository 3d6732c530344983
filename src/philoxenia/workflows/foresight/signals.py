"""Which sign of what can be counted each month says early enough that a plan will fail.

Owns which indicators are watched and what is then started; the trigger itself is valuation's.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.scenarios.futures.types import Model
from philoxenia.valuation import find_trigger
from philoxenia.valuation.triggers import NEVER
from philoxenia.vocabulary.actions import Action
from philoxenia.workflows.foresight.plans_step import PlanFound

# What a city counts each month, with the months that are averaged before anybody acts on it.
WATCHED = (("shelter_intake", 3), ("arrivals", 3), ("waiting", 1), ("in_shelter", 1))

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


def next_action(plan: PlanFound, ranked: Sequence[Action]) -> Action | None:
    """The best action that the plan does not hold; its own first one where it holds all."""
    inside = {choice.action.id for choice in plan.plan.course}
    outside = [action for action in ranked if action.id not in inside]
    if outside:
        return outside[0]
    return plan.plan.course[0].action if plan.plan.course else None


def triggers_table(
    model: Model, found: Sequence[PlanFound], fails: dict[str, NDArray[np.int64]], ranked: Sequence[Action]
) -> pl.DataFrame:
    """For each plan and indicator the level that warns best; none where a plan always or never fails."""
    rows = []
    for one in found:
        month, action = fails[one.plan.name], next_action(one, ranked)
        failing = month != NEVER
        if action is None or failing.all() or not failing.any():
            continue
        for indicator, window in WATCHED:
            values = one.by_month[:, :, model.month_measures.index(indicator)]
            trigger = find_trigger(values, month, lead=action.lead, window=window)
            told = vars(trigger) | {"plan": one.plan.name, "indicator": indicator, "action": action.id}
            told["unit"] = model.units()[indicator]
            told["warning_months"] = None if np.isnan(trigger.warning_months) else trigger.warning_months
            rows.append({name: told[name] for name in SCHEMA})
    return pl.DataFrame(rows, schema=SCHEMA)
