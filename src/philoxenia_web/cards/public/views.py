"""The page that checks a card: open to everybody, no cookie, no account, and without a network."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import get_language_info
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import PUBLIC, access
from philoxenia_web.cards import keys, lists
from philoxenia_web.cards.public import shell
from philoxenia_web.cards.public.words import sentences
from philoxenia_web.registry.refusals import Damaged, KeyGone
from philoxenia_web.ui.context import city_name, languages

# What the page asks of the browser: the camera, for its own address alone.
_CAMERA = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"
_FRESH = {"Cache-Control": "no-cache"}


def _public(view: Callable[..., HttpResponse]) -> Any:
    """Anybody may read it, and nothing of the asker goes in: pages are rendered without the request."""

    @wraps(view)
    def shown(request: HttpRequest, **parts: Any) -> HttpResponse:
        return view(request, **parts)

    return access(PUBLIC)(require_safe(shown))


@_public
def show(request: HttpRequest, language: str = "") -> HttpResponse:
    """The page itself; at /card/ in the language the browser asks for."""
    known = dict(settings.LANGUAGES)
    if language and language not in known:
        raise Http404
    spoken = language or translation.get_language_from_request(request)
    with translation.override(spoken):
        page = render_to_string("cards/public/check.html", _frame(spoken))
    told = {"Content-Language": spoken, "Permissions-Policy": _CAMERA, **_FRESH}
    if not language:
        told["Vary"] = "Accept-Language"
    return HttpResponse(page, headers=told)


def _frame(language: str) -> dict[str, Any]:
    return {
        "language": get_language_info(language),
        "languages": languages(),
        "city_name": city_name(settings.ENVIRONMENT.city),
        "demonstration": settings.ENVIRONMENT.demo,
        "scripts": shell.SCRIPTS,
        "sentences": sentences(),
    }


@_public
def serve_worker(_request: HttpRequest) -> HttpResponse:
    """The service worker; its place makes /card/ its scope."""
    return HttpResponse(shell.worker(), content_type="text/javascript; charset=utf-8", headers=_FRESH)


@_public
def serve_keys(_request: HttpRequest) -> HttpResponse:
    """The city's public keys (RFC 7517), and how its lists are to be read."""
    told = {
        "keys": [keys.as_jwk(one) for one in keys.trusted()],
        "lists": lists.count(),
        "list_bits": lists.bits(),
    }
    return HttpResponse(json.dumps(told), content_type="application/jwk-set+json", headers=_FRESH)


@_public
def serve_list(_request: HttpRequest, number: int) -> HttpResponse:
    """A list of withdrawn cards: a signed Bitstring Status List credential."""
    try:
        text = lists.published(number)
    except (KeyGone, Damaged):
        return JsonResponse({"said": "The key that signs this list is not here now."}, status=503)
    if text is None:
        return JsonResponse({"said": "There is no such list."}, status=404)
    return HttpResponse(text, content_type="application/vc+jwt", headers=_FRESH)
