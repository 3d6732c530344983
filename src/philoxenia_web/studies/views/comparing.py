"""Two studies side by side."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from philoxenia.report.maps import DIVERGING, fixed_scale
from philoxenia_web.accounts.access import Actor, access, actor_of
from philoxenia_web.studies import comparison, costs, parameters, queries
from philoxenia_web.studies.comparison import AspectChange, GapChange, Setting, TotalChange
from philoxenia_web.studies.models import Study, StudyInput
from philoxenia_web.studies.policies import READ
from philoxenia_web.studies.report import names
from philoxenia_web.studies.report.maps import Map
from philoxenia_web.studies.report.reading import Reading, reading_of
from philoxenia_web.studies.views import comparing_foresight
from philoxenia_web.ui import numbers
from philoxenia_web.ui.tables import Column, Table

# Classes of a difference in points: the same on every map, so that maps can be compared.
_LIMITS = (-5.0, -1.0, 1.0, 5.0)
_MARKED = 5
_CHOICES = 200
_WHOLE_FROM = 10


@access(READ)
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Choose two finished studies, or see how the chosen two differ."""
    actor = actor_of(request)
    first, second = (_chosen(actor, request, name) for name in ("first", "second"))
    told: dict[str, Any] = {"first": first, "second": second, "choices": _choices(actor)}
    if first is None or second is None or first == second:
        told["same"] = first is not None and first == second
        return render(request, "studies/compare.html", told)
    if first.kind != second.kind:
        return render(
            request, "studies/compare.html", told | {"refused": str(comparison.OTHER_KIND)}, status=422
        )
    if first.is_foresight:
        return comparing_foresight.page(request, first, second, told)
    tables = _tables(request, first, second)
    export = next((table for table in tables.values() if table.wants_export), None)
    if export is not None:
        return export.export()
    return render(request, "studies/compare.html", told | _told(first, second, tables))


def _chosen(actor: Actor, request: HttpRequest, name: str) -> Study | None:
    asked = request.GET.get(name, "")
    if not asked:
        return None
    try:
        study = queries.study_for(actor, UUID(asked))
    except ValueError:
        raise Http404 from None
    if not study.is_done:
        raise Http404
    return study


def _choices(actor: Actor) -> list[Study]:
    done = queries.visible(actor).filter(state=Study.State.DONE).order_by("-finished_at", "pk")
    return list(done.only("pk", "title", "kind", "finished_at", "organisation", "created_by")[:_CHOICES])


def _told(first: Study, second: Study, tables: dict[str, Table]) -> dict[str, Any]:
    readings = reading_of(first), reading_of(second)
    aspects = comparison.pressure_changes(*readings)
    settings = [*_plain(first, second), *_values(first, second), *_inputs(first, second)]
    return {
        "settings": settings,
        "equal": first.result_hash == second.result_hash,
        "sentences": _sentences(aspects, readings),
        "aspects": [_aspect(change, first, second, readings[1]) for change in aspects],
        **tables,
    }


def _plain(first: Study, second: Study) -> list[Setting]:
    """Settings that are one value."""
    pairs = [
        (_("Months ahead"), first.horizon, second.horizon),
        (_("Seed"), first.seed, second.seed),
        (_("Engine"), _engine(first), _engine(second)),
    ]
    return [Setting(words, str(one), str(other)) for words, one, other in pairs if one != other]


def _engine(study: Study) -> str:
    return f"{study.engine_version} ({study.engine_fingerprint[:12]})"


def _values(first: Study, second: Study) -> list[Setting]:
    return [
        _value(name, _in_words(name, one), _in_words(name, other), reason)
        for name, one, other, reason in comparison.changed_values(first, second)
    ]


def _in_words(name: str, value: float | None) -> str:
    if value is not None:
        return numbers.exact(value)
    known = parameters.city_parameters()
    if name not in known:
        return _("default")
    return _("%(value)s (default)") % {"value": numbers.exact(known[name])}


