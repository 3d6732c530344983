"""Everything a study tells: plans chosen and run, dividends, robustness, boxes and triggers.

Owns which result becomes which table; the numbers are those of the steps before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from philoxenia import __version__
from philoxenia.lake.source import engine_fingerprint
from philoxenia.reference import Parameters
from philoxenia.report.foresight import TABLES, Foresight
from philoxenia.report.types import CityFacts
from philoxenia.scenarios.futures.types import Floats
from philoxenia.valuation.information import expected_value_of_perfect_information, value_of_knowing
from philoxenia.valuation.triggers import NEVER
from philoxenia.workflows.foresight.actions_step import ActionFound
from philoxenia.workflows.foresight.declared import declared_tables
from philoxenia.workflows.foresight.dividends import (
    Told,
    dividends_table,
    drivers_table,
    samples_table,
    switching_table,
)
from philoxenia.workflows.foresight.ground import Ground
from philoxenia.workflows.foresight.labels import labels_of
from philoxenia.workflows.foresight.plans_step import (
    PlanFound,
    main_plans,
    options_table,
    plan_actions_table,
    plan_costs_table,
    plan_gains_table,
    plans_table,
    quiet_net,
    run_plans,
)
from philoxenia.workflows.foresight.portfolio import (
    WITHOUT,
    Chooser,
    Plan,
    chooser_of,
    least_regret,
    pareto_table,
    plan_name,
    plans_of,
    reasons_table,
)
from philoxenia.workflows.foresight.progress import CHOOSING, ROBUST, TOGETHER, Progress
from philoxenia.workflows.foresight.robust import (
    FailureRule,
    boxes_table,
    failures_table,
    robustness_table,
    rule_of,
)
from philoxenia.workflows.foresight.settings import ForesightSettings
from philoxenia.workflows.foresight.signals import triggers_table
from philoxenia.workflows.foresight.simulated import Lived, live_without
from philoxenia.workflows.foresight.uncertain import drivers_of, futures_table

Tables = dict[str, pl.DataFrame]
_PRICES = ("value", "benefit", "cost")


@dataclass(frozen=True)
class Found:
    """What tables are made of: `actions` each alone, `plans` as a whole, those among them that are held
    against each other (`held`), and the futures (`futures`, as `futures_table`).
    `best` (F,): what each future would reach if it were known."""

    ground: Ground
    parameters: Parameters
    settings: ForesightSettings
    without: Lived
    actions: Sequence[ActionFound]
    plans: Sequence[PlanFound]
    held: Sequence[PlanFound]
    futures: pl.DataFrame
    best: Floats

    @property
    def main(self) -> PlanFound:
        """The plan that was asked for."""
        name = plan_name(self.settings.aim, 1.0)
        return next(one for one in self.plans if one.plan.name == name)


def told(
    ground: Ground,
    parameters: Parameters,
    settings: ForesightSettings,
    without: Lived,
    actions: Sequence[ActionFound],
    progress: Progress,
) -> Foresight:
    """Choose, run the plans as a whole, and tell everything; city and districts are still empty."""
    chooser, plans, tables, notes, best = _chosen(ground, settings, actions, progress)
    compared = main_plans(plans)
    progress(TOGETHER, 0.0, "")
    runs = run_plans(ground, plans, without, compared, lambda done: progress(TOGETHER, min(done, 0.999), ""))
    progress(TOGETHER, 1.0, f"{len(plans)} plans")
    progress(ROBUST, 0.0, "")
    found = Found(
        ground=ground,
        parameters=parameters,
        settings=settings,
        without=without,
        actions=actions,
        plans=runs,
        held=[one for one in runs if one.plan.name in compared],
        futures=futures_table(ground, settings.catalogue.actions, without),
        best=best,
    )
    tables |= declared_tables(settings.catalogue, ground.model, ground.weights)
    tables |= _dividend_tables(found) | _plan_tables(found, chooser) | _robust_tables(found)
    progress(ROBUST, 1.0, f"{tables['boxes'].height} limits of boxes, {tables['triggers'].height} triggers")
    return _foresight(found, {name: tables[name] for name in TABLES}, notes)


def _chosen(
    ground: Ground, settings: ForesightSettings, actions: Sequence[ActionFound], progress: Progress
) -> tuple[Chooser, list[Plan], Tables, list[str], Floats]:
    progress(CHOOSING, 0.0, "")
    chooser = chooser_of(settings, actions, ground.funders)
    plans, portfolios, notes = plans_of(chooser)
    plans, best = least_regret(chooser, plans, portfolios)
    progress(CHOOSING, 0.5, "")
    asked = portfolios[plan_name(settings.aim, 1.0)]
    tables = {
        "options": options_table(ground, actions),
        "reasons": reasons_table(chooser, asked),
        "pareto": pareto_table(chooser),
    }
    progress(CHOOSING, 1.0, f"{len(plans)} plans")
    return chooser, plans, tables, notes, best


def _foresight(found: Found, tables: Tables, notes: Sequence[str]) -> Foresight:
    ground, settings = found.ground, found.settings
    return Foresight(
        city=CityFacts("", ""),
        districts=pl.DataFrame(),
        settings=settings.as_mapping(),
        tables=tables,
        main_plan=found.main.plan.name,
        months=ground.model.months,
        futures=ground.futures,
        seed=settings.seed,
        rate=ground.rate,
        worst_share=ground.worst_share,
        evpi=expected_value_of_perfect_information(np.stack([one.net for one in found.held])),
        rule=settings.rule,
        version=f"{__version__} ({engine_fingerprint()[:12]})",
        notes=tuple(notes),
        labels=labels_of(settings.catalogue, _names(tables)),
    )


def _told_of(found: Found) -> list[Told]:
    """Every action alone, and the plan asked for."""
    alone = [
        Told(name, (name,), one.first.dividend, one.parts, one.quiet, one.first.remaining)
        for name, one in ((one.first.choice.action.id, one) for one in found.actions)
    ]
    main = found.main
    quiet = np.zeros(found.ground.futures)
    if main.plan.course:
        model = replace(found.ground.model, shocks=())
        quiet = quiet_net(found.ground, main.plan, live_without(found.ground, model), model)
    worth = main.worth
    whole = Told(main.plan.name, _inside([main]), worth.dividend, worth.parts, quiet, worth.remaining)
    return [*alone, whole]


def _inside(plans: Sequence[PlanFound]) -> tuple[str, ...]:
    """Ids of the actions that any of these plans holds."""
    return tuple(dict.fromkeys(choice.action.id for one in plans for choice in one.plan.course))


def _dividend_tables(found: Found) -> Tables:
    courses = _told_of(found)
    frames = [*(one.frames for one in found.actions), found.main.frames]
    months = [one.frames["months"] for one in found.held] + [one.frames["months"] for one in found.actions]
    values = np.stack([one.net for one in found.held])
    return {
        "dividends": dividends_table(found.ground, courses),
        "samples": samples_table(found.ground, courses),
        "districts": pl.concat([one["districts"] for one in frames]),
        "changes": pl.concat([one["changes"] for one in frames]),
        "drivers": drivers_table(courses, found.futures),
        "switching": switching_table(courses, _current_values(found)),
        "knowing": value_of_knowing(values, drivers_of(found.futures, _inside(found.held))),
        "months": pl.concat(months),
    }


def _current_values(found: Found) -> dict[str, float]:
    """The likely price of each measure and benefit."""
    prices = found.ground.prices
    pairs = zip(prices.measures, prices.likely, strict=True)
    current = {f"value.{name}": float(value) for name, value in pairs}
    for action in found.settings.catalogue.actions:
        current |= {f"benefit.{action.id}.{one.name}": one.value[1] for one in action.benefits}
    return current


def _plan_tables(found: Found, chooser: Chooser) -> Tables:
    plans = [one.plan for one in found.plans]
    return {
        "plans": plans_table(found.ground, found.plans, found.best),
        "plan_actions": plan_actions_table(chooser, found.ground, plans),
        "plan_gains": plan_gains_table(found.plans),
        "plan_costs": plan_costs_table(chooser, found.ground, found.plans, found.actions),
    }


def _robust_tables(found: Found) -> Tables:
    model, held = found.ground.model, found.held
    share = found.parameters["valuation.failing_share"]
    rule = rule_of(found.settings.failure, model, found.without, share)
    fails = {one.plan.name: rule.fails_at(model, one.by_month, one.net) for one in held}
    drivers = {one.plan.name: _drivers_of_failure(found, one, rule) for one in held}
    more = [pl.Series(f"net.{one.plan.name}", one.net) for one in held]
    more += [pl.Series(f"fails.{name}", month != NEVER) for name, month in fails.items()]
    return {
        "robustness": robustness_table(found.settings, held, found.best),
        "failures": failures_table(rule, fails, WITHOUT),
        "boxes": boxes_table(drivers, fails, found.parameters["valuation.least_density"]),
        "triggers": triggers_table(found.ground, rule, held, fails, found.actions, found.without),
        "futures": found.futures.with_columns(more),
    }


def _drivers_of_failure(found: Found, plan: PlanFound, rule: FailureRule) -> Mapping[str, Floats]:
    """Uncertainties that can make a plan fail: prices only where failure is about money."""
    drivers = drivers_of(found.futures, _inside([plan]))
    if rule.measure == "net":
        return drivers
    return {name: drawn for name, drawn in drivers.items() if name.split(".")[0] not in _PRICES}


def _names(tables: Tables) -> list[str]:
    """Every name of an uncertainty, plan, measure or action that the tables use."""
    names = [*tables["futures"].columns, *tables["plans"]["plan"], *tables["actions"]["action"]]
    measures = pl.concat([tables["changes"]["measure"], tables["months"]["measure"]])
    return [*names, *measures.unique(maintain_order=True)]
