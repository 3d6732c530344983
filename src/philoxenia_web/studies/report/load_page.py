"""What will that ask? When and where gaps open, by service, with the assumptions they rest on."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report.charts import Fan, Point, fan_chart, gap_chart
from philoxenia.report.maps import gap_scale
from philoxenia.report.sections.totals import standing
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import names, sentences
from philoxenia_web.studies.report.arrivals_page import WIDE, Panel, inline, read_by_point
from philoxenia_web.studies.report.figures import address, deciles, drawn, place_in, places, setting
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.maps import Map, class_words
from philoxenia_web.studies.report.method_page import rates_of
from philoxenia_web.studies.report.reading import Reading, Row
from philoxenia_web.studies.report.tables import PictureTable
from philoxenia_web.ui import numbers
from philoxenia_web.ui.tables import Column, Table

_NUMBERED, _TOLD = 5, 3


def page(reading: Reading, study: Study, request: HttpRequest) -> Page | Table:
    """All services, then one of them by month and district, chosen in the address."""
    title = sentences.say(_("What will that ask of each service?"))
    missing = names.said(reading.findings, reading.findings.missing, "load")
    if not reading.last_totals:
        context: dict[str, Any] = {"nothing": True, "missing": missing}
        return Page(title, sentences.joined(sentences.gaps(reading)), drawn("load", context))
    service, month = _chosen(reading, request)
    rows = reading.load_in(service, month)
    table = _table(reading, study, request, service, month, rows)
    if table.wants_export:
        return table
    context = {
        "services": [(one, names.service(one), one == service) for one in reading.services],
        "months": [(one, numbers.month(one), one == month) for one in reading.months],
        "service": names.service(service),
        "month": numbers.month(month),
        "overview": [_line(reading, row) for row in reading.last_totals],
        "last_month": numbers.month(reading.months[-1]),
        "in_use": any(row.get("basis") == "use" for row in reading.outlook.values()),
        "chart": _chart(reading, service),
        "by_month": [_month(row) for row in reading.totals.get((service, names.EVERYBODY), [])],
        "groups": _groups(reading, service),
        "map": _map(reading, study, service, month, rows) if _has_gaps(rows) else None,
        "table": table,
        "rates": rates_of(service),
        "missing": missing,
    }
    lead = sentences.joined(sentences.gaps(reading)[:_TOLD])
    return Page(title, lead, drawn("load", context), drawn("load_sources", context))


def _chosen(reading: Reading, request: HttpRequest) -> tuple[str, str]:
    service, month = request.GET.get("service", ""), request.GET.get("month", "")
    return (
        service if service in reading.services else reading.services[0],
        month if month in reading.months else reading.months[-1],
    )


def _has_gaps(rows: dict[str, Row]) -> bool:
    return any(row.get("gap_p50") is not None for row in rows.values())


def _line(reading: Reading, row: Row) -> dict[str, Any]:
    outlook = reading.outlook.get(row["service"], {})
    return {
        "id": row["service"],
        "name": names.service(row["service"]),
        "unit": names.unit(row["unit"]),
        "in_use": outlook.get("basis") == "use",
        "demand": deciles(row, "demand"),
        "exact": row["demand_p50"],
        "newcomers": sentences.newcomers_share(reading, row),
        "capacity": row.get("capacity"),
        "gap": deciles(row, "gap") if row.get("gap_p50") is not None else "",
        "share": row.get("share_with_gap"),
        "opens": _opens(reading, outlook),
        "standing": standing(row).name.lower(),
    }


def _opens(reading: Reading, outlook: Row) -> str:
    """When a gap opens in the middle future."""
    months = outlook.get("months_until_gap_p50")
    if outlook.get("share_of_futures_with_gap") is None:
        return ""
    if months is None:
        return _("not in most futures")
    place = min(max(int(months) - 1, 0), len(reading.months) - 1)
    return _("at once") if place == 0 else numbers.month(reading.months[place])


def _chart(reading: Reading, service: str) -> Panel | None:
    rows = reading.totals.get((service, names.EVERYBODY), [])
    if not rows:
        return None
    unit = names.unit(rows[0]["unit"])
    if rows[-1].get("gap_p50") is None:
        return _demand_chart(rows, service, unit)
    points = [Point(row["time"], row["gap_p50"], row["gap_p10"], row["gap_p90"]) for row in rows]
    told = [
        sentences.gap(reading_row) for reading_row in reading.last_totals if reading_row["service"] == service
    ]
    told.append(sentences.say(_("A gap opens {odds}."), odds=sentences.odds(rows[-1].get("share_with_gap"))))
    words = {"service": names.service(service), "unit": unit}
    title = _("%(service)s: how far demand passes capacity in the whole city, %(unit)s") % words
    wide = gap_chart(points, unit, title, title, setting(*WIDE))
    small = inline(gap_chart(points, unit, title, title, setting()))
    said = [[_said(point) for point in points]]
    return Panel(title, read_by_point(wide, said), sentences.joined(told), small)


def _demand_chart(rows: Sequence[Row], service: str, unit: str) -> Panel:
    points = [Point(row["time"], row["demand_p50"], row["demand_p10"], row["demand_p90"]) for row in rows]
    words = {"service": names.service(service), "unit": unit}
    title = _("%(service)s: what is asked in the whole city, %(unit)s; capacity is not known") % words
    fan = Fan([], points, [("80", points)], unit, title)
    told = sentences.say(
        _("{month}: {amount}, {unit}."),
        month=numbers.month(rows[-1]["time"]),
        amount=deciles(rows[-1], "demand"),
        unit=unit,
    )
    small = inline(fan_chart(fan, title, setting()))
    return Panel(title, inline(fan_chart(fan, title, setting(*WIDE))), told, small)


def _said(point: Point) -> str:
    amount = numbers.interval(point.value, point.low, point.high)
    return _("%(month)s: %(value)s") % {"month": numbers.month(point.time), "value": amount}


def _month(row: Row) -> dict[str, Any]:
    known = row.get("gap_p50") is not None
    local = row.get("local_gap_p50") is not None
    return {
        "month": numbers.month(row["time"]),
        "demand": deciles(row, "demand"),
        "arrivals": deciles(row, "arrivals") if row.get("arrivals_p50") is not None else "",
        "capacity": row.get("capacity"),
        "gap": deciles(row, "gap") if known else "",
        "local": deciles(row, "local_gap") if local else "",
        "share": row.get("share_with_gap"),
    }


def _groups(reading: Reading, service: str) -> list[dict[str, Any]]:
    last = reading.months[-1]
    found = []
    for who in (names.NEWCOMERS, names.LONG_TERM):
        rows = [row for row in reading.totals.get((service, who), []) if row["time"] == last]
        for row in rows:
            gap = deciles(row, "gap") if row.get("gap_p50") is not None else ""
            found.append({"who": names.population(who), "demand": deciles(row, "demand"), "gap": gap})
    return found


def _map(reading: Reading, study: Study, service: str, month: str, rows: dict[str, Row]) -> Map:
    place = place_in(reading, study)
    values = {one: max(row["gap_p50"], 0.0) for one, row in rows.items() if row.get("gap_p50") is not None}
    short = sorted((one for one, gap in values.items() if gap > 0), key=lambda one: (-values[one], one))
    unit = names.unit(next(iter(rows.values()))["unit"])
    words = {"service": names.service(service), "month": numbers.month(month)}
    if short:
        told = sentences.say(_("Most in {districts}."), districts=places(short[:_NUMBERED], place))
        count = sentences.say(_("{count} of {all} districts are short in the middle future."),
                              count=len(short), all=len(values))  # fmt: skip
        said: list[SafeString] = [count, told]
    else:
        said = [sentences.say(_("No district is short in the middle future."))]
    return Map(
        reading.drawing,
        reading.names,
        values,
        gap_scale(list(values.values()), ""),
        _("Map: %(service)s, where it falls short in %(month)s. The same follows in words and as a table.")
        % words,
        lambda one: address(study, one),
        lambda value: (
            _("%(gap)s %(unit)s short") % {"gap": numbers.number(value), "unit": unit}
            if value
            else _("no gap")
        ),
        legend_title=_("Short: %(unit)s") % {"unit": unit},
        class_words=class_words(gap_scale(list(values.values()), ""), numbers.number),
        marked=short[:_NUMBERED],
        words=said,
        title=_("%(service)s: where it falls short in %(month)s") % words,
        source=_(
            "A district is short where its own people, with those of its neighbours, ask for more than is "
            "given there, even where the city as a whole has room."
        ),
    )


def _table(
    reading: Reading, study: Study, request: HttpRequest, service: str, month: str, rows: dict[str, Row]
) -> Table:
    lines = [
        {
            "name": reading.names.get(one, one),
            "href": address(study, one),
            "demand": (row["demand_p50"], row["demand_p10"], row["demand_p90"]),
            "capacity": row.get("capacity"),
            "gap": (row.get("gap_p50"), row.get("gap_p10"), row.get("gap_p90")),
        }
        for one, row in rows.items()
    ]
    unit = names.unit(next(iter(rows.values()))["unit"]) if rows else ""
    columns = [
        Column("name", _("District"), kind="name", filter=True),
        Column("demand", _("Demand"), kind="interval"),
        Column("capacity", _("Capacity"), kind="number"),
        Column("gap", _("Short"), kind="interval"),
    ]
    words = {"service": names.service(service), "month": numbers.month(month), "unit": unit}
    return PictureTable(
        "gaps",
        columns,
        lines,
        request,
        caption=_("%(service)s by district in %(month)s, %(unit)s") % words,
        order="-gap" if _has_gaps(rows) else "-demand",
        empty=_("This service is reckoned for the city as a whole only."),
    )
