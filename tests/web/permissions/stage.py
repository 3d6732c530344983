"""What an app's lines are tried on: two organisations, their people and the app's objects, made once.

Each test and each request is taken back after it, so that all begin from the same world.
"""

import importlib
import json
from collections.abc import Callable, Iterator
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

from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role


@contextmanager
def taken_back() -> Iterator[None]:
    """What is written inside is undone."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def people_of(organisation: Organisation) -> dict[str, Person]:
    """One person a role."""
    made = {}
    for role in Role:
        made[role.value] = Person.objects.create_user(
            f"{role}@{organisation.pk}.example.org", "correct horse battery", name="Test Person"
        )
        Membership.objects.create(person=made[role.value], organisation=organisation, role=role)
    return made


def browser(person: Person | None) -> Client:
    """Signed in as this person, or nobody."""
    client = Client()
    if person is not None:
        client.force_login(person)
    return client


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

    def __init__(self, app: str) -> None:
        self.module = _module(app)
        self.department = Organisation.objects.create(
            name="Shelter and Support", kind=Organisation.Kind.DEPARTMENT
        )
        # Of the organisation to which the objects belong, and of another.
        self.own = people_of(self.department)
        self.others = people_of(
            Organisation.objects.create(name="Parks and Trees", kind=Organisation.Kind.DEPARTMENT)
        )
        self.world: dict[str, Any] = self.module.world(self.department, self.own) if self.module else {}
        self._enter: Callable[[Person | None], Client] = getattr(self.module, "browser", browser)
        self._clients: dict[Any, tuple[Client, str]] = {}

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

    def meet(self) -> None:
        """Everybody signs in, once: their sessions are part of the world."""
        for person in (None, *self.own.values(), *self.others.values()):
            client = self._enter(person)
            if person is not None:
                # What a session writes down at its first page is written once, here.
                client.get("/profile/")
            self._clients[person and person.pk] = client, client.cookies.output(header="", sep=";")

    def client(self, person: Person | None) -> Client:
        """This person's browser as it was when they had just signed in."""
        client, cookies = self._clients[person and person.pk]
        client.cookies = SimpleCookie(cookies)
        client.handler.enforce_csrf_checks = False
        return client

    def allowed(self, row: Row) -> Person | None:
        """Somebody who may open the row."""
        return self.own.get(next(name for name, answer in row.cells.items() if answer == "yes"))

    def ask(self, row: Row, case: Case, person: Person | None) -> HttpResponse:
        """One request, whose traces in the database are taken back."""
        client, data = self.client(person), case.fields()
        with taken_back():
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
        self._open = ExitStack()
        self._app = ""
        self._stage: Stage | None = None

    def __enter__(self) -> "Theatre":
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def show(self, app: str) -> Stage:
        """The app's world: the same as long as nobody asks for another app's."""
        if self._stage is None or app != self._app:
            self._open.close()
            self._open.enter_context(taken_back())
            self._app, self._stage = app, Stage(app)
            self._stage.meet()
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
