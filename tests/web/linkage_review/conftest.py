"""A finished run whose doubtful pairs were written by hand: what a reviewer does needs no linkage."""

import json
from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client
from tests.web.linkage_runs.conftest import (  # noqa: F401 (fixtures)
    agreement,
    departments,
    handed_in,
    own_folder,
    reviewers,
    steward,
)

from philoxenia_web.accounts.access import Actor, actor_for
from philoxenia_web.accounts.models import Person
from philoxenia_web.linkage.models import Agreement, ReviewPair, Run
from philoxenia_web.linkage.review.queries import place_of
from philoxenia_web.registry import actions as registry
from philoxenia_web.registry import queries as lists

EVIDENCE = [
    ["given_name", 2, "near in spelling (given name)", 4.5],
    ["birth_date", 1, "same year of birth only", -1.25],
    ["id_social", -1, "not known on one side", 0.0],
]


@pytest.fixture
def actors(reviewers: list[Person]) -> list[Actor]:  # noqa: F811
    """The three reviewers as they act."""
    return [actor_for(one) for one in reviewers]


@pytest.fixture
def browsers(reviewers: list[Person]) -> list[Client]:  # noqa: F811
    """The three reviewers' windows."""
    found = []
    for one in reviewers:
        client = Client()
        client.force_login(one, backend="allauth.account.auth_backends.AuthenticationBackend")
        found.append(client)
    return found


@pytest.fixture
def run(handed_in: Agreement) -> Run:  # noqa: F811
    """Done, as far as the database knows."""
    return Run.objects.create(agreement=handed_in, number=1, state=Run.State.DONE, result="by-hand")


@pytest.fixture
def make_pair(run: Run) -> Callable[[int, float], ReviewPair]:
    """A doubtful pair of the records with this number in the first two lists."""
    places = {one.organisation.name: one for one in lists.lists_of(run.agreement_id)}
    left, right = places["Shelter and Support"], places["Health"]

    def make(number: int, worth: float = 0.5) -> ReviewPair:
        pair_id = uuid4()
        told = {
            side: {"source": str(one.organisation_id), "record": f"{start}-{number:04d}", "list": str(one.pk)}
            for side, one, start in (("left", left, "A"), ("right", right, "B"))
        }
        told |= {"evidence": EVIDENCE, "weight": 0.4, "probability": 0.57, "content": []}  # type: ignore[dict-item]
        sealed = registry.seal(run.agreement_id, json.dumps(told).encode(), name=place_of(pair_id))
        return ReviewPair.objects.create(
            id=pair_id, agreement_id=run.agreement_id, run=run, sealed=sealed, worth=worth
        )

    return make


@pytest.fixture
def pair(make_pair: Callable[[int, float], ReviewPair]) -> ReviewPair:
    """One of them, of two records of which one is off."""
    return make_pair(5, 0.5)


def address(pair: ReviewPair, name: str = "") -> str:
    """Where a pair stands."""
    return f"/linkage/{pair.agreement_id}/review/{pair.pk}/{name}"


def said(pair: ReviewPair, answer: str, key: UUID | None = None) -> dict[str, str]:
    """What the form of a pair sends."""
    return {"said": answer, "version": str(pair.version), "key": str(key or uuid4())}
