"""Handing a file in piece by piece, so that a lost connection loses nothing."""

import base64
import binascii
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.api.operations import Made, operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.repeating import key_for_action
from philoxenia_web.api.values import Answer, Body, Id, Name, Text, whole
from philoxenia_web.datasets import queries, receiving
from philoxenia_web.datasets.policies import HAND_IN

router = Router(tags=["Handing in"])
BYTES = "application/octet-stream"
_DIGEST = re.compile(r"sha-256=:([A-Za-z0-9+/]{43}=):")


class UploadDetail(Answer):
    """A file on its way in. `offset` is where the next piece begins."""

    id: UUID
    organisation_id: UUID
    dataset_id: UUID | None
    contract: str
    name: str
    size: int | None
    offset: int
    state: str
    created_at: datetime


class NewUpload(Body):
    """A file that will be sent. Name the data set it renews, or the kind of a new one where it is known."""

    organisation_id: Id
    name: Name
    size: whole(1, receiving.MOST_BYTES)  # type: ignore[valid-type]
    dataset_id: Id | None = None
    contract: Text = Field("", max_length=63)


class HandedIn(Answer):
    """The version a finished upload became; its check is under way."""

    version_id: UUID


def shown_upload(one: Any) -> dict[str, Any]:
    """An upload as the interface tells of it."""
    plain = {name: getattr(one, name) for name in UploadDetail.model_fields if hasattr(one, name)}
    return plain | {"offset": receiving.offset_of(one)}


@operation(
    router,
    "POST",
    "/uploads",
    id="beginUpload",
    permission=HAND_IN,
    answer=UploadDetail,
    status=201,
    creates=True,
)
def begin_upload(request: HttpRequest, body: NewUpload) -> Any:
    """Make room for a file of up to 500 MB."""
    handed = receiving.Handed(**body.model_dump(), key=key_for_action(request))
    made = receiving.begin(actor_of(request), handed)
    made.refresh_from_db()
    return Made(shown_upload(made), f"/api/v1/uploads/{made.pk}")


@operation(router, "GET", "/uploads", id="listUploads", permission=HAND_IN, answer=Page[UploadDetail])
def list_uploads(request: HttpRequest, paging: Query[Paging]) -> Any:
    """One's own unfinished uploads, newest first."""
    found = queries.unfinished_uploads(actor_of(request))
    return page_of(request, found, Order(("created_at", "id"), descending=True), paging, shown_upload)


@operation(router, "GET", "/uploads/{upload_id}", id="readUpload", permission=HAND_IN, answer=UploadDetail)
def read_upload(request: HttpRequest, upload_id: Id) -> Any:
    """How much of a file is here; after a lost connection go on at `offset`."""
    return shown_upload(queries.upload_for(actor_of(request), upload_id))


@operation(
    router,
    "PATCH",
    "/uploads/{upload_id}",
    id="sendPiece",
    permission=HAND_IN,
    status=204,
    consumes=BYTES,
    limit=receiving.PIECE_BYTES,
    problems=(409,),
    headers=("Upload-Offset", "Content-Digest"),
)
def send_piece(request: HttpRequest, upload_id: Id) -> HttpResponse:
    """Send a piece of up to 4 MB that begins at `Upload-Offset`. The same piece twice does no harm."""
    upload = queries.upload_for(actor_of(request), upload_id)
    offset, digest = _offset(request), _digest(request)
    # Read from the connection: a piece may be larger than Django keeps of other bodies.
    piece = request.read(receiving.PIECE_BYTES + 1)
    here = receiving.receive_piece(upload, offset, piece, digest)
    return HttpResponse(status=204, headers={"Upload-Offset": str(here)})


@operation(
    router,
    "POST",
    "/uploads/{upload_id}/finish",
    id="finishUpload",
    permission=HAND_IN,
    answer=HandedIn,
    status=202,
    problems=(409,),
)
def finish_upload(request: HttpRequest, upload_id: Id) -> Any:
    """Hand the file in: it becomes a version whose check begins. Twice gives the same version."""
    version = receiving.finish(actor_of(request), upload_id)
    return Made({"version_id": version.pk}, f"/api/v1/versions/{version.pk}")


@operation(router, "DELETE", "/uploads/{upload_id}", id="giveUpUpload", permission=HAND_IN, status=204)
def give_up_upload(request: HttpRequest, upload_id: Id) -> None:
    """Delete what is here of a file. Twice does no harm."""
    receiving.give_up(actor_of(request), upload_id)


def _offset(request: HttpRequest) -> int:
    told = request.headers.get("Upload-Offset", "")
    if not re.fullmatch(r"[0-9]{1,12}", told):
        raise Problem("invalid", errors=[{"parameter": "Upload-Offset", "detail": "Where the piece begins."}])
    return int(told)


def _digest(request: HttpRequest) -> str:
    """The piece's SHA-256 as RFC 9530 writes it, in hexadecimal digits."""
    found = _DIGEST.fullmatch(request.headers.get("Content-Digest", "").strip())
    try:
        return base64.b64decode(found[1], validate=True).hex() if found else _no_digest()
    except binascii.Error:
        return _no_digest()


def _no_digest() -> str:
    detail = "Send sha-256=:…: with the piece's SHA-256 in base64."
    raise Problem("invalid", errors=[{"parameter": "Content-Digest", "detail": detail}])
