"""What tests of rights share: a caseworker, a supervisor, and somebody with a record at their desk."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.registry_people.conftest import draft, other_worker, own_folder, partner, worker, write_down

from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import printing

__all__ = ["draft", "other_worker", "own_folder", "partner", "worker", "write_down"]
PIN = "4702"


@pytest.fixture
def supervisor(person: Callable[..., Person]) -> Actor:
    """Decides at the same desk."""
    return actor_for(person(Role.SUPERVISOR, email="supervisor@example.org"))


@pytest.fixture
def resident(worker: Actor, write_down: Callable[..., Resident]) -> Resident:
    """Somebody with a record."""
    return write_down(worker, "Zoreta Quillimand")


@pytest.fixture
def code(worker: Actor, resident: Resident) -> str:
    """The code of a slip printed for them."""
    with visiting(worker):
        return printing.print_slip(worker, resident.pk, PIN, "en", uuid4())[1]


@pytest.fixture
def own(code: str) -> Client:
    """A phone on which the slip was opened."""
    phone = Client()
    assert phone.post("/mine/en/", {"code": code, "pin": PIN}).status_code == 302
    return phone
