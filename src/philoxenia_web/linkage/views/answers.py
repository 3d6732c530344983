"""What pages answer when an action does nothing: the sentence, on the page one came from."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.linkage import queries
from philoxenia_web.linkage.policies import MANAGE
from philoxenia_web.linkage.refusals import Conflict, KeyGone, NotPossible

View = Callable[..., HttpResponse]


def said_on(page: str) -> Callable[[View], View]:
    """A refusal of a POST is told on the page of that name; nothing was changed."""

    def around(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, agreement_id: UUID, **kwargs: Any) -> HttpResponse:
            # Before anything else, so that others' agreements do not seem to exist.
            queries.agreement_for(actor_of(request), agreement_id, MANAGE)
            try:
                return view(request, agreement_id, **kwargs)
            except Conflict as conflict:
                messages.warning(request, str(conflict))
            except (NotPossible, KeyGone) as refusal:
                messages.error(request, str(refusal))
            return redirect(page, agreement_id, *kwargs.values())

        return answer

    return around


def tell_errors(request: HttpRequest, form: BaseForm) -> None:
    """Every error of a form that has no page of its own, as messages."""
    for field, errors in form.errors.items():
        label = form.fields[field].label if field in form.fields else ""
        for error in errors:
            messages.error(request, f"{label}: {error}" if label else str(error))
