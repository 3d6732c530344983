"""All that is known of one district, beside the city."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report.maps import fixed_scale
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import names, sentences
from philoxenia_web.studies.report.figures import address, band, deciles, drawn, period, place_in, places
from philoxenia_web.studies.report.keeping import Page, title_of
from philoxenia_web.studies.report.maps import Map
from philoxenia_web.studies.report.reach_view import link as reach_link
from philoxenia_web.studies.report.reading import Reading, Row, share_of_newcomers
from philoxenia_web.studies.report.sparks import spark
from philoxenia_web.ui import numbers

_LOCATOR = fixed_scale((0.5, 1.5), ("elsewhere", "beside-it", "here"), "")
_FIFTH = 5


def page(reading: Reading, study: Study, _request: HttpRequest, district: str) -> Page:
    """One district."""
    before, after = reading.around(district)
    context = {
        "finder": finder(reading, study),
        "previous": (address(study, before), reading.names[before]),
        "next": (address(study, after), reading.names[after]),
        "map": _locator(reading, study, district),
        "facts": _facts(reading, study, district),
        "scores": _scores(reading, study, district),
        "indicators": _indicators(reading, district),
        "reach": _reach(reading, study, district),
        "load": _load(reading, study, district),
        "settlement": _settlement(reading, district),
        "all": len(reading.names),
    }
    return Page(title_of(reading.names[district]), _lead(reading, district), drawn("district", context))


def finder(reading: Reading, study: Study) -> dict[str, Any]:
    """A box that jumps to a district by its name, with or without script."""
    return {"address": reverse("study-districts", args=[study.pk]), "names": list(reading.names.values())}


def near(reading: Reading, asked: str) -> list[str]:
    """Districts called so; else those whose name or id holds the words, in the order of names."""
    sought = asked.strip().casefold()
    if not sought:
        return list(reading.names)
    exact = [one for one, name in reading.names.items() if sought in (name.casefold(), one.casefold())]
    return exact or [one for one, name in reading.names.items() if sought in name.casefold()]


def choice(reading: Reading, study: Study, request: HttpRequest) -> Page:
    """Districts to choose from."""
    asked = request.GET.get("name", "")[:100]
    found = near(reading, asked)
    place = place_in(reading, study)
    context = {"finder": finder(reading, study), "asked": asked, "found": [place(one) for one in found]}
    if asked and not found:
        lead = sentences.say(_("No district is called so. Try a part of its name."))
    else:
        lead = sentences.say(_("{count} districts, in the order of their names."), count=len(found))
    return Page(sentences.say(_("Which district?")), lead, drawn("districts", context))


def _lead(reading: Reading, district: str) -> SafeString:
    told = []
    people = reading.people.get(names.EVERYBODY, {}).get(district)
    if people:
        told.append(sentences.say(_("{people} people live here."), people=numbers.number(people)))
    share = share_of_newcomers(reading, district)
    if share is not None:
        told.append(sentences.say(_("{share} of them are newcomers."), share=numbers.percent(share)))
    return sentences.joined([*told, _pressed(reading, district)])


def _pressed(reading: Reading, district: str) -> SafeString:
    if not reading.aspects:
        return SafeString("")
    pressed = [
        names.aspect(aspect)
        for aspect in reading.aspects
        if district in list(reading.scores_of(aspect))[: max(1, len(reading.scores_of(aspect)) // _FIFTH)]
    ]
    if not pressed:
        return sentences.say(_("It is not among the most pressed fifth of districts in any aspect."))
    words = _("It is among the most pressed fifth of districts for: {aspects}.")
    return sentences.say(words, aspects=names.listing(pressed))


def _locator(reading: Reading, study: Study, district: str) -> Map:
    beside = reading.drawing.neighbours.get(district, [])
    values: dict[str, float | None] = dict.fromkeys(reading.names, 0.0)
    values |= dict.fromkeys(beside, 1.0) | {district: 2.0}
    words = []
    if beside:
        told = places(beside, place_in(reading, study), most=12)
        words = [sentences.say(_("It borders on {districts}."), districts=told)]
    return Map(
        reading.drawing,
        reading.names,
        values,
        _LOCATOR,
        _("Map: where the district lies in the city. Its neighbours follow in words."),
        lambda one: address(study, one),
        lambda value: {2.0: _("this district"), 1.0: _("neighbour")}.get(value, _("elsewhere in the city")),
        legend_title=_("Where it lies"),
        class_words=[_("elsewhere in the city"), _("neighbours"), _("this district")],
        words=words,
        outlined=[district],
    )


def _facts(reading: Reading, study: Study, district: str) -> list[tuple[str, Any]]:
    row = reading.districts[district]
    pairs: list[tuple[str, Any]] = [(_("Id"), sentences.bdi(district))]
    for who in names.POPULATIONS:
        count = reading.people.get(who, {}).get(district)
        if count is not None:
            pairs.append((names.population(who), _counted(count)))
    if row.get("area_km2"):
        pairs.append((_("Area"), _("%(area)s km²") % {"area": numbers.number(row["area_km2"])}))
        people = reading.people.get(names.EVERYBODY, {}).get(district)
        if people:
            density = numbers.number(people / row["area_km2"])
            pairs.append((_("People per km²"), density))
    return pairs


def _counted(value: float) -> SafeString:
    return format_html('<span title="{}">{}</span>', numbers.exact(value), numbers.number(value))


def _scores(reading: Reading, study: Study, district: str) -> list[dict[str, Any]]:
    lines = []
    for aspect in reading.aspects:
        everywhere = reading.scores_of(aspect)
        row = everywhere.get(district)
        if row is None:
            continue
        middle = sorted(one["score"] for one in everywhere.values())[len(everywhere) // 2]
        lines.append(
            {
                "name": names.aspect(aspect),
                "address": f"{reverse('study-today', args=[study.pk])}?show={aspect}",
                "strip": band(row["score"], row.get("score_low"), row.get("score_high")),
                "score": (row["score"], row.get("score_low"), row.get("score_high")),
                "rank": row.get("rank"),
                "ranks": (row.get("rank_low"), row.get("rank_high")),
                "middle": middle,
                "others": _by_group(reading, aspect, district),
            }
        )
    return lines


def _by_group(reading: Reading, aspect: str, district: str) -> str:
    """Scores of newcomers and long-term residents, where the city's tables tell them apart."""
    told = [
        _("%(who)s %(score)s")
        % {
            "who": names.population(who),
            "score": numbers.whole(reading.scores[aspect, who][district]["score"]),
        }
        for who in (names.NEWCOMERS, names.LONG_TERM)
        if district in reading.scores.get((aspect, who), {})
    ]
    return names.listing(told)


