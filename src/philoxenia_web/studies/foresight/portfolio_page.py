"""What does the budget buy? Actions in time, who pays, what it brings to whom, why each is in or out."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from philoxenia_web.studies.foresight import drawings, names, plan_words, plots
from philoxenia_web.studies.foresight.budget_view import Choice, chosen, slider
from philoxenia_web.studies.foresight.pareto_view import trade_offs
from philoxenia_web.studies.foresight.plan_words import Words, drawn
from philoxenia_web.studies.foresight.plans import Plans, Row
from philoxenia_web.studies.foresight.reading import ForesightReading
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.report.keeping import Page
from philoxenia_web.studies.report.names import listed
from philoxenia_web.studies.report.sentences import joined, say
from philoxenia_web.ui import numbers

_MONTHS = 12


def page(reading: ForesightReading, study: Study, request: HttpRequest) -> Page:
    """The plan that was asked for as the answer; the plan at the level and aim of the address in detail."""
    title = say(_("What does the budget buy?"))
    plans = Plans(reading.found)
    words = Words(reading, plans, study)
    choice = chosen(plans, request)
    if choice is None:
        return Page(title, say(_("No plan could be made.")), drawn("portfolio", _nothing(study)))
    context = {
        "study": study,
        "slider": slider(choice, plans, words),
        "plan": told(choice, plans, words),
        "reasons": _reasons(plans, words),
        "case": reverse("foresight-case-choice", args=[study.pk]),
        "trade_offs": trade_offs(reading, words, request),
    }
    return Page(title, _lead(plans.main or choice.row, plans, words), drawn("portfolio", context),
                drawn("portfolio_sources", _sources(reading, words)))  # fmt: skip


def _nothing(study: Study) -> dict[str, Any]:
    return {"nothing": True, "begin": reverse("study-settings", args=[study.pk])}


def _sources(reading: ForesightReading, words: Words) -> dict[str, Any]:
    found = reading.found
    return {
        "futures": found.futures,
        "years": numbers.number(reading.years),
        "rate": numbers.percent(found.rate),
        "worst": numbers.percent(found.worst_share),
        "rule": names.rule(found.rule),
        "currency": reading.currency,
        "unit": words.cash.unit,
        "budgets": [
            {**row, "name": words.funder(row["funder"]), "amount": words.cell(row["amount"])}
            for row in found["budgets"].sort("funder", "year").iter_rows(named=True)
        ],
    }  # fmt: skip


def _lead(row: Row, plans: Plans, words: Words) -> SafeString:
    """The answer about the plan asked for."""
    taken = plans.taken(row["plan"])
    if not taken:
        return say(_("Nothing: no action brings more than it costs within the budgets and limits asked for."))
    count = ngettext("One action", "%(count)s actions", len(taken)) % {"count": len(taken)}
    first = say(
        _("{actions} for {cost} bring a dividend of {net} beyond what they cost, over {years} years."),
        actions=count,
        cost=words.money(row["cost"]),
        net=words.range(row["net_mean"], row["net_p10"], row["net_p90"]),
        years=numbers.number(words.reading.years),
    )
    return joined([first, _losing(row), _worse_off(row["plan"], plans)])


def _losing(row: Row) -> SafeString:
    if not row["share_losing"]:
        return say(_("It costs more than it brings in no future tried."))
    return say(_("It costs more than it brings {often}."), often=plan_words.in_ten(row["share_losing"]))


def _worse_off(plan: str, plans: Plans) -> SafeString:
    gains = plans.gains(plan)
    worse = [names.constituency(row["constituency"]) for row in gains if row["mean"] < 0]
    if not gains:
        return SafeString("")
    if worse:
        return say(
            _("Worse off on average than without it: {groups}."),
            groups=listed(say("{one}", one=one) for one in worse),
        )
    return say(_("No group is worse off on average than without it."))


def told(choice: Choice, plans: Plans, words: Words) -> dict[str, Any]:
    """Everything that is said of one plan."""
    row = choice.row
    return {
        "name": words.plan(row["plan"]),
        "sentence": _lead(row, plans, words),
        "is_main": row["plan"] == plans.found.main_plan,
        "figures": _figures(row, words),
        "note": choice.note,
        "beside": choice.beside(plans, words),
        "years": [numbers.month(plans.first_month(year)) for year in range(plans.years)],
        "actions": [_action(one, plans, words) for one in plans.taken(row["plan"])],
        "costs": _costs(row["plan"], plans, words),
        "gains": _gains(row["plan"], plans, words),
        "unit": words.cash.unit,
        "together": _together(row, words),
        "solved": plan_words.solved(row),
    }  # fmt: skip


def _figures(row: Row, words: Words) -> list[dict[str, str]]:
    worst = {"share": numbers.percent(words.reading.found.worst_share)}
    unit = {"unit": words.cash.unit}
    amounts = [words.cash.whole(row[name]) for name in ("net_mean", "net_p10", "net_p90")]
    net, between = numbers.apart(*amounts)
    return [
        {"figure": net, "interval": between,
         "sentence": _("%(unit)s of dividend beyond the cost; the interval holds 8 of 10 futures") % unit},
        {"figure": words.cell(row["cost"]), "interval": "",
         "sentence": _("%(unit)s of cost over the whole time, at today's worth") % unit},
        {"figure": words.cell(row["cvar"]), "interval": "",
         "sentence": _("%(unit)s of dividend on average in the worst %(share)s of futures") % (unit | worst)},
    ]  # fmt: skip


def _action(row: Row, plans: Plans, words: Words) -> dict[str, Any]:
    known = words.reading.actions.get(row["action"], {})
    months = len(plans.found.months)
    start = int(row["start_year"]) * _MONTHS
    lead, ramp = int(known.get("lead_months") or 0), int(known.get("ramp_months") or 0)
    lasts = known.get("duration_months")
    end = months if lasts is None else min(start + lead + int(lasts), months)
    ready = start + lead
    return {
        "name": words.action(row["action"]),
        "funder": words.funder(known.get("funder") or ""),
        "size": words.size(row["size"]),
        "bar": drawings.work_bar(start, lead, ramp, max(end, min(ready, months)), months),
        "when": _when(
            start, lead, ramp, end, plans, lasts is None or start + lead + int(lasts or 0) >= months
        ),
        "cost": words.cell(row["cost"]),
        "net": words.cell(row["net_mean"]),
        "loses": row["net_mean"] is not None and row["net_mean"] < 0,
    }


def _when(start: int, lead: int, ramp: int, end: int, plans: Plans, to_the_end: bool) -> SafeString:
    """The picture of an action's time in words."""
    known = plans.found.months

    def month(place: int) -> str:
        return numbers.month(known[min(place, len(known) - 1)]) if known else numbers.NOT_KNOWN

    if start + lead >= len(known):
        return say(_("Begun in {start}; ready only after the time looked at."), start=month(start))
    said = {
        "start": month(start),
        "ready": month(start + lead),
        "full": month(start + lead + ramp),
        "end": month(end),
    }
    until = _("to the end") if to_the_end else _("until {end}").format(**said)
    if lead == 0:
        return say(_("Works from {ready}, fully from {full}, {until}."), until=until, **said)
    return say(_("Begun in {start}, works from {ready}, fully from {full}, {until}."), until=until, **said)


