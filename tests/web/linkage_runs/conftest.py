"""What tests of runs and of their review share: files of their own, three departments, an agreement in
force.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from tests.web.linkage_runs.made_lists import agreement_of, hand_in, people

from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage.models import Agreement, Run
from philoxenia_web.linkage.runs import actions, computing, running


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path) -> Path:
    """Files and keys of these tests lie in a folder of their own."""
    var = tmp_path / "var"
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=var, keys=tmp_path / "keys")
    return var


@pytest.fixture
def departments(department: Organisation) -> list[Organisation]:
    """Three of them."""
    kind = Organisation.Kind.DEPARTMENT
    return [
        department,
        *(Organisation.objects.create(name=name, kind=kind) for name in ("Health", "Schools")),
    ]


@pytest.fixture
def reviewers(person: Callable[..., Person]) -> list[Person]:
    """Three people of the review role."""
    return [person(Role.REVIEWER, email=f"reviewer-{number}@example.org") for number in range(3)]


@pytest.fixture
def steward(person: Callable[..., Person]) -> Actor:
    """A data steward of the first department."""
    return actor_for(person(Role.DATA_STEWARD, email="steward@example.org"))


@pytest.fixture
def agreement(departments: list[Organisation], reviewers: list[Person]) -> Agreement:
    """In force, without lists."""
    return agreement_of(*departments, reviewers=tuple(reviewers))


@pytest.fixture
def handed_in(agreement: Agreement, departments: list[Organisation]) -> Agreement:
    """With a list of each department."""
    for start, spoil, department in zip("ABC", (0, 5, 7), departments, strict=True):
        hand_in(agreement, department, people(120, start=start, spoil=spoil))
    return agreement


@pytest.fixture
def run_now(monkeypatch: pytest.MonkeyPatch) -> Callable[[UUID], Run]:
    """Does what a worker and its process do, without leaving the transaction of the test."""
    monkeypatch.setattr(computing.connections, "close_all", lambda: None)

    def run(run_id: UUID) -> Run:
        held = running.take(run_id)
        assert held is not None
        running.ATTEMPTS.publish(held, computing.compute(held.pk, held.lease, lambda *_: None))
        return Run.objects.get(pk=run_id)

    return run


@pytest.fixture
def done(handed_in: Agreement, steward: Actor, run_now: Callable[[UUID], Run]) -> Run:
    """A finished run."""
    return run_now(actions.start(steward, handed_in.pk, key=uuid4()).pk)
