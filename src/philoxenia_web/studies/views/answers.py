"""What the pages of this app have in common: what was read from the address, and what a refusal becomes."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.studies import queries
from philoxenia_web.studies.refusals import Conflict, Refused

Draft = Callable[..., HttpResponse]


def of_own_draft(view: Draft) -> Callable[..., HttpResponse]:
    """A step of a draft of one's own organisation; a study that was started has its page instead."""

    @wraps(view)
    def found(request: HttpRequest, study_id: UUID, **address: Any) -> HttpResponse:
        actor = actor_of(request)
        study = queries.own_study_for(actor, study_id)
        return (
            view(request, actor, study, **address) if study.is_draft else redirect("study-status", study.pk)
        )

    return found


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
