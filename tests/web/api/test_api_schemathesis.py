"""Requests that Schemathesis makes up from the document, right and wrong ones: every answer is as documented.

Ids in addresses are those of a small world, so that requests reach as far as the actions behind them.
"""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from tests.web.api import worlds
from tests.web.api.programs import token_for

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.audit import record
from philoxenia_web.accounts.models import Invitation, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api.openapi import document

# 409, 412 and 422 may answer for the state of things; what is well-formed is not called invalid, see below.
ACCEPTED = ["2xx", "304", "403", "404", "409", "412", "422"]
CONFIG = SchemathesisConfig.from_dict(
    {
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
            "missing_required_header": {
                "expected-statuses": ["400", "401", "403", "404", "415", "422", "428"]
            },
        },
    }
)
schema = schemathesis.openapi.from_dict(document(), config=CONFIG)
schema.app = get_wsgi_application()


@pytest.fixture
def world(
    department: Organisation, person: Callable[..., Person], unlimited: None
) -> Iterator[dict[str, Any]]:
    """Somebody with every role, and an object of each kind."""
    # As Django's own test client does: a request's end must not end the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    caller, somebody = person(*Role), person(Role.CASEWORKER, email="somebody@example.org")
    version = worlds.make_dataset(department, everybody=True)
    study = worlds.make_done_study(department, caller)
    yield {
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
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


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


@schema.parametrize()
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_documented(case: schemathesis.Case, world: dict[str, Any]) -> None:
    _aim(case, world)
    with transaction.atomic():
        answer = case.call_and_validate(headers={"Authorization": f"Bearer {world['token']}"})
        transaction.set_rollback(True)
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
