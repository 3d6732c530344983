"""Who may open what: a truth table of every address and operation for every role, tried for real.

Each app keeps its rows in permissions/<app>.csv; permissions/<app>.py says what to open.
permissions/README.md explains both.
"""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from tests.web.permissions.stage import Case, Stage, meaning, one_test, taken_back
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
    return wrong_at_home(stage, row, case) + (wrong_elsewhere(stage, row, case) if case.has_kwargs else [])


def wrong_at_home(stage: Stage, row: Row, case: Case) -> list[str]:
    """Who may not is first asked for all such roles at once: rights only grow with each role.

    That they do is tried too: who may and is given every other role may still.
    """
    refused = [role for role in Role.values if row.cells[role] == "no" and role not in stage.owners]
    wrong, found = together(stage, row, case, refused) if len(refused) > 1 else ([], {})
    for name in VISITORS:
        word = found.get(name) or meaning(stage.ask(row, case, stage.own.get(name)))
        if word != row.cells[name]:
            wrong.append(f"{name}: {word}, not {row.cells[name]}")
    return wrong


def together(stage: Stage, row: Row, case: Case, refused: list[str]) -> tuple[list[str], dict[str, str]]:
    """What is wrong of one person with all these roles, and the words of the roles it answers for."""
    wrong: list[str] = []
    word = meaning(stage.ask_together(row, case, stage.all_rounder, refused))
    if word != "no":
        wrong.append(f"{', '.join(refused)} together: {word}, not no")
    if (someone := stage.allowed(row)) is not None:
        word_of_all = meaning(stage.ask_with_every_role(row, case, someone))
        if word_of_all != "yes":
            wrong.append(f"every role together: {word_of_all}, not yes")
    return wrong, dict.fromkeys(refused, "no") if word == "no" else {}


def wrong_elsewhere(stage: Stage, row: Row, case: Case) -> list[str]:
    """Of the roles that may at home, those of another organisation; again at once who may not."""
    roles = [role for role in Role.values if row.cells[role] == "yes"]
    strangers = [role for role in roles if role not in row.elsewhere]
    asked_alone, wrong = roles, []
    if len(strangers) > 1:
        answer = stage.ask_together(row, case, stage.all_rounder_elsewhere, strangers)
        if answer.status_code == 404:
            asked_alone = [role for role in roles if role in row.elsewhere]
        wrong = fault_elsewhere(", ".join(strangers), answer, may=False)
    for role in asked_alone:
        wrong += fault_elsewhere(role, stage.ask(row, case, stage.others[role]), role in row.elsewhere)
    return wrong


def fault_elsewhere(who: str, answer: HttpResponse, may: bool) -> list[str]:
    word = meaning(answer)
    if (word == "yes") != may:
        return [f"{who} of another organisation: {word}, not {'yes' if may else 'no'}"]
    if word == "no" and answer.status_code != 404:
        return [f"{who} of another organisation: {answer.status_code} tells that the object exists"]
    return []


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


@pytest.mark.parametrize("stage", [ROWS[0].app], indirect=True)
def test_one_wrong_cell_among_many_is_told_alone(scene: Stage) -> None:
    """Asked together, and yet the one role is named that is let in."""
    row = next(row for row in ROWS if (row.method, row.name) == ("GET", "person"))
    let_in = [role for role in Role.values if row.cells[role] == "yes" and role not in scene.owners]
    assert let_in
    for role in let_in:
        told = wrong_at_home(scene, replace(row, cells=row.cells | {role: "no"}), scene.case(row))
        assert f"{role}: yes, not no" in told
        assert {line.partition(":")[0] for line in told if "together" not in line} == {role}


@pytest.mark.parametrize(("stage", "route"), ROUTES, indirect=["stage"])
def test_methods_without_a_row_are_refused(scene: Stage, route: str) -> None:
    here = [row for row in ROWS if BY_NAME[row.name].route == route]
    case = scene.case(here[0])
    answered = []
    for method in sorted(set(METHODS) - {row.method for row in here}):
        with taken_back():
            answer = scene.client(scene.all_rounder).generic(method, case.path, headers=case.headers)
        if answer.status_code not in (403, 404, 405):
            answered.append(f"{method} {route}: {answer.status_code}")
    assert answered == [], "has no row and answers"