def _costs(plan: str, plans: Plans, words: Words) -> list[dict[str, Any]]:
    found = []
    for funder, rows in plans.costs(plan).items():
        amounts = [amount for row in rows for amount in (row["mean"], row["p90"], row["budget"] or 0.0)]
        top = max([amount for amount in amounts if amount is not None and amount < float("inf")], default=0.0)
        found.append({"name": words.funder(funder), "cells": [_cell(row, top, words) for row in rows],
                      "total": words.cell(sum(row["mean"] or 0.0 for row in rows))})  # fmt: skip
    return found


def _cell(row: Row, top: float, words: Words) -> dict[str, Any]:
    budget = row["budget"] if row["budget"] is not None and row["budget"] < float("inf") else None
    said = {"budget": words.cell(budget), "high": words.cell(row["p90"])}
    return {
        "mean": words.cell(row["mean"]),
        "bar": drawings.cost_bar(row["mean"] or 0.0, row["p90"] or 0.0, budget, top or 1.0),
        "of": _("of %(budget)s") % said if budget is not None else _("no limit"),
        "high": _("up to %(high)s in 9 of 10 futures") % said,
        "over": budget is not None and (row["mean"] or 0.0) > budget * (1 + 1e-9),
    }  # fmt: skip


def _gains(plan: str, plans: Plans, words: Words) -> list[dict[str, Any]]:
    rows = plans.gains(plan)
    axis = plots.axis_of(rows)
    return [_gain(row, axis, plans, words) for row in rows]


def _gain(row: Row, axis: plots.Axis, plans: Plans, words: Words) -> dict[str, Any]:
    floor = plans.floor(row["constituency"])
    least = 0.0 if floor is None else floor
    kept = row["mean"] >= least - 1e-6 * max(abs(least), 1.0)
    if floor is None:
        standing = (_("better off"), "success") if kept else (_("worse off"), "problem")
    else:
        standing = (_("floor kept"), "success") if kept else (_("floor not kept"), "problem")
    return {
        "who": names.constituency(row["constituency"]),
        "gain": words.cell(row["mean"], row["p10"], row["p90"]),
        "strip": plots.interval(row, axis),
        "often": plan_words.in_ten(row["share_losing"]),
        "when_losing": words.cell(row["mean_when_losing"]) if row["share_losing"] else "",
        "standing": standing,
        "floor": "" if not floor else words.money(floor),
    }


def _together(row: Row, words: Words) -> SafeString:
    """The value of the whole beside the sum of what each action brings alone."""
    whole, parts = row["net_mean"], row["sum_of_parts"]
    if whole is None or parts is None:
        return SafeString("")
    said = {
        "whole": words.money(whole),
        "parts": words.money(parts),
        "difference": words.money(abs(whole - parts)),
    }
    if abs(whole - parts) <= 0.005 * max(abs(whole), abs(parts), 1.0):
        return say(
            _("Together the actions bring as much as the sum of what each brings alone ({parts})."), **said
        )
    if whole < parts:
        return say(
            _(
                "Together the actions bring {whole}: {difference} less than the sum of what each brings "
                "alone ({parts}). They help some of the same people and look for the same homes, so part of "
                "the gain is counted once."
            ),
            **said,
        )
    return say(
        _(
            "Together the actions bring {whole}: {difference} more than the sum of what each brings alone "
            "({parts}). One makes the other work better."
        ),
        **said,
    )


def _reasons(plans: Plans, words: Words) -> list[dict[str, Any]]:
    rows = sorted(
        plans.found["reasons"].iter_rows(named=True),
        key=lambda row: (
            not row["is_in"],
            row["change"] is None,
            abs(row["change"] or 0.0) * (-1 if row["is_in"] else 1),
        ),
    )
    return [
        {
            "name": words.action(row["action"]),
            "standing": (_("in"), "success") if row["is_in"] else (_("out"), "waiting"),
            "change": numbers.NOT_KNOWN if row["change"] is None else words.cell(abs(row["change"])),
            "why": plan_words.reason(row, words),
        }
        for row in rows
    ]
