"""What a foresight study asks for, as one mapping: kept with the study, checked by the engine.

Owns which part of the mapping every study has anyway (months, seed); the keys are the engine's
(`philoxenia.workflows.foresight`), which also says what is wrong with one.
"""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia.vocabulary import PhiloxeniaError
from philoxenia_web.accounts.access import Actor
from philoxenia_web.studies import catalogue
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.refusals import Difference, Refused

Plan = dict[str, Any]
# Characters of a plan written as JSON: hundreds of changed actions, and no more.
_LONGEST = 500_000
# Kept as fields of every study.
_OWN = ("months", "seed")
_LONGEST_SHOWN = 80

WORDS = {
    "months": gettext_lazy("Months ahead"),
    "futures": gettext_lazy("Futures"),
    "rule": gettext_lazy("Who is served first"),
    "sampling": gettext_lazy("How futures are drawn"),
    "shocks": gettext_lazy("Shocks"),
    "chosen": gettext_lazy("Actions to look at"),
    "changed": gettext_lazy("Changed actions"),
    "added": gettext_lazy("Actions of our own"),
    "values": gettext_lazy("What outcomes are worth"),
    "starts": gettext_lazy("Years in which actions may start"),
    "sizes": gettext_lazy("Other sizes of actions"),
    "budgets": gettext_lazy("Budgets"),
    "aim": gettext_lazy("Aim"),
    "worst_share": gettext_lazy("Share of futures that count as the worst"),
    "floors": gettext_lazy("Least gain of a group"),
    "required": gettext_lazy("Actions that must be in"),
    "banned": gettext_lazy("Actions that must stay out"),
    "failure": gettext_lazy("When the plan fails"),
    "satisfice": gettext_lazy("What counts as good enough"),
}


def plan_of(study: Study) -> Plan:
    """All that a foresight study asks for, as the engine reads it; a copy."""
    return {**deepcopy(study.plan), "months": study.horizon, "seed": study.seed}


def taken_apart(plan: Mapping[str, Any]) -> Plan:
    """The fields of a study that a plan stands for: `plan`, and horizon and seed where it names them."""
    check_shape(plan)
    told: Plan = {"plan": {name: value for name, value in plan.items() if name not in _OWN}}
    for name, of_study in (("months", "horizon"), ("seed", "seed")):
        if name in plan:
            told[of_study] = plan[name]
    return told


def check_shape(plan: Mapping[str, Any]) -> None:
    """Refuse what the database cannot hold, before anybody looks at what it means."""
    try:
        written = json.dumps(plan, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as fault:
        raise Refused(_("The plan is no JSON: numbers must be finite."), "plan") from fault
    if len(written) > _LONGEST:
        raise Refused(_("The plan is too long. Change fewer actions."), "plan")
    if "\\u0000" in written:
        raise Refused(_("The plan holds a character that cannot be kept."), "plan")
    for name in _OWN:
        if name in plan and (isinstance(plan[name], bool) or not isinstance(plan[name], int)):
            raise Refused(_("This must be a whole number."), f"plan/{name}")


def check(actor: Actor, study: Study) -> None:
    """Raise `Refused` with the engine's sentence, and the place it is about, where a plan cannot be run."""
    # The engine with its compiler takes seconds to load: only who saves a plan waits for it.
    from philoxenia.workflows.foresight import SettingsError, settings_of  # noqa: PLC0415

    city = catalogue.city_for(actor, study)
    try:
        settings_of(plan_of(study), city)
    except SettingsError as fault:
        said = str(fault).removeprefix(f"Settings, {fault.key}: ")
        raise Refused(said, f"plan/{fault.key.replace('.', '/')}") from fault
    except PhiloxeniaError as fault:
        raise Refused(str(fault), "plan") from fault


def differences(now: Mapping[str, Any], sent: Mapping[str, Any]) -> tuple[Difference, ...]:
    """What differs between two plans, a line a part."""
    names = [name for name in WORDS if now.get(name) != sent.get(name)]
    return tuple(
        Difference(str(WORDS[name]), _short(now.get(name)), _short(sent.get(name))) for name in names
    )


def _short(value: Any) -> str:
    if value in (None, {}, []):
        return _("nothing")
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]} …"


def without_words(plan: Mapping[str, Any]) -> Plan:
    """The plan for the trail: numbers and names, no reasons or other free text."""
    told = deepcopy(dict(plan))
    for change in told.get("changed", {}).values():
        change.pop("reason", None)
    for value in told.get("values", {}).values():
        value.pop("reason", None)
    told["added"] = [str(one.get("action", "")) for one in told.get("added", [])]
    return told
