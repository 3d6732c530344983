"""One study: each action alone against life without it, kept, and then everything that is told of them.

Owns the order of the steps and what is kept between runs; each step is a file of its own.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from philoxenia.reference import Parameters
from philoxenia.report.foresight import Foresight
from philoxenia.report.types import CityFacts
from philoxenia.scenarios.futures import Model, sample_futures
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows.foresight.actions_step import ActionFound, find_action, read_action
from philoxenia.workflows.foresight.declared import weights_of
from philoxenia.workflows.foresight.ground import Ground, prices_of
from philoxenia.workflows.foresight.progress import ACTIONS, Progress, silent
from philoxenia.workflows.foresight.settings import ForesightSettings
from philoxenia.workflows.foresight.simulated import Lived, live_without
from philoxenia.workflows.foresight.told import told
from philoxenia.workflows.steps import KeptOutcomes, Outcome, key_of


@dataclass(frozen=True)
class Subject:
    """What is looked at: a city's model and facts. `key`: everything these depend on, for what is kept.
    `recorded`: months of the past, as rows of the table months."""

    model: Model
    facts: CityFacts
    districts: pl.DataFrame
    parameters: Parameters
    key: str
    notes: tuple[str, ...] = ()
    recorded: pl.DataFrame = field(default_factory=pl.DataFrame)


def foresee(
    subject: Subject, settings: ForesightSettings, *, kept: Path | None = None, progress: Progress = silent
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
    found = told(ground, subject.parameters, settings, without, actions, progress)
    tables = dict(found.tables)
    if not subject.recorded.is_empty():
        tables["months"] = pl.concat([found.tables["months"], subject.recorded])
    return replace(
        found,
        city=subject.facts,
        districts=subject.districts,
        tables=tables,
        notes=tuple(dict.fromkeys((*found.notes, *notes))),
    )


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
