"""Pages that say what happened, what was kept and what to do.

Those for a broken server or database read neither session nor database, so that nothing can break twice.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext_lazy as _

# What happened, what was kept, what to do; by status, or by a name where one status has several causes.
WORDS: Mapping[int | str, tuple[Any, Any, Any]] = {
    400: (
        _("This request could not be understood"),
        _("Nothing was changed."),
        _("Go back, reload the page and try again."),
    ),
    403: (
        _("You may not open this"),
        _("Nothing was changed."),
        _("If you need it for your work, ask an administrator of your organisation for the role."),
    ),
    "form": (
        _("This form lay open too long"),
        _("Nothing was saved. What you wrote is still on the page before this one."),
        _("Go back, copy what you wrote, reload the page and send it again. Cookies must be allowed."),
    ),
    404: (
        _("There is nothing at this address for you"),
        _("It may have been moved or withdrawn, or it is not shared with you."),
        _("Check the address, or begin at the first page."),
    ),
    405: (
        _("This address cannot be used in that way"),
        _("Nothing was changed."),
        _("Open it from the page that links to it."),
    ),
    409: (
        _("Somebody else changed this meanwhile"),
        _("Your change was not saved, theirs was."),
        _("Go back, reload the page and look at what changed before you try again."),
    ),
    413: (
        _("This is too large to send at once"),
        _("Nothing of it was kept."),
        _("Send less at once. Large files go in through the page for handing in data, piece by piece."),
    ),
    429: (
        _("Too many tries in a short time"),
        _("Nothing was changed."),
        _("Wait a minute, then try again."),
    ),
    500: (
        _("Something broke on our side"),
        _("What was saved before is safe. Your last step may not have been saved."),
        _("Try again in a moment. If it happens again, tell those who run this site the number below."),
    ),
    503: (
        _("The site cannot reach its data just now"),
        _("What was saved before is safe. Your last step was not saved."),
        _("Try again in half a minute."),
    ),
}
_EMPTY_ANSWERS = (405, 413, 429)


def answer(request: HttpRequest, code: int, said: str = "", kind: str = "") -> HttpResponse:
    """The page for a status; `said` is a sentence of this very case."""
    made = render(request, "ui/error.html", _context(code, said, kind), status=code)
    made["X-Said"] = quote(str(said or WORDS[kind or code][0]))
    return made


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400. What a library says about the cause is for the log, not for a visitor."""
    return answer(request, 400)


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the sentence of who refused."""
    said = exception.args[0] if exception and exception.args else ""
    return answer(request, 403, str(said))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same whether a thing is missing or not for this visitor."""
    return answer(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that lay open too long or came from elsewhere."""
    return answer(request, 403, kind="form")


def broken(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database was the cause."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return _without_database(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer."""
    made = _without_database(request, 503)
    made["Retry-After"] = "30"
    return made


def _without_database(request: HttpRequest, code: int) -> HttpResponse:
    context = _context(code) | {
        "number": getattr(request, "request_id", ""),
        "language_code": get_language() or "en",
        "rtl": get_language_bidi(),
    }
    made = HttpResponse(render_to_string("ui/broken.html", context), status=code)
    made["X-Said"] = quote(str(WORDS[code][0]))
    return made


def _context(code: int, said: str = "", kind: str = "") -> dict[str, Any]:
    happened, kept, then = WORDS[kind or code]
    return {"code": code, "happened": happened, "kept": kept, "then": then, "said": said}


class EmptyAnswers:
    """Gives a page to refusals that come without one, as Django's own do."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """After the view."""
        response = self.get_response(request)
        if response.status_code not in _EMPTY_ANSWERS or response.streaming or response.content:
            return response
        made = answer(request, response.status_code)
        for name, value in response.items():
            if name.lower() not in ("content-type", "content-length"):
                made[name] = value
        return made
