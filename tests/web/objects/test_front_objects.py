"""Who sees which thing of the front door: of one resident that desks may find, and of one who is protected.

front.csv: `GET` and `POST` are tried with the id in the address, `SHOWS` looks for the id in what a list
answers. `may` names who is let through; everybody else gets the answer that a made-up id gets, to the letter.
"""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.urls import reverse
from tests.web.objects.front_people import NAMES, PDF, Front, front
from tests.web.permissions.stage import meaning, taken_back
from tests.web.permissions.table import BY_NAME

TABLE = Path(__file__).with_name("front.csv")
# Tokens of forms and numbers of requests are new in each answer.
CHANGING = re.compile(r'csrfmiddlewaretoken" value="[^"]*"|"request_id": ?"[^"]*"|value="[0-9a-f-]{36}"')
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))


@pytest.fixture(scope="module")
def people(django_db_setup: None, django_db_blocker: Any) -> Iterator[Front]:
    """The world, made once and taken back at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield front()
        transaction.set_rollback(True)


@pytest.fixture
def db(people: Front) -> Iterator[None]:
    """Part of the transaction of the world."""
    cache.clear()
    with taken_back():
        yield


def sent(name: str) -> dict[str, Any]:
    """What a form of this address sends."""
    letter = SimpleUploadedFile("letter.pdf", PDF, "application/pdf")
    return {
        "front-case-open": {"key": "0c7c1c0e-7a44-4c1d-8f0e-2a4d7d0f6f11"},
        "front-case-step": {"verb": "pause", "version": "1"},
        "front-document-add": {"kind": "letter", "file": letter, "key": str(uuid4())},
        "appointment-cancel": {"because": "asked", "version": "1"},
        "card-application-step": {"version": "1", "verb": "withdraw"},
    }.get(name, {})


def asked(people: Front, row: dict[str, str], visitor: str, thing: Any) -> HttpResponse:
    """One request, whose traces are taken back."""
    name, _mark, query = row["name"].partition("?")
    address = BY_NAME[name]
    path = reverse(address.full_name, kwargs={row["part"]: thing} if row["part"] else {})
    client = people.clients[visitor][address.is_operation]
    with taken_back():
        if row["method"] == "POST":
            return client.post(path, sent(name), follow=True)
        return client.get(f"{path}?{query}")


def written(answer: HttpResponse) -> str:
    """Its words; files among the answers are not."""
    return answer.content.decode(errors="replace")


def shown(answer: HttpResponse) -> str:
    """What a list shows; a program is also told what is gone from its sight, by the id alone."""
    if not answer["Content-Type"].startswith("application/json"):
        return written(answer)
    entries = answer.json()["items"]
    for gone in [one for one in entries if one.get("gone")]:
        assert {name for name, value in gone.items() if value} <= {"id", "modified_at", "gone"}
    return str([one for one in entries if not one.get("gone")])


def told(answer: HttpResponse, thing: Any) -> tuple[int, str, str]:
    """What can be learnt from an answer, without the id that was asked for and what is new in each answer."""
    said = CHANGING.sub("", written(answer)).replace(str(thing), "")
    return answer.status_code, answer.headers.get("Location", "").replace(str(thing), ""), said


def let_through(people: Front, row: dict[str, str]) -> list[str]:
    """Who is answered otherwise than somebody who made up an id."""
    wanted, nothing = people.things[row["object"]], uuid4()
    seen = []
    for visitor in people.visitors:
        answer = asked(people, row, visitor, wanted)
        if row["method"] == "SHOWS":
            is_told = meaning(answer) == "yes" and str(wanted) in shown(answer)
        else:
            is_told = told(answer, wanted) != told(asked(people, row, visitor, nothing), nothing)
            assert not is_told or meaning(answer) == "yes", (visitor, answer.status_code)
        if is_told:
            seen.append(visitor)
        else:
            assert not [name for name in NAMES.values() if name in written(answer)]
    return seen


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['method']}-{row['name']}-{row['object']}")
def test_who_sees_what(db: None, people: Front, row: dict[str, str]) -> None:
    assert let_through(people, row) == row["may"].split()
