"""The plans together in the futures: what each brings when its actions run beside one another, and to whom.

Owns the joint run, since what two actions bring together is not the sum of what they bring alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.report.foresight import CONSTITUENCIES
from philoxenia.scenarios.futures import Model
from philoxenia.scenarios.futures.types import Floats
from philoxenia.valuation.distribution import SUMMARY, cvar, summary
from philoxenia.workflows.foresight.actions_step import ActionFound, lives_told
from philoxenia.workflows.foresight.ground import Ground
from philoxenia.workflows.foresight.portfolio import WITHOUT, Chooser, Plan, scaled
from philoxenia.workflows.foresight.simulated import Lived, live
from philoxenia.workflows.foresight.worth import Worth, worth_of


@dataclass(frozen=True)
class PlanFound:
    """One plan run as a whole: `worth`, and for plans that are told in full `by_month` (F, T, MM) and the
    frames districts, changes and months."""

    plan: Plan
    worth: Worth
    by_month: Floats
    frames: Mapping[str, pl.DataFrame]

    @property
    def net(self) -> Floats:
        """(F,): the net dividend."""
        return self.worth.dividend.net


def run_plans(
    ground: Ground,
    plans: Sequence[Plan],
    without: Lived,
    told: Sequence[str],
    progress: Callable[[float], None],
) -> list[PlanFound]:
    """Every plan run jointly; those that choose the same are run once. `told`: plans told in full."""
    same: dict[str, list[Plan]] = {}
    for plan in plans:
        same.setdefault(" + ".join(choice.name for choice in plan.course), []).append(plan)
    courses = {key: alike[0].course for key, alike in same.items() if key}
    found: dict[str, PlanFound] = {}
    runs = live(ground, courses, without, progress=progress) if courses else iter(())
    for key, lived in [("", without), *runs]:
        for plan in same.get(key, []):
            in_full = plan.name in told
            frames = lives_told(ground, plan.name, plan.course, lived, without) if in_full else {}
            # A view would hold all plans of a batch in memory; months of other plans are not told.
            months = lived.by_month.copy() if in_full else lived.by_month[:0].copy()
            found[plan.name] = PlanFound(plan, worth_of(ground, plan.course, lived, without), months, frames)
    return [found[plan.name] for plan in plans]


def quiet_net(ground: Ground, plan: Plan, without: Lived, model: Model) -> Floats:
    """Net (F,) of a plan in the same futures under another model, such as one without shocks."""
    runs = live(ground, {plan.name: plan.course}, without, model=model, services=ground.prices.services)
    _, lived = next(runs)
    return worth_of(ground, plan.course, lived, without).dividend.net


def plans_table(ground: Ground, found: Sequence[PlanFound], best: Floats) -> pl.DataFrame:
    """What each plan brings as a whole; regret against the `best` (F,) at the budgets asked, were each future
    known."""
    at_asked = [one.net for one in found if one.plan.share in (0.0, 1.0)]
    best = np.maximum(best, np.max(at_asked, axis=0))
    rows = []
    for one in found:
        told = summary(one.net)
        rows.append(
            {
                "plan": one.plan.name,
                "aim": one.plan.aim,
                "budget_share": one.plan.share,
                "cost": float(one.worth.dividend.costs.sum(axis=1).mean()),
                "net_mean": told["mean"],
                "net_p10": told["p10"],
                "net_p90": told["p90"],
                "cvar": cvar(one.net, ground.worst_share),
                "regret_max": float((np.maximum(best, one.net) - one.net).max()),
                "share_losing": told["share_losing"],
                "sum_of_parts": one.plan.sum_of_parts,
                "gap": one.plan.gap,
            }
        )
    return pl.DataFrame(rows)


def plan_actions_table(chooser: Chooser, ground: Ground, plans: Sequence[Plan]) -> pl.DataFrame:
    """Which actions a plan holds, with what each costs and brings alone, discounted, on average."""
    by_choice = {one.choice.name: one for one in chooser.valued}
    rows = [
        {
            "plan": plan.name,
            "action": choice.action.id,
            "size": choice.size,
            "start_year": choice.start,
            "cost": float(by_choice[choice.name].dividend.costs.sum(axis=1).mean()),
            "net_mean": float(by_choice[choice.name].dividend.net.mean()),
        }
        for plan in plans
        for choice in plan.course
    ]
    schema = {
        "plan": pl.String,
        "action": pl.String,
        "size": pl.Float64,
        "start_year": pl.Int64,
        "cost": pl.Float64,
        "net_mean": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema)


def plan_gains_table(found: Sequence[PlanFound]) -> pl.DataFrame:
    """What each constituency gains by a plan, before costs."""
    rows = [
        {"plan": one.plan.name, "constituency": name, **summary(one.worth.gains[:, column])}
        for one in found
        for column, name in enumerate(CONSTITUENCIES)
    ]
    schema = {"plan": pl.String, "constituency": pl.String} | dict.fromkeys(SUMMARY, pl.Float64)
    return pl.DataFrame(rows, schema=schema)


def plan_costs_table(
    chooser: Chooser, ground: Ground, found: Sequence[PlanFound], actions: Sequence[ActionFound]
) -> pl.DataFrame:
    """What each funder pays in each year (1 first), not discounted, beside its budget (null: no limit); for
    every plan, and for every action alone, where no budget is meant and what still stands at the end counts
    in the last year."""
    schema: dict[str, type[pl.DataType]] = {"plan": pl.String, "funder": pl.String, "year": pl.Int64}
    frames = [
        _costs_of(one.plan.name, ground, one.worth.costs, scaled(chooser.limits.budgets, one.plan.share))
        for one in found
    ]
    for one in actions:
        action = one.first.choice.action
        costs = np.zeros((ground.futures, len(ground.funders), ground.model.years))
        costs[:, ground.funders.index(action.funder)] = one.first.costs
        costs[:, ground.funders.index(action.funder), -1] -= one.first.remaining / ground.discount[-1]
        frames.append(_costs_of(action.id, ground, costs, np.full(costs.shape[1:], np.inf)))
    schema |= dict.fromkeys(("budget", "mean", "p90"), pl.Float64)
    rows = [row for frame in frames for row in frame]
    return pl.DataFrame(rows, schema=schema, orient="row")


def _costs_of(
    name: str, ground: Ground, costs: Floats, budgets: Floats
) -> list[tuple[str, str, int, float | None, float, float]]:
    mean, high = costs.mean(axis=0), np.quantile(costs, 0.9, axis=0)
    return [
        (
            name,
            funder,
            year + 1,
            float(budgets[row, year]) if np.isfinite(budgets[row, year]) else None,
            float(mean[row, year]),
            float(high[row, year]),
        )
        for row, funder in enumerate(ground.funders)
        for year in range(mean.shape[1])
    ]


def main_plans(plans: Sequence[Plan]) -> tuple[str, ...]:
    """The plans that are held against each other: without, the best for each aim at the budgets asked, and
    the planner's own."""
    return tuple(plan.name for plan in plans if plan.share == 1.0 or plan.name == WITHOUT)


def options_table(ground: Ground, found: Sequence[ActionFound]) -> pl.DataFrame:
    """Every option of every action."""
    rows = []
    for one in (option for action in found for option in action.options):
        net = one.dividend.net
        rows.append(
            {
                "option": one.choice.name,
                "action": one.choice.action.id,
                "size": one.choice.size,
                "start_year": one.choice.start,
                "net_mean": float(net.mean()),
                "gross_mean": float(one.dividend.gross.mean()),
                "cost_mean": float(one.dividend.costs.sum(axis=1).mean()),
                "weighted_mean": float(one.dividend.weighted(ground.weights).mean()),
                "share_losing": float((net < 0).mean()),
                "cvar": cvar(net, ground.worst_share),
            }
        )
    return pl.DataFrame(rows)
