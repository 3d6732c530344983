"""Where is pressure today? By aspect, where aspects overlap, for newcomers beside others, within reach."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report.maps import Scale, quantile_scale
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import exposure_view, names, reach_view, sentences
from philoxenia_web.studies.report.figures import (
    address,
    band,
    drawn,
    period,
    place_in,
    places,
    whole_interval,
)
from philoxenia_web.studies.report.keeping import Page, title_of
from philoxenia_web.studies.report.maps import Map
from philoxenia_web.studies.report.overview_page import overlap_map
from philoxenia_web.studies.report.reading import Reading, Row
from philoxenia_web.studies.report.tables import PictureTable
from philoxenia_web.ui import numbers
from philoxenia_web.ui.tables import Column, Table

OVERLAP, NEWCOMERS, REACH = "overlap", "newcomers", "reach"
_NUMBERED = 5
_FIFTH = 5

View = Callable[[Reading, Study, HttpRequest], "Page | Table"]


def page(reading: Reading, study: Study, request: HttpRequest) -> Page | Table:
    """One view of today: an aspect, the overlap, newcomers beside others, or reach."""
    shown = request.GET.get("show", "")
    if not reading.aspects and shown not in (NEWCOMERS, REACH):
        return _nothing(reading, study, request)
    if shown == OVERLAP:
        return _overlap(reading, study, request)
    if shown == NEWCOMERS:
        return exposure_view.page(reading, study, tabs(reading, study, shown))
    if shown == REACH:
        return reach_view.page(reading, study, request, tabs(reading, study, shown))
    return _aspect(reading, study, request, shown if shown in reading.aspects else reading.aspects[0])


def tabs(reading: Reading, study: Study, shown: str) -> list[tuple[str, str, bool]]:
    """The views of today."""
    here = reverse("study-today", args=[study.pk])
    views = [(one, names.aspect(one)) for one in reading.aspects]
    views += [(OVERLAP, _("Where they overlap"))] if len(reading.aspects) > 1 else []
    views += [(NEWCOMERS, _("Newcomers beside others")), (REACH, _("Within reach"))]
    return [(words, f"{here}?show={one}", one == shown) for one, words in views]


def _aspect(reading: Reading, study: Study, request: HttpRequest, aspect: str) -> Page | Table:
    there = reading.populations(aspect)
    who = request.GET.get("who", "")
    who = who if who in there else there[0]
    rows = list(reading.scores[aspect, who].values())
    table = _ranking(reading, study, request, aspect, rows)
    if table.wants_export:
        return table
    context = {
        "tabs": tabs(reading, study, aspect),
        "populations": _populations(study, aspect, who, there),
        "population_note": ""
        if len(there) > 1
        else _("The city's tables tell this aspect for all residents only."),
        "map": _aspect_map(reading, study, aspect, who, rows),
        "table": table,
        "indicators": _indicators(reading, aspect),
        "missing": names.said(reading.findings, reading.findings.missing, "today"),
    }
    place = place_in(reading, study)
    lead = sentences.joined([sentences.say(names.aspect_question(aspect)), *_told(rows, place)])
    return Page(_title(aspect), lead, drawn("aspect", context), _sources(reading, aspect))


def _title(aspect: str) -> SafeString:
    return sentences.say(_("Where is pressure highest today? {aspect}"), aspect=names.aspect(aspect))


def _told(rows: list[Row], place: Any) -> list[SafeString]:
    first = rows[0]
    told = [
        sentences.say(
            _("Pressure is highest in {district}: {score} of 100."),
            district=place(first["district_id"]),
            score=whole_interval(first),
        )
    ]
    firm = [one["district_id"] for one in rows if (one.get("rank_high") or len(rows)) <= len(rows) / _FIFTH]
    if firm:
        words = _("Among the most pressed fifth however the indicators are weighed: {districts}.")
        told.append(sentences.say(words, districts=places(firm, place)))
    else:
        told.append(
            sentences.say(
                _(
                    "No district stays among the most pressed fifth however the indicators are weighed: "
                    "read ranks loosely."
                )
            )
        )
    return told


def _populations(study: Study, aspect: str, who: str, there: list[str]) -> list[tuple[str, str, bool]]:
    here = f"{reverse('study-today', args=[study.pk])}?show={aspect}"
    return (
        [(names.population(one), f"{here}&who={one}", one == who) for one in there] if len(there) > 1 else []
    )


def score_scale(reading: Reading) -> Scale:
    """Five classes for every aspect and population alike, so that maps can be compared."""
    scores = [row["score"] for aspect in reading.aspects for row in reading.scores_of(aspect).values()]
    return quantile_scale(scores, "", numbers.whole)


def _aspect_map(reading: Reading, study: Study, aspect: str, who: str, rows: list[Row]) -> Map:
    place = place_in(reading, study)
    words = [
        sentences.say(_("Highest: {districts}."), districts=_scored(rows[:_NUMBERED], place)),
        sentences.say(_("Lowest: {districts}."), districts=_scored(rows[::-1][:_NUMBERED], place)),
    ]
    return Map(
        reading.drawing,
        reading.names,
        {row["district_id"]: row["score"] for row in rows},
        score_scale(reading),
        _("Map: pressure by district, %(aspect)s. The same follows in words and as a table.")
        % {"aspect": names.aspect(aspect)},
        lambda one: address(study, one),
        numbers.whole,
        legend_title=_("Pressure, 0 to 100"),
        marked=[row["district_id"] for row in rows[:_NUMBERED]],
        words=words if len(rows) > _NUMBERED else words[:1],
        title=_("%(who)s: pressure by district, 0 is the least and 100 the most")
        % {"who": names.population(who)},
        source=_tables_told(reading, aspect),
    )


def _scored(rows: list[Row], place: Any) -> SafeString:
    return names.listed(
        format_html("{} {}", place(row["district_id"]), numbers.whole(row["score"])) for row in rows
    )


def _ranking(reading: Reading, study: Study, request: HttpRequest, aspect: str, rows: list[Row]) -> Table:
    shown = [
        {
            "rank": row.get("rank"),
            "name": reading.names.get(row["district_id"], row["district_id"]),
            "href": address(study, row["district_id"]),
            "strip": band(row["score"], row.get("score_low"), row.get("score_high")),
            "score": (row["score"], row.get("score_low"), row.get("score_high")),
            "ranks": _range(row.get("rank_low"), row.get("rank_high")),
            "meets": reading.overlap.get(row["district_id"], 0),
        }
        for row in rows
    ]
    columns = [
        Column("name", _("District"), kind="name", filter=True),
        Column("rank", _("Rank"), kind="whole"),
        Column("strip", _("0 to 100"), kind="picture", sort=False),
        Column("score", _("Score"), kind="interval"),
        Column("ranks", _("Rank may be"), sort=False),
        Column("meets", _("Aspects in the most pressed fifth"), kind="whole"),
    ]
    return PictureTable(
        "ranking",
        columns,
        shown,
        request,
        caption=_("All districts by pressure: %(aspect)s") % {"aspect": names.aspect(aspect)},
        note=_(
            "The band says how far a score moves when indicators are weighed otherwise and "
            "sampling noise is added."
        ),
    )


def _range(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return ""
    return _("%(first)s to %(last)s") % {"first": numbers.whole(low), "last": numbers.whole(high)}


def _overlap(reading: Reading, study: Study, request: HttpRequest) -> Page | Table:
    table = _overlap_table(reading, study, request)
    if table.wants_export:
        return table
    context = {"tabs": tabs(reading, study, OVERLAP), "map": overlap_map(reading, study), "table": table}
    several = sum(1 for count in reading.overlap.values() if count > 1)
    told = sentences.say(
        _("{count} of {all} districts are among the most pressed fifth in two aspects or more."),
        count=several,
        all=len(reading.names),
    )
    lead = sentences.joined([*sentences.today(reading, place_in(reading, study))[:1], told])
    return Page(sentences.say(_("Where do pressures meet today?")), lead, drawn("overlap", context))


def _overlap_table(reading: Reading, study: Study, request: HttpRequest) -> Table:
    rows = [
        {
            "name": reading.names.get(one, one),
            "href": address(study, one),
            "meets": count,
            **{aspect: reading.scores_of(aspect).get(one, {}).get("score") for aspect in reading.aspects},
        }
        for one, count in reading.overlap.items()
    ]
    columns = [
        Column("name", _("District"), kind="name", filter=True),
        Column("meets", _("Aspects in the most pressed fifth"), kind="whole"),
        *(Column(aspect, names.aspect(aspect), kind="whole") for aspect in reading.aspects),
    ]
    caption = _("Pressure of every district in each aspect, 0 to 100")
    return PictureTable("overlap", columns, rows, request, caption=caption)


def _indicators(reading: Reading, aspect: str) -> list[dict[str, Any]]:
    from_reference = names.indicators_of(aspect)
    used = {one: reading.findings.weights[one] for one in from_reference if one in reading.findings.weights}
    total = sum(used.values()) or 1.0
    return [
        {
            "name": names.indicator(one),
            "definition": names.indicator_text(one, "definition"),
            "note": names.indicator_text(one, "note"),
            "weight": numbers.percent(weight / total) if weight else _("shown only"),
            "date": period(str(reading.indicators.get(one, {}).get("date") or "")),
            "source": names.table(str(reading.indicators.get(one, {}).get("source_table") or "")),
        }
        for one, weight in used.items()
    ]


def _tables_told(reading: Reading, aspect: str) -> str:
    dates: dict[str, str] = {}
    for one in names.indicators_of(aspect):
        row = reading.indicators.get(one)
        if row:
            dates[row["source_table"]] = max(dates.get(row["source_table"], ""), row["date"] or "")
    told = names.listing(
        _("%(table)s (%(date)s)") % {"table": names.table(table), "date": period(date)}
        for table, date in sorted(dates.items())
    )
    return _("Computed from: %(tables)s.") % {"tables": told} if told else ""


def _sources(reading: Reading, aspect: str) -> SafeString:
    return drawn("today_sources", {"indicators": _indicators(reading, aspect)})


def _nothing(reading: Reading, study: Study, _request: HttpRequest) -> Page:
    context = {
        "tabs": tabs(reading, study, ""),
        "missing": names.said(reading.findings, reading.findings.missing, "today"),
    }
    lead = sentences.say(_("Pressure by district cannot be told yet."))
    return Page(title_of(_("Where is pressure today?")), lead, drawn("today_empty", context))