def _value(name: str, one: str, other: str, reason: str) -> Setting:
    known = parameters.city_parameters()
    if name not in known:
        return Setting(name, one, other, english=True, reason=reason)
    words, english = parameters.words_of(known.row(name))
    return Setting(words, one, other, english, reason)


def _inputs(first: Study, second: Study) -> list[Setting]:
    titles = costs.titles()

    def told(one: StudyInput | None) -> str:
        if one is None:
            return _("not used")
        words = {
            "title": one.title or _("The city package's own table"),
            "date": one.date,
            "rows": one.rows or 0,
        }
        return _("%(title)s %(date)s (%(rows)d rows)") % words

    return [
        Setting(titles.get(table, table), told(one), told(other))
        for table, one, other in comparison.changed_inputs(first, second)
    ]


def _sentences(aspects: list[AspectChange], readings: tuple[Reading, Reading]) -> list[str]:
    """The findings, the clearest first."""
    changed = sorted((one for one in aspects if one.changed), key=lambda one: (-one.beyond, -one.largest))
    said = [_most_sentence(changed[0], readings[1])] if changed else []
    said += [_pressure_sentence(change) for change in changed]
    said += [_gap_sentence(one) for one in comparison.gap_changes(*readings) if one.matters][:3]
    return said or [_same()]


def _same() -> str:
    return _("The figures of both studies are the same, or so near that nobody should tell them apart.")


def _most_sentence(change: AspectChange, reading: Reading) -> str:
    one = change.most[0]
    told = {
        "aspect": names.aspect(change.aspect),
        "district": reading.names.get(one.district, one.district),
        "first": one.first_rank,
        "second": one.second_rank,
        "points": signed(one.difference),
    }
    if not one.rank_change:
        return (
            _("Pressure changes most in %(district)s (%(aspect)s): %(points)s points, the same rank.") % told
        )
    return (
        _(
            "Pressure changes most in %(district)s (%(aspect)s): %(points)s points, from rank %(first)s to "
            "rank %(second)s."
        )
        % told
    )


def _pressure_sentence(change: AspectChange) -> str:
    told = {"aspect": names.aspect(change.aspect), "changed": change.changed, "all": len(change.moved)}
    sentence = ngettext(
        "%(aspect)s: %(changed)d district of %(all)d has another score.",
        "%(aspect)s: %(changed)d districts of %(all)d have another score.",
        change.changed,
    )
    if not change.beyond:
        return sentence % told + " " + _("All of them stay within the bands of what is known.")
    beyond = ngettext(
        "%(n)d of them changed by more than its band.",
        "%(n)d of them changed by more than their bands.",
        change.beyond,
    )
    return sentence % told + " " + beyond % {"n": change.beyond}


def _gap_sentence(one: GapChange) -> str:
    difference = one.difference or 0.0
    told = {
        "service": names.service(one.service),
        "month": numbers.month(one.month),
        "amount": rounded(abs(difference)),
        "unit": names.unit(one.unit),
    }
    if difference > 0:
        said = _("%(service)s: %(amount)s %(unit)s more are short in %(month)s in the second study.") % told
    else:
        said = _("%(service)s: %(amount)s %(unit)s fewer are short in %(month)s in the second study.") % told
    return f"{said} {_('Each study is less sure than that.')}" if one.within_range else said


def _aspect(change: AspectChange, first: Study, second: Study, reading: Reading) -> dict[str, Any]:
    most = change.most
    called = names.aspect(change.aspect)
    return {
        "name": called,
        "sentence": _pressure_sentence(change) if change.changed else _("No district has another score."),
        "changed": change.changed,
        "most": [
            {
                "name": reading.names.get(one.district, one.district),
                "address": reverse("study-district", args=[second.pk, one.district]),
                "first": numbers.whole(one.first),
                "second": numbers.whole(one.second),
                "difference": signed(one.difference),
                "first_rank": one.first_rank,
                "second_rank": one.second_rank,
                "beyond": one.beyond,
            }
            for one in most
        ],
        "map": _map(change, called, second, reading) if change.changed else None,
    }


def rounded(value: float) -> str:
    """A difference to the digits that can mean something: whole from ten on."""
    return numbers.whole(value) if value >= _WHOLE_FROM else numbers.number(round(value, 1))


