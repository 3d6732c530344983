"""What is within reach? One service at a time by district, beside the middle district; and who has none."""

from itertools import pairwise
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report.maps import DIVERGING, fixed_scale
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import names, sentences
from philoxenia_web.studies.report.figures import address, drawn, period, place_in, places
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.maps import Map
from philoxenia_web.studies.report.reading import Reading, Row
from philoxenia_web.studies.report.tables import PictureTable
from philoxenia_web.ui import numbers
from philoxenia_web.ui.tables import Column, Table

# Less than half, to four fifths, about the same, to twice, more than twice the middle district.
_LIMITS = (0.5, 0.8, 1.25, 2.0)
_NAMED = 5


def page(reading: Reading, study: Study, request: HttpRequest, tabs: list[Any]) -> Page | Table:
    """Reach of one service, chosen in the address."""
    title = sentences.say(_("What is within reach?"))
    if not reading.reach:
        lead = sentences.say(_("Reach of services cannot be told yet."))
        return Page(title, lead, drawn("reach", {"tabs": tabs, "nothing": True}))
    services = list(reading.reach)
    shown = request.GET.get("service", "")
    shown = shown if shown in services else services[0]
    table = _table(reading, study, request, shown)
    if table.wants_export:
        return table
    context = {
        "tabs": tabs,
        "services": [(one, names.service(one), one == shown) for one in services],
        "service": names.service(shown),
        "map": _map(reading, study, shown),
        "table": table,
        "without": [_without(reading, one) for one in services if one in reading.unreached],
    }
    return Page(title, _lead(reading), drawn("reach", context))


def _lead(reading: Reading) -> SafeString:
    rows = sorted(reading.unreached.values(), key=lambda row: -(row["people_without"] or 0))
    told = [
        _("%(service)s: %(people)s (%(share)s)")
        % {
            "service": names.service(row["service"]),
            "people": numbers.number(row["people_without"]),
            "share": numbers.percent(row["people_without"] / row["people"]),
        }
        for row in rows[:3]
        if row["people_without"] and row["people"]
    ]
    if not told:
        return sentences.say(_("Every service is within someone's reach."))
    return sentences.say(_("People with none within reach. {services}."), services="; ".join(told))


def _map(reading: Reading, study: Study, service: str) -> Map:
    place = place_in(reading, study)
    ordered = sorted(reading.reach[service], key=lambda one: (reading.reach[service][one]["access"], one))
    first = next(iter(reading.reach[service].values()))
    limits = [numbers.number(limit, 2) for limit in _LIMITS]
    between = _("%(first)s to %(last)s times")
    classes = [
        _("under %(limit)s times") % {"limit": limits[0]},
        *(between % {"first": low, "last": high} for low, high in pairwise(limits)),
        _("over %(limit)s times") % {"limit": limits[-1]},
    ]
    return Map(
        reading.drawing,
        reading.names,
        reading.reach_ratios[service],
        fixed_scale(_LIMITS, tuple(reversed(DIVERGING)), ""),
        _("Map: %(service)s within reach by district. The same follows in words and as a table.")
        % {"service": names.service(service)},
        lambda one: address(study, one),
        lambda value: _("%(ratio)s times the middle district") % {"ratio": numbers.number(value, 2)},
        legend_title=_("Beside the middle district"),
        class_words=classes,
        words=[
            sentences.say(_("Least in {districts}."), districts=places(ordered[:_NAMED], place)),
            sentences.say(_("Most in {districts}."), districts=places(ordered[::-1][:_NAMED], place)),
        ],
        title=_("%(service)s: warm districts reach less than the middle one, olive ones more")
        % {"service": names.service(service)},
        source=_source(first),
    )


def _source(row: Row) -> str:
    words = {"unit": names.unit(row["unit"]), "date": period(str(row.get("date") or ""))}
    return (
        _("In %(unit)s; places of %(date)s. Distance as the crow flies with a detour, not along streets.")
        % words
    )


def _table(reading: Reading, study: Study, request: HttpRequest, service: str) -> Table:
    rows = [
        {
            "name": reading.names.get(one, one),
            "href": address(study, one),
            "reach": row["access"],
            "ratio": ratio,
            "people": row.get("people"),
        }
        for (one, row), ratio in zip(
            reading.reach[service].items(), reading.reach_ratios[service].values(), strict=True
        )
    ]
    unit = names.unit(next(iter(reading.reach[service].values()))["unit"])
    columns = [
        Column("name", _("District"), kind="name", filter=True),
        Column("reach", unit[:1].upper() + unit[1:], kind="number"),
        Column("ratio", _("Times the middle district"), kind="number"),
        Column("people", _("People it is for"), kind="number"),
    ]
    caption = _("%(service)s within reach of each district") % {"service": names.service(service)}
    return PictureTable("reach", columns, rows, request, caption=caption, order="reach", size=25)


def _without(reading: Reading, service: str) -> dict[str, Any]:
    row = reading.unreached[service]
    share = row["people_without"] / row["people"] if row["people"] else None
    return {
        "name": names.service(service),
        "places": row.get("places"),
        "unreached": row.get("unreached_places"),
        "people": row["people"],
        "without": row["people_without"],
        "share": share,
    }


def link(study: Study, service: str) -> str:
    """Where the reach of a service is shown."""
    return f"{reverse('study-today', args=[study.pk])}?show=reach&service={service}"
