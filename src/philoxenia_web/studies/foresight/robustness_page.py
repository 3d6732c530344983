"""How robust is the plan? Measures of every plan, regret, where it fails, what it is worth to know."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.studies.foresight import drawings, names, plan_words
from philoxenia_web.studies.foresight.boxes_view import boxes_of, rule_words
from philoxenia_web.studies.foresight.plan_words import Words, drawn
from philoxenia_web.studies.foresight.plans import Plans, Row
from philoxenia_web.studies.foresight.reading import ForesightReading
from philoxenia_web.studies.foresight.regret_view import regret_table
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.names import listing
from philoxenia_web.studies.report.sentences import joined, say
from philoxenia_web.ui import numbers

_MOST_KNOWN = 10
# Of these, less is better.
_LESS = ("regret_max", "regret_mean")
_SHARES = ("satisficing",)
_MEASURES: Mapping[str, tuple[Promise, Promise]] = {
    "mean": (
        gettext_lazy("On average"),
        gettext_lazy("The dividend beyond the cost, averaged over all futures."),
    ),
    "cvar": (
        gettext_lazy("In the worst futures"),
        gettext_lazy(
            "The dividend averaged over the worst {share} of futures: what remains when times are bad."
        ),
    ),
    "maximin": (
        gettext_lazy("In the worst future of all"),
        gettext_lazy(
            "The least it brought in any future tried; nothing worse was seen, though worse may come."
        ),
    ),
    "regret_max": (
        gettext_lazy("Most to be sorry about"),
        gettext_lazy("How far it fell behind the best of these plans, where that was most. Less is better."),
    ),
    "regret_mean": (
        gettext_lazy("To be sorry about on average"),
        gettext_lazy("How far it falls behind the best of these plans on average. Less is better."),
    ),
    "satisficing": (
        gettext_lazy("Good enough"),
        gettext_lazy("The share of futures in which the plan is good enough: {enough}."),
    ),
}


def page(reading: ForesightReading, study: Study, request: HttpRequest) -> Page:
    """Robustness of all plans, and of the plan asked for in detail."""
    title = say(_("How robust is the plan?"))
    plans = Plans(reading.found)
    words = Words(reading, plans, study)
    rows = list(reading.found["robustness"].iter_rows(named=True))
    failure = _failure(reading)
    context = {
        "nothing": not rows and failure is None,
        "begin": reverse("study-settings", args=[study.pk]),
        "measures": _measures(reading, words),
        "rows": _rows(rows, words),
        "unit": words.cash.unit,
        "regret": regret_table(reading, plans, words),
        "failing": _failing(failure, words),
        "boxes": boxes_of(reading, words),
        "knowing": _knowing(reading, words),
    }
    sources = {"futures": reading.found.futures, "share": numbers.percent(reading.found.worst_share)}
    return Page(
        title, _lead(rows, failure, words), drawn("robustness", context), drawn("robustness_sources", sources)
    )


def _failure(reading: ForesightReading) -> Row | None:
    rows = reading.found["failures"].iter_rows(named=True)
    return next((row for row in rows if row["plan"] == reading.found.main_plan), None)


def _lead(rows: list[Row], failure: Row | None, words: Words) -> SafeString:
    """How often the plan fails, and what its worst future is."""
    told = []
    if failure is not None:
        said = {
            "often": plan_words.in_ten(failure["share_failing"]),
            "without": plan_words.in_ten(failure["share_failing_without"]),
        }
        told.append(say(_("The plan asked for fails {often}; without it, {without}."), **said))
    main = next((row for row in rows if row["plan"] == words.reading.found.main_plan), None)
    if main is not None:
        kind = (
            _("In its worst future it brings {least}.")
            if main["maximin"] >= 0
            else _("In its worst future it costs {least} more than it brings.")
        )
        told.append(say(kind, least=words.money(abs(main["maximin"]))))
        told.append(
            say(
                _("It never falls more than {regret} behind the best of the plans compared."),
                regret=words.money(main["regret_max"]),
            )
        )
    return joined(told) if told else say(_("This study compared no plans."))


def _measures(reading: ForesightReading, words: Words) -> list[dict[str, str]]:
    said = {"share": numbers.percent(reading.found.worst_share), "enough": _enough(reading, words)}
    return [
        {
            "name": str(name),
            "meaning": str(meaning).format(**said),
            "unit": "" if key in _SHARES else words.cash.unit,
        }
        for key, (name, meaning) in _MEASURES.items()
    ]


def _enough(reading: ForesightReading, words: Words) -> str:
    """What counts as good enough, as the planner set it."""
    asked = reading.found.settings.get("satisfice")
    if not isinstance(asked, Mapping) or not asked:
        return _("it brings more than it costs")
    parts = [
        _("%(what)s at least %(least)s") % {"what": names.measure(str(name)), "least": numbers.number(least)}
        for name, least in asked.items()
        if isinstance(least, int | float)
    ]
    return listing(parts) if parts else _("all that was asked for is reached")


def _rows(rows: list[Row], words: Words) -> list[dict[str, Any]]:
    best = {key: _best(rows, key) for key in _MEASURES}
    main = words.reading.found.main_plan
    return [
        {
            "name": words.plan(row["plan"]),
            "main": row["plan"] == main,
            "cells": [
                {
                    "text": numbers.percent(row[key]) if key in _SHARES else words.cell(row[key]),
                    "best": best[key] is not None and _as_good(row[key], best[key]),
                    "loss": key not in _LESS and row[key] is not None and row[key] < 0,
                }
                for key in _MEASURES
            ],
        }
        for row in sorted(rows, key=lambda row: (row["plan"] != main, -(row["mean"] or 0.0)))
    ]


def _best(rows: list[Row], key: str) -> float | None:
    known = [row[key] for row in rows if row[key] is not None and isfinite(row[key])]
    # Where all are alike none is best.
    if len(known) < 2 or _as_good(min(known), max(known)):
        return None
    return min(known) if key in _LESS else max(known)


def _as_good(value: float | None, best: float | None) -> bool:
    return value is not None and best is not None and abs(value - best) <= 1e-9 * max(abs(best), 1.0)


def _failing(failure: Row | None, words: Words) -> dict[str, Any] | None:
    if failure is None:
        return None
    return {
        "rule": rule_words(failure["rule"], words),
        "plan": plan_words.in_ten(failure["share_failing"]),
        "without": plan_words.in_ten(failure["share_failing_without"]),
        "plan_bar": drawings.share_bar(failure["share_failing"] or 0.0, "failing"),
        "without_bar": drawings.share_bar(failure["share_failing_without"] or 0.0, "failing"),
    }


def _knowing(reading: ForesightReading, words: Words) -> dict[str, Any] | None:
    """What it would be worth to know more before deciding, in all and one thing at a time."""
    rows = [row for row in reading.found["knowing"].iter_rows(named=True) if row["evppi"] is not None]
    if not rows and not reading.found.evpi:
        return None
    titles = {action: reading.title(action) for action in reading.actions}
    rows.sort(key=lambda row: -row["evppi"])
    lines = [
        {
            "name": names.uncertainty(row["name"], reading.found.labels, titles),
            "worth": words.cell(row["evppi"]),
            "bar": drawings.share_bar(row["share_of_evpi"] or 0.0, "known"),
            "share": numbers.percent(row["share_of_evpi"]),
        }
        for row in rows[:_MOST_KNOWN]
    ]
    return {"sentences": _worth(rows, lines, words), "rows": lines, "unit": words.cash.unit,
            "left": max(len(rows) - _MOST_KNOWN, 0)}  # fmt: skip


def _worth(rows: list[Row], lines: list[dict[str, Any]], words: Words) -> SafeString:
    evpi = words.reading.found.evpi
    if not evpi or evpi <= 0:
        return say(
            _("One plan is best in every future tried: to know more before deciding would change nothing.")
        )
    told = [
        say(
            _(
                "To know the future exactly before choosing among these plans would be worth up to "
                "{amount}: no study may cost more than that."
            ),
            amount=words.money(evpi),
        )
    ]
    if rows and rows[0]["evppi"] > 0:
        told.append(say(_("Of single things, most is worth knowing: {name} (up to {amount})."),
                        name=lines[0]["name"], amount=words.money(rows[0]["evppi"])))  # fmt: skip
    return joined(told)
