"""What tests of residents share: a folder of keys of their own, caseworkers of two departments, a partner."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings

from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import finding, records
from philoxenia_web.registry.people.shapes import Birth, Contact, Draft, Language, NameForm


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Files and keys of these tests lie in a folder of their own."""
    var = tmp_path / "var"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=var, keys=var / "keys", registry_keys=())
    return var


@pytest.fixture
def worker(person: Callable[..., Person]) -> Actor:
    """A caseworker of the department."""
    return actor_for(person(Role.CASEWORKER))


@pytest.fixture
def other_worker(person: Callable[..., Person]) -> Actor:
    """A caseworker of another department."""
    place = Organisation.objects.create(name="Public Health", kind=Organisation.Kind.DEPARTMENT)
    return actor_for(person(Role.CASEWORKER, organisation=place, email="other@example.org"))


@pytest.fixture
def partner(person: Callable[..., Person]) -> Actor:
    """Somebody of a partner organisation."""
    place = Organisation.objects.create(name="A partner", kind=Organisation.Kind.PARTNER)
    return actor_for(person(Role.PARTNER, organisation=place, email="partner@example.org"))


def draft(*names: str, **values: object) -> Draft:
    """Somebody born on 5 March 1987 with a phone."""
    told = {
        "birth": Birth("1987-03-05"),
        "contacts": [Contact("phone", "+1 416 555 0143", safe=True)],
        "languages": [Language("uk"), Language("en", "basic")],
        "district_id": "d07",
    }
    return Draft([NameForm(one) for one in names], **(told | values))  # type: ignore[arg-type]


@pytest.fixture
def write_down() -> Callable[..., Resident]:
    """Writes somebody down as a desk does: search, then a new record."""

    def write(actor: Actor, *names: str, **values: object) -> Resident:
        made = draft(*names, **values)
        asked = finding.Question(names[0], "1987" if made.birth else "")
        return records.create(actor, made, finding.find(actor, asked, "serving_now").mark, uuid4())

    return write
