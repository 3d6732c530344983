"""Handing in a list: the page, the pieces a script sends, the plain form without one. All of it is sealed."""

from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.linkage import queries
from philoxenia_web.linkage.forms import ListForm
from philoxenia_web.linkage.models import Agreement
from philoxenia_web.linkage.policies import MANAGE, own_departments, refusal_of
from philoxenia_web.linkage.refusals import KeyGone, NotPossible
from philoxenia_web.linkage.views.answers import said_on
from philoxenia_web.registry import receiving
from philoxenia_web.registry.models import PersonList
from philoxenia_web.registry.policies import HAND_IN
from philoxenia_web.registry.receiving import (
    MOST_BYTES,
    SENT_BYTES,
    LeavingHandler,
    Offered,
    SealedUpload,
    SealingHandler,
)
from philoxenia_web.ui import pieces
from philoxenia_web.ui.uploads import handled_by


def _handler(request: HttpRequest, agreement_id: UUID) -> SealingHandler | LeavingHandler:
    """What seals a form's file as it comes."""
    one = queries.agreement_for(actor_of(request), agreement_id, MANAGE)
    return SealingHandler(agreement_id) if one.is_live else LeavingHandler()


@access(HAND_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@handled_by(_handler, MOST_BYTES)
def hand_in(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """The page on which a list is handed in; its form works without a script."""
    actor = actor_of(request)
    one = queries.agreement_for(actor, agreement_id, MANAGE)
    refusal = refusal_of(one)
    form = ListForm(_mine(request, one), request.POST or None)
    if request.method == "POST" and not refusal and form.is_valid():
        made = _take(request, one, form)
        if made is not None:
            return redirect("linkage-list", one.pk, made.pk)
    context = {
        "agreement": one,
        "form": form,
        "refusal": refusal,
        "unfinished": [] if refusal else receiving.unfinished(actor, one.pk),
        "piece": SENT_BYTES,
        "most": MOST_BYTES,
    }
    status = 422 if form.is_bound else 200
    return render(request, "linkage/lists.html", context, status=status)


def _mine(request: HttpRequest, one: Agreement) -> frozenset[UUID]:
    return own_departments(actor_of(request)) & {party.organisation_id for party in one.parties.all()}


def _take(request: HttpRequest, one: Agreement, form: ListForm) -> PersonList | None:
    file = request.FILES.get("file")
    if not isinstance(file, SealedUpload):
        form.add_error(None, _("Choose a file first."))
        return None
    try:
        return receiving.receive_whole(
            actor_of(request), _offered(one, form, str(file.name), file.size), file
        )
    except (NotPossible, KeyGone) as refusal:
        form.add_error(None, str(refusal))
        return None


def _offered(one: Agreement, form: ListForm, name: str, size: int | None) -> Offered:
    said = form.cleaned_data
    return Offered(one.pk, said["organisation"].pk, name, size, said["key"])


@access(HAND_IN)
@require_POST
def begin(request: HttpRequest, agreement_id: UUID) -> JsonResponse:
    """Make room for a list that a script will send in pieces."""
    one = queries.agreement_for(actor_of(request), agreement_id, MANAGE)
    form = ListForm(_mine(request, one), request.POST)
    file = pieces.announced(request)
    if file is None:
        return pieces.not_understood()
    if not form.is_valid():
        return pieces.refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    try:
        begun = receiving.begin(actor_of(request), _offered(one, form, *file))
    except (NotPossible, KeyGone) as refusal:
        return pieces.refused(str(refusal))
    return _state(begun, 201)


def _state(one: PersonList, status: int = 200) -> JsonResponse:
    return pieces.standing(
        receiving.offset_of(one),
        status,
        address=reverse("linkage-list-piece", args=[one.agreement_id, one.pk]),
        finish=reverse("linkage-list-finish", args=[one.agreement_id, one.pk]),
        size=one.size,
        piece=SENT_BYTES,
        state=one.state,
    )


@access(HAND_IN)
@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
def piece(request: HttpRequest, agreement_id: UUID, list_id: UUID) -> HttpResponse:
    """Ask how much is here, send the next piece, or give up."""
    actor = actor_of(request)
    one = receiving.upload_for(actor, agreement_id, list_id)
    if request.method == "DELETE":
        receiving.give_up(actor, agreement_id, one.pk)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        return _receive(request, one)
    return _state(one)


piece.largest_request = SENT_BYTES  # type: ignore[attr-defined]


def _receive(request: HttpRequest, one: PersonList) -> HttpResponse:
    keep = partial(receiving.receive_piece, one)
    return pieces.refusal_of_piece(request, SENT_BYTES, keep, (NotPossible, KeyGone)) or _state(one)


@access(HAND_IN)
@require_POST
def finish(request: HttpRequest, agreement_id: UUID, list_id: UUID) -> HttpResponse:
    """The last piece was sent: have the list checked."""
    try:
        one = receiving.finish(actor_of(request), agreement_id, list_id)
    except pieces.WrongOffset as wrong:
        return pieces.not_whole(wrong)
    return JsonResponse({"page": reverse("linkage-list", args=[agreement_id, one.pk])})


@access(HAND_IN)
@require_POST
@said_on("linkage-lists")
def give_up(request: HttpRequest, agreement_id: UUID, list_id: UUID) -> HttpResponse:
    """Give up an unfinished upload, from a button."""
    receiving.give_up(actor_of(request), agreement_id, list_id)
    messages.success(request, _("The unfinished file was deleted."))
    return redirect("linkage-lists", agreement_id)
