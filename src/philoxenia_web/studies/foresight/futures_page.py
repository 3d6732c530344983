"""What may happen? The scenario as it was used: shocks, people, homes, services, what was uncertain."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import polars as pl
from django.http import HttpRequest
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from philoxenia.reference import reference_table
from philoxenia_web.studies.foresight import fans, names, plots
from philoxenia_web.studies.foresight.action_futures import called
from philoxenia_web.studies.foresight.dividend_words import in_futures
from philoxenia_web.studies.foresight.figures import drawn
from philoxenia_web.studies.foresight.reading import WITHOUT, ForesightReading
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.names import listing
from philoxenia_web.studies.report.sentences import joined, say
from philoxenia_web.ui import numbers
from philoxenia_web.ui.tables import Column, Table

# What a reader asks first; services follow as the study has them.
_FIRST = ("arrivals", "shelter_intake", "waiting", "in_shelter", "exits_to_homes", "vacant_homes")
_MOST, _NAMED = 6, 3
_SHARE = "share"
_SHOCK, _BEGINS, _SIZE = "shock.", ".begins", ".size"
# Columns that say what plans brought, and what somebody had to set, not how a future is.
_OF_PLANS, _SET = ("net.", "fails."), ("value.", "benefit.", "effect.", "cost.", "lead.")


def page(reading: ForesightReading, study: Study, request: HttpRequest) -> Page | Table:
    """The futures of a study."""
    title = say(_("What may happen in these years?"))
    if reading.futures.is_empty():
        return Page(title, say(_("No future was tried.")), drawn("futures", {"nothing": True}))
    table = _table(reading, request)
    if table.wants_export:
        return table
    shocks = _shocks(reading)
    context = {
        "study": study,
        "shocks": shocks,
        "panels": _panels(reading),
        "table": table,
        "months": len(reading.found.months),
    }
    return Page(title, _lead(reading, shocks), drawn("futures", context), drawn("futures_sources", context))


def _lead(reading: ForesightReading, shocks: list[dict[str, Any]]) -> SafeString:
    found = reading.found
    told = say(
        _("{futures} futures were tried, from {first} to {last}; every action meets the same ones."),
        futures=numbers.whole(found.futures),
        first=numbers.month(found.months[0]),
        last=numbers.month(found.months[-1]),
    )
    often = [one for one in sorted(shocks, key=lambda one: -one["share"]) if one["share"] > 0][:_NAMED]
    if not often:
        return joined([told, say(_("No shock strikes in any of them."))])
    said = listing(
        _("%(shock)s (%(odds)s)") % {"shock": one["title"], "odds": numbers.percent(one["share"])}
        for one in often
    )
    return joined([told, say(_("The shocks that come most often: {shocks}."), shocks=said), _served(reading)])


def _served(reading: ForesightReading) -> SafeString:
    rule = names.rule(reading.found.rule)
    return say(_("Where there is too little for all, the rule is: {rule}."), rule=rule)


def _shocks(reading: ForesightReading) -> list[dict[str, Any]]:
    """Each named event: in how many futures it came, when it began, how large it was."""
    return [
        _shock(reading, column.removeprefix(_SHOCK))
        for column in reading.futures.columns
        if column.startswith(_SHOCK) and column.count(".") == 1
    ]


def _shock(reading: ForesightReading, shock: str) -> dict[str, Any]:
    frame, name = reading.futures, f"{_SHOCK}{shock}"
    came = frame.filter(pl.col(name).cast(pl.Float64) > 0)
    share = came.height / frame.height
    return {
        "title": names.shock(shock, reading.found.labels),
        "share": share,
        "odds": in_futures(share),
        "drawing": plots.share(share),
        "size": _spread(came, name + _SIZE, _units().get(shock, "")),
        "begins": _when(reading, came, name + _BEGINS),
    }


def _spread(frame: pl.DataFrame, column: str, unit: str) -> str:
    values = _known(frame, column)
    if values is None:
        return ""
    middle, low, high = (float(values.quantile(at) or 0.0) for at in (0.5, 0.1, 0.9))
    if unit != _SHARE:
        said = {"amount": numbers.interval(middle, low, high), "unit": names.unit(unit)}
        return _("%(amount)s %(unit)s") % said
    figures = {
        name: numbers.percent(value) for name, value in (("middle", middle), ("low", low), ("high", high))
    }
    return numbers.together(
        pgettext("an estimate and its interval", "%(middle)s (%(low)s to %(high)s)") % figures
    )


@cache
def _units() -> Mapping[str, str]:
    """In what each shock of the reference is measured."""
    return dict(reference_table("shocks").select("name", "size_unit").iter_rows())


def _when(reading: ForesightReading, frame: pl.DataFrame, column: str) -> str:
    """The middle month in which it began, between the early and the late ones."""
    values = _known(frame, column)
    if values is None:
        return ""
    months = reading.found.months
    first, last = (
        numbers.month(months[min(int(values.quantile(at, "nearest") or 0), len(months) - 1)])
        for at in (0.1, 0.9)
    )
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _known(frame: pl.DataFrame, column: str) -> pl.Series | None:
    if column not in frame.columns:
        return None
    values = frame[column].drop_nulls()
    return None if values.is_empty() else values


def _panels(reading: ForesightReading) -> list[fans.Panel]:
    """Months without anything and with the plan, people and homes first."""
    there = reading.measures(WITHOUT)
    plan = reading.found.main_plan
    kept = [one for one in _FIRST if one in there] or there
    return [fans.panel(reading, plan, one) for one in kept[:_MOST]]


def _table(reading: ForesightReading, request: HttpRequest) -> Table:
    rows = [_row(reading, column) for column in _uncertain(reading.futures)]
    columns = [
        Column("title", _("What is uncertain"), kind="name", filter=True),
        Column("kind", _("Kind"), filter=True, choices=_kinds()),
        Column("middle", _("In the middle"), kind="number"),
        Column("low", _("One in ten below"), kind="number"),
        Column("high", _("One in ten above"), kind="number"),
        Column("least", _("Least"), kind="number"),
        Column("most", _("Most"), kind="number"),
    ]
    return Table(
        "uncertain",
        columns,
        rows,
        request,
        caption=_("Everything that differs between the futures, and how far"),
        note=_(
            "Numbers around 1 are factors: 1 is as today, as fitted or as stated. Rents grow by a share a "
            "year. A shock is 1 where it came and 0 where it did not; what one unit is worth is in "
            "{currency}."
        ).format(currency=reading.currency),
    )


def _kinds() -> dict[str, str]:
    return {"world": _("how the future is"), "set": _("a number somebody set"), "shock": _("a shock")}


def _uncertain(futures: pl.DataFrame) -> list[str]:
    return [
        name
        for name, kind in futures.schema.items()
        if name != "future"
        and not name.startswith(_OF_PLANS)
        and not (name.startswith(_SHOCK) and name.endswith(_BEGINS))
        and (kind.is_numeric() or kind == pl.Boolean)
    ]


def _row(reading: ForesightReading, column: str) -> dict[str, Any]:
    values = reading.futures[column].cast(pl.Float64).drop_nulls()
    at = {"least": 0.0, "low": 0.1, "middle": 0.5, "high": 0.9, "most": 1.0}
    kind = "shock" if column.startswith(_SHOCK) else "set" if column.startswith(_SET) else "world"
    return {
        "title": called(reading, column),
        "kind": kind,
        **{name: values.quantile(share) for name, share in at.items()},
    }
