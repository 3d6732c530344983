"""What each table of the city is for: what a study cannot say without it."""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia.exchange import contracts
from philoxenia.exchange.settings import read_settings
from philoxenia.reference import reference_table

# What the load on services is counted with, by the contract that brings it.
_LOADS = {
    "service_capacity": gettext_lazy("Capacity of services as the city counts it"),
    "service_rates": gettext_lazy("The city's own rates of need"),
    "schools": gettext_lazy("School places"),
    "clinics": gettext_lazy("Visits that clinics can take"),
    "library_programmes": gettext_lazy("Places in library programmes"),
    "shelter_flow": gettext_lazy("People who come to and leave shelters"),
    "shelter_occupancy": gettext_lazy("Shelter places and how many are taken"),
}
# Without it no figure can be told for anybody.
NEEDED = frozenset({"census_profile"})


def titles() -> dict[str, str]:
    """What each table is called."""
    return {name: _(one.title) for name, one in contracts(settings.ENVIRONMENT.city).items() if one.title}


def uses_of(table: str) -> list[str]:
    """What a table goes into, as short phrases in the reader's language."""
    loads = [str(_LOADS[table])] if table in _LOADS else []
    return [*_indicators(table), *_services(table), *_series(table), *loads]


def _indicators(table: str) -> list[str]:
    return [_(name) for source, name in _named_indicators() if source == table]


@cache
def _named_indicators() -> tuple[tuple[str, str], ...]:
    rows = reference_table("indicators").iter_rows(named=True)
    return tuple((row["source_table"], row["name"]) for row in rows)


def _services(table: str) -> list[str]:
    rows = reference_table("services").iter_rows(named=True)
    return [
        _("Reach of: %(service)s") % {"service": _(row["name"])}
        for row in rows
        if table in (row["place_table"], row["location_table"])
    ]


def _series(table: str) -> list[str]:
    arrivals: dict[str, Any] = dict(read_settings(settings.ENVIRONMENT.city).arrivals)
    found = [
        _("Forecasts of who may come") for one in arrivals.get("series", []) if one.get("table") == table
    ]
    if arrivals.get("capacity", {}).get("table") == table:
        found.append(_("Capacity that holds down recorded intake"))
    if any(one.get("table") == table for one in arrivals.get("signals", [])):
        found.append(_("A signal that runs ahead of arrivals"))
    return list(dict.fromkeys(found))
