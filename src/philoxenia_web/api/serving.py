"""What all addresses share: HEAD, OPTIONS, 405, other origins, and a problem for every failure."""

import functools
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

from philoxenia_web.accounts.access import PUBLIC
from philoxenia_web.api.problems import MEDIA_TYPE, Problem, answer, kind_for

View = Callable[..., HttpResponseBase]
EXPOSED = "ETag, Link, Location, Retry-After, RateLimit, RateLimit-Policy, X-Request-ID"
ACCEPTED = "Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key"


def served(view: View, methods: Iterable[str]) -> View:
    """A view of one address, whose operations guard themselves."""
    known = set(methods)
    allow = ", ".join(sorted(known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set())))

    @functools.wraps(view)
    def serve(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        response = _answer(view, allow, request, *args, **kwargs)
        return _finished(request, response)

    # CSRF is checked where a page's sign-in is used; tokens do not come by themselves.
    serve.csrf_exempt = True  # type: ignore[attr-defined]
    # The middleware lets everybody come as far as the operations, each of which has a guard.
    serve.access = PUBLIC  # type: ignore[attr-defined]
    return serve


def _answer(
    view: View, allow: str, request: HttpRequest, *args: object, **kwargs: object
) -> HttpResponseBase:
    method = request.method or ""
    if method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": allow})
    if method not in allow.split(", "):
        return answer(request, Problem("method-not-allowed", headers={"Allow": allow}))
    if method != "HEAD":
        return view(request, *args, **kwargs)
    request.method = "GET"
    response = view(request, *args, **kwargs)
    request.method = "HEAD"
    return response


def _finished(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    for name, value in getattr(getattr(request, "allowance", None), "headers", {}).items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    patch_vary_headers(response, ("Accept", "Authorization", "Cookie"))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    _allow_origin(request, response)
    return response


def _allow_origin(request: HttpRequest, response: HttpResponseBase) -> None:
    """Pages of other origins that the city lists may ask with a token, never with a browser's sign-in."""
    origin = request.headers.get("Origin", "")
    if origin not in settings.ENVIRONMENT.api_origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    patch_vary_headers(response, ("Origin",))
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "")
        response.headers["Access-Control-Allow-Headers"] = ACCEPTED
        response.headers["Access-Control-Max-Age"] = "600"


class ProblemMiddleware:
    """Turns what fails before or beside the interface, such as an unknown host, into a problem too."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        wrong = response.status_code >= 400 and request.path.startswith("/api/")
        if not wrong or response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        return answer(request, Problem(kind_for(response.status_code).name))
