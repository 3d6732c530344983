"""Foresight from a city package to everything it tells: levers, futures, values, plans, signs.

Owns the order of the steps, what is kept between runs, and progress; each step is a file of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from philoxenia import __version__
from philoxenia.exchange import City
from philoxenia.exchange.actions import notes_on
from philoxenia.reference import Parameters
from philoxenia.report.foresight import CONSTITUENCIES, TABLES, Foresight
from philoxenia.report.types import CityFacts
from philoxenia.scenarios.futures import Model, sample_futures
from philoxenia.scenarios.futures.types import Floats, Shock, Span
from philoxenia.valuation.information import expected_value_of_perfect_information, value_of_knowing
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows.findings import city_facts
from philoxenia.workflows.foresight.actions_step import ActionFound, find_action, read_action
from philoxenia.workflows.foresight.declared import declared_tables, weights_of
from philoxenia.workflows.foresight.dividends import (
    Told,
    dividends_table,
    drivers_table,
    samples_table,
    switching_table,
)
from philoxenia.workflows.foresight.ground import Ground, prices_of
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
    chooser_of,
    pareto_table,
    plan_name,
    plans_of,
    reasons_table,
)
from philoxenia.workflows.foresight.robust import boxes_table, failures_table, robustness_table, rule_of
from philoxenia.workflows.foresight.settings import ForesightSettings
from philoxenia.workflows.foresight.signals import triggers_table
from philoxenia.workflows.foresight.simulated import Lived, live_without
from philoxenia.workflows.foresight.uncertain import drivers_of, futures_table
from philoxenia.workflows.futures_step import model_from_city
from philoxenia.workflows.run import city_fingerprint
from philoxenia.workflows.steps import KeptOutcomes, Outcome, engine_fingerprint, key_of

Progress = Callable[[str, float, str], None]

MODEL = "Who may come, and the model"
ACTIONS = "Each action, with and without"
CHOOSING = "Choosing under the budgets"
TOGETHER = "The plans as a whole"
ROBUST = "Where plans break"
STEPS = (MODEL, ACTIONS, CHOOSING, TOGETHER, ROBUST)


def _silent(_step: str, _share_done: float, _found: str = "") -> None:
    """Progress that nobody looks at."""


@dataclass(frozen=True)
class Subject:
    """What is looked at: a city's model and facts. `key`: everything these depend on, for what is kept."""

    model: Model
    facts: CityFacts
    districts: pl.DataFrame
    parameters: Parameters
    key: str
    notes: tuple[str, ...] = ()


def run_foresight(
    city: City,
    settings: ForesightSettings,
    *,
    kept: Path | None = None,
    progress: Progress = _silent,
) -> Foresight:
    """Which actions of a city pay back, for whom, in which futures, and what its budgets buy best.

    Actions simulated earlier with the same city, futures and numbers are taken from the folder `kept`; other
    budgets, aims, floors and failures never simulate an action again. Raises `PhiloxeniaError`.
    """
    progress(MODEL, 0.0, "")
    model = model_from_city(city, settings.months, settings.seed)
    subject = Subject(
        model=_with_shocks(model, settings),
        facts=city_facts(city),
        districts=city.districts,
        parameters=city.parameters,
        key=city_fingerprint(city),
        notes=notes_on(city, settings.catalogue.actions),
    )
    said = f"{len(model.districts)} districts, {len(model.services)} services, {settings.futures:,} futures"
    progress(MODEL, 1.0, said)
    return foresee(subject, settings, kept=kept, progress=progress)


def _with_shocks(model: Model, settings: ForesightSettings) -> Model:
    """The model with the planner's own chances, sizes and durations; a chance of 0 takes a shock out."""
    changed = [_changed(shock, settings.shocks.get(shock.name, {})) for shock in model.shocks]
    return replace(model, shocks=tuple(shock for shock in changed if shock.probability_per_year > 0))


def _changed(shock: Shock, change: Mapping[str, float]) -> Shock:
    return replace(
        shock,
        probability_per_year=change.get("probability_per_year", shock.probability_per_year),
        size=_moved(shock.size, change.get("size")),
        duration=_moved(shock.duration, change.get("months")),
    )


def _moved(span: Span, mode: float | None) -> Span:
    if mode is None or span.mode == 0:
        return span
    return Span(span.low * mode / span.mode, mode, span.high * mode / span.mode)


def foresee(
    subject: Subject, settings: ForesightSettings, *, kept: Path | None = None, progress: Progress = _silent
) -> Foresight:
    """The same for a model that is there already."""
    if not settings.catalogue.actions:
        raise PhiloxeniaError(
            "There is no action to look at: add rows to the table actions of the city package, or name "
            "actions of your own under `added`."
        )
    ground, notes = ground_of(subject, settings)
    without = live_without(ground)
    actions = _each_action(ground, subject, settings, without, KeptOutcomes(kept), progress)
    return _told(ground, subject, settings, without, actions, notes, progress)


