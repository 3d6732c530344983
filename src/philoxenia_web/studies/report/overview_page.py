"""A study's first page: the question, the answer, the few figures to take away, and where to look next."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report.maps import SEQUENTIAL, fixed_scale
from philoxenia.report.sections.arrivals import main_measure, total_of
from philoxenia.report.sections.totals import Standing, standing
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report import names, sentences
from philoxenia_web.studies.report.figures import address, drawn, place_in, places, span, split
from philoxenia_web.studies.report.keeping import Page, title_of
from philoxenia_web.studies.report.maps import Map
from philoxenia_web.studies.report.reading import Reading
from philoxenia_web.ui import numbers

_NUMBERED = 5
_SEVERAL = 3
_GAPS = 2


@dataclass(frozen=True)
class Key:
    """A figure to take away."""

    figure: str
    interval: str
    sentence: str
    href: str


@dataclass(frozen=True)
class Next:
    """A page to look at next, and what waits there."""

    title: str
    address: str
    told: SafeString


def page(reading: Reading, study: Study, _request: HttpRequest) -> Page:
    """The overview."""
    place = place_in(reading, study)
    context = {
        "question": study.question or question(reading),
        "keys": keys(reading, study),
        "map": overlap_map(reading, study) if reading.aspects else None,
        "next": _next(reading, study),
        "facts": _facts(reading, study),
    }
    return Page(title_of(study.title), sentences.answer(reading, place), drawn("overview", context))


def question(reading: Reading) -> str:
    """What every study asks, where nobody wrote a question."""
    return _("Where is %(city)s under pressure, who may come, and what will that ask?") % {
        "city": reading.findings.city.name
    }


def keys(reading: Reading, study: Study) -> list[Key]:
    """The few figures to take away, each with its interval and a link to where it comes from."""
    found = [_overlap_key(reading, study), _arrival_key(reading, study)]
    found += [*_gap_keys(reading, study), _exposure_key(reading, study)]
    return [key for key in found if key is not None]


def _overlap_key(reading: Reading, study: Study) -> Key | None:
    several = [one for one, count in reading.overlap.items() if count >= _SEVERAL]
    if not several:
        return None
    words = _("of %(all)s districts are among the most pressed fifth in three aspects or more.")
    here = f"{reverse('study-today', args=[study.pk])}?show=overlap"
    return Key(numbers.whole(len(several)), "", words % {"all": numbers.whole(len(reading.names))}, here)


def _arrival_key(reading: Reading, study: Study) -> Key | None:
    if not sentences.has_forecasts(reading):
        return None
    measure = main_measure(reading.findings)
    row = total_of(reading.findings, measure)
    if row is None:
        return None
    figure, interval = split(row["p50"], row["p10"], row["p90"])
    series = names.label(measure, reading.findings.labels)
    words = _("%(series)s, from %(first)s to %(last)s.") % {"series": series, **span(row)}
    return Key(figure, interval, words, reverse("study-arrivals", args=[study.pk]))


def _gap_keys(reading: Reading, study: Study) -> list[Key]:
    rows = [row for row in reading.last_totals if standing(row) <= Standing.ABOVE_TODAY][:_GAPS]
    return [_gap_key(row, study) for row in rows]


def _gap_key(row: dict[str, Any], study: Study) -> Key:
    figure, interval = split(row["gap_p50"], row["gap_p10"], row["gap_p90"])
    words = {
        "unit": names.unit(row["unit"]),
        "service": names.service(row["service"]),
        "month": numbers.month(row["time"]),
    }
    told = _("%(unit)s short in %(month)s. %(service)s.") % words
    if standing(row) == Standing.ABOVE_TODAY:
        told = _("%(unit)s asked for above what is given today, in %(month)s. %(service)s.") % words
    return Key(figure, interval, told, f"{reverse('study-load', args=[study.pk])}?service={row['service']}")


def _exposure_key(reading: Reading, study: Study) -> Key | None:
    rows = [row for row in reading.exposure if row["kind"] == "aspect"]
    if not rows:
        return None
    row = max(rows, key=lambda one: one["newcomers_top_share"])
    words = _(
        "of newcomers live in the most pressed fifth for: %(aspect)s. Of long-term residents %(share)s do."
    ) % {"aspect": names.aspect(row["aspect"]), "share": numbers.percent(row["long_term_top_share"])}
    here = f"{reverse('study-today', args=[study.pk])}?show=newcomers"
    return Key(numbers.percent(row["newcomers_top_share"]), "", words, here)


def overlap_map(reading: Reading, study: Study) -> Map:
    """In how many aspects each district is among the most pressed fifth."""
    most = [one for one, count in reading.overlap.items() if count > 1][:_NUMBERED]
    aspects = len(reading.aspects)
    scale = fixed_scale(tuple(float(count) for count in range(aspects)), (*SEQUENTIAL,)[: aspects + 1], "")
    return Map(
        reading.drawing,
        reading.names,
        {one: float(count) for one, count in reading.overlap.items()},
        scale,
        _(
            "Map: in how many aspects each district is among the most pressed fifth. "
            "The same follows in words."
        ),
        lambda one: address(study, one),
        lambda value: _("%(count)s of %(all)s aspects") % {"count": round(value), "all": aspects},
        legend_title=_("Aspects in the most pressed fifth"),
        class_words=[_("none"), *(numbers.whole(count) for count in range(1, aspects + 1))],
        marked=most,
        source=_("The aspects are not added up: a score for the whole would hide which of them presses."),
    )


def _next(reading: Reading, study: Study) -> list[Next]:
    place = place_in(reading, study)
    entries = [
        Next(names.aspect(aspect), _today(study, aspect), _highest(reading, aspect, place))
        for aspect in reading.aspects
    ]
    entries.append(Next(_("Who may come"), reverse("study-arrivals", args=[study.pk]), _stock(reading)))
    for row in reading.last_totals[:_SEVERAL]:
        there = f"{reverse('study-load', args=[study.pk])}?service={row['service']}"
        entries.append(Next(names.service(row["service"]), there, sentences.gap(row)))
    entries.append(Next(_("The data behind it"), reverse("study-quality", args=[study.pk]), _care(reading)))
    return entries


def _today(study: Study, aspect: str) -> str:
    return f"{reverse('study-today', args=[study.pk])}?show={aspect}"


def _highest(reading: Reading, aspect: str, place: Any) -> SafeString:
    first = list(reading.scores_of(aspect))[:3]
    return sentences.say(_("Pressure is highest in {districts}."), districts=places(first, place))


def _stock(reading: Reading) -> SafeString:
    if not sentences.has_forecasts(reading):
        return sentences.arrivals(reading)
    there = set(reading.findings.forecasts["measure"])
    return sentences.last(
        reading, sentences.STOCK if sentences.STOCK in there else main_measure(reading.findings)
    )


def _care(reading: Reading) -> SafeString:
    quality = reading.findings.quality
    mended = sum(1 for one in quality if one.mended)
    warned = sum(1 for one in quality if one.warnings or one.note)
    return sentences.say(
        _("{tables} tables; {mended} were mended where a rule allowed it, {warned} ask for care."),
        tables=len(quality),
        mended=mended,
        warned=warned,
    )


def _facts(reading: Reading, study: Study) -> list[tuple[str, Any]]:
    findings = reading.findings
    people = sum(reading.people.get(names.EVERYBODY, {}).values())
    newcomers = sum(reading.people.get(names.NEWCOMERS, {}).values())
    pairs: list[tuple[str, Any]] = [(_("City"), sentences.bdi(findings.city.name))]
    pairs.append((_("Districts"), numbers.whole(len(reading.names))))
    if people:
        pairs.append((_("People"), numbers.number(people)))
    if people and newcomers:
        share = {"people": numbers.number(newcomers), "share": numbers.percent(newcomers / people)}
        pairs.append((_("Newcomers"), _("%(people)s (%(share)s)") % share))
    pairs.append((_("Made by"), sentences.bdi(str(study.organisation))))
    pairs.append((_("Finished"), numbers.when(study.finished_at)))
    pairs.append((_("Months ahead"), numbers.whole(study.horizon)))
    pairs.append((_("Seed"), str(findings.seed)))
    pairs.append((_("Version"), format_html('<span dir="ltr">Philoxenia {}</span>', findings.version)))
    return pairs
