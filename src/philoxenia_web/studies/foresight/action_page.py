"""One action: who gains, who loses, in which futures, and who says so."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from philoxenia.report.names import clean
from philoxenia_web.studies.foresight import (
    action_futures,
    action_gains,
    action_months,
    action_numbers,
    action_places,
    action_words,
    names,
    plan_words,
)
from philoxenia_web.studies.foresight.dividend_words import linked
from philoxenia_web.studies.foresight.figures import drawn
from philoxenia_web.studies.foresight.money import money_for
from philoxenia_web.studies.foresight.plans import Plans
from philoxenia_web.studies.foresight.reading import NET, ForesightReading, parts
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.keeping import Page, title_of
from philoxenia_web.studies.report.names import listed
from philoxenia_web.studies.report.sentences import joined
from philoxenia_web.ui.tables import Table


def page(reading: ForesightReading, study: Study, request: HttpRequest, action: str) -> Page | Table:
    """All that is known of one action."""
    places = action_places.places(reading, request, action)
    if places and places["table"].wants_export:
        return places["table"]
    net = reading.of(action, NET)
    money = money_for(reading.currency, [net["p10"], net["p90"]] if net else [])
    context: dict[str, Any] = {
        "study": study,
        "summary": reading.actions[action]["summary"],
        "facts": _facts(reading, study, action),
        "keys": action_words.keys(reading, action),
        "in_plan": _in_plan(reading, study, action),
        "case": f"{reverse('foresight-case-choice', args=[study.pk])}?{urlencode({'action': action})}",
        "portfolio": reverse("foresight-portfolio", args=[study.pk]),
        "gains": action_gains.by_constituency(reading, action, money),
        "cells": action_gains.by_cell(reading, action, money),
        "made_of": action_gains.made_of(reading, action, money),
        "changes": _parted(action_months.changes(reading, action)),
        "with_and_without": action_months.with_and_without(reading, action),
        "costs": action_months.costs_by_year(reading, action),
        "places": places,
        "drivers": action_futures.drivers(reading, action, money),
        "switching": action_futures.switching(reading, action),
        "losing": action_futures.when_it_loses(reading, action),
        "options": action_numbers.options(reading, action, money),
        "numbers": action_numbers.own(reading, action),
        "effects": action_numbers.effects(reading, action),
        "benefits": action_numbers.benefits(reading, action),
        "values": action_numbers.values(reading, action),
        "unit": money.unit,
    }
    lead = joined(action_words.answer(reading, action))
    return Page(title_of(reading.title(action)), lead, drawn("action", context))


def _parted(changes: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]] | None:
    """What matters to most readers, and the rest."""
    if not changes:
        return None
    main = [row for row in changes if row["main"]]
    return {"main": main or changes, "rest": [row for row in changes if not row["main"]] if main else []}


def _in_plan(reading: ForesightReading, study: Study, action: str) -> list[SafeString]:
    """Whether the plan that was asked for holds it, and why."""
    words = plan_words.Words(reading, Plans(reading.found), study)
    return [plan_words.reason(row, words) for row in reading.rows("reasons", action)]


def _facts(reading: ForesightReading, study: Study, action: str) -> list[tuple[str, Any]]:
    row = reading.actions[action]
    pairs: list[tuple[str, Any]] = [
        (_("Who pays"), reading.funders.get(row["funder"], "")),
        (_("Starts to work after"), action_numbers.months(row["lead_months"])),
        (_("Grows to full strength in"), action_numbers.months(row["ramp_months"])),
        (_("Works for"), action_numbers.months(row["duration_months"]) or _("as long as we look ahead")),
        (_("Whom it serves"), row["serves"] or ""),
        (_("Goals of the City Resilience Framework"), _goals(row)),
        (_("Ideas it stands for"), _ideas(row)),
        (_("Needs first"), _others(reading, study, row["needs"])),
        (_("Cannot be taken beside"), _others(reading, study, row["excludes"])),
        (_("Note"), row["note"] or ""),
        (_("Changed in this study"), _why_changed(reading, action)),
    ]
    return [(words, value) for words, value in pairs if value]


def _why_changed(reading: ForesightReading, action: str) -> str:
    """That a planner wrote or changed it, and the reason they gave."""
    marks = reading.changed(action)
    if not marks:
        return ""
    if "added" in marks:
        return _("written for this study; it is not in the city's catalogue")
    asked = reading.found.settings.get("changed")
    own = asked.get(action) if isinstance(asked, Mapping) else None
    reason = str(own.get("reason") or "").strip() if isinstance(own, Mapping) else ""
    if not reason:
        return _("numbers marked ◆ below; no reason was given")
    return _("numbers marked ◆ below, because: %(reason)s") % {"reason": clean(reason)}


def _goals(row: dict[str, Any]) -> str:
    return "; ".join(
        _("%(id)s: %(name)s") % {"id": one, "name": names.goal(one)} for one in parts(row["crf_goals"])
    )


def _ideas(row: dict[str, Any]) -> str:
    found = [(one, names.idea(one)) for one in parts(row["blueprint"])]
    return "; ".join(
        _("%(id)s: %(name)s") % {"id": one, "name": name} if name else one for one, name in found
    )


def _others(reading: ForesightReading, study: Study, cell: object) -> SafeString:
    return listed(linked(reading, study, one) for one in parts(cell))