def _indicators(reading: Reading, district: str) -> list[dict[str, Any]]:
    return [_indicator(row, reading.indicators[row["indicator"]]) for row in reading.values.get(district, [])]


def _indicator(row: Row, everywhere: Mapping[str, Any]) -> dict[str, Any]:
    unit = names.indicator_unit(row["indicator"])
    percent = unit == _("percent")
    form = (lambda value: numbers.percent(value / 100)) if percent else numbers.number
    error = row.get("standard_error")
    span = everywhere["most"] - everywhere["least"]
    at = 100 * (row["value"] - everywhere["least"]) / span if span else 50.0
    return {
        "name": names.indicator(row["indicator"]),
        "definition": names.indicator_text(row["indicator"], "definition"),
        "unit": "" if percent else unit,
        "value": form(row["value"]),
        "exact": numbers.exact(row["value"]),
        "error": _within(row["value"], error, form) if error else "",
        "strip": band(at, None, None),
        "middle": form(everywhere["middle"]),
        "base": row.get("base"),
        "about": names.indicator_text(row["indicator"], "about"),
        "source": names.table(row["source_table"]),
        "date": period(str(row["date"] or "")),
    }


def _within(value: float, error: float, form: Any) -> str:
    """Where eight in ten samples would have put it."""
    reach = 1.2816 * error
    return _("%(first)s to %(last)s") % {"first": form(max(value - reach, 0.0)), "last": form(value + reach)}


def _reach(reading: Reading, study: Study, district: str) -> list[dict[str, Any]]:
    return [
        {
            "name": names.service(service),
            "address": reach_link(study, service),
            "unit": names.unit(rows[district]["unit"]),
            "access": rows[district]["access"],
            "ratio": reading.reach_ratios[service][district],
            "date": period(str(rows[district].get("date") or "")),
        }
        for service, rows in reading.reach.items()
        if district in rows
    ]


def _load(reading: Reading, study: Study, district: str) -> list[dict[str, Any]]:
    by_service = reading.load_of(district)
    return [
        _service(by_service[one], study) | {"city_wide": _is_city_wide(reading, one)}
        for one in reading.services
        if one in by_service
    ]


def _is_city_wide(reading: Reading, service: str) -> bool:
    """Whether a gap of this service is counted for the city as a whole only."""
    row = reading.outlook.get(service, {})
    return row.get("scope") == "city" and row.get("capacity") is not None


def _service(rows: list[Row], study: Study) -> dict[str, Any]:
    last = rows[-1]
    known = last.get("gap_p50") is not None
    gaps = [(row["gap_p50"], row["gap_p10"], row["gap_p90"]) for row in rows] if known else []
    return {
        "name": names.service(last["service"]),
        "unit": names.unit(last["unit"]),
        "address": f"{reverse('study-load', args=[study.pk])}?service={last['service']}",
        "month": numbers.month(last["time"]),
        "demand": deciles(last, "demand"),
        "capacity": last.get("capacity"),
        "gap": deciles(last, "gap") if known and last["gap_p90"] > 0 else "",
        "known": known,
        "spark": spark(gaps) if any(high > 0 for _m, _l, high in gaps) else "",
        "months": [_month(row) for row in rows] if any(high > 0 for _m, _l, high in gaps) else [],
    }


def _month(row: Row) -> dict[str, Any]:
    return {
        "month": numbers.month(row["time"]),
        "demand": deciles(row, "demand"),
        "capacity": row.get("capacity"),
        "gap": deciles(row, "gap") if row["gap_p90"] > 0 else "",
    }


def _settlement(reading: Reading, district: str) -> dict[str, Any] | None:
    row = reading.settlement.get(district)
    if row is None:
        return None
    ids = list(reading.settlement)
    return {
        "people": deciles(row, "arrivals"),
        "shelter": row.get("shelter_share"),
        "home": row.get("home_share"),
        "rank": ids.index(district) + 1,
        "all": len(ids),
        "month": numbers.month(reading.months[-1]) if reading.months else "",
    }
