"""A form of the desk carried out: what went wrong is a sentence on the page the visitor came from."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from philoxenia_web.casework.desk.conflicts import both_values
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry import refusals


def key_from(request: HttpRequest) -> UUID:
    """The key of a form; a new one where it is missing or spoiled: then it is simply carried out."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def version_from(request: HttpRequest) -> int:
    """The version a form was based on; -1, which no row has, for anything else."""
    return number_in(request.POST, "version")


def number_in(sent: Mapping[str, Any], name: str) -> int:
    """A whole number that was sent; -1 for anything else."""
    told = str(sent.get(name, ""))
    return int(told) if told.isascii() and told.isdigit() and len(told) < 10 else -1


def carried_out(request: HttpRequest, act: Callable[[], Any], done: str = "") -> bool:
    """Do it; where it is refused, say why on the next page. Sentences alone: no value of a person."""
    try:
        act()
    except Conflict as refusal:
        messages.warning(request, f"{refusal} {both_values(refusal.fields)}".strip())
        return False
    except (NotPossible, refusals.Conflict) as refusal:
        messages.warning(request, str(refusal))
        return False
    if done:
        messages.success(request, done)
    return True


def first_error(form: Form) -> str:
    """What is wrong with a small form, as one sentence."""
    for name, errors in form.errors.items():
        label = form.fields[name].label if name in form.fields else ""
        return f"{label}: {errors[0]}" if label else str(errors[0])
    return _("Nothing was changed.")


def back_to_person(resident_id: UUID, part: str) -> HttpResponse:
    """The person's page, at the part that was worked on."""
    return redirect(f"{reverse('front-person', args=[resident_id])}#{part}")
