"""The step that says what futures to look at: how far, how many, who is served first, which shocks."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor, access
from philoxenia_web.studies import scenario, wizard
from philoxenia_web.studies.catalogue import shocks_for
from philoxenia_web.studies.entered import number_of, typed
from philoxenia_web.studies.foresight_plan import Plan, plan_of
from philoxenia_web.studies.kinds import MOST_MONTHS, Kind
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import RUN
from philoxenia_web.studies.scenario import Shock
from philoxenia_web.studies.views.choosing import place_of, reads_and_writes, steps_of
from philoxenia_web.studies.views.entries import Entry, error_at, said
from philoxenia_web.studies.views.plan_step import Trouble, of_own_foresight, save

_HERE = "study-scenario"
_FUTURES, _MOST_FUTURES, _LEAST_FUTURES = 500, 10_000, 2
_PARTS = (("chance", "probability_per_year"), ("size", "size"), ("months", "months"))
_SAMPLING = ("latin_hypercube", "sobol")


@access(RUN)
@reads_and_writes
@of_own_foresight
def choose_scenario(request: HttpRequest, actor: Actor, study: Study) -> HttpResponse:
    """The whole step; asked for one shock alone, what that shock now means."""
    table = shocks_for(actor, study)
    if request.method != "POST":
        sent = request.GET if "look" in request.GET else {}
        told = _told(study, sent, table)
        if request.htmx and "look" in request.GET:  # type: ignore[attr-defined]
            return render(request, "studies/plan/shock_said.html", _one(told, request.GET["look"]))
        return render(request, "studies/plan/scenario.html", told)
    wrong: dict[str, str] = {}
    part = _part(request.POST, table, wrong)
    trouble = Trouble(wrong) if wrong else save(request, actor, study, part)
    if trouble is None:
        return redirect(wizard.after(study.kind, _HERE) if "next" in request.POST else _HERE, study.pk)
    told = _told(study, request.POST, table, trouble)
    return render(request, "studies/plan/scenario.html", told, status=trouble.status)


def _one(told: dict[str, Any], name: str) -> dict[str, Any]:
    card = next((one for one in told["cards"] if one["shock"].name == name), None)
    if card is None:
        raise Http404
    return {"card": card}


def _part(sent: Mapping[str, str], table: pl.DataFrame | None, wrong: dict[str, str]) -> Plan:
    """What the form says, as a part of the plan; in `wrong` what cannot be read, by place in the plan."""
    shocks = {}
    for shock in scenario.shocks_of({}, table):
        if change := _change(shock, sent, wrong):
            shocks[shock.name] = change
    part: Plan = {"shocks": shocks, "rule": sent.get("rule") or None}
    sampling = sent.get("sampling", "")
    part["sampling"] = sampling if sampling in _SAMPLING and sampling != _SAMPLING[0] else None
    for name, low, high in (
        ("months", 1, MOST_MONTHS[Kind.FORESIGHT]),
        ("futures", _LEAST_FUTURES, _MOST_FUTURES),
    ):
        part[name] = _whole(sent.get(name, ""), low, high, name, wrong)
    return part


def _whole(text: str, low: int, high: int, place: str, wrong: dict[str, str]) -> int | None:
    value = number_of(text)
    if value is None or value != value // 1 or not low <= value <= high:
        wrong[place] = _("Give a whole number from %(low)s to %(high)s.") % {"low": low, "high": high}
        return None
    return int(value)


def _change(shock: Shock, sent: Mapping[str, str], wrong: dict[str, str]) -> dict[str, float]:
    """What the form says of one shock, where it is not the table's."""
    usual = _usual(shock)
    change = {}
    for field, key in _PARTS:
        place = f"shocks/{shock.name}/{key}"
        text = sent.get(f"{field}:{shock.name}", "").strip()
        value = number_of(text) if text else usual[field]
        if value is None:
            wrong[place] = _("“%(text)s” is not a number.") % {"text": text[:40]}
        elif not 0 < value <= _most(shock, field):
            wrong[place] = _("Give a number above 0 and up to %(high)s.") % {
                "high": f"{_most(shock, field):g}"
            }
        elif typed(value) != typed(usual[field]):
            change[key] = value / 100 if _in_percent(shock, field) else value
    if f"on:{shock.name}" not in sent:
        change["probability_per_year"] = 0.0
    return change


def _in_percent(shock: Shock, field: str) -> bool:
    return field == "chance" or (field == "size" and not shock.in_people)


def _most(shock: Shock, field: str) -> float:
    return 120.0 if field == "months" else 100.0 if _in_percent(shock, field) else 1e6


