"""What must hold for every page, whoever wrote it: enumerated from the resolver, tried with real requests."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import get_resolver
from tests.web.test_permissions import (
    ADDRESSES,
    BY_NAME,
    ROWS,
    Row,
    app_module,
    ask,
    browser,
    case_of,
    people_of,
)

from philoxenia_web.accounts.access import Permission
from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role

PAGES = [row for row in ROWS if row.method == "GET" and not BY_NAME[row.name].is_operation]
FORMS = [row for row in ROWS if row.method == "POST" and not BY_NAME[row.name].is_operation]
ELSEWHERE = [
    "https://evil.example.org/",
    "//evil.example.org/",
    "/\\evil.example.org",
    "\\\\evil.example.org",
    "https:evil.example.org",
    "javascript:alert(1)",
    "http:///evil.example.org",
    "/\t/evil.example.org",
    "https://127.0.0.1@evil.example.org/",
]


def named(row: Row) -> str:
    return f"{row.app}-{row.name}"


@pytest.fixture
def everybody(department: Organisation) -> dict[str, Person]:
    return people_of(department)


def allowed(row: Row) -> str:
    """Somebody who may open the row."""
    return next(name for name, answer in row.cells.items() if answer == "yes")


def opened(row: Row, department: Organisation, everybody: dict[str, Person]) -> Any:
    """The answer to somebody who may."""
    module = app_module(row.app)
    case = case_of(row, module.world(department, everybody) if module else {})
    return ask(row, case, everybody.get(allowed(row)), getattr(module, "browser", browser))


def sent(
    row: Row,
    department: Organisation,
    everybody: dict[str, Person],
    more: dict[str, str],
    query: str = "",
    headers: dict[str, str] | None = None,
) -> Any:
    """The answer to the row's form with more fields in it, sent by somebody who may."""
    module = app_module(row.app)
    # A world of its own for each request, taken back after it.
    with transaction.atomic():
        case = case_of(row, module.world(department, everybody) if module else {})
        data = dict((case.data() if callable(case.data) else case.data) or {})
        client = getattr(module, "browser", browser)(everybody.get(allowed(row)))
        answer = client.post(case.path + query, more | data, headers=case.headers | (headers or {}))
        transaction.set_rollback(True)
    return answer


OPEN_PAGES = [row for row in PAGES if "yes" in row.cells.values()]
OPEN_FORMS = [row for row in FORMS if "yes" in row.cells.values()]


