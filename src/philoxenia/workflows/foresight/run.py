"""Foresight of a city package: its model with the planner's shocks, then everything that foresight tells.

Owns what of a city package a study is about; the study itself is `study`.
"""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from philoxenia.exchange import City
from philoxenia.exchange.actions import notes_on
from philoxenia.report.foresight import Foresight
from philoxenia.scenarios.futures import Model
from philoxenia.scenarios.futures.types import Shock, Span
from philoxenia.workflows.findings import city_facts
from philoxenia.workflows.foresight.progress import MODEL, Progress, silent
from philoxenia.workflows.foresight.recorded import recorded_months
from philoxenia.workflows.foresight.settings import ForesightSettings
from philoxenia.workflows.foresight.study import Subject, foresee
from philoxenia.workflows.futures_step import model_from_city
from philoxenia.workflows.run import city_fingerprint


def run_foresight(
    city: City,
    settings: ForesightSettings,
    *,
    kept: Path | None = None,
    progress: Progress = silent,
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
        recorded=recorded_months(city),
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