def ground_of(subject: Subject, settings: ForesightSettings) -> tuple[Ground, tuple[str, ...]]:
    """What all simulations share, and sentences on what is missing."""
    model, catalogue = subject.model, settings.catalogue
    design = sample_futures(model, settings.futures, settings.seed, settings.sampling)
    prices, on_prices = prices_of(catalogue.values, model, design)
    weights, on_weights = weights_of(catalogue, model, subject.parameters["valuation.elasticity"])
    ground = Ground(
        model=model,
        design=design,
        rule=settings.rule,
        rate=subject.parameters["valuation.discount_per_year"],
        worst_share=settings.worst_share,
        prices=prices,
        weights=weights,
        funders=catalogue.funders,
    )
    return ground, (*subject.notes, *on_prices, *on_weights, *model.notes)


def _each_action(
    ground: Ground,
    subject: Subject,
    settings: ForesightSettings,
    without: Lived,
    kept: KeptOutcomes,
    progress: Progress,
) -> list[ActionFound]:
    shared = [subject.key, *_shared_parts(ground, settings)]
    lives: list[tuple[Lived, Lived]] = []
    found, again, whole = [], 0, len(settings.catalogue.actions)

    def both() -> tuple[Lived, Lived]:
        if not lives:
            lives.append((without, live_without(ground, replace(ground.model, shocks=()))))
        return lives[0]

    for number, action in enumerate(settings.catalogue.actions):

        def compute(action=action, number=number) -> Outcome:  # type: ignore[no-untyped-def]
            return find_action(
                ground,
                action,
                settings.starts,
                settings.sizes,
                both(),
                lambda done: progress(ACTIONS, min((number + done) / whole, 0.999), action.title),
            )

        progress(ACTIONS, number / whole, action.title)
        outcome, reused = kept.get_or_compute(
            f"action.{action.id}.", key_of([*shared, repr(action)]), compute
        )
        again += reused
        found.append(read_action(ground, action, settings.starts, settings.sizes, outcome))
    options = sum(len(one.options) for one in found)
    said = f", {again} kept from an earlier run" if again else ""
    progress(ACTIONS, 1.0, f"{whole} actions, {options} options{said}")
    return found


def _shared_parts(ground: Ground, settings: ForesightSettings) -> list[str]:
    """Everything but the city and the action that an action's outcome depends on."""
    numbers = (settings.months, settings.futures, settings.seed, settings.starts, settings.sizes, ground.rate)
    texts = (settings.rule, settings.sampling, ground.funders)
    shocks = [repr(shock) for shock in ground.model.shocks]
    return [repr(numbers), repr(texts), *shocks, settings.catalogue.values.write_json()]


def _told(
    ground: Ground,
    subject: Subject,
    settings: ForesightSettings,
    without: Lived,
    actions: list[ActionFound],
    notes: tuple[str, ...],
    progress: Progress,
) -> Foresight:
    main = plan_name(settings.aim, 1.0)
    progress(CHOOSING, 0.0, "")
    chooser = chooser_of(settings, actions, ground.funders)
    plans, portfolios, said = plans_of(chooser)
    progress(CHOOSING, 0.5, "")
    tables = {
        "options": options_table(ground, actions),
        "reasons": reasons_table(chooser, portfolios[main], ground.funders),
        "pareto": pareto_table(chooser),
    }
    progress(CHOOSING, 1.0, f"{len(plans)} plans")
    progress(TOGETHER, 0.0, "")
    compared = main_plans(chooser, plans)
    found = run_plans(ground, plans, without, compared, lambda done: progress(TOGETHER, min(done, 0.999), ""))
    progress(TOGETHER, 1.0, f"{len(plans)} plans")
    progress(ROBUST, 0.0, "")
    told = _told_of(ground, actions, found, main)
    futures = futures_table(ground, settings.catalogue.actions, without)
    tables |= declared_tables(settings.catalogue, ground.model, ground.weights)
    tables |= _dividend_tables(ground, settings, told, actions, found, futures, main)
    tables |= {
        "plans": plans_table(ground, found, compared),
        "plan_actions": plan_actions_table(chooser, ground, plans),
        "plan_gains": plan_gains_table(found),
        "plan_costs": plan_costs_table(chooser, ground, found),
    }
    held = [one for one in found if one.plan.name in compared]
    tables |= _robust_tables(ground, subject, settings, without, actions, held, futures)
    nets = {f"net.{one.plan.name}": one.net for one in held}
    tables["futures"] = futures.with_columns(pl.Series(name, values) for name, values in nets.items())
    progress(ROBUST, 1.0, f"{tables['boxes'].height} limits of boxes, {tables['triggers'].height} triggers")
    return Foresight(
        city=subject.facts,
        districts=subject.districts,
        settings=settings.as_mapping(),
        tables={name: tables[name] for name in TABLES},
        main_plan=main,
        months=ground.model.months,
        futures=ground.futures,
        seed=settings.seed,
        rate=ground.rate,
        worst_share=ground.worst_share,
        evpi=expected_value_of_perfect_information(np.stack([one.net for one in held])),
        rule=settings.rule,
        version=f"{__version__} ({engine_fingerprint()[:12]})",
        notes=tuple(dict.fromkeys((*said, *settings.notes, *notes))),
        labels=labels_of(settings.catalogue, _names(tables)),
    )


