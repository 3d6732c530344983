"""Around every request: its number, a limit on its size, a line in the log, a count in the metrics."""

import logging
import re
import time
import uuid
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from philoxenia_web.config import metrics
from philoxenia_web.config.logs import request_id

_LOG = logging.getLogger("philoxenia.requests")
_TRUSTED_ID = re.compile(r"[A-Za-z0-9-]{8,50}")
# Views that take files say more with the attribute `largest_request`.
LARGEST_REQUEST = 4 * 2**20
_TOO_LARGE = 413


class RequestMiddleware:
    """Outermost, so that whatever happens further in is counted and can be found by the request's number."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Number it, time it, tell of it."""
        started = time.perf_counter()
        number = _number(request)
        request.request_id = number  # type: ignore[attr-defined]
        mark = request_id.set(number)
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = number
            _tell(request, response, time.perf_counter() - started)
        finally:
            request_id.reset(mark)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Refuse what is too large for this view before anything reads it."""
        most = getattr(view, "largest_request", LARGEST_REQUEST)
        if _size(request) <= most:
            return None
        response = render(
            request, "413.html", {"most": most, "said": _("This is too large.")}, status=_TOO_LARGE
        )
        # What was not read is still on its way: the connection cannot be used again.
        response.headers["Connection"] = "close"
        return response


def _number(request: HttpRequest) -> str:
    """The number a proxy in front gave it, if it looks like one; otherwise a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if _TRUSTED_ID.fullmatch(given) else uuid.uuid4().hex


def _size(request: HttpRequest) -> int:
    try:
        return int(request.headers.get("Content-Length") or 0)
    except ValueError:
        return 0


def view_name(request: HttpRequest) -> str:
    """The name of the address that answered; never the path, which may hold keys or names."""
    match = request.resolver_match
    return (match.view_name or match.route or "unnamed") if match else "none"


def _tell(request: HttpRequest, response: HttpResponse, seconds: float) -> None:
    name = view_name(request)
    method = request.method if request.method in metrics.METHODS else "OTHER"
    metrics.count_request(name, method, response.status_code, seconds)
    told = {
        "method": method,
        "view": name,
        "status": response.status_code,
        "milliseconds": round(seconds * 1000, 1),
    }
    _LOG.info("answered", extra={"told": told})
