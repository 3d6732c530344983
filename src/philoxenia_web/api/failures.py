"""From whatever was raised to the problem that is answered."""

import logging
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, RequestDataTooBig
from django.core.exceptions import ValidationError as Invalid
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from philoxenia_web.accounts.access import Denied
from philoxenia_web.accounts.gate import record_refusal
from philoxenia_web.api.problems import Problem, answer, kind_for

log = logging.getLogger("philoxenia.api")
Turn = Callable[[Exception], Problem]


def register(api: NinjaAPI, refusals: dict[type[Exception], Turn]) -> None:
    """Give the interface an answer to everything that can be raised below it."""
    for kind, turn in {**_KNOWN, **refusals}.items():
        api.add_exception_handler(kind, _handler(turn))
    api.add_exception_handler(Exception, _failed)


def _handler(turn: Turn) -> Callable[[HttpRequest, Exception], HttpResponse]:
    def handle(request: HttpRequest, error: Exception) -> HttpResponse:
        if isinstance(error, Denied):
            record_refusal(request)
        return answer(request, turn(error))

    return handle


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    # The application's logs tell the kind and the places of an error, never its words: they may be personal.
    log.error("api request failed", exc_info=error)
    return answer(request, Problem("failed"))


def _invalid(error: Exception) -> Problem:
    assert isinstance(error, ValidationError)  # noqa: S101 (registered for this class)
    if all(one["loc"][0] == "path" for one in error.errors):
        return Problem("not-found")
    return Problem("invalid", errors=[_said(one) for one in error.errors])


def _said(error: dict) -> dict[str, str]:
    source, *place = error["loc"]
    # The library would show a regular expression.
    unshaped = error["type"] == "string_pattern_mismatch"
    detail = _("The text has a form that is not taken here.") if unshaped else error["msg"]
    detail = detail.removeprefix("Value error, ")
    if source == "body":
        # The first step names the function's argument, which the client does not know.
        return {"pointer": "/" + "/".join(str(step) for step in place[1:]), "detail": detail}
    return {"parameter": str(place[-1]) if place else str(source), "detail": detail}


def _denied(error: Exception) -> Problem:
    words = str(error)
    if not words:
        return Problem("forbidden")
    # A permission's words complete a sentence; other refusals are sentences already.
    return Problem(
        "forbidden", words if words.endswith(".") else _("You may not %(what)s.") % {"what": words}
    )


def _wrong_values(error: Exception) -> Problem:
    assert isinstance(error, Invalid)  # noqa: S101 (registered for this class)
    if hasattr(error, "error_dict"):
        errors = [
            {"pointer": f"/{name}", "detail": " ".join(messages)}
            for name, messages in error.message_dict.items()
        ]
        return Problem("invalid", errors=errors)
    return Problem("refused", " ".join(error.messages))


def _unavailable(error: Exception) -> Problem:
    log.error("api without database", exc_info=error)
    return Problem("unavailable", headers={"Retry-After": "5"})


def _http(error: Exception) -> Problem:
    assert isinstance(error, HttpError)  # noqa: S101 (registered for this class)
    return Problem(kind_for(error.status_code).name)


_KNOWN: dict[type[Exception], Turn] = {
    Problem: lambda error: error,  # type: ignore[dict-item, return-value]
    Http404: lambda _error: Problem("not-found"),
    ObjectDoesNotExist: lambda _error: Problem("not-found"),
    PermissionDenied: _denied,
    ValidationError: _invalid,
    Invalid: _wrong_values,
    HttpError: _http,
    RequestDataTooBig: lambda _error: Problem("too-large"),
    UnreadablePostError: lambda _error: Problem("malformed"),
    OperationalError: _unavailable,
    InterfaceError: _unavailable,
}
