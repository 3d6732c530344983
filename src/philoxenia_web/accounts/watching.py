"""What allauth tells about signing in, written to the trail; the session's key renewed when rights change.

No e-mail addresses and no addresses of machines go to the trail: ids and kinds only.
"""

import time
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.socialaccount import signals as social
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from philoxenia_web.accounts import second_factor
from philoxenia_web.accounts.access import NOBODY, Actor, actor_of
from philoxenia_web.accounts.actions import end_access, end_sessions
from philoxenia_web.accounts.audit import record
from philoxenia_web.accounts.models import Person


def begin() -> None:
    """Called once, when the app starts."""
    account.user_logged_in.connect(_signed_in, dispatch_uid="accounts")
    user_logged_out.connect(_signed_out, dispatch_uid="accounts")
    user_login_failed.connect(_failed, dispatch_uid="accounts")
    account.password_changed.connect(_told("accounts.change_password"), weak=False, dispatch_uid="accounts")
    account.password_set.connect(_told("accounts.set_password"), weak=False, dispatch_uid="accounts")
    account.password_reset.connect(_reset, dispatch_uid="accounts")
    account.email_changed.connect(_told("accounts.change_email"), weak=False, dispatch_uid="accounts")
    mfa.authenticator_added.connect(_added_factor, dispatch_uid="accounts")
    mfa.authenticator_removed.connect(_removed_factor, dispatch_uid="accounts")
    mfa.authenticator_reset.connect(
        _factor("accounts.renew_recovery_codes"), weak=False, dispatch_uid="accounts"
    )
    mfa.authentication_failed.connect(_code_failed, dispatch_uid="accounts")
    account.authentication_step_completed.connect(_stepped, dispatch_uid="accounts")
    social.social_account_added.connect(
        _told_social("accounts.connect_provider"), weak=False, dispatch_uid="accounts"
    )
    social.social_account_removed.connect(
        _told_social("accounts.disconnect_provider"), weak=False, dispatch_uid="accounts"
    )


def renew_session_key(request: HttpRequest) -> None:
    """Another key for the same session, so that a key known to somebody else is worth nothing now."""
    old = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=old).update(session_key=request.session.session_key)


def _signed_in(request: HttpRequest, user: Person, response: HttpResponse | None = None, **_: Any) -> None:
    now = int(time.time())
    request.session["began"] = request.session["seen"] = now
    _forget_actor(request)
    record(_of(request, user), "accounts.sign_in")
    if user.language and response is not None:
        remember_language(response, user.language)


def remember_language(response: HttpResponse, language: str) -> None:
    """The language of every page from now on, in this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


def _signed_out(request: HttpRequest, user: Person | None, **_: Any) -> None:
    if user is not None:
        record(_of(request, user), "accounts.sign_out")
        UserSession.objects.filter(session_key=request.session.session_key).delete()


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_: Any) -> None:
    # Looked for whether there is such a person or not, so that both take the same time.
    person = Person.objects.filter(email__iexact=credentials.get("email") or "").first()
    record(_of(request, None), "accounts.sign_in_failed", person, after={"known": person is not None})


def _code_failed(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    record(_of(request, None), "accounts.second_factor_failed", user, after={"kind": authenticator.type})


def _stepped(request: HttpRequest, user: Person, method: str, **more: Any) -> None:
    if more.get("reauthenticated"):
        renew_session_key(request)


def _told(action: str) -> Any:
    def tell(request: HttpRequest, user: Person, **_: Any) -> None:
        record(_of(request, user), action, user)

    return tell


def _reset(request: HttpRequest, user: Person, **_: Any) -> None:
    """Whoever resets a password may have been robbed of it: tokens made meanwhile end, like the sessions."""
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).get(pk=user.pk)
        end_access(person)
        person.save(update_fields=["epoch"])
        record(_of(request, user), "accounts.reset_password", user)
    # The same object signs in right after, where it does.
    user.epoch = person.epoch


def _factor(action: str) -> Any:
    def tell(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
        record(_of(request, user), action, user, after={"kind": authenticator.type})
        renew_session_key(request)

    return tell


def _removed_factor(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    second_factor.forget(request)
    _factor("accounts.remove_second_factor")(request=request, user=user, authenticator=authenticator)


def _added_factor(request: HttpRequest, user: Person, authenticator: Any, **_: Any) -> None:
    """The session that set it up has it; those that began with the password alone end."""
    _factor("accounts.add_second_factor")(request=request, user=user, authenticator=authenticator)
    if authenticator.type in second_factor.KINDS:
        second_factor.remember(request)
    if second_factor.is_first(authenticator):
        end_sessions(user, but=request.session.session_key)


def _told_social(action: str) -> Any:
    def tell(request: HttpRequest, **more: Any) -> None:
        login, account_ = more.get("sociallogin"), more.get("socialaccount")
        user = login.user if login is not None else account_.user
        record(_of(request, user), action, user)

    return tell


def _of(request: HttpRequest | None, user: Person | None) -> Actor:
    """The person and the request, without reading roles again."""
    request_id = getattr(request, "request_id", "")
    return Actor(user.pk if user else NOBODY.person_id, request_id=request_id)


def _forget_actor(request: HttpRequest) -> None:
    """Who acts is read anew after signing in."""
    if hasattr(request, "actor"):
        del request.actor
    actor_of(request)
