"""Requests that Schemathesis makes up from the document, right and wrong ones: every answer is as documented.

Ids in addresses are those of a small world, so that requests reach as far as the actions behind them.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.conf import settings as django_settings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import override_settings
from django.utils import timezone
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from tests.web.api import worlds
from tests.web.api.programs import token_for
from tests.web.permissions.stage import one_test, taken_back

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.audit import record
from philoxenia_web.accounts.models import Invitation, Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api.openapi import document

# 409, 412 and 422 may answer for the state of things; what is well-formed is not called invalid, see below.
ACCEPTED = ["2xx", "304", "403", "404", "409", "412", "422"]
RULES = {
    "seed": 2026,
    "base-url": "http://127.0.0.1/api/v1",
    "checks": {
        "positive_data_acceptance": {"expected-statuses": ACCEPTED},
        "negative_data_rejection": {
            "expected-statuses": [
                "400",
                "401",
                "403",
                "404",
                "406",
                "409",
                "412",
                "413",
                "415",
                "422",
                "428",
            ]
        },
        "missing_required_header": {"expected-statuses": ["400", "401", "403", "404", "415", "422", "428"]},
    },
}

schema = schemathesis.openapi.from_dict(document(), config=SchemathesisConfig.from_dict(RULES))
schema.app = get_wsgi_application()
OPERATIONS = [result.ok().label for result in schema.get_all_operations()]
# The operation whose turn it is. Requests are made up when it is tried: each process collects all tests.
TURN = {"label": ""}


@pytest.fixture
def operation(request: pytest.FixtureRequest) -> Any:
    """The document, of which one operation is tried."""
    TURN["label"] = request.param
    return schema


def has_its_turn(context: Any) -> bool:
    """Whether this operation is tried now."""
    return bool(context.operation.label == TURN["label"])


@contextmanager
def _requests_inside_a_transaction() -> Iterator[None]:
    """As Django's own test client does: a request's end must not end the transaction of the test."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, django_db_setup: None, django_db_blocker: Any
) -> Iterator[tuple[dict[str, Any], Path, Path]]:
    """The world made once for all operations, the folder of its files, and a copy of that."""
    folder = tmp_path_factory.mktemp("api")
    ours = replace(django_settings.ENVIRONMENT, var=folder / "var", api_requests_per_minute=1_000_000)
    with override_settings(ENVIRONMENT=ours), django_db_blocker.unblock(), taken_back():
        told = _make_world()
        shutil.copytree(folder / "var", folder / "as-made")
        with _requests_inside_a_transaction():
            yield told, folder / "var", folder / "as-made"


@pytest.fixture
def db(made: tuple[dict[str, Any], Path, Path]) -> Iterator[None]:
    """Part of the transaction of the world, whose files are as made, whatever operations did to them."""
    _told, var, as_made = made
    shutil.rmtree(var)
    shutil.copytree(as_made, var)
    with one_test():
        yield


@pytest.fixture
def world(made: tuple[dict[str, Any], Path, Path], db: None) -> dict[str, Any]:
    """Ids of the world."""
    return made[0]


def _make_world() -> dict[str, Any]:
    """Somebody with every role, and an object of each kind."""
    department = Organisation.objects.create(name="Shelter and Support", kind=Organisation.Kind.DEPARTMENT)
    caller, somebody = _person(department, *Role), _person(department, Role.CASEWORKER)
    version = worlds.make_dataset(department, everybody=True)
    study = worlds.make_done_study(department, caller)
    return {
        "token": token_for(caller, department),
        "organisation_id": department.pk,
        "person_id": somebody.pk,
        "dataset_id": version.dataset_id,
        "version_id": version.pk,
        "other_id": worlds.make_version(version.dataset, worlds.ROWS.head(2), everybody=True).pk,
        "upload_id": worlds.make_upload(caller, department, size=4).pk,
        "study_id": study.pk,
        "foresight_id": worlds.make_done_foresight(department, caller).pk,
        "table": "plans",
        "share_id": worlds.share(study).pk,
        "entry_id": record(SYSTEM, "tests.made").pk,
        "invitation_id": _invitation(department).pk,
        "path": "report.html",
    }


def _person(department: Organisation, *roles: Role) -> Person:
    person = Person.objects.create_user(
        f"{len(roles)}@example.org", "correct horse battery", name="Test Person"
    )
    for role in roles:
        Membership.objects.create(person=person, organisation=department, role=role)
    return person


def _invitation(department: Organisation) -> Invitation:
    return Invitation.objects.create(
        email="invited@example.org",
        organisation=department,
        roles=[Role.PLANNER],
        token_hash=uuid4().hex,
        expires_at=timezone.now(),
    )


NAMES = {
    "readContract": "schools",
    "readParameter": next(iter(default_parameters())),
    "readTable": "pressure",
}


@pytest.mark.parametrize("operation", OPERATIONS, indirect=True)
@pytest.mark.usefixtures("db")
@schemathesis.pytest.from_fixture("operation").include(has_its_turn).parametrize()
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented(case: schemathesis.Case, world: dict[str, Any]) -> None:
    _aim(case, world)
    with taken_back():
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {world['token']}"})
    if all(_is_right(case, part) for part in ParameterLocation):
        assert b"problems/invalid" not in answer.content, answer.content


def _aim(case: schemathesis.Case, world: dict[str, Any]) -> None:
    """Point the parts that are well-formed to things that are there."""
    if _is_right(case, ParameterLocation.PATH):
        operation = case.operation.definition.raw["operationId"]
        for name in case.path_parameters:
            known = NAMES.get(operation) if name == "name" else world.get(name)
            if name == "study_id" and "Foresight" in operation:
                known = world["foresight_id"]
            case.path_parameters[name] = str(known) if known else case.path_parameters[name]
    if _is_right(case, ParameterLocation.HEADER) and "If-Match" in case.headers:
        case.headers["If-Match"] = "*"
    if _is_right(case, ParameterLocation.QUERY):
        # A cursor is only ever taken from an answer.
        case.query.pop("cursor", None)
    if (
        _is_right(case, ParameterLocation.BODY)
        and isinstance(case.body, dict)
        and "organisation_id" in case.body
    ):
        case.body["organisation_id"] = str(world["organisation_id"])


def _is_right(case: schemathesis.Case, part: ParameterLocation) -> bool:
    known = case.meta.components.get(part) if case.meta else None
    return known is None or known.mode == GenerationMode.POSITIVE
