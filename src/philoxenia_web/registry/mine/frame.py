"""What every own page shares: its language from the address, one cookie, no session, no copy on the way."""

import secrets
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import get_language_info
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from philoxenia_web.accounts.access import PUBLIC, SYSTEM, access
from philoxenia_web.registry.models import Slip
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import slips
from philoxenia_web.ui.context import city_name, languages

COOKIE = "mine"
_FIELD, _SALT = "csrfmiddlewaretoken", "philoxenia.registry.mine"
# How long the first form may lie open.
_VALID = timedelta(hours=12)
# Without a referrer at all browsers would not say where a form was sent from.
_HEADERS = {"Cache-Control": "no-store, private", "X-Robots-Tag": "noindex", "Referrer-Policy": "same-origin"}
Made = Callable[..., HttpResponse]


def own_page(view: Made) -> Any:
    """Declare `view(request, language, ...)`: a page without account, in the language of its address."""
    return access(PUBLIC)(csrf_exempt(require_http_methods(["GET", "HEAD", "POST"])(_spoken(view))))


def own_page_to_read(view: Made) -> Any:
    """The same for a page that takes nothing."""
    return access(PUBLIC)(require_safe(_spoken(view)))


def _spoken(view: Made) -> Made:
    """Run the view in the language of its address, and let no copy of what it shows stay anywhere."""

    @wraps(view)
    def shown(request: HttpRequest, language: str, **parts: Any) -> HttpResponse:
        if language not in dict(settings.LANGUAGES):
            raise Http404
        with translation.override(language):
            if request.method == "POST" and not is_ours(request):
                made = answer(request, "registry/mine/elsewhere.html", {}, 403)
            else:
                made = view(request, language, **parts)
        for name, value in (_HEADERS | {"Content-Language": language}).items():
            made.headers[name] = value
        return made

    return shown


def with_slip(view: Made) -> Made:
    """Run `view(request, language, slip, ...)` where a slip is awake on this device; others begin anew."""

    @wraps(view)
    def shown(request: HttpRequest, language: str, **parts: Any) -> HttpResponse:
        slip = slip_of(request)
        if slip is None or not slips.is_awake(slip):
            return HttpResponseRedirect(reverse("mine", args=[language]))
        with visiting(SYSTEM):
            slips.touch(slip)
        return view(request, language, slip, **parts)

    return shown


def slip_of(request: HttpRequest) -> Slip | None:
    """The slip that opened this device."""
    cookie = request.COOKIES.get(COOKIE, "")
    if not cookie:
        return None
    with visiting(SYSTEM):
        return slips.of_device(cookie)


def token(request: HttpRequest) -> str:
    """What forms carry, so that no other site sends them: bound to the device once it has a slip."""
    cookie = request.COOKIES.get(COOKIE, "")
    return salted_hmac(_SALT, cookie).hexdigest() if cookie else first_token()


def first_token() -> str:
    """What the form for the slip carries."""
    return signing.dumps(secrets.token_hex(8), salt=_SALT)


def is_ours(request: HttpRequest) -> bool:
    """Whether a form was sent from a page of ours; on a device with a slip, from one of its own pages."""
    if getattr(request, "_dont_enforce_csrf_checks", False):
        # As Django's own check: tests that are about something else.
        return True
    if comes_from_elsewhere(request):
        return False
    told, cookie = request.POST.get(_FIELD, ""), request.COOKIES.get(COOKIE, "")
    if cookie:
        return constant_time_compare(told, token(request))
    try:
        signing.loads(told, salt=_SALT, max_age=_VALID)
    except signing.BadSignature:
        return False
    return True


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site sent this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin, own = request.headers.get("Origin"), f"{request.scheme}://{request.get_host()}"
    return origin not in (None, own, settings.ENVIRONMENT.url)


def answer(
    request: HttpRequest, template: str, context: Mapping[str, Any], status: int = 200
) -> HttpResponse:
    """A page, rendered without the request: nothing of a session can come into it."""
    return HttpResponse(render_to_string(template, _frame(request) | dict(context)), status=status)


def remember(response: HttpResponse, device: str, slip: Slip) -> None:
    """Let this device, and no other, open the page until the slip ends."""
    response.set_cookie(
        COOKIE,
        device,
        expires=slip.expires_at,
        path=reverse("mine-start"),
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict",
    )


def forget(response: HttpResponse) -> None:
    """This device opens nothing any more."""
    response.delete_cookie(COOKIE, path=reverse("mine-start"), samesite="Strict")


def _frame(request: HttpRequest) -> dict[str, Any]:
    code = translation.get_language() or "en"
    return {
        "language": get_language_info(code),
        "languages": [
            one | {"address": reverse("mine", args=[one["code"]])}
            for one in languages()
            if one["code"] != code
        ],
        "city_name": city_name(settings.ENVIRONMENT.city),
        "demonstration": settings.ENVIRONMENT.demo,
        "token": token(request),
    }
