"""Who may open what: a truth table of every address and operation for every role, tried for real.

Each app keeps its rows in permissions/<app>.csv; permissions/<app>.py says what to open.
permissions/README.md explains both.
"""

import csv
import importlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role

TABLES = Path(__file__).parent / "permissions"
VISITORS = ("anonymous", *Role.values)
ANSWERS = {"yes", "no", "sign-in"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver."""

    route: str
    name: str
    full_name: str
    is_operation: bool


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    app: str
    method: str
    name: str
    cells: dict[str, str]
    # Roles that may open it although it belongs to another organisation.
    elsewhere: frozenset[str]


def addresses(patterns: list[Any] | None = None, route: str = "", space: str = "") -> Iterator[Address]:
    """Every pattern of the resolver, those of allauth and django-ninja too."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern.url_patterns, here, inner)
        elif isinstance(pattern, URLPattern):
            name = pattern.name or here
            yield Address(here, name, space + name, pattern.callback.__module__.startswith("ninja."))


def rows() -> list[Row]:
    """Every line of every table."""
    return [
        Row(
            path.stem,
            line["method"],
            line["name"],
            {visitor: line[visitor] for visitor in VISITORS},
            frozenset((line.get("elsewhere") or "").split()),
        )
        for path in sorted(TABLES.glob("*.csv"))
        for line in csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    ]


ADDRESSES = list(addresses())
ROWS = rows()
BY_NAME = {address.name: address for address in ADDRESSES}


def test_every_address_has_a_row() -> None:
    known = {row.name for row in ROWS}
    assert sorted(address.name for address in ADDRESSES if address.name not in known) == []


def test_every_row_has_an_address() -> None:
    assert sorted({row.name for row in ROWS} - BY_NAME.keys()) == []


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(ADDRESSES)
    lines = [(row.method, row.name) for row in ROWS]
    assert sorted(line for line in set(lines) if lines.count(line) > 1) == []


def test_cells_are_known_words() -> None:
    assert {answer for row in ROWS for answer in row.cells.values()} <= ANSWERS
    assert {role for row in ROWS for role in row.elsewhere} <= set(Role.values)


def people_of(organisation: Organisation) -> dict[str, Person]:
    """One person a role."""
    made = {}
    for role in Role:
        made[role.value] = Person.objects.create_user(
            f"{role}@{organisation.pk}.example.org", "correct horse battery", name="Test Person"
        )
        Membership.objects.create(person=made[role.value], organisation=organisation, role=role)
    return made


@pytest.fixture
def own(department: Organisation) -> dict[str, Person]:
    """The people of the organisation to which the objects belong."""
    return people_of(department)


@pytest.fixture
def others(db: None) -> dict[str, Person]:
    """The people of another organisation."""
    return people_of(Organisation.objects.create(name="Parks and Trees", kind=Organisation.Kind.DEPARTMENT))


@dataclass(frozen=True)
class Case:
    """What to send: parts of the address, data and headers."""

    path: str
    has_kwargs: bool
    data: Any
    headers: dict[str, str]
    as_json: bool


def case_of(row: Row, world: dict[str, Any]) -> Case:
    """The request a row is tried with."""
    told = world.get(f"{row.method} {row.name}", world.get(row.name, ({}, {})))
    kwargs, data, *rest = told() if callable(told) else told
    address = BY_NAME[row.name]
    try:
        path = reverse(address.full_name, kwargs=kwargs)
    except NoReverseMatch:
        # Addresses without a name are opened as they are written.
        path = "/" + address.route
    return Case(path, bool(kwargs), data, rest[0] if rest else {}, address.is_operation)


def ask(
    row: Row, case: Case, visitor: Person | None, enter: Callable[[Person | None], Client]
) -> HttpResponse:
    """One request, whose traces in the database are taken back."""
    client = enter(visitor)
    data = case.data() if callable(case.data) else case.data
    with transaction.atomic():
        if row.method == "GET":
            answer = client.get(case.path, data or {}, headers=case.headers)
        elif case.as_json and not any(hasattr(value, "read") for value in dict(data or {}).values()):
            body = json.dumps(data or {}, default=str)
            answer = client.generic(row.method, case.path, body, "application/json", headers=case.headers)
        else:
            answer = (
                client.generic(row.method, case.path, headers=case.headers)
                if row.method != "POST"
                else (client.post(case.path, data or {}, headers=case.headers))
            )
        transaction.set_rollback(True)
    return answer


def meaning(answer: HttpResponse) -> str:
    """The word of the table for an answer."""
    goes_to = answer.headers.get("Location", "")
    if answer.status_code == 401 or goes_to.startswith("/account/login/"):
        return "sign-in"
    if answer.status_code in (403, 404, 405):
        return "no"
    return "yes" if answer.status_code < 400 else f"{answer.status_code}"


def browser(person: Person | None) -> Client:
    """Signed in as this person, or nobody."""
    client = Client(raise_request_exception=True)
    if person is not None:
        client.force_login(person)
    return client


def app_module(app: str) -> Any:
    """permissions/<app>.py, where there is one."""
    if not (TABLES / f"{app}.py").is_file():
        return None
    return importlib.import_module(f"tests.web.permissions.{app}")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.app}-{row.method}-{row.name}")
def test_table(row: Row, department: Organisation, own: dict[str, Person], others: dict[str, Person]) -> None:
    module = app_module(row.app)
    case = case_of(row, module.world(department, own) if module else {})
    enter = getattr(module, "browser", browser)
    found = {name: meaning(ask(row, case, own.get(name), enter)) for name in VISITORS}
    assert found == row.cells
    if case.has_kwargs:
        answers = {role: ask(row, case, others[role], enter) for role in Role.values}
        found = {role: meaning(answer) for role, answer in answers.items() if row.cells[role] == "yes"}
        assert {role for role, word in found.items() if word == "yes"} == row.elsewhere & found.keys()
        # A 403 would tell that the object exists.
        assert [role for role in found if found[role] == "no" and answers[role].status_code != 404] == []


@pytest.mark.parametrize("route", sorted({address.route for address in ADDRESSES}))
def test_methods_without_a_row_are_refused(
    route: str, department: Organisation, own: dict[str, Person]
) -> None:
    here = [row for row in ROWS if BY_NAME[row.name].route == route]
    if not here:
        pytest.skip("has no row; told by another test")
    module = app_module(here[0].app)
    case = case_of(here[0], module.world(department, own) if module else {})
    enter = getattr(module, "browser", browser)
    everything = own[Role.ADMINISTRATOR]
    for role in Role:
        Membership.objects.get_or_create(person=everything, organisation=department, role=role)
    missing = set(METHODS) - {row.method for row in here}
    for method in sorted(missing):
        with transaction.atomic():
            answer = enter(everything).generic(method, case.path, headers=case.headers)
            transaction.set_rollback(True)
        assert answer.status_code in (403, 404, 405), f"{method} {route} has no row and answers"
