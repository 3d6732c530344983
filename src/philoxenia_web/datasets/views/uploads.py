"""Handing in a file: the page, the pieces a script sends, and the plain form without one."""

from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.datasets import queries, receiving
from philoxenia_web.datasets.forms import HandInForm
from philoxenia_web.datasets.models import Upload
from philoxenia_web.datasets.policies import HAND_IN
from philoxenia_web.datasets.receiving import MOST_BYTES, PIECE_BYTES, Handed
from philoxenia_web.datasets.refusals import NotPossible
from philoxenia_web.ui import pieces


@access(HAND_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def hand_in(request: HttpRequest) -> HttpResponse:
    """The page on which a file is handed in; its form works without a script."""
    actor = actor_of(request)
    form = HandInForm(actor, request.POST or None, initial=_asked_for(request))
    if request.method == "POST" and form.is_valid():
        file = request.FILES.get("file")
        if file is None:
            form.add_error(None, _("Choose a file first."))
        else:
            handed = _handed(form, str(file.name), file.size)
            try:
                return redirect("version-check", receiving.receive_whole(actor, handed, file.chunks()).pk)
            except (NotPossible, pieces.WrongOffset) as refusal:
                form.add_error(None, str(refusal))
    context = {
        "form": form,
        "unfinished": [(one, receiving.offset_of(one)) for one in queries.unfinished_uploads(actor)],
        "piece": PIECE_BYTES,
        "most": MOST_BYTES,
    }
    status = 422 if form.is_bound else 200
    return render(request, "datasets/hand_in.html", context, status=status)


hand_in.largest_request = MOST_BYTES + pieces.AROUND_BYTES  # type: ignore[attr-defined]


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    try:
        return {"data_set": UUID(request.GET.get("dataset", ""))}
    except ValueError:
        return {}


def _handed(form: HandInForm, name: str, size: int | None) -> Handed:
    said = form.cleaned_data
    return Handed(
        name=name,
        size=size,
        key=said["key"],
        organisation_id=said["organisation"].pk,
        dataset_id=said["data_set"].pk if said["data_set"] else None,
        contract=said["contract"],
    )


@access(HAND_IN)
@require_POST
def begin(request: HttpRequest) -> JsonResponse:
    """Make room for a file that a script will send in pieces."""
    form = HandInForm(actor_of(request), request.POST)
    file = pieces.announced(request)
    if file is None:
        return pieces.not_understood()
    if not form.is_valid():
        return pieces.refused(" ".join(str(error) for errors in form.errors.values() for error in errors))
    try:
        upload = receiving.begin(actor_of(request), _handed(form, *file))
    except NotPossible as refusal:
        return pieces.refused(str(refusal))
    return _state(upload, 201)


def _state(upload: Upload, status: int = 200) -> JsonResponse:
    return pieces.standing(
        receiving.offset_of(upload),
        status,
        address=reverse("upload", args=[upload.pk]),
        finish=reverse("upload-finish", args=[upload.pk]),
        size=upload.size,
        piece=PIECE_BYTES,
        state=upload.state,
    )


@access(HAND_IN)
@require_http_methods(["GET", "HEAD", "PATCH", "DELETE"])
def piece(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Ask how much is here, send the next piece, or give up."""
    actor = actor_of(request)
    upload = queries.upload_for(actor, upload_id)
    if request.method == "DELETE":
        receiving.give_up(actor, upload.pk)
        return HttpResponse(status=204)
    if request.method == "PATCH":
        return _receive(request, upload)
    return _state(upload)


piece.largest_request = PIECE_BYTES  # type: ignore[attr-defined]


def _receive(request: HttpRequest, upload: Upload) -> HttpResponse:
    keep = partial(receiving.receive_piece, upload)
    return pieces.refusal_of_piece(request, PIECE_BYTES, keep, (NotPossible,)) or _state(upload)


@access(HAND_IN)
@require_POST
def finish(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The last piece was sent: hand the file in and have it checked."""
    try:
        version = receiving.finish(actor_of(request), upload_id)
    except pieces.WrongOffset as wrong:
        return pieces.not_whole(wrong)
    return JsonResponse({"page": reverse("version-check", args=[version.pk])})


@access(HAND_IN)
@require_POST
def give_up(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Give up an unfinished upload, from a button."""
    receiving.give_up(actor_of(request), upload_id)
    messages.success(request, _("The unfinished file was deleted."))
    return redirect("data-hand-in")
