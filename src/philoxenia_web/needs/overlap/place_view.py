"""Where the combination looked at is found: two maps of one scale, and a table that says the same."""

from typing import Any

from django.utils.translation import gettext as _

from philoxenia_web.needs import words
from philoxenia_web.needs.cube import POPULATIONS
from philoxenia_web.needs.overlap.page import Explorer
from philoxenia_web.needs.places import shares_scale
from philoxenia_web.ui import numbers
from philoxenia_web.ui.maps import CityMap
from philoxenia_web.ui.tables import Column, Table


def maps(view: Explorer) -> list[CityMap]:
    """One map a population: the share of its people with these needs; hatched where too few."""
    shares = {one: _shares(view, one) for one in POPULATIONS}
    # Maps without a single figure would say in much room what a sentence says.
    if all(share is None for found in shares.values() for share in found.values()):
        return []
    scale = shares_scale(
        [share for found in shares.values() for share in found.values()], _("Share of people")
    )
    return [
        view.places.map(
            f"map-{one}",
            found,
            scale,
            _("%(who)s: share with %(needs)s together, by district")
            % {"who": words.population(one), "needs": view.name(view.looked_at)},
            words="" if any(share is not None for share in found.values()) else _nowhere(),
        )
        for one, found in shares.items()
    ]


def nowhere(view: Explorer) -> str:
    """What stands in place of maps where lists carry districts and none has enough people."""
    return _nowhere() if any(view.by_district.values()) else ""


def _nowhere() -> str:
    return _("No district has enough people with these needs to show.")


def _shares(view: Explorer, population: str) -> dict[str, float | None]:
    """By district of the city; None where too few, absent where nobody of this population is listed."""
    full = (1 << len(view.codes(view.looked_at))) - 1
    return {
        district: found.figure(full).share
        for district, found in view.by_district[population].items()
        if found.at_least[0] > 0 and district in view.places.names
    }


def districts_table(view: Explorer) -> Table:
    """The maps as a table, with numbers, bases and intervals."""
    first, second = (view.by_district[one] for one in POPULATIONS)
    full = (1 << len(view.codes(view.looked_at))) - 1
    rows: list[dict[str, Any]] = []
    for district in sorted(first, key=lambda one: view.places.name(one).casefold()):
        new, long = first[district].figure(full), second[district].figure(full)
        rows.append(
            {
                "name": view.places.name(district),
                "new": new.bounds,
                "new_share": new.share,
                "new_base": new.base,
                "long": long.bounds,
                "long_share": long.share,
                "long_base": long.base,
            }
        )
    columns = [Column("name", _("District"), kind="name", filter=True)]
    for key, population in (("new", POPULATIONS[0]), ("long", POPULATIONS[1])):
        called = {"who": words.population(population)}
        columns += [
            Column(key, _("%(who)s") % called, kind="interval"),
            Column(f"{key}_share", _("%(who)s: share") % called, kind="percent"),
            Column(f"{key}_base", _("%(who)s: of how many") % called, kind="number"),
        ]
    caption = _("%(needs)s together, by district") % {"needs": view.name(view.looked_at)}
    note = _("%(sign)s: too few to show, nearly everybody, or nobody on the lists.") % {
        "sign": numbers.NOT_KNOWN
    }
    empty = _("The lists carry no districts.")
    return Table("districts", columns, rows, view.request, caption=caption, note=note, empty=empty)
