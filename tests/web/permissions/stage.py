"""What an app's lines are tried on: two organisations, their people and the app's objects, made once.

Each test and each request is taken back after it, so that all begin from the same world.
"""

import importlib
import json
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from types import ModuleType
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from tests.web.permissions.table import BY_NAME, TABLES, Row
from tests.web.permissions.troupe import Browsers, Troupe, narrow, widen

from philoxenia_web.accounts.models import Person


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is undone."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@dataclass(frozen=True)
class Case:
    """What to send: parts of the address, data and headers."""

    path: str
    has_kwargs: bool
    data: Any
    headers: dict[str, str]
    as_json: bool

    def fields(self) -> dict[str, Any]:
        """The data of one request: files are made anew for each."""
        return dict((self.data() if callable(self.data) else self.data) or {})


class Stage:
    """One app's world."""

    def __init__(self, app: str, troupe: Troupe) -> None:
        self.module = _module(app)
        own, others = troupe.own.again(), troupe.others.again()
        self.department, self.all_rounder = own.place, own.all_rounder
        # Of the organisation to which the objects belong, and of another.
        self.own, self.others, self.all_rounder_elsewhere = own.people, others.people, others.all_rounder
        self.world: dict[str, Any] = self.module.world(self.department, self.own) if self.module else {}
        enter = getattr(self.module, "browser", None)
        everybody = [None, *own.everybody(), *others.everybody()]
        self.browsers = Browsers(everybody, enter) if enter else troupe.browsers

    @property
    def owners(self) -> set[str]:
        """Whom the app's world named: they may be let in because a thing is theirs."""
        return self.own.named

    def case(self, row: Row) -> Case:
        """The request a row is tried with."""
        told = self.world.get(f"{row.method} {row.name}", self.world.get(row.name, ({}, {})))
        kwargs, data, *rest = told() if callable(told) else told
        address = BY_NAME[row.name]
        try:
            path = reverse(address.full_name, kwargs=kwargs)
        except NoReverseMatch:
            # Addresses without a name are opened as they are written.
            path = "/" + address.route
        return Case(path, bool(kwargs), data, rest[0] if rest else {}, address.is_operation)

    def client(self, person: Person | None) -> Client:
        """This person's browser as it was when they had just signed in."""
        client, cookies = self.browsers.of(person)
        client.cookies = SimpleCookie(cookies)
        client.handler.enforce_csrf_checks = False
        return client

    def allowed(self, row: Row) -> Person | None:
        """Somebody who may open the row; nobody where strangers may, or no one."""
        return self.own.get(next((name for name, answer in row.cells.items() if answer == "yes"), ""))

    def ask(self, row: Row, case: Case, person: Person | None) -> HttpResponse:
        """One request, whose traces in the database are taken back."""
        with taken_back():
            return self._send(row, case, person)

    def ask_together(self, row: Row, case: Case, person: Person, roles: Iterable[str]) -> HttpResponse:
        """One request of somebody who holds all these roles and no other."""
        with taken_back():
            narrow(person, roles)
            return self._send(row, case, person)

    def ask_with_every_role(self, row: Row, case: Case, person: Person) -> HttpResponse:
        """One request of somebody who was given all other roles too."""
        with taken_back():
            widen(person, self.department)
            return self._send(row, case, person)

    def _send(self, row: Row, case: Case, person: Person | None) -> HttpResponse:
        client, data = self.client(person), case.fields()
        if row.method == "GET":
            return client.get(case.path, data, headers=case.headers)
        if case.as_json and not any(hasattr(value, "read") for value in data.values()):
            body = json.dumps(data, default=str)
            return client.generic(row.method, case.path, body, "application/json", headers=case.headers)
        if row.method == "POST":
            return client.post(case.path, data, headers=case.headers)
        return client.generic(row.method, case.path, headers=case.headers)


@contextmanager
def one_test() -> Iterator[None]:
    """What a test writes is undone, in the database and in what is counted outside it."""
    # Limits on how often a person may do something are kept in memory.
    cache.clear()
    with taken_back():
        yield


class Theatre:
    """Shows one app's world at a time, and takes it back before the next."""

    def __init__(self) -> None:
        self._whole, self._open = ExitStack(), ExitStack()
        self._app = ""
        self._stage: Stage | None = None

    def __enter__(self) -> "Theatre":
        self._whole.enter_context(taken_back())
        self._troupe = Troupe()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        self._whole.close()

    def show(self, app: str) -> Stage:
        """The app's world: the same as long as nobody asks for another app's."""
        if self._stage is None or app != self._app:
            self._open.close()
            self._open.enter_context(taken_back())
            self._app, self._stage = app, Stage(app, self._troupe)
        return self._stage


def _module(app: str) -> ModuleType | None:
    """permissions/<app>.py, where there is one."""
    if not (TABLES / f"{app}.py").is_file():
        return None
    return importlib.import_module(f"tests.web.permissions.{app}")


def meaning(answer: HttpResponse) -> str:
    """The word of the table for an answer."""
    goes_to = answer.headers.get("Location", "")
    if answer.status_code == 401 or goes_to.startswith("/account/login/"):
        return "sign-in"
    if answer.status_code in (403, 404, 405):
        return "no"
    return "yes" if answer.status_code < 400 else f"{answer.status_code}"
