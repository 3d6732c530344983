"""Errors as application/problem+json (RFC 9457): one catalogue, one shape, whatever went wrong.

A detail is a sentence that says what happened and what to do; it never holds what was sent, nor internals.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """One row of the catalogue."""

    name: str
    status: int
    title: str
    detail: str


_ROWS = (
    (
        "malformed",
        400,
        _("Malformed request"),
        _("The request could not be read. Send valid JSON in UTF-8."),
    ),
    (
        "key-missing",
        400,
        _("Idempotency-Key missing"),
        _(
            "Add a header Idempotency-Key with a new unique value, so that sending the "
            "request again does nothing twice."
        ),
    ),
    (
        "unauthenticated",
        401,
        _("Sign-in needed"),
        _("Send a valid token in the header Authorization, or sign in."),
    ),
    (
        "forbidden",
        403,
        _("Not allowed"),
        _("You may not do this."),
    ),
    (
        "csrf",
        403,
        _("CSRF token missing"),
        _("A change made with a browser's sign-in needs the header X-CSRFToken. Programs use a token."),
    ),
    (
        "not-found",
        404,
        _("Not found"),
        _("There is nothing at this address, or you may not see it."),
    ),
    (
        "method-not-allowed",
        405,
        _("Method not allowed"),
        _("This address does not know that method. The header Allow lists those it knows."),
    ),
    (
        "not-acceptable",
        406,
        _("Not acceptable"),
        _("The answer cannot be given in a type that the header Accept names."),
    ),
    (
        "conflict",
        409,
        _("Conflict"),
        _("The request does not fit the present state. Read the object again and decide anew."),
    ),
    (
        "in-progress",
        409,
        _("Still being answered"),
        _("A request with the same Idempotency-Key is being answered now. Ask again in a moment."),
    ),
    (
        "changed-meanwhile",
        412,
        _("Changed meanwhile"),
        _("The object changed since you read it. Read it again, and send its ETag in If-Match."),
    ),
    (
        "too-large",
        413,
        _("Too large"),
        _("The request's body is larger than this address takes."),
    ),
    (
        "unsupported-media-type",
        415,
        _("Unsupported media type"),
        _("The body's Content-Type is not one that this address takes."),
    ),
    (
        "range-not-satisfiable",
        416,
        _("Range not satisfiable"),
        _("The file has no such part."),
    ),
    (
        "invalid",
        422,
        _("Invalid request"),
        _("Some values are missing or wrong. The list under errors names each."),
    ),
    (
        "refused",
        422,
        _("Refused"),
        _("The request was understood and cannot be carried out as it is."),
    ),
    (
        "key-reused",
        422,
        _("Idempotency-Key used before"),
        _("This Idempotency-Key came with another request before. Use a new one for a new request."),
    ),
    (
        "precondition-required",
        428,
        _("If-Match needed"),
        _(
            "Read the object first and send its ETag in the header If-Match, so that "
            "nobody's change is overwritten."
        ),
    ),
    (
        "too-many-requests",
        429,
        _("Too many requests"),
        _("Wait as many seconds as the header Retry-After says, then ask again."),
    ),
    (
        "failed",
        500,
        _("Something failed"),
        _(
            "Something failed on our side. Nothing of this request was kept. Name the "
            "request_id when you report it."
        ),
    ),
    (
        "unavailable",
        503,
        _("Not available now"),
        _("The service cannot answer just now. Ask again in a moment."),
    ),
)
KINDS: Mapping[str, Kind] = {row[0]: Kind(*row) for row in _ROWS}
_BY_STATUS = {kind.status: kind for kind in reversed(KINDS.values())}


class Problem(Exception):  # noqa: N818 (it is an answer, named as in RFC 9457)
    """Raised anywhere below an endpoint to answer with a problem."""

    def __init__(
        self,
        name: str,
        detail: str = "",
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.kind = KINDS[name]
        self.detail = str(detail or self.kind.detail)
        self.errors = list(errors)
        self.headers = dict(headers or {})
        super().__init__(name)


def kind_for(status: int) -> Kind:
    """The plainest problem with a status."""
    return _BY_STATUS.get(status) or KINDS["failed" if status >= 500 else "malformed"]


def request_id_of(request: HttpRequest) -> str:
    """The id under which the logs know this request; empty where nobody gave one."""
    return str(getattr(request, "request_id", ""))


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """A problem as a response."""
    kind = problem.kind
    body: dict[str, Any] = {
        "type": f"/api/v1/problems/{kind.name}",
        "title": str(kind.title),
        "status": kind.status,
        "detail": problem.detail,
        "instance": request.path,
        "request_id": request_id_of(request),
    }
    if problem.errors:
        body["errors"] = problem.errors
    response = HttpResponse(json.dumps(body, ensure_ascii=False), content_type=MEDIA_TYPE, status=kind.status)
    for name, value in problem.headers.items():
        response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    return response
