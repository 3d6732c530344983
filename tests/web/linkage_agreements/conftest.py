"""What tests of agreements share: two departments with stewards, two reviewers, an agreement of theirs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import timezone

from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage import actions
from philoxenia_web.linkage.actions import Terms
from philoxenia_web.linkage.models import Agreement
from philoxenia_web.registry import actions as registry
from philoxenia_web.registry import checking, child, receiving

# Nobody is called so: what is searched for on the disk, in the database and in pages.
MARKED = "Zyxwvutka"
CSV = (
    "record_id,given_name,family_name,birth_date,needs\n"
    f"S-2,{MARKED},Quuxovna,1987-03-05,housing;food\n"
    f"S-1,Maryam,{MARKED}i,1990,work; housing\n"
).encode()


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files and keys lie in a folder of their own; checks run when a test wants one, in its own process."""
    var = tmp_path / "var"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=var, keys=var / "keys", registry_keys=())
    monkeypatch.setattr(receiving, "defer_check", lambda one: None)
    monkeypatch.setattr(registry, "defer_check", lambda one: None)
    monkeypatch.setattr(checking, "apart", child.checked)
    return var


@pytest.fixture
def health(db: None) -> Organisation:
    """The other department."""
    return Organisation.objects.create(name="Public Health", kind=Organisation.Kind.DEPARTMENT)


@pytest.fixture
def steward(person: Callable[..., Person]) -> Actor:
    """A data steward of the first department."""
    return actor_for(person(Role.DATA_STEWARD, email="one@example.org"))


@pytest.fixture
def other_steward(person: Callable[..., Person], health: Organisation) -> Actor:
    """A data steward of the other department."""
    return actor_for(person(Role.DATA_STEWARD, organisation=health, email="two@example.org"))


@pytest.fixture
def reviewers(person: Callable[..., Person], health: Organisation) -> list[Person]:
    """Two reviewers."""
    return [
        person(Role.REVIEWER, email="three@example.org"),
        person(Role.REVIEWER, organisation=health, email="four@example.org"),
    ]


@pytest.fixture
def terms(department: Organisation, health: Organisation, reviewers: list[Person]) -> Terms:
    """What the agreement says."""
    return Terms(
        title="Homes and health",
        purpose="To plan for those who wait for a home and are ill.",
        needs=("housing", "health"),
        valid_until=timezone.localdate() + timedelta(days=30),
        organisation_ids=(department.pk, health.pk),
        reviewer_ids=tuple(one.pk for one in reviewers),
    )


@pytest.fixture
def proposed(steward: Actor, terms: Terms) -> Agreement:
    """Nobody has signed yet."""
    return actions.propose(steward, terms)


@pytest.fixture
def live(
    proposed: Agreement, steward: Actor, other_steward: Actor, department: Organisation, health: Organisation
) -> Agreement:
    """Both have signed."""
    actions.sign(steward, proposed.pk, department.pk, 1)
    return actions.sign(other_steward, proposed.pk, health.pk, 1)


@pytest.fixture
def enter() -> Callable[[Any], Client]:
    """A browser signed in as the person of an actor."""

    def entering(actor: Any) -> Client:
        client = Client()
        person = actor if isinstance(actor, Person) else Person.objects.get(pk=actor.person_id)
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return entering