def _told_of(ground: Ground, actions: list[ActionFound], found: list[PlanFound], main: str) -> list[Told]:
    told = [
        Told(
            one.first.choice.action.id,
            (one.first.choice.action.id,),
            one.first.dividend,
            one.parts,
            one.quiet,
        )
        for one in actions
    ]
    plan = next(one for one in found if one.plan.name == main)
    quiet = np.zeros(ground.futures)
    if plan.plan.course:
        model = replace(ground.model, shocks=())
        quiet = quiet_net(ground, plan.plan, live_without(ground, model), model)
    inside = tuple(choice.action.id for choice in plan.plan.course)
    return [*told, Told(main, inside, plan.worth.dividend, plan.worth.parts, quiet)]


def _dividend_tables(
    ground: Ground,
    settings: ForesightSettings,
    told: list[Told],
    actions: list[ActionFound],
    found: list[PlanFound],
    futures: pl.DataFrame,
    main: str,
) -> dict[str, pl.DataFrame]:
    lives = [one.frames for one in actions] + [one.frames for one in found if one.plan.name == main]
    current = {
        f"value.{name}": value
        for name, value in zip(ground.prices.measures, ground.prices.likely, strict=True)
    }
    for action in settings.catalogue.actions:
        current |= {f"benefit.{action.id}.{one.name}": one.value[1] for one in action.benefits}
    months = [one.frames["months"] for one in found if one.frames] + [one.frames["months"] for one in actions]
    held = [one for one in found if one.frames]
    return {
        "dividends": dividends_table(ground, told),
        "samples": samples_table(ground, told),
        "districts": pl.concat([frames["districts"] for frames in lives]),
        "changes": pl.concat([frames["changes"] for frames in lives]),
        "drivers": drivers_table(told, futures),
        "switching": switching_table(told, {name: float(value) for name, value in current.items()}),
        "knowing": value_of_knowing(np.stack([one.net for one in held]), _drivers(held, futures)),
        "months": pl.concat(months),
    }


def _drivers(held: list[PlanFound], futures: pl.DataFrame) -> dict[str, Floats]:
    inside = tuple(dict.fromkeys(choice.action.id for one in held for choice in one.plan.course))
    return drivers_of(futures, inside)


def _robust_tables(
    ground: Ground,
    subject: Subject,
    settings: ForesightSettings,
    without: Lived,
    actions: list[ActionFound],
    held: list[PlanFound],
    futures: pl.DataFrame,
) -> dict[str, pl.DataFrame]:
    rule = rule_of(
        settings.failure, ground.model, without, dict(subject.parameters).get("valuation.failing_share", 0.25)
    )
    fails = {one.plan.name: rule.fails_at(ground.model, one.by_month, one.net) for one in held}
    drivers = {one.plan.name: _drivers([one], futures) for one in held}
    best_first = sorted(actions, key=lambda one: -float(one.first.dividend.net.mean()))
    ranked = [one.first.choice.action for one in best_first]
    return {
        "robustness": robustness_table(settings, held),
        "failures": failures_table(rule, fails, WITHOUT),
        "boxes": boxes_table(drivers, fails, dict(subject.parameters).get("valuation.least_density", 0.5)),
        "triggers": triggers_table(ground.model, held, fails, ranked),
    }


def _names(tables: Mapping[str, pl.DataFrame]) -> list[str]:
    """Every name of an uncertainty, plan, measure or action that the tables use."""
    names = [*tables["futures"].columns, *tables["plans"]["plan"].to_list(), *CONSTITUENCIES]
    names += [*tables["changes"]["measure"].unique(maintain_order=True), *tables["actions"]["action"]]
    return [*names, *tables["months"]["measure"].unique(maintain_order=True)]
