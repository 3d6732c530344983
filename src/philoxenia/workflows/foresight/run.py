"""Foresight of a city package: its model with the planner's shocks, then everything that foresight tells.

Owns what of a city package a study is about; the study itself is `study`.
"""

from dataclasses import replace
from pathlib import Path

from philoxenia.exchange import City
from philoxenia.exchange.actions import notes_on
from philoxenia.report.foresight import Foresight
from philoxenia.scenarios.futures.shocks import changed_shocks
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
    whole = model_from_city(city, settings.months, settings.seed)
    shocks, said_of_shocks = changed_shocks(whole.shocks, settings.shocks)
    model = replace(whole, shocks=shocks)
    subject = Subject(
        model=model,
        facts=city_facts(city),
        districts=city.districts,
        parameters=city.parameters,
        key=city_fingerprint(city),
        notes=(*notes_on(city, settings.catalogue.actions), *said_of_shocks),
        recorded=recorded_months(city),
    )
    said = f"{len(model.districts)} districts, {len(model.services)} services, {settings.futures:,} futures"
    progress(MODEL, 1.0, said)
    return foresee(subject, settings, kept=kept, progress=progress)
