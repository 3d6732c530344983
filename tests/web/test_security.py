"""What must hold for every page and form, whoever wrote it: from the table of permissions, tried for real."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.web.permissions.stage import Case, Stage, one_test, taken_back
from tests.web.permissions.table import BY_NAME, ELSEWHERE, ROWS, Row

from philoxenia_web.accounts.models import Membership

# Interfaces have neither forms nor cookies; they are attacked in their own tests.
FOR_PROGRAMS = {name for name, one in BY_NAME.items() if one.is_operation or one.is_open}
PAGES = [row for row in ROWS if row.method == "GET" and row.name not in FOR_PROGRAMS]
READABLE = {row.name for row in PAGES}
OPEN_PAGES = [row for row in PAGES if "yes" in row.cells.values()]
# A secret in the address is the right to answer: no session is there that another site could misuse.
BY_SECRET_LINK = {"directory-keep"}
OPEN_FORMS = [
    row
    for row in ROWS
    if row.method == "POST" and row.name not in FOR_PROGRAMS and "yes" in row.cells.values()
]


def each(rows: list[Row]) -> Any:
    """One test a row, on the world of its app."""
    return pytest.mark.parametrize(
        ("stage", "row"), [(row.app, row) for row in rows], indirect=["stage"], ids=str
    )


@pytest.fixture
def db(stage: Stage) -> Iterator[None]:
    """Part of the transaction of the stage."""
    with one_test():
        yield


def sent(scene: Stage, row: Row, case: Case, more: dict[str, str], query: str = "", **headers: str) -> Any:
    """The answer to the row's form with more fields in it, sent by somebody who may."""
    with taken_back():
        return scene.client(scene.allowed(row)).post(
            case.path + query, more | case.fields(), headers=case.headers | headers
        )


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


# Pages that look at a card's code or take a photo; and one that names nobody, which a device keeps.
WITH_A_CAMERA = {"card", "card-language", "card-application", "card-benefit"}
KEPT_BY_THE_DEVICE = {"offline-work"}


def csp_of(answer: Any) -> dict[str, list[str]]:
    rules = [rule.split() for rule in answer["Content-Security-Policy"].split(";")]
    return {rule[0]: rule[1:] for rule in rules if rule}


@each(OPEN_PAGES)
def test_pages(scene: Stage, row: Row) -> None:
    answer = scene.ask(row, scene.case(row), scene.allowed(row))
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
    camera = "camera=(self)" if row.name in WITH_A_CAMERA else "camera=()"
    assert camera in answer["Permissions-Policy"]
    assert not {"Server", "X-Powered-By", "Access-Control-Allow-Origin"} & set(answer.headers)
    if scene.allowed(row) is not None and row.name not in KEPT_BY_THE_DEVICE:
        assert {"no-store", "private"} & set(re.split(r",\s*", answer["Cache-Control"])), answer[
            "Cache-Control"
        ]
    if answer["Content-Type"].startswith("text/html") and not answer.streaming:
        parts = Parts()
        parts.feed(answer.content.decode())
        assert parts.faults == []
        assert parts.unguarded == [] or row.name in BY_SECRET_LINK


@each([row for row in ROWS if BY_NAME[row.name].is_open])
def test_an_open_interface_knows_nobody_and_changes_nothing(scene: Stage, row: Row) -> None:
    """So there is nothing that a page of another origin could read of a person, or do as one."""
    case, person = scene.case(row), Membership.objects.select_related("person").first()
    assert person is not None
    stranger, known = scene.client(None), scene.client(person.person)
    with CaptureQueriesContext(connection) as caught, taken_back():
        told = [one.generic(row.method, case.path) for one in (stranger, known)]
    assert len({one.content for one in told if not one.streaming}) <= 1
    asked = [one["sql"].split(None, 1)[0].lower() for one in caught if "django_session" not in one["sql"]]
    assert set(asked) <= {"select", "set", "savepoint", "release", "rollback"}
    answer = scene.client(None).generic(row.method, case.path)
    assert not answer.cookies
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert answer["X-Content-Type-Options"] == "nosniff"


@each([row for row in OPEN_FORMS if row.name not in BY_SECRET_LINK])
def test_forms_need_the_token(scene: Stage, row: Row) -> None:
    case = scene.case(row)
    for headers in ({}, {"X-CSRFToken": "a" * 32}, {"Origin": "https://evil.example.org"}):
        client = scene.client(scene.allowed(row))
        client.handler.enforce_csrf_checks = True
        with taken_back():
            answer = client.post(case.path, case.fields(), headers=case.headers | headers)
        assert answer.status_code == 403, headers


@each([row for row in OPEN_FORMS if row.name not in READABLE])
def test_a_get_request_never_becomes_a_post(scene: Stage, row: Row) -> None:
    case = scene.case(row)
    client = scene.client(scene.allowed(row))
    for name in ("X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"):
        answer = client.get(case.path, {"_method": "POST"}, headers=case.headers | {name: "POST"})
        assert answer.status_code in (403, 404, 405)


# A place of our own, written as forms and pages may name it.
OUR_PLACE = "/profile/?told=by-the-form"


def led_to(scene: Stage, row: Row, case: Case, target: str) -> str:
    """Where a form leads that is told a place in every way there is."""
    answer = sent(scene, row, case, {"next": target}, f"?{urlencode({'next': target})}", Referer=target)
    return str(answer.headers.get("Location", ""))


def faults_of_leading(goes_to: str) -> list[str]:
    """What is wrong with where an answer leads."""
    away = "evil.example.org" in goes_to.replace("%2F", "/").partition("?")[0]
    return [goes_to] if away or goes_to.lower().startswith("javascript:") else []


@each(OPEN_FORMS)
def test_nothing_leads_elsewhere(scene: Stage, row: Row) -> None:
    """A form that does not even follow to a place of our own is told of one place elsewhere, not of all."""
    case = scene.case(row)
    follows = "by-the-form" in led_to(scene, row, case, OUR_PLACE)
    for target in ELSEWHERE if follows else ELSEWHERE[:1]:
        assert faults_of_leading(led_to(scene, row, case, target)) == []


@each([row for row in OPEN_FORMS if row.name in {"account_logout", "language", "appearance"}])
def test_a_form_that_follows_is_known(scene: Stage, row: Row) -> None:
    """So each way to write another place is tried where it could lead there."""
    assert "by-the-form" in led_to(scene, row, scene.case(row), OUR_PLACE)


@each(OPEN_FORMS)
def test_fields_nobody_asked_for_change_nothing(scene: Stage, row: Row) -> None:
    """Mass assignment: rights, owners and states cannot be slipped into a form."""
    case, who = scene.case(row), scene.allowed(row)
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
    with taken_back():
        scene.client(who).post(case.path, slipped | case.fields(), headers=case.headers)
        after = rights()
    if who is not None:
        assert {one for one in after if one[0] == who.pk} == {one for one in before if one[0] == who.pk}
    assert {one for one in after - before if one[1] == "administrator"} == set()


def rights() -> set[tuple[Any, str]]:
    return set(Membership.objects.values_list("person_id", "role"))
