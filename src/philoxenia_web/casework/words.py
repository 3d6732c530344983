"""What codes of casework are called on pages: needs, severities, states, and the verbs that lead on."""

import json
from functools import cache
from pathlib import Path

from babel import Locale
from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from philoxenia.exchange.settings import read_settings
from philoxenia.reference.tables import reference_table
from philoxenia.vocabulary.states import Machine
from philoxenia_web.casework.states import CASE, GOAL, NEED, SERVICE_LINE, TASK
from philoxenia_web.directory.editing import languages

# The verbs on buttons, by machine; those that are not here have a form of their own.
VERBS: dict[str, dict[str, Promise]] = {
    "case": {"pause": _("Nothing to do for now"), "resume": _("Go on with it"), "reopen": _("Open it again")},
    "need": {
        "take_in_hand": _("In hand"),
        "put_back": _("Not in hand any more"),
        "meet": pgettext_lazy("a need", "Met"),
        "set_aside": _("No help wanted"),
        "return": _("Needed again"),
    },
    "goal": {
        "reach": pgettext_lazy("a goal", "Reached"),
        "drop": _("Drop it"),
        "return": _("Take it up again"),
    },
    "task": {
        "finish": pgettext_lazy("a task", "Done"),
        "drop": _("Drop it"),
        "return": _("Not done after all"),
    },
    "service": {
        "ask": pgettext_lazy("a service", "Asked for"),
        "begin": _("It has begun"),
        "complete": _("Completed"),
        "end_early": _("Ended early"),
    },
}
MACHINES: dict[str, Machine] = {one.name: one for one in (CASE, NEED, GOAL, TASK, SERVICE_LINE)}
# Shapes beside the words: never colour alone.
SIGNS: dict[str, str] = {
    "open": "attention",
    "waiting": "waiting",
    "closed": "info",
    "in_hand": "waiting",
    "met": "success",
    "not_wanted": "info",
    "reached": "success",
    "dropped": "info",
    "done": "success",
    "planned": "info",
    "asked_for": "waiting",
    "running": "waiting",
    "completed": "success",
    "ended_early": "attention",
}
SEVERITY_SHORT: dict[int, Promise] = {
    1: _("Slight"),
    2: _("Some"),
    3: _("Serious"),
    4: _("Severe"),
    5: _("Danger"),
}


# To the person a household was first written down for: the codes of the registry.
RELATIONS: dict[str, Promise] = {
    "partner": _("Partner"),
    "child": _("Child"),
    "parent": _("Parent"),
    "sibling": _("Brother or sister"),
    "relative": _("Other relative"),
    "other": _("Lives with them"),
    "head": _("First person"),
}


# Babel's code for a language it calls otherwise.
_CALLED = {"prs": "fa_AF"}


def language_name(code: str) -> str:
    """Arabic, in the language of the page; the code where nobody knows a name."""
    if code not in _CALLED:
        return languages.name_of(code) if code else ""
    reader = Locale.parse((get_language() or "en").replace("-", "_"))
    name = reader.languages.get(_CALLED[code], code)
    return name[:1].upper() + name[1:]


@cache
def _needs() -> dict[str, str]:
    table = reference_table("needs")
    return dict(zip(table["code"], table["name"], strict=True))


def need_name(code: str) -> str:
    """A home; the code itself where the vocabulary does not know it."""
    name = _needs().get(code)
    return pgettext("a need", name) if name else code


def need_choices() -> list[tuple[str, str]]:
    """The vocabulary in its order."""
    return [(code, need_name(code)) for code in _needs()]


def steps_on(machine: str, state: str) -> list[tuple[str, Promise]]:
    """The verbs that lead on from a state, with their words."""
    known = VERBS[machine]
    return [(one.verb, known[one.verb]) for one in MACHINES[machine].steps_from(state) if one.verb in known]


@cache
def _districts(city: Path) -> dict[str, str]:
    told = read_settings(city).districts
    place = city / str(told.get("file", "districts.geojson"))
    if not place.is_file():
        return {}
    features = json.loads(place.read_text(encoding="utf-8"))["features"]
    code, name = told.get("id", "district_id"), told.get("name", "name")
    return {str(one["properties"][code]): str(one["properties"][name]) for one in features}


def district_choices() -> list[tuple[str, str]]:
    """The districts of the city by name."""
    return sorted(_districts(settings.ENVIRONMENT.city).items(), key=lambda one: one[1])


def district_name(district_id: str) -> str:
    """The name of a district; its number where the city's package does not know it."""
    return _districts(settings.ENVIRONMENT.city).get(district_id, district_id)
