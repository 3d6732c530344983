"""What the pages of this app have in common: what was read from the address, and what a refusal becomes."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from philoxenia_web.studies.models import Study
from philoxenia_web.studies.refusals import Conflict, Refused

# How a state looks: the kind of its badge.
SIGNS = {
    Study.State.DRAFT: "info",
    Study.State.WAITING: "waiting",
    Study.State.RUNNING: "waiting",
    Study.State.DONE: "success",
    Study.State.CANCELLED: "attention",
    Study.State.FAILED: "problem",
}


def add_refusal(form: Form, refusal: Refused) -> None:
    """Show a refusal at its field, or above the form."""
    form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))


def refusal_said(request: HttpRequest, refusal: Refused, address: str, *args: Any) -> HttpResponse:
    """Back to a page that says what was refused."""
    messages.warning(request, str(refusal))
    return redirect(address, *args)


def after_conflict(form: Form, conflict: Conflict) -> Form:
    """The form as it was sent, now based on the study as it is: sending it again is meant."""
    form.data = form.data.copy()
    form.data["version"] = str(conflict.version)
    form.add_error(None, str(conflict))
    return form


def key_of(request: HttpRequest) -> UUID:
    """The key of a form that creates; a form without one is a new wish each time."""
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def next_key() -> str:
    """A key for a form that creates."""
    return str(uuid4())
