"""Handing in a file: the page, the pieces a script sends, and the plain form without one."""

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
from philoxenia_web.datasets.receiving import MOST_BYTES, PIECE_BYTES, Handed, WrongChecksum, WrongOffset
from philoxenia_web.datasets.refusals import NotPossible

# The parts of a multipart form around the file itself.
_AROUND = 64 * 1024
_WRONG_CHECKSUM = 460


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
            except (NotPossible, WrongOffset) as refusal:
                form.add_error(None, str(refusal))
    context = {
        "form": form,
        "unfinished": [(one, receiving.offset_of(one)) for one in queries.unfinished_uploads(actor)],
        "piece": PIECE_BYTES,
        "most": MOST_BYTES,
    }
    status = 422 if form.is_bound else 200
    return render(request, "datasets/hand_in.html", context, status=status)


hand_in.largest_request = MOST_BYTES + _AROUND  # type: ignore[attr-defined]


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
    name, size = request.POST.get("name", ""), request.POST.get("size", "")
    if not name or not _is_count(size):
        return _refused(_("This request could not be understood."), 400)
    if not form.is_valid():
        return _refused(" ".join(str(error) for errors in form.errors.values() for error in errors), 422)
    try:
        upload = receiving.begin(actor_of(request), _handed(form, name, int(size)))
    except NotPossible as refusal:
        return _refused(str(refusal), 422)
    return _state(upload, 201)


def _is_count(text: str) -> bool:
    """Digits only, and not so many that they could be no number of bytes."""
    return text.isascii() and text.isdigit() and len(text) < 13


def _refused(said: str, status: int, **more: Any) -> JsonResponse:
    return JsonResponse({"said": said, **more}, status=status)


def _state(upload: Upload, status: int = 200) -> JsonResponse:
    offset = receiving.offset_of(upload)
    answer = JsonResponse(
        {
            "address": reverse("upload", args=[upload.pk]),
            "finish": reverse("upload-finish", args=[upload.pk]),
            "offset": offset,
            "size": upload.size,
            "piece": PIECE_BYTES,
            "state": upload.state,
        },
        status=status,
    )
    answer["Upload-Offset"] = str(offset)
    answer["Cache-Control"] = "no-store"
    return answer


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
    offset = request.headers.get("Upload-Offset", "")
    if not _is_count(offset):
        return _refused(_("This request could not be understood."), 400)
    try:
        # Read from the stream: the body of a form would be held to a smaller limit.
        sent = request.read(PIECE_BYTES + 1)
        receiving.receive_piece(upload, int(offset), sent, request.headers.get("Upload-Checksum", ""))
    except WrongOffset as wrong:
        return _refused(str(wrong), 409, offset=wrong.offset)
    except WrongChecksum as wrong:
        return _refused(str(wrong), _WRONG_CHECKSUM)
    except NotPossible as refusal:
        return _refused(str(refusal), 422)
    except OSError:
        return _refused(_("The server has no room for this file now. What was sent before is kept."), 507)
    return _state(upload)


@access(HAND_IN)
@require_POST
def finish(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """The last piece was sent: hand the file in and have it checked."""
    try:
        version = receiving.finish(actor_of(request), upload_id)
    except WrongOffset as wrong:
        return _refused(_("The file is not whole yet. Send what is missing."), 409, offset=wrong.offset)
    return JsonResponse({"page": reverse("version-check", args=[version.pk])})


@access(HAND_IN)
@require_POST
def give_up(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """Give up an unfinished upload, from a button."""
    receiving.give_up(actor_of(request), upload_id)
    messages.success(request, _("The unfinished file was deleted."))
    return redirect("data-hand-in")
