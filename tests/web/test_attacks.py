"""What must hold for signing in, hosts, paths and cookies: attacks that need no table of pages."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import Client
from django.urls import get_resolver
from tests.web.permissions.table import ADDRESSES, ELSEWHERE

from philoxenia_web.accounts.access import Permission
from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.roles import Role


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_leads_nowhere_else(person: Callable[..., Person], target: str) -> None:
    someone = person(Role.PLANNER)
    EmailAddress.objects.create(user=someone, email=someone.email, primary=True, verified=True)
    answer = Client().post(
        "/account/login/", {"login": someone.email, "password": "correct horse battery", "next": target}
    )
    assert answer.status_code == 302
    assert answer["Location"] == "/"


def test_every_view_says_who_may() -> None:
    """No view is open by forgetting: each declares a permission, or is in the table of allauth's pages."""

    def views(patterns: list[Any]) -> Any:
        for one in patterns:
            if hasattr(one, "url_patterns"):
                yield from views(one.url_patterns)
            else:
                yield one

    undeclared = [
        one.name or str(one.pattern)
        for one in views(get_resolver().url_patterns)
        if not one.callback.__module__.startswith("allauth.")
        and not isinstance(getattr(one.callback, "access", None), Permission)
    ]
    # allauth's old addresses only lead on to new ones; they are refused.
    assert undeclared == [
        "social/login/cancelled/",
        "social/login/error/",
        "social/signup/",
        "social/connections/",
    ]


@pytest.mark.parametrize("host", ["evil.example.org", "127.0.0.1.evil.example.org", "evil.example.org:8000"])
def test_another_host_is_refused(db: None, host: str) -> None:
    assert Client(headers={"Host": host}).get("/account/login/").status_code == 400
    answer = Client(headers={"X-Forwarded-Host": host}).post(
        "/account/password/reset/", {"email": "nobody@example.org"}
    )
    assert host not in answer.headers.get("Location", "")


def test_links_in_mail_name_our_own_host(
    db: None, mailoutbox: list[Any], person: Callable[..., Person]
) -> None:
    someone = person(Role.PLANNER)
    Client(headers={"X-Forwarded-Host": "evil.example.org", "Forwarded": "host=evil.example.org"}).post(
        "/account/password/reset/", {"email": someone.email}
    )
    assert mailoutbox
    assert "evil" not in mailoutbox[0].body


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example.org/account/login/",
        "/people/../trail/",
        "/people/%2e%2e/trail/",
        "/PEOPLE/",
        "/people//",
        "/static/../config/settings.py",
        "/static/%2e%2e/%2e%2e/config/settings.py",
        "/static/..%5c..%5cmanage.py",
        "/data/%00",
        "/invitation/%2e%2e%2fpeople/",
        "/people/00000000-0000-0000-0000-000000000000%0d%0aSet-Cookie:x=y/",
    ],
)
def test_tricks_with_paths_open_nothing(sign_in: Callable[..., Client], path: str) -> None:
    answer = sign_in(Role.CASEWORKER).get(path)
    assert answer.status_code in (301, 302, 400, 403, 404, 410), answer.content[:200]
    assert "evil" not in answer.headers.get("Location", "").partition("?")[0].lstrip("/").partition("/")[0]
    assert "x" not in answer.cookies


@pytest.mark.parametrize("header", ["X-Original-URL", "X-Rewrite-URL"])
def test_headers_do_not_change_the_address(db: None, header: str) -> None:
    assert Client().get("/account/login/", headers={header: "/people/"}).status_code == 200
    assert Client().get("/people/", headers={header: "/account/login/"}).status_code == 302


def test_cookies_are_closed(sign_in: Callable[..., Client]) -> None:
    client = sign_in(Role.PLANNER)
    answer = client.get("/profile/")
    session = client.cookies["session"]
    assert session["httponly"]
    assert session["samesite"] == "Lax"
    assert session["path"] == "/"
    assert not session["domain"]
    for cookie in answer.cookies.values():
        assert cookie["samesite"] == "Lax", cookie


def test_with_tls_cookies_need_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import importlib  # noqa: PLC0415 (reads the settings anew)

    from philoxenia_web.config import environment, signing_in  # noqa: PLC0415

    monkeypatch.setenv("PHILOXENIA_URL", "https://city.example.org")
    environment.environment.cache_clear()
    try:
        told = importlib.reload(signing_in)
        assert told.SESSION_COOKIE_NAME == "__Host-session"
        assert told.CSRF_COOKIE_NAME == "__Host-csrf"
        assert told.SESSION_COOKIE_SECURE is told.CSRF_COOKIE_SECURE is True
        assert told.SECURE_HSTS_SECONDS >= 31_536_000
        assert told.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN is False
    finally:
        monkeypatch.undo()
        environment.environment.cache_clear()
        importlib.reload(signing_in)


def test_no_address_carries_personal_data() -> None:
    parts = re.findall(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>", " ".join(one.route for one in ADDRESSES))
    words = {first or second for first, second in parts}
    assert not {word for word in words if re.search(r"email|name$|phone|address", word)} - {"name"}


def test_debug_is_off_and_secrets_are_long() -> None:
    assert settings.DEBUG is False
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
