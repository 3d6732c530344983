"""Pages that say what happened, what was kept and what to do.

Those for a broken server or database are plain text files rendered without request, so that nothing can break twice.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(request, 400, _said(exception))


def denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403."""
    return _page(request, 403, _said(exception))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same whether a thing is missing or not for this visitor."""
    return _page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that lay open too long or came from elsewhere."""
    return _page(request, 403, kind="form")


def broken(request: HttpRequest) -> HttpResponse:
    """500."""
    return _page_without_database(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database does not answer."""
    answer = _page_without_database(request, 503)
    answer["Retry-After"] = "30"
    return answer


def _said(exception: Exception | None) -> str:
    said = exception.args[0] if exception and exception.args else ""
    return str(said) if not isinstance(said, dict) else ""


def _page(request: HttpRequest, code: int, said: str = "", kind: str = "") -> HttpResponse:
    context = {"code": code, "said": said, "kind": kind or str(code)} | words_for(kind or str(code))
    return render(request, "ui/error.html", context, status=code)


def _page_without_database(request: HttpRequest, code: int) -> HttpResponse:
    context: dict[str, Any] = {"code": code} | words_for(str(code))
    return HttpResponse(render_to_string("ui/broken.html", context), status=code)


def words_for(kind: str) -> dict[str, str]:
    """What happened, what was kept, what to do."""
    return {"happened": _("Something went wrong"), "kept": "", "do": ""}
