"""What a foresight study asks for, as lines for people: before it starts, and beside its result."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from philoxenia_web.studies import scenario
from philoxenia_web.studies.aims import AIMS
from philoxenia_web.studies.foresight import names
from philoxenia_web.studies.foresight_plan import WORDS, plan_of
from philoxenia_web.studies.models import Study
from philoxenia_web.ui import numbers

_FUTURES = 500


@dataclass(frozen=True)
class Fact:
    """One line: what it is, what is asked for, and the step where it is said."""

    words: str
    said: Sequence[str]
    step: str


def facts(study: Study, table: pl.DataFrame | None = None) -> list[Fact]:
    """Everything that is asked for, in the order of the steps; what is left to the default says so.

    `table`: the city's own shocks, where it has some.
    """
    plan = plan_of(study)
    shocks = scenario.shocks_of(plan.get("shocks", {}), table)
    return [
        Fact(_("How far ahead"), [_months(study.horizon)], "study-scenario"),
        Fact(str(WORDS["futures"]), [numbers.whole(plan.get("futures", _FUTURES))], "study-scenario"),
        Fact(str(WORDS["rule"]), [_named(scenario.RULES, plan.get("rule"))], "study-scenario"),
        Fact(str(WORDS["shocks"]), [_shock(one, study.horizon) for one in shocks], "study-scenario"),
        Fact(str(WORDS["chosen"]), [_chosen(plan)], "study-actions"),
        *_lists(plan),
        Fact(str(WORDS["aim"]), [_named(AIMS, plan.get("aim"))], "study-budget"),
        Fact(str(WORDS["budgets"]), _budgets(plan) or [_("as in the catalogue")], "study-budget"),
        Fact(str(WORDS["floors"]), _floors(plan), "study-budget"),
        Fact(str(WORDS["failure"]), [_failure(plan.get("failure", {}))], "study-budget"),
    ]


def _months(months: int) -> str:
    return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}


def _named(known: Sequence[tuple[str, Any, Any]], value: str | None) -> str:
    return str(next((words for id_, words, _meaning in known if id_ == value), known[0][1]))


def _shock(shock: scenario.Shock, months: int) -> str:
    often = scenario.of_futures(shock.share(months)) if shock.on else _("left out")
    told = {"shock": shock.title, "often": often}
    return (_("%(shock)s: %(often)s (changed)") if shock.changed else _("%(shock)s: %(often)s")) % told


def _chosen(plan: Mapping[str, Any]) -> str:
    chosen = plan.get("chosen", [])
    if not chosen:
        return _("all of the catalogue, and your own")
    return ngettext("%(n)d action", "%(n)d actions", len(chosen)) % {"n": len(chosen)}


def _lists(plan: Mapping[str, Any]) -> list[Fact]:
    """What is only told where there is any."""
    changed = [f"{name}: {one.get('reason', '')}" for name, one in plan.get("changed", {}).items()]
    added = [str(one.get("title") or one.get("action", "")) for one in plan.get("added", [])]
    values = [_value(name, one) for name, one in plan.get("values", {}).items()]
    told = (
        ("changed", changed, "study-actions"),
        ("added", added, "study-actions"),
        ("values", values, "study-values"),
        ("required", plan.get("required", []), "study-budget"),
        ("banned", plan.get("banned", []), "study-budget"),
    )
    return [Fact(str(WORDS[key]), lines, step) for key, lines, step in told if lines]


def _value(measure: str, change: Mapping[str, Any]) -> str:
    worth = [numbers.exact(change[name]) for name in ("value", "low", "high") if name in change]
    return f"{names.measure(measure)}: {' · '.join(worth)}. {change.get('reason', '')}".strip()


def _budgets(plan: Mapping[str, Any]) -> list[str]:
    found = []
    for funder, amounts in plan.get("budgets", {}).items():
        listed = amounts if isinstance(amounts, list) else [amounts]
        found.append(f"{funder}: {' · '.join(numbers.number(one) for one in listed)}")
    return found


def _floors(plan: Mapping[str, Any]) -> list[str]:
    told = [_("nobody worse off than without the plan, but for what stands here")]
    for one, least in plan.get("floors", {}).items():
        said = _("no floor") if least is None else numbers.number(least)
        told.append(f"{names.constituency(one)}: {said}")
    return told if len(told) > 1 else [_("nobody worse off than without the plan")]


def _failure(rule: Mapping[str, Any]) -> str:
    if "net_below" in rule:
        return _("when it brings less than %(amount)s") % {"amount": numbers.number(rule["net_below"])}
    measure = names.measure(rule.get("measure", "waiting"))
    if "above" in rule:
        told = {"measure": measure, "above": numbers.number(rule["above"])}
        return _("%(measure)s: more than %(above)s in a month") % told
    said = _("%(measure)s: above a level that a quarter of the futures without any action pass")
    return said % {"measure": measure}
