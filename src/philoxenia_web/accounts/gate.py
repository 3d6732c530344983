"""The gate before every page: who is there, for how long, with which factors, and may they?

Deny by default: a view that declares nothing is refused.
"""

import hashlib
import time
from collections.abc import Callable
from typing import Any

import requests
from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.cache import has_vary_header, patch_vary_headers
from django.utils.translation import gettext as _

from philoxenia_web.accounts import second_factor
from philoxenia_web.accounts.access import PUBLIC, Actor, Denied, Permission, actor_of, check_can
from philoxenia_web.accounts.audit import record
from philoxenia_web.accounts.sign_in_pages import PAGES, WHILE_SETTING_UP
from philoxenia_web.accounts.watching import renew_session_key

PAGE_METHODS = ("GET", "HEAD", "OPTIONS", "POST")
# How often a session writes down that it is in use.
_SEEN_EVERY_SECONDS = 60


class SessionLimits:
    """Ends sessions that were idle too long or are too old, and renews their key when rights change."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Asked by the session's own keys: whoever has none costs no read of the person.
        if "_auth_user_id" in request.session:
            self._hold(request)
        return self.get_response(request)

    def _hold(self, request: HttpRequest) -> None:
        now = int(time.time())
        began = request.session.setdefault("began", now)
        seen = request.session.setdefault("seen", now)
        if now - began > settings.SESSION_ABSOLUTE_SECONDS or now - seen > settings.SESSION_IDLE_SECONDS:
            if request.user.is_authenticated:
                record(actor_of(request), "accounts.session_ended", after={"why": "time"})
                del request.actor  # type: ignore[attr-defined]
            # Who listens to signing out can tell it from somebody's own.
            request.time_is_up = True  # type: ignore[attr-defined]
            logout(request)
            messages.info(request, _("You were signed out because your time was up. Sign in to go on."))
        elif now - seen >= _SEEN_EVERY_SECONDS:
            request.session["seen"] = now


class AccessMiddleware:
    """Refuses every view that does not declare who may open it, and everybody it does not name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        if "_auth_user_id" in getattr(request, "session", {}):
            _keep_private(answer)
        return answer

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        """Before any view runs."""
        permission = declared_access(request, view)
        if permission is None:
            raise Denied(_("This page does not say who may open it."))
        if is_of_allauth(view) and request.method not in PAGE_METHODS:
            return HttpResponseNotAllowed(PAGE_METHODS)
        if permission is PUBLIC:
            return None
        actor = actor_of(request)
        if actor.person_id is None:
            elsewhere = getattr(view, "strangers", "")
            return redirect(elsewhere) if elsewhere else redirect_to_login(_way_back(request))
        _renew_key_if_roles_changed(request, actor)
        request.lacks_second_factor = second_factor.is_missing(request, actor)  # type: ignore[attr-defined]
        if request.lacks_second_factor and second_factor.has_one(actor):  # type: ignore[attr-defined]
            # It began with a password alone: signing in anew asks for the factor.
            request.time_is_up = True  # type: ignore[attr-defined]
            logout(request)
            return redirect_to_login(_way_back(request))
        if request.lacks_second_factor and not _is_for_setting_up(request):  # type: ignore[attr-defined]
            return redirect("mfa_index")
        try:
            check_can(actor, permission)
        except Denied:
            record_refusal(request)
            raise
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Write down who was refused what; after the view's transaction, so that it stays."""
        if isinstance(exception, Denied) and actor_of(request).person_id is not None:
            record_refusal(request)
        if isinstance(exception, requests.RequestException):
            # The city's identity provider does not answer.
            return redirect("socialaccount_login_error")
        return None


def record_refusal(request: HttpRequest) -> None:
    """A line of the trail for a page or operation that was refused."""
    match = request.resolver_match
    name = match.view_name if match else ""
    record(actor_of(request), "accounts.refused", after={"page": name, "method": request.method})


def declared_access(request: HttpRequest, view: Callable[..., Any]) -> Permission | None:
    """What a view, or the class behind it, declares; allauth's pages are declared in a table."""
    if is_of_allauth(view):
        match = request.resolver_match
        return PAGES.get(match.view_name) if match else None
    return getattr(view, "access", None) or getattr(getattr(view, "view_class", None), "access", None)


def is_of_allauth(view: Callable[..., Any]) -> bool:
    """Whether a view comes with allauth."""
    return view.__module__.startswith("allauth.")


def client_address(request: HttpRequest) -> str:
    """Where a request comes from, as far as it can be trusted."""
    return get_adapter().get_client_ip(request)


def _renew_key_if_roles_changed(request: HttpRequest, actor: Actor) -> None:
    """A session that gained or lost rights goes on under another key."""
    held = sorted(f"{place}:{role}" for place, role in actor.memberships)
    mark = hashlib.sha256("|".join(held).encode()).hexdigest()[:16]
    known = request.session.get("roles")
    if known != mark:
        request.session["roles"] = mark
        if known is not None:
            renew_session_key(request)


def _is_for_setting_up(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in WHILE_SETTING_UP


def _way_back(request: HttpRequest) -> str:
    """Where to go after signing in; never back to something that only a form may send."""
    return request.get_full_path() if request.method in ("GET", "HEAD") else "/"


def _keep_private(answer: HttpResponse) -> None:
    """No copy of a signed-in page stays behind, unless the view says how long it may."""
    answer.headers.setdefault("Cache-Control", "no-store, private")
    if not has_vary_header(answer, "Cookie"):
        patch_vary_headers(answer, ["Cookie"])
