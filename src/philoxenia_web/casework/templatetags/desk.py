"""Names of codes on the desk's pages, and the small forms that take a step."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import uuid4

from django import template
from django.forms import Form
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from philoxenia_web.casework import words
from philoxenia_web.casework.desk.forms import (
    CloseForm,
    DocumentForm,
    GoalForm,
    NeedForm,
    NoteForm,
    ServiceForm,
    TaskForm,
)
from philoxenia_web.casework.desk.person_forms import ACCESS
from philoxenia_web.ui import numbers
from philoxenia_web.ui.widgets import options

register = template.Library()
register.simple_tag(options, name="choices")
register.filter("need_name", words.need_name)
register.filter("district_name", words.district_name)
register.filter("language_name", words.language_name)


@register.filter
def sign(state: str) -> str:
    """The shape beside the word of a state."""
    return words.SIGNS.get(state, "info")


@register.filter
def severity_word(severity: int) -> str:
    """Serious."""
    return str(words.SEVERITY_SHORT.get(severity, severity))


@register.filter
def key_of(found: Mapping[Any, Any], key: Any) -> Any:
    """A value by its key, '' where there is none."""
    return found.get(key, "") if found else ""


@register.simple_tag
def new_key() -> str:
    """A fresh key: the form it stands in is carried out once."""
    return str(uuid4())


@register.filter
def due_words(day: Any) -> str:
    """Today, tomorrow, 3 days late, or the day."""
    days = (day - timezone.localdate()).days
    if days < 0:
        return ngettext("%(count)s day late", "%(count)s days late", -days) % {"count": numbers.whole(-days)}
    return {0: _("Today"), 1: _("Tomorrow")}.get(days) or numbers.day(day)


@register.filter
def is_late(day: Any) -> bool:
    """Whether a day has passed."""
    return bool(day < timezone.localdate())


@register.inclusion_tag("casework/desk/parts/step_buttons.html", takes_context=True)
def step_buttons(context: Any, machine: str, row: Any, address: str, most: int = 2) -> dict[str, Any]:
    """A button for each verb that leads on from here; those after the first ones are folded."""
    verbs = words.steps_on(machine, row.state)
    return {
        "verbs": verbs[:most],
        "more": verbs[most:],
        "row": row,
        "address": address,
        "csrf_token": context.get("csrf_token"),
    }


@register.simple_tag(takes_context=True)
def fill(context: Any, filled: Any) -> str:
    """A part of the page: its own template with its own values, and all of the page's."""
    with context.push(**filled.values):
        return str(get_template(filled.part.template).template.render(context))  # type: ignore[attr-defined]


_BLANK: dict[str, type[Form]] = {
    "need": NeedForm,
    "goal": GoalForm,
    "task": TaskForm,
    "service": ServiceForm,
    "note": NoteForm,
    "document": DocumentForm,
    "close": CloseForm,
}


@register.simple_tag
def blank(name: str) -> SafeString:
    """The fields of an empty form, drawn once a day and language: they are the same for everybody."""
    return _blank(name, get_language() or "en", timezone.localdate())


@lru_cache(maxsize=128)
def _blank(name: str, _language: str, _day: date) -> SafeString:
    form = _BLANK[name](auto_id=f"{name}_%s")
    return render_to_string(f"casework/desk/parts/blank/{name}.html", {"form": form})


@register.filter
def birth_words(birth: Any) -> str:
    """Born on a day, in a year, or about a year; how sure that is belongs to it."""
    if birth is None or (not birth.date and not birth.year):
        return ""
    if birth.certainty == "conventional_january_1":
        told = {"year": birth.known_year}
        return _("%(year)s (1 January is written because the day is not known)") % told
    if birth.date:
        return numbers.day(date.fromisoformat(birth.date))
    return (_("about %(year)s") if birth.certainty == "estimated" else "%(year)s") % {"year": birth.year}


@register.filter
def access_words(code: str) -> str:
    """What helps somebody to come."""
    return str(ACCESS.get(code, code))


@register.filter
def relation_words(code: str) -> str:
    """Child, partner; to the first person of the household."""
    return str(words.RELATIONS.get(code, code))
