"""What every public page shares: its language from the address, no cookie, few bytes, cheap to ask again.

Pages are rendered without the request: nothing of it, no session, no token of forms, can come into them.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.translation import get_language_info
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import PUBLIC, access
from philoxenia_web.ui.context import city_name, languages

View = TypeVar("View", bound=Callable[..., HttpResponse])
# Opening hours of today stand on most pages: a copy may be five minutes old.
_KEPT_SECONDS = 300
_LONGEST = 600


def help_page(view: View) -> View:
    """Declare a page that anybody reads: `view(request, language, ...)` in a language we have."""
    return access(PUBLIC)(require_safe(spoken(view)))


def spoken(view: Callable[..., HttpResponse]) -> Any:
    """Run the view in the language of its address; what is not there gets a page of ours."""

    @wraps(view)
    def shown(request: HttpRequest, language: str, **parts: Any) -> HttpResponse:
        if language not in dict(settings.LANGUAGES):
            return missing(request)
        with translation.override(language):
            try:
                answer = view(request, language, **parts)
            except Http404:
                answer = missing(request, language)
        return _sent(request, answer, language)

    return shown


def answer(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page; `here` is what follows the language in its address."""
    return HttpResponse(render_to_string(template, _frame(request) | dict(context)), status=status)


def missing(request: HttpRequest, language: str = "") -> HttpResponse:
    """Nothing is (any longer) at this address: what to do instead."""
    known = language or translation.get_language() or "en"
    with translation.override(known):
        return answer(request, "directory/public/missing.html", {"unknown_language": not language}, 404)


def city_words() -> str:
    """The city's name, isolated, for a sentence; the name of the software where there is none."""
    return f"\u2068{city_name(settings.ENVIRONMENT.city) or 'Philoxenia'}\u2069"


def within(rest: str) -> str:
    """What follows the language in an address of ours; nothing for what leads elsewhere."""
    path = rest.split("?")[0]
    steps = path.split("/")
    strange = rest.startswith("/") or "\\" in rest or ":" in path or ".." in steps
    return "" if strange or not rest.isprintable() or len(rest) > _LONGEST else rest


def _frame(request: HttpRequest) -> dict[str, Any]:
    code = translation.get_language() or "en"
    return {
        "language": get_language_info(code),
        "languages": languages(),
        "city_name": city_name(settings.ENVIRONMENT.city),
        "demonstration": settings.ENVIRONMENT.demo,
        "here": _after_language(request, code),
    }


def _after_language(request: HttpRequest, code: str) -> str:
    """What another language needs to show the same page."""
    start = f"/help/{code}/"
    return request.get_full_path().removeprefix(start) if request.path.startswith(start) else ""


def _sent(request: HttpRequest, made: HttpResponse, language: str) -> HttpResponse:
    made.headers["Content-Language"] = language
    if request.method not in ("GET", "HEAD") or made.status_code != 200 or "Cache-Control" in made.headers:
        return made
    if request.COOKIES.get(settings.SESSION_COOKIE_NAME):
        # Somebody of the staff looks on: their session may write a cookie, which no cache may keep.
        return made
    made.headers["Cache-Control"] = f"public, max-age={_KEPT_SECONDS}"
    set_response_etag(made)
    return get_conditional_response(request, etag=made.headers["ETag"], response=made) or made
