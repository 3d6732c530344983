"""What every own page shares: its language from the address, one cookie, no session, no copy on the way."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.conf import settings
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
_TOKEN = "token"  # noqa: S105 (the name of a field)
# Without a referrer at all browsers would not say where a form was sent from.
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Referrer-Policy": "same-origin"}
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
            if request.method == "POST" and comes_from_elsewhere(request):
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
        if request.method == "POST" and not sent_by(request, slip):
            return answer(request, "registry/mine/elsewhere.html", {}, 403)
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
    """What this device's forms carry, so that no other site sends them."""
    return salted_hmac("philoxenia.registry.mine", request.COOKIES.get(COOKIE, "")).hexdigest()


def sent_by(request: HttpRequest, slip: Slip) -> bool:
    """Whether a form came from a page of this device."""
    return constant_time_compare(request.POST.get(_TOKEN, ""), token(request))


def comes_from_elsewhere(request: HttpRequest) -> bool:
    """Whether the browser says that another site sent this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("Origin", "")
    return bool(origin) and origin != f"{request.scheme}://{request.get_host()}"


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
