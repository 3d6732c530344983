"""What two people wrote into one field of a record, in words, so that a person can choose."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.models.cases import Case, CaseNeed
from philoxenia_web.casework.words import district_name, language_name
from philoxenia_web.ui import numbers

_LABELS: dict[str, Promise] = {
    "names": _("Name"),
    "birth": _("Birth"),
    "contacts": _("How to reach them"),
    "languages": _("Languages"),
    "interpreter": _("Interpreter"),
    "access_needs": _("What helps them to come"),
    "district_id": _("Lives in"),
    "household_size": _("Household"),
    "here_since": _("In the city since"),
    "guardians": _("Who speaks for them"),
}
_CODES: dict[str, Callable[[Any], str]] = {
    "severity": lambda code: str(CaseNeed.Severity(code).label),
    "outcome": lambda code: str(Case.Outcome(code).label),
    "due_on": numbers.day,
}


@dataclass(frozen=True)
class Clash:
    """One field: what it says now and what was to be written."""

    label: str
    theirs: str
    mine: str


def clashes(fields: Mapping[str, tuple[Any, Any, Any]]) -> list[Clash]:
    """Each field that both changed."""
    return [
        Clash(str(_LABELS.get(name, name)), _said(name, theirs), _said(name, mine))
        for name, (_base, theirs, mine) in fields.items()
    ]


def both_values(fields: Mapping[str, tuple[Any, Any, Any]]) -> str:
    """What a case says now and what was wanted, where that is a code or a day; '' where it is neither."""
    told = [
        _("It says now: %(theirs)s. You wanted: %(mine)s.") % {"theirs": say(theirs), "mine": say(mine)}
        for name, (_base, theirs, mine) in fields.items()
        if (say := _CODES.get(name)) is not None
    ]
    return " ".join(told)


def _said(name: str, value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_said(name, one) for one in value)
    if isinstance(value, Mapping):
        if name == "languages":
            return language_name(str(value.get("code", "")))
        if name == "interpreter":
            return language_name(str(value.get("language", ""))) if value.get("needed") else ""
        told = ("text", "value", "name", "date") if name != "birth" else ("date", "year")
        return str(next((value[key] for key in told if value.get(key)), ""))
    return district_name(str(value)) if name == "district_id" and value else str(value or "")
