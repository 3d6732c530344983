"""How answers go out: to anybody, from any page, with a tag by which a client knows what it has."""

import functools
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from philoxenia_web.accounts.access import PUBLIC
from philoxenia_web.accounts.gate import client_address
from philoxenia_web.directory.hsds.limits import WINDOW_SECONDS, limit, limiter
from philoxenia_web.directory.hsds.problems import Problem

JSON, NDJSON = "application/json; charset=utf-8", "application/x-ndjson; charset=utf-8"
_METHODS = {"get": ("GET", "HEAD", "OPTIONS"), "both": ("GET", "HEAD", "OPTIONS", "POST")}
View = Callable[..., HttpResponseBase]


def public(view: View | None = None, *, methods: str = "get") -> Any:
    """A view of an open interface: no sign-in, no cookie, any origin, so many requests a minute."""
    if view is None:
        return functools.partial(public, methods=methods)
    allowed = _METHODS[methods]

    @functools.wraps(view)
    def serve(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = _answer(view, allowed, request, *args, **kwargs)
        return _opened(response, allowed)

    # Nothing here depends on who asks, and nothing is written: there is nothing to forge.
    served = csrf_exempt(serve)
    served.access = PUBLIC  # type: ignore[attr-defined]
    served.open_to_any_origin = True  # type: ignore[attr-defined]
    return served


def _answer(
    view: View, allowed: tuple[str, ...], request: HttpRequest, *args: Any, **kwargs: Any
) -> HttpResponseBase:
    if request.method == "OPTIONS":
        return HttpResponse(status=204, headers={"Allow": ", ".join(allowed)})
    if request.method not in allowed:
        response = Problem(405, "Method not allowed", f"Use {' or '.join(allowed)}.").answer()
        response.headers["Allow"] = ", ".join(allowed)
        return response
    try:
        left = limiter.count(client_address(request))
        response = view(request, *args, **kwargs)
    except Problem as problem:
        return problem.answer()
    response.headers["RateLimit-Policy"] = f'"minute";q={limit()};w={WINDOW_SECONDS}'
    response.headers["RateLimit"] = f'"minute";r={left}'
    return response


def _opened(response: HttpResponseBase, allowed: tuple[str, ...]) -> HttpResponseBase:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = ", ".join(allowed)
    response.headers["Access-Control-Allow-Headers"] = "Content-Type, If-None-Match"
    response.headers["Access-Control-Expose-Headers"] = "ETag, RateLimit, RateLimit-Policy, Retry-After"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def answer(request: HttpRequest, content: Any) -> HttpResponse:
    """JSON, with its tag; 304 where the client has it. What was asked in a body is kept by nobody."""
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    if request.method == "POST":
        return HttpResponse(body, content_type=JSON)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    known = [one.strip().removeprefix("W/") for one in request.headers.get("If-None-Match", "").split(",")]
    if tag in known or "*" in known:
        response = HttpResponse(status=304)
        del response.headers["Content-Type"]
    else:
        response = HttpResponse(body, content_type=JSON)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def lines(records: Iterable[Any]) -> StreamingHttpResponse:
    """Records as they are read, one a line."""

    def written() -> Iterator[bytes]:
        for one in records:
            yield json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"

    return StreamingHttpResponse(written(), content_type=NDJSON)


def envelope(contents: list[Any], total: int, number: int, per_page: int) -> dict[str, Any]:
    """A page as HSDS wraps it."""
    pages = max(1, -(-total // per_page))
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": number,
        "size": len(contents),
        "first_page": number == 1,
        "last_page": number >= pages,
        "empty": not contents,
        "contents": contents,
    }
