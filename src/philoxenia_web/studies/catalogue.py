"""The catalogue of actions a foresight study chooses from, as the data it uses say, without the whole city.

Owns which tables that takes; ignores what a planner changes in them. Reading all of a city for each page
would take seconds and hold its tables in memory; the few tables of the catalogue are small.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import polars as pl
from django.conf import settings
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia.exchange import City, read_city
from philoxenia.exchange.actions import actions_of, budgets_of, incomes_of, known_of, unit_values_of
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.vocabulary.actions import Action
from philoxenia_web.accounts.access import Actor
from philoxenia_web.datasets import queries as datasets
from philoxenia_web.datasets.policies import UseRefused
from philoxenia_web.studies import inputs
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.refusals import Refused

TABLES = (
    "actions",
    "action_effects",
    "action_benefits",
    "unit_values",
    "action_budgets",
    "constituency_incomes",
    "service_rates",
    "shocks",
)


@dataclass(frozen=True)
class Catalogue:
    """What can be chosen. `city` holds the tables of `TABLES` alone, with every district's id and name."""

    city: City
    actions: tuple[Action, ...]
    budgets: pl.DataFrame
    values: pl.DataFrame

    def action(self, name: str) -> Action | None:
        """The action of an id, as the city's tables have it."""
        return next((one for one in self.actions if one.id == name), None)


def catalogue_of(actor: Actor, study: Study) -> Catalogue:
    """The catalogue a study would use today. Raises `Refused` with the sentences of what is wrong in it."""
    city = city_for(actor, study)
    try:
        actions = actions_of(city)
        budgets = budgets_of(city)
        values = unit_values_of(city)
        # Read for what is wrong in them: a study that starts must find them whole.
        incomes_of(city)
        known_of(city)
    except PhiloxeniaError as fault:
        raise Refused(
            _("The catalogue of actions cannot be used as it is: %(fault)s") % {"fault": fault}, "inputs"
        ) from fault
    return Catalogue(city, actions, budgets, values)


def shocks_for(actor: Actor, study: Study) -> pl.DataFrame | None:
    """The city's own table of shocks; None where it has none, or where it may not be used."""
    try:
        return city_for(actor, study).tables.get("shocks")
    except Refused:
        return None


def city_for(actor: Actor, study: Study) -> City:
    """The city with the catalogue's tables that the study chose, or those of the city package."""
    ids = [version for version in inputs.chosen_of(study).values() if version is not None]
    try:
        behind = datasets.versions_behind(actor, ids, study.purpose)
    except (UseRefused, Http404) as refusal:
        raise Refused(
            str(refusal) or _("A chosen version is not there any more. Choose another."), "inputs"
        ) from refusal
    city = _package()
    # A table of the package that became a data set is used only where its agreement allows it.
    tables = {name: table for name, table in city.tables.items() if name not in datasets.package_contracts()}
    tables |= {one.contract: datasets.table_of(one) for one in behind if one.contract in TABLES}
    return replace(city, tables=tables)


def _package() -> City:
    folder = Path(settings.ENVIRONMENT.city)
    files = [folder / "city.toml", *sorted((folder / "tables").glob("*"))]
    stamp = tuple((file.name, file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    return _read(folder, stamp)


@lru_cache(maxsize=2)
def _read(folder: Path, _stamp: tuple[tuple[str, int, int], ...]) -> City:
    """The package with nothing kept but what a catalogue needs."""
    city = read_city(folder)
    return replace(
        city,
        districts=city.districts.drop("geometry", strict=False),
        tables={name: table for name, table in city.tables.items() if name in TABLES},
        sources={},
        reports={},
    )
