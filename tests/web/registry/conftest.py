"""What tests of the registry share: a folder of their own, an agreement, a small list of people."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from django.utils import timezone

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.registry import actions, checking, child, receiving
from philoxenia_web.registry.models import PersonList

# Nobody is called so: what is searched for on the disk, in the database and in pages.
MARKED = "Zyxwvutka"
CSV = (
    "record_id,given_name,family_name,birth_date,needs\n"
    f"S-2,{MARKED},Quuxovna,1987-03-05,housing;food\n"
    f"S-1,Maryam,{MARKED}i,1990,work; housing\n"
    "S-3,Farid,Testi,05/03/1987,\n"
).encode()


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Files and keys of these tests lie in a folder of their own."""
    var = tmp_path / "var"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=var, keys=var / "keys", registry_keys=())
    return var


@pytest.fixture(autouse=True)
def no_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks are run by the test that wants one."""
    monkeypatch.setattr(receiving, "defer_check", lambda one: None)
    monkeypatch.setattr(actions, "defer_check", lambda one: None)
    # A process for each check would take most of the time of these tests; one test begins it in earnest.
    monkeypatch.setattr(checking, "apart", child.checked)


@pytest.fixture
def steward(person: Callable[..., Person]) -> Actor:
    """A data steward of the department."""
    return actor_for(person(Role.DATA_STEWARD))


@pytest.fixture
def reviewer(person: Callable[..., Person]) -> Actor:
    """The reviewer whom the agreement names."""
    return actor_for(person(Role.REVIEWER))


@pytest.fixture
def agreement_id(department: Organisation, reviewer: Actor) -> UUID:
    """An agreement that has begun."""
    key = actions.make_key(
        SYSTEM,
        uuid4(),
        organisation_ids=[department.pk],
        reviewer_ids=[reviewer.person_id],
        needs=["housing", "food"],
        valid_until=timezone.localdate() + timedelta(days=30),
    )
    return key.pk


@pytest.fixture
def send(steward: Actor, agreement_id: UUID, department: Organisation) -> Callable[..., PersonList]:
    """Sends a file in pieces and has it checked."""

    def sending(content: bytes = CSV, name: str = "list.csv", check: bool = True) -> PersonList:
        offered = receiving.Offered(agreement_id, department.pk, name, len(content), uuid4())
        one = receiving.begin(steward, offered)
        for at in range(0, len(content), receiving.SENT_BYTES):
            piece = content[at : at + receiving.SENT_BYTES]
            receiving.receive_piece(one, at, piece, hashlib.sha256(piece).hexdigest())
        one = receiving.finish(steward, agreement_id, one.pk)
        if check:
            assert checking.run_check(one.pk, one.wanted)
            one.refresh_from_db()
        return one

    return sending