class Parts(HTMLParser):
    """What of a page the content security policy would stop, and where its parts come from."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.forms = 0
        self.unguarded: list[str] = []
        self._form: dict[str, str | None] | None = None
        self._guarded = False

    def handle_starttag(self, tag: str, found: list[tuple[str, str | None]]) -> None:
        attributes = dict(found)
        self.faults += [f"{tag} {name}" for name in attributes if name.startswith("on") or name == "style"]
        if tag == "style" or (
            tag == "script" and "src" not in attributes and "json" not in str(attributes.get("type"))
        ):
            self.faults.append(f"inline {tag}")
        for name in ("src", "href", "action"):
            value = attributes.get(name) or ""
            if value.strip().lower().startswith("javascript:"):
                self.faults.append(f"{tag} {name}={value}")
        source = attributes.get("src") or (attributes.get("href") if tag == "link" else "") or ""
        if source.startswith(("http:", "https:", "//")):
            self.faults.append(f"{tag} from elsewhere: {source}")
        if tag == "form":
            self._form, self._guarded = attributes, False
        if tag == "input" and attributes.get("name") == "csrfmiddlewaretoken":
            self._guarded = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            if (self._form.get("method") or "get").lower() == "post" and not self._guarded:
                self.unguarded.append(str(self._form))
            self._form = None


def csp_of(answer: Any) -> dict[str, list[str]]:
    rules = [rule.split() for rule in answer["Content-Security-Policy"].split(";")]
    return {rule[0]: rule[1:] for rule in rules if rule}


@pytest.mark.parametrize("row", OPEN_PAGES, ids=named)
def test_pages(row: Row, department: Organisation, everybody: dict[str, Person]) -> None:
    answer = opened(row, department, everybody)
    policy = csp_of(answer)
    if "sandbox" in policy:
        # A file shown in a box of its own: no scripts, no forms, no way to our cookies.
        assert policy["sandbox"] == []
        assert policy["default-src"] == ["'none'"]
        return
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert not {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(answer.headers)
    if allowed(row) != "anonymous":
        assert {"no-store", "private"} & set(re.split(r",\s*", answer["Cache-Control"])), answer[
            "Cache-Control"
        ]
    if answer["Content-Type"].startswith("text/html") and not answer.streaming:
        parts = Parts()
        parts.feed(answer.content.decode())
        assert parts.faults == []
        assert parts.unguarded == []


@pytest.mark.parametrize("row", OPEN_FORMS, ids=named)
def test_forms_need_the_token(row: Row, department: Organisation, everybody: dict[str, Person]) -> None:
    module = app_module(row.app)
    case = case_of(row, module.world(department, everybody) if module else {})
    client = getattr(module, "browser", browser)(everybody.get(allowed(row)))
    client.handler.enforce_csrf_checks = True
    data = case.data() if callable(case.data) else case.data
    for headers in ({}, {"X-CSRFToken": "a" * 32}, {"Origin": "https://evil.example.org"}):
        with transaction.atomic():
            answer = client.post(case.path, data or {}, headers=case.headers | headers)
            transaction.set_rollback(True)
        assert answer.status_code == 403, headers


READABLE = {row.name for row in PAGES}


@pytest.mark.parametrize("row", [row for row in OPEN_FORMS if row.name not in READABLE], ids=named)
def test_a_get_request_never_becomes_a_post(
    row: Row, department: Organisation, everybody: dict[str, Person]
) -> None:
    module = app_module(row.app)
    case = case_of(row, module.world(department, everybody) if module else {})
    client = getattr(module, "browser", browser)(everybody.get(allowed(row)))
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        answer = client.get(case.path, {"_method": "POST"}, headers=case.headers | {name: "POST"})
        assert answer.status_code in (403, 404, 405)


@pytest.mark.parametrize("row", OPEN_FORMS, ids=named)
def test_nothing_leads_elsewhere(row: Row, department: Organisation, everybody: dict[str, Person]) -> None:
    for target in ELSEWHERE:
        answer = sent(row, department, everybody, {"next": target}, f"?next={target}", {"Referer": target})
        goes_to = answer.headers.get("Location", "")
        assert "evil.example.org" not in goes_to.replace("%2F", "/").partition("?")[0]
        assert not goes_to.lower().startswith("javascript:")


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


@pytest.mark.parametrize("row", OPEN_FORMS, ids=named)
def test_fields_nobody_asked_for_change_nothing(
    row: Row, department: Organisation, everybody: dict[str, Person]
) -> None:
    """Mass assignment: rights, owners and states cannot be slipped into a form."""
    module = app_module(row.app)
    case = case_of(row, module.world(department, everybody) if module else {})
    who = everybody.get(allowed(row))
    data = dict((case.data() if callable(case.data) else case.data) or {})
    slipped = {
        "is_active": "",
        "is_superuser": "1",
        "is_staff": "1",
        "epoch": "99",
        "role": "administrator",
        "memberships": "administrator",
        "person": str(who.pk) if who else "",
        "person_id": str(who.pk) if who else "",
        "state": "published",
        "password": "slipped in",
        "created_at": "2000-01-01",
        "active": "",
        "id": "00000000-0000-0000-0000-000000000000",
        "pk": "00000000-0000-0000-0000-000000000000",
    }
    before = rights()
    client = getattr(module, "browser", browser)(who)
    with transaction.atomic():
        client.post(case.path, slipped | data, headers=case.headers)
        after = rights()
        transaction.set_rollback(True)
    if who is not None:
        assert {one for one in after if one[0] == who.pk} == {one for one in before if one[0] == who.pk}
    assert {one for one in after - before if one[1] == "administrator"} == set()


def rights() -> set[tuple[Any, str]]:
    return set(Membership.objects.values_list("person_id", "role"))


def test_no_address_carries_personal_data() -> None:
    parts = re.findall(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>", " ".join(one.route for one in ADDRESSES))
    words = {first or second for first, second in parts}
    assert not {word for word in words if re.search(r"email|name$|phone|address", word)} - {"name"}


def test_debug_is_off_and_secrets_are_long() -> None:
    assert settings.DEBUG is False
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