def signed(value: float) -> str:
    """A difference with its sign."""
    figure = rounded(abs(value))
    if figure == rounded(0):
        return figure
    # A true minus, as typeset figures have it; the marks keep the sign before the figure in every script.
    return f"\u2066{'+' if value > 0 else chr(0x2212)}{figure}\u2069"


def _map(change: AspectChange, called: str, second: Study, reading: Reading) -> Map:
    label = _("%(aspect)s: difference in pressure, by district") % {"aspect": called}
    return Map(
        drawing=reading.drawing,
        names=reading.names,
        values=change.differences,
        scale=fixed_scale(_LIMITS, DIVERGING, label),
        label=label,
        address=lambda district: reverse("study-district", args=[second.pk, district]),
        form=signed,
        legend_title=_("Points more or less pressure in the second study"),
        marked=[one.district for one in change.most[:_MARKED]],
    )


def _tables(request: HttpRequest, first: Study, second: Study) -> dict[str, Table]:
    readings = reading_of(first), reading_of(second)
    labels = readings[1].findings.labels
    gaps = comparison.gap_changes(*readings)
    return {
        "arrivals": _arrivals_table(request, comparison.arrival_changes(*readings), labels),
        "gaps": _gaps_table(request, gaps),
        "demands": _demands_table(request, gaps),
    }


def _arrivals_table(request: HttpRequest, changes: list[TotalChange], labels: Any) -> Table:
    rows = [
        {
            "measure": names.label(one.measure, labels),
            "group": names.label(one.group, labels),
            "first": _deciles(one.first, ""),
            "second": _deciles(one.second, ""),
            # A sum over other months is no difference of the same thing.
            "difference": _difference(one.first, one.second, "p50") if one.same_months else None,
        }
        for one in changes
    ]
    columns = [
        Column("measure", _("What is counted")),
        Column("group", _("Group")),
        Column("first", _("First study"), kind="interval"),
        Column("second", _("Second study"), kind="interval"),
        Column("difference", _("Difference"), kind="number"),
    ]
    caption = _("How many over all months ahead: the middle, and eight in ten futures")
    table = Table("arrivals", columns, rows, request, caption=caption, size=25)
    if any(not one.same_months for one in changes):
        table.note = _("The two studies look ahead over other months: their sums cannot be subtracted.")
    return table


def _deciles(row: dict[str, Any], name: str) -> tuple[float | None, float | None, float | None]:
    return row.get(f"{name}p50"), row.get(f"{name}p10"), row.get(f"{name}p90")


def _gaps_table(request: HttpRequest, changes: list[GapChange]) -> Table:
    """What each service lacks."""
    return _services_table(request, "gaps", "gap_", changes, _("What each service lacks, in %(month)s"))


def _demands_table(request: HttpRequest, changes: list[GapChange]) -> Table:
    """What is asked of each service."""
    return _services_table(
        request, "demands", "demand_", changes, _("What is asked of each service, in %(month)s")
    )


def _services_table(
    request: HttpRequest, id_: str, figure: str, changes: list[GapChange], caption: str
) -> Table:
    rows = [
        {
            "service": names.service(one.service),
            "unit": names.unit(one.unit),
            "first": _deciles(one.first, figure),
            "second": _deciles(one.second, figure),
            "difference": _difference(one.first, one.second, f"{figure}p50"),
        }
        for one in changes
    ]
    columns = [
        Column("service", _("Service")),
        Column("unit", _("Unit")),
        Column("first", _("First study"), kind="interval"),
        Column("second", _("Second study"), kind="interval"),
        Column("difference", _("Difference"), kind="number"),
    ]
    month = numbers.month(changes[0].month) if changes else ""
    return Table(id_, columns, rows, request, caption=caption % {"month": month}, size=50)


def _difference(first: dict[str, Any], second: dict[str, Any], name: str) -> float | None:
    one, other = first.get(name), second.get(name)
    if one is None or other is None:
        return None
    return round(other - one, 0 if abs(other - one) >= _WHOLE_FROM else 1)
