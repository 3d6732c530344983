"""Who asks: a token in the header, or the browser's sign-in with its CSRF token; never both."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.middleware.csrf import CsrfViewMiddleware
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import second_factor
from philoxenia_web.accounts.access import Actor, actor_of
from philoxenia_web.api.problems import Problem, request_id_of
from philoxenia_web.api.queries import active_token, actor_behind, mark_used

SAFE = ("GET", "HEAD", "OPTIONS")


def authenticate(request: HttpRequest) -> Actor:
    """The actor behind a request; a `Problem` when there is none."""
    header = request.headers.get("Authorization")
    actor = _by_token(request, header) if header is not None else _by_page(request)
    request.actor = actor  # type: ignore[attr-defined]
    return actor


def _by_token(request: HttpRequest, header: str) -> Actor:
    scheme, _space, text = header.partition(" ")
    token = active_token(text.strip()) if scheme.lower() == "bearer" else None
    if token is None:
        raise Problem("unauthenticated", headers=_challenge('error="invalid_token"'))
    mark_used(token, timezone.now().date())
    request.rate_subject = f"token:{token.pk}"  # type: ignore[attr-defined]
    return actor_behind(token, request_id_of(request))


def _by_page(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    if actor.person_id is None:
        raise Problem("unauthenticated", headers=_challenge())
    if second_factor.is_missing(request, actor):
        raise Problem(
            "forbidden", _("Set up a second factor for your account first; its pages lead you there.")
        )
    if request.method not in SAFE and _lacks_csrf_token(request):
        raise Problem("csrf")
    request.rate_subject = f"person:{actor.person_id}"  # type: ignore[attr-defined]
    return replace(actor, request_id=request_id_of(request)) if not actor.request_id else actor


class _CsrfCheck(CsrfViewMiddleware):
    """Django's check, without the page that it would answer with."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        del request, reason
        return HttpResponseForbidden()


def _lacks_csrf_token(request: HttpRequest) -> bool:
    check = _CsrfCheck(lambda _request: HttpResponse())
    # The middleware passed this view by: it does not know whether a token or a page asks.
    request.csrf_processing_done = False  # type: ignore[attr-defined]
    check.process_request(request)
    return check.process_view(request, lambda: None, (), {}) is not None


def _challenge(reason: str = "") -> dict[str, str]:
    return {"WWW-Authenticate": ", ".join(filter(None, ['Bearer realm="Philoxenia"', reason]))}
