"""The answers: what a study found, in sentences of the reader's language."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia.report.sections.arrivals import main_measure, total_of
from philoxenia.report.sections.places import holds
from philoxenia.report.sections.totals import Standing, standing
from philoxenia_web.studies.report import names
from philoxenia_web.studies.report.figures import Place, places, span
from philoxenia_web.studies.report.reading import Reading, Row
from philoxenia_web.ui import numbers

STOCK = "actively_homeless"
_FORECASTS = ("measure", "group", "time", "median", "lower_80", "upper_80")

_OVER_TIME: Mapping[str, Promise] = {
    "newly_identified": gettext_lazy(
        "{amount} people may come to shelter for the first time from {first} to {last}."
    ),
    "returned_from_housing": gettext_lazy(
        "{amount} people may come back to shelter from housing from {first} to {last}."
    ),
    "returned_to_shelter": gettext_lazy("{amount} people may come back to shelter from {first} to {last}."),
    "moved_to_housing": gettext_lazy(
        "{amount} people may move from shelter to housing from {first} to {last}."
    ),
    "became_inactive": gettext_lazy(
        "{amount} people may leave shelter or not be seen again from {first} to {last}."
    ),
}
_IN_A_MONTH: Mapping[str, Promise] = {
    STOCK: gettext_lazy("{amount} people may be in the shelter system in {month}."),
}


def has_forecasts(reading: Reading) -> bool:
    """Whether anything is forecast."""
    return holds(reading.findings.forecasts, *_FORECASTS)


def answer(reading: Reading, place: Place) -> SafeString:
    """The whole study in a few sentences."""
    return joined([*today(reading, place), arrivals(reading), *gaps(reading)[:1]])


def joined(sentences: list[SafeString]) -> SafeString:
    """Sentences one after the other."""
    return mark_safe(" ".join(one for one in sentences if one))  # noqa: S308 (each is safe)


def today(reading: Reading, place: Place) -> list[SafeString]:
    """Where pressures meet, and whether newcomers live there more than others."""
    if not reading.aspects:
        return [say(_("Pressure by district cannot be told yet."))]
    most = max(reading.overlap.values(), default=0)
    together = [one for one, count in reading.overlap.items() if count == most and most > 1]
    if not together:
        return [say(_("The aspects of city life press in different districts.")), *who_lives_there(reading)]
    told = say(
        _("Pressures meet in {districts}: there, {count} of {all} aspects are in their most pressed fifth."),
        districts=places(together, place),
        count=most,
        all=len(reading.aspects),
    )
    return [told, *who_lives_there(reading)]


def who_lives_there(reading: Reading) -> list[SafeString]:
    """Whether newcomers live where pressure is."""
    rows = [row for row in reading.exposure if row["kind"] == "aspect"]
    if not rows:
        return []
    more = [names.aspect(row["aspect"]) for row in rows if row["difference_low"] > 0]
    fewer = [names.aspect(row["aspect"]) for row in rows if row["difference_high"] < 0]
    if more:
        return [
            say(_("Newcomers live where pressure is higher for: {aspects}."), aspects=names.listing(more))
        ]
    if fewer:
        return [
            say(_("Newcomers live where pressure is lower for: {aspects}."), aspects=names.listing(fewer))
        ]
    return [say(_("Newcomers and long-term residents live under much the same pressure."))]


def arrivals(reading: Reading) -> SafeString:
    """How many may come over the whole horizon."""
    if not has_forecasts(reading):
        return say(_("How many may come cannot be told yet."))
    return total(reading, main_measure(reading.findings))


def total(reading: Reading, measure: str) -> SafeString:
    """A series over the whole horizon; of a stock, its last month."""
    row = None if measure == STOCK else total_of(reading.findings, measure)
    if row is None:
        return last(reading, measure)
    amount = numbers.interval(row["p50"], row["p10"], row["p90"])
    own = reading.findings.labels
    words = _OVER_TIME.get(measure) if measure not in own else None
    if words is None:
        series = names.label(measure, own)
        return say(
            _("{series}: {amount} from {first} to {last}."), series=bdi(series), amount=amount, **span(row)
        )
    return say(str(words), amount=amount, **span(row))


def last(reading: Reading, measure: str) -> SafeString:
    """Where a series stands in the last month, beside the last record."""
    row = last_row(reading, measure)
    if row is None:
        return SafeString("")
    amount = numbers.interval(row["median"], row["lower_80"], row["upper_80"])
    month, own = numbers.month(row["time"]), reading.findings.labels
    words = _IN_A_MONTH.get(measure) if measure not in own else None
    if words is not None:
        return say(str(words), amount=amount, month=month)
    return say(
        _("{series}: {amount} in {month}."), series=bdi(names.label(measure, own)), amount=amount, month=month
    )


def last_row(reading: Reading, measure: str, group: str = "") -> Row | None:
    """The last month of a forecast for everybody, or for one group."""
    rows = reading.findings.forecasts.filter(pl.col("measure") == measure)
    if not group:
        there = set(rows["group"])
        group = "all" if "all" in there else min(there, default="")
    found = rows.filter(pl.col("group") == group).sort("time").tail(1).to_dicts()
    return found[0] if found else None


def gaps(reading: Reading) -> list[SafeString]:
    """Services that fall short or are asked above what they give, the most pressing first."""
    if not reading.last_totals:
        return [say(_("What arrivals will ask of services cannot be told yet."))]
    pressing = [gap(row) for row in reading.last_totals if standing(row) <= Standing.ABOVE_TODAY]
    return pressing or [say(_("The city as a whole has room in most futures, though not in every district."))]


def gap(row: Row) -> SafeString:
    """One service in the last month."""
    words = {
        "service": names.service(row["service"]),
        "unit": names.unit(row["unit"]),
        "month": numbers.month(row["time"]),
        "amount": numbers.interval(row.get("gap_p50"), row.get("gap_p10"), row.get("gap_p90")),
    }
    kind = standing(row)
    if kind == Standing.SHORT:
        return say(_("{service}: {amount} {unit} short in {month}."), **words)
    if kind == Standing.ABOVE_TODAY:
        return say(_("{service}: {amount} {unit} asked for above what is given today, in {month}."), **words)
    if kind == Standing.ROOM:
        return say(_("{service}: room in most futures in {month}."), **words)
    return say(_("{service}: capacity is not known."), **words)


def odds(share: float | None) -> str:
    """In how many futures a gap opens."""
    if share is None:
        return numbers.NOT_KNOWN
    count = round(100 * share)
    if count >= 100:
        return _("in every future tried")
    if count == 0:
        return _("in none of the futures tried") if share <= 0 else _("in fewer than 1 of 100 futures")
    return _("in %(count)s of 100 futures") % {"count": count}


def newcomers_share(reading: Reading, row: Row) -> float | None:
    """How much of the demand for a service is newcomers'."""
    own = [
        one for one in reading.totals.get((row["service"], names.NEWCOMERS), []) if one["time"] == row["time"]
    ]
    return own[0]["demand_p50"] / row["demand_p50"] if own and row["demand_p50"] else None


def say(words: str, **values: Any) -> SafeString:
    """A sentence with its figures put in, names escaped."""
    return format_html(words, **values) if values else format_html("{}", words)


def bdi(text: str) -> SafeString:
    """A name of the city's own, isolated."""
    return format_html("<bdi>{}</bdi>", text)
