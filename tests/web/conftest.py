"""The application against a real PostgreSQL, as the role it has in production."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import translation
from tests.web.permissions.stage import Stage, Theatre

from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.rights import APPLICATION_ROLE
from philoxenia_web.accounts.roles import Role


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of an app's world go to one process, so that only one makes it."""
    for item in items:
        app = getattr(item, "callspec", None) and item.callspec.params.get("stage")
        if isinstance(app, str):
            item.add_marker(pytest.mark.xdist_group(f"world-{app}"))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """After the owner has made the tables, the tests go on as the application's role."""
    options = connection.settings_dict["OPTIONS"]
    connection.close()
    connection.settings_dict["OPTIONS"] = options | {"options": f"-c role={APPLICATION_ROLE}"}
    yield
    connection.close()
    connection.settings_dict["OPTIONS"] = options


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Each test begins in English, whatever language the one before it had asked for."""
    with translation.override("en"):
        yield


@pytest.fixture
def department(db: None) -> Organisation:
    """A department of the city."""
    return Organisation.objects.create(name="Shelter and Support", kind=Organisation.Kind.DEPARTMENT)


@pytest.fixture
def person(department: Organisation) -> Callable[..., Person]:
    """Makes people with roles in the department, or in another organisation."""

    def make(*roles: Role, organisation: Organisation | None = None, email: str = "") -> Person:
        made = Person.objects.create_user(
            email or f"{'-'.join(roles) or 'nobody'}@example.org", "correct horse battery", name="Test Person"
        )
        for role in roles:
            Membership.objects.create(person=made, organisation=organisation or department, role=role)
        return made

    return make


@pytest.fixture
def sign_in(person: Callable[..., Person]) -> Callable[..., Client]:
    """A browser signed in as a new person with these roles."""

    def enter(*roles: Role, organisation: Organisation | None = None, email: str = "") -> Client:
        client = Client()
        client.force_login(
            person(*roles, organisation=organisation, email=email),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
        return client

    return enter


@pytest.fixture(scope="module")
def theatre(django_db_setup: None, django_db_blocker: Any) -> Iterator[Theatre]:
    """Keeps one stage at a time.

    A file that uses it says with a `db` of its own that its tests are part of the stage's transaction.
    """
    with django_db_blocker.unblock(), Theatre() as made:
        yield made


# Its scope makes pytest put the tests of an app together.
@pytest.fixture(scope="module")
def stage(request: pytest.FixtureRequest, theatre: Theatre) -> Stage:
    """The world of the app that is named as its parameter, made once for all tests of a file."""
    return theatre.show(request.param)


@pytest.fixture
def scene(stage: Stage, db: None) -> Stage:
    """The same world for one test."""
    return stage
