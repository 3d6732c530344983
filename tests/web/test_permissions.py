"""Who may open what: a truth table of every address and operation for every role, tried for real.

Each app keeps its rows in permissions/<app>.csv; permissions/<app>.py says what to open.
permissions/README.md explains both.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from tests.web.permissions.stage import Stage, meaning, one_test, taken_back
from tests.web.permissions.table import (
    ADDRESSES,
    ANSWERS,
    BY_NAME,
    METHODS,
    ROWS,
    VISITORS,
    Row,
    addresses,
    without_a_row,
)

from philoxenia_web.accounts.models import Membership
from philoxenia_web.accounts.roles import Role

ROUTES = sorted({(row.app, BY_NAME[row.name].route) for row in ROWS if row.name in BY_NAME})


@pytest.fixture
def db(stage: Stage) -> Iterator[None]:
    """Part of the transaction of the stage."""
    with one_test():
        yield


def test_every_address_has_a_row() -> None:
    assert without_a_row(ADDRESSES) == []


def test_an_address_without_a_row_is_told() -> None:
    def view(request: HttpRequest) -> HttpResponse:
        raise AssertionError

    nested = include(([path("deep/", view, name="made-up-deep")], "made-up"), namespace="made-up")
    added = [path("made-up/", view, name="made-up"), path("made-up/", nested), path("nameless/", view)]
    assert without_a_row(addresses(added)) == ["made-up", "made-up-deep", "nameless/"]


def test_every_row_has_an_address() -> None:
    assert sorted({row.name for row in ROWS} - BY_NAME.keys()) == []


def test_names_are_unique() -> None:
    assert len(BY_NAME) == len(ADDRESSES)
    lines = [(row.method, row.name) for row in ROWS]
    assert sorted(line for line in set(lines) if lines.count(line) > 1) == []


def test_cells_are_known_words() -> None:
    assert {answer for row in ROWS for answer in row.cells.values()} <= ANSWERS
    assert {role for row in ROWS for role in row.elsewhere} <= set(Role.values)


def wrong_cells(stage: Stage, row: Row) -> list[str]:
    """Each cell whose answer is another than its word, for the own organisation and for the other."""
    case = stage.case(row)
    found = {name: meaning(stage.ask(row, case, stage.own.get(name))) for name in VISITORS}
    wrong = [
        f"{name}: {found[name]}, not {row.cells[name]}" for name in VISITORS if found[name] != row.cells[name]
    ]
    if not case.has_kwargs:
        return wrong
    for role in [role for role in Role.values if row.cells[role] == "yes"]:
        answer = stage.ask(row, case, stage.others[role])
        word, may = meaning(answer), role in row.elsewhere
        if (word == "yes") != may:
            wrong.append(f"{role} of another organisation: {word}, not {'yes' if may else 'no'}")
        elif word == "no" and answer.status_code != 404:
            wrong.append(f"{role} of another organisation: {answer.status_code} tells that the object exists")
    return wrong


@pytest.mark.parametrize(("stage", "row"), [(row.app, row) for row in ROWS], indirect=["stage"], ids=str)
def test_table(scene: Stage, row: Row) -> None:
    assert wrong_cells(scene, row) == []


@pytest.mark.parametrize("stage", [ROWS[0].app], indirect=True)
def test_each_wrong_cell_is_told(scene: Stage) -> None:
    """The table is tried in earnest: of a line that says the contrary, every cell fails."""
    row = next(row for row in ROWS if (row.method, row.name) == ("GET", "person"))
    contrary = {name: "no" if answer == "yes" else "yes" for name, answer in row.cells.items()}
    told = wrong_cells(scene, replace(row, cells=contrary))
    assert {line.partition(":")[0] for line in told} >= set(VISITORS)
    elsewhere = replace(row, elsewhere=frozenset(Role.values) - row.elsewhere)
    assert [line for line in wrong_cells(scene, elsewhere) if "another organisation" in line]


@pytest.mark.parametrize(("stage", "route"), ROUTES, indirect=["stage"])
def test_methods_without_a_row_are_refused(scene: Stage, route: str) -> None:
    here = [row for row in ROWS if BY_NAME[row.name].route == route]
    case = scene.case(here[0])
    everything = scene.own[Role.ADMINISTRATOR]
    for role in Role:
        Membership.objects.get_or_create(person=everything, organisation=scene.department, role=role)
    answered = []
    for method in sorted(set(METHODS) - {row.method for row in here}):
        with taken_back():
            answer = scene.client(everything).generic(method, case.path, headers=case.headers)
        if answer.status_code not in (403, 404, 405):
            answered.append(f"{method} {route}: {answer.status_code}")
    assert answered == [], "has no row and answers"