def _usual(shock: Shock) -> dict[str, float]:
    """The table's numbers as they stand in the fields."""
    return {
        "chance": round(100 * shock.default_chance, 10),
        "size": shock.default_size.likely if shock.in_people else round(100 * shock.default_size.likely, 10),
        "months": shock.default_months.likely,
    }


def _now(shock: Shock) -> dict[str, float]:
    return {
        "chance": round(100 * shock.chance, 10),
        "size": shock.size.likely if shock.in_people else round(100 * shock.size.likely, 10),
        "months": shock.months.likely,
    }


def _told(
    study: Study,
    sent: Mapping[str, str],
    table: pl.DataFrame | None,
    trouble: Trouble | None = None,
) -> dict[str, Any]:
    """What the page shows: what was sent where something was, else what is saved."""
    plan = plan_of(study)
    if sent:
        plan |= {name: value for name, value in _part(sent, table, {}).items() if value is not None}
    shocks = scenario.shocks_of(plan.get("shocks", {}), table)
    months = int(plan["months"])
    cards = [_card(study, shock, months, sent, trouble) for shock in shocks]
    ahead = _ahead(
        sent or {"months": typed(months), "futures": typed(plan.get("futures", _FUTURES))}, trouble
    )
    return {
        "study": study,
        "steps": steps_of(study),
        "current": place_of(study, _HERE),
        "back": wizard.before(study.kind, _HERE),
        "rules": scenario.RULES,
        "rule": plan.get("rule") or scenario.RULES[0][0],
        "sampling": plan.get("sampling") or _SAMPLING[0],
        "experts_open": bool(plan.get("sampling")),
        "ahead": ahead,
        "cards": cards,
        "any": scenario.any_sentence(shocks, months),
        "conflict": trouble and trouble.conflict,
        "said": said(trouble, [*ahead, *(one for card in cards for one in card["entries"])]),
    }


def _ahead(values: Mapping[str, str], trouble: Trouble | None) -> list[Entry]:
    most = MOST_MONTHS[Kind.FORESIGHT]
    return [
        Entry(
            "months",
            _("Months ahead"),
            values.get("months", ""),
            "whole",
            _("1 to %(most)d; 60 are five years. Actions that build need years to pay back.")
            % {"most": most},
            place="months",
            **error_at(trouble, "months"),
        ),
        Entry(
            "futures",
            _("How many futures"),
            values.get("futures", ""),
            "whole",
            _("2 to 10,000. 200 for a first look, 1,000 for a decision; time grows in proportion."),
            place="futures",
            **error_at(trouble, "futures"),
        ),
    ]


def _card(
    study: Study, shock: Shock, months: int, sent: Mapping[str, str], trouble: Trouble | None
) -> dict[str, Any]:
    tens = round(shock.share(months) * 10)
    return {
        "shock": shock,
        "description": _(shock.description),
        "on": Entry(
            f"on:{shock.name}", _("May come"), f"on:{shock.name}" in sent if sent else shock.on, "check",
            **_look(study, shock),
        ),
        "entries": _entries(study, shock, sent, trouble),
        "sentence": scenario.sentence(shock, months),
        "often": scenario.of_futures(shock.share(months)),
        "dots": [{"x": 12 + 24 * place, "on": place < tens} for place in range(10)],
        "drawing": scenario.drawing(shock.size) if shock.on else None,
        "low": shock.amount(shock.size.low),
        "likely": shock.amount(shock.size.likely),
        "high": shock.amount(shock.size.high),
    }  # fmt: skip


def _look(study: Study, shock: Shock) -> dict[str, str]:
    return {
        "look": f"{reverse(_HERE, args=[study.pk])}?look={shock.name}",
        "shows": f"said-{shock.name}",
    }


def _entries(study: Study, shock: Shock, sent: Mapping[str, str], trouble: Trouble | None) -> list[Entry]:
    labels = {
        "chance": (_("Chance in a year"), "%"),
        "size": (_("Most likely size"), _("people") if shock.in_people else "%"),
        "months": (_("Most likely length"), _("months")),
    }
    values = _now(shock)
    found = []
    for field, key in _PARTS:
        place = f"shocks/{shock.name}/{key}"
        name = f"{field}:{shock.name}"
        found.append(
            Entry(
                name,
                labels[field][0],
                sent.get(name, typed(values[field])),
                "decimal",
                unit=labels[field][1],
                place=place,
                **error_at(trouble, place),
                **_look(study, shock),
            )
        )
    return found
