"""What the tests of studies share: a small made-up city, files of their own, runs inside the transaction."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from django.conf import LazySettings
from tests.journeys.made_city import write_city
from tests.web.studies.acting_city import write_acting_city

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.datasets import actions as datasets
from philoxenia_web.studies import actions, computing, results, running
from philoxenia_web.studies.actions import Settings
from philoxenia_web.studies.models import Study


@pytest.fixture(scope="session")
def small_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four districts, thirty months of arrivals."""
    return write_city(tmp_path_factory.mktemp("cities") / "made", side=2, months=30)


@pytest.fixture(scope="session")
def acting_city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a catalogue of actions."""
    return write_acting_city(tmp_path_factory.mktemp("cities") / "acting")


@pytest.fixture(autouse=True)
def own_folder(settings: LazySettings, tmp_path: Path, small_city: Path) -> Path:
    """Files of these tests lie in a folder of their own."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path / "var", city=small_city)
    return tmp_path / "var"


@pytest.fixture
def loaded(db: None, own_folder: Path) -> None:
    """The city's tables as data sets, agreed for everybody."""
    datasets.load_city(SYSTEM)


@pytest.fixture
def partner_organisation(db: None) -> Organisation:
    """An organisation that is not the department."""
    return Organisation.objects.create(name="Welcome House", kind=Organisation.Kind.PARTNER)


@pytest.fixture
def acts(person: Callable[..., Person]) -> Callable[..., Actor]:
    """An actor with a role in the department or elsewhere."""

    def make(role: Role, organisation: Organisation | None = None) -> Actor:
        place = f"-{organisation.pk}" if organisation else ""
        return actor_for(person(role, organisation=organisation, email=f"{role}{place}@example.org"))

    return make


@pytest.fixture
def planner(acts: Callable[..., Actor]) -> Actor:
    """A planner of the department."""
    return acts(Role.PLANNER)


@pytest.fixture
def draft(planner: Actor, department: Organisation, loaded: None) -> Study:
    """A study that was not started."""
    wanted = Settings(title="Shelter places", question="How many in spring?", seed=3, horizon=6)
    return actions.create(planner, department.pk, key=uuid4(), wanted=wanted)


@pytest.fixture
def run_now(monkeypatch: pytest.MonkeyPatch) -> Callable[[UUID], Study]:
    """Does what a worker and its process do, without leaving the transaction of the test."""
    monkeypatch.setattr(computing.connections, "close_all", lambda: None)

    def run(study_id: UUID) -> Study:
        held = running.take(study_id)
        assert held is not None
        summary = computing.compute(held.pk, held.lease, lambda *_: None)
        running.ATTEMPTS.publish(held, summary)
        return Study.objects.get(pk=study_id)

    return run


@pytest.fixture
def done(draft: Study, planner: Actor, own_folder: Path) -> Study:
    """A finished study whose result is a folder with one file: quick, where figures do not matter."""
    actions.start(planner, draft.pk, draft.version)
    return finish(draft.pk)


def finish(study_id: UUID) -> Study:
    """Publish a result made by hand."""
    held = running.take(study_id)
    assert held is not None
    folder = results.unfinished_folder(held.pk, held.lease)
    (folder / "tables").mkdir(parents=True)
    (folder / "report.html").write_text("<!doctype html><title>Report</title>", encoding="utf-8")
    (folder / "tables" / "pressure.csv").write_text("district_id\n", encoding="utf-8")
    hashed = computing.pack(folder, {"seed": 1})
    summary = {
        "hash": hashed,
        "headline": "",
        "version": "0",
        "fingerprint": "f" * 64,
        "city": "c",
        "inputs": [],
    }
    running.ATTEMPTS.publish(held, summary)
    return Study.objects.get(pk=study_id)
