"""Two foresight studies side by side, as a page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from philoxenia_web.studies import foresight_comparison
from philoxenia_web.studies.foresight.money import Money, money_for
from philoxenia_web.studies.foresight.reading import reading_of
from philoxenia_web.studies.foresight_comparison import ActionChange
from philoxenia_web.studies.models import Study
from philoxenia_web.ui import numbers
from philoxenia_web.ui.tables import Column, Table

Row = dict[str, Any]


def page(request: HttpRequest, first: Study, second: Study, told: dict[str, Any]) -> HttpResponse:
    """Plans and net dividends of both; `told` is what every comparison says."""
    readings = reading_of(first), reading_of(second)
    plans = [foresight_comparison.plan_of(one) for one in readings]
    money = money_for(readings[1].currency, [plan["net_mean"] for plan in plans if plan])
    changes = foresight_comparison.action_changes(*readings)
    table = _table(request, changes, money, second)
    if table.wants_export:
        return table.export()
    here = {
        "settings": foresight_comparison.changed_questions(first, second),
        "plans": [_plan(study, plan, money) for study, plan in zip((first, second), plans, strict=True)],
        "sentence": _sentence(plans, money),
        "same_futures": foresight_comparison.same_futures(first, second),
        "actions": table,
        "equal": first.result_hash == second.result_hash,
    }
    return render(request, "studies/plan/compare.html", told | here)


def _plan(study: Study, plan: Row | None, money: Money) -> dict[str, Any]:
    if plan is None:
        return {"study": study}
    return {
        "study": study,
        "net": money.told({"mean": plan["net_mean"], "p10": plan["net_p10"], "p90": plan["net_p90"]}),
        "cost": money.said(plan["cost"]),
        "worst": money.said(plan["cvar"]),
        "losing": numbers.percent(plan["share_losing"]),
    }


def _sentence(plans: list[Row | None], money: Money) -> str:
    one, other = plans
    if one is None or other is None:
        return _("One of the two has no plan.")
    more = other["net_mean"] - one["net_mean"]
    told = {"amount": money.said(abs(more))}
    if more > 0:
        return _("The plan of the second study brings %(amount)s more on average.") % told
    if more < 0:
        return _("The plan of the second study brings %(amount)s less on average.") % told
    return _("The plans of both studies bring the same on average.")


def _table(request: HttpRequest, changes: list[ActionChange], money: Money, second: Study) -> Table:
    rows = [
        {
            "action": one.title,
            "href": reverse("foresight-action", args=[second.pk, one.action]) if one.second else "",
            "first": money.cell(one.first),
            "second": money.cell(one.second),
            "difference": money.whole(one.difference),
            "first_place": _place(one.first_place, one.first),
            "second_place": _place(one.second_place, one.second),
        }
        for one in changes
    ]
    columns = [
        Column("action", _("Action"), kind="name"),
        Column("first_place", _("In the first plan")),
        Column("second_place", _("In the second plan")),
        Column("first", _("First study"), kind="interval"),
        Column("second", _("Second study"), kind="interval"),
        Column("difference", _("Difference"), kind="number"),
    ]
    caption = _(
        "Each action in both plans, and its own net dividend (%(unit)s), mean and eight in ten futures"
    )
    return Table(
        "actions", columns, rows, request, caption=caption % {"unit": money.unit}, narrow="cards", size=50
    )


def _place(place: Row | None, looked_at: Row | None) -> str:
    if place is None:
        return _("no") if looked_at else _("not looked at")
    told = {"size": numbers.number(place["size"]), "year": place["start_year"] + 1}
    return _("size %(size)s from year %(year)s") % told
