"""A token opens what it was made for, as long as it was made for, and leaves no trace of itself."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.api.programs import BASE, program, send, token_for

from philoxenia_web.accounts.access import actor_for
from philoxenia_web.accounts.models import AuditEntry, Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api import actions
from philoxenia_web.api.models import Token
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.tokens import digest_of, is_token, new_secret

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(person: Callable[..., Person]) -> Person:
    return person(Role.PLANNER)


def test_a_token_tells_whose_it_is(planner: Person, department: Organisation) -> None:
    answer = program(token_for(planner, department, scopes=["studies.run"])).get(f"{BASE}/me")
    assert answer.status_code == 200
    assert answer.json() == {
        "person_id": str(planner.pk),
        "name": "Test Person",
        "roles": [{"organisation_id": str(department.pk), "role": "planner"}],
        "scopes": ["public", "signed_in", "studies.run"],
    }


def test_the_secret_is_not_in_the_database(planner: Person, department: Organisation) -> None:
    text = token_for(planner, department)
    kept = Token.objects.values().get()
    assert text not in str(kept)
    assert kept["digest"] == digest_of(text)
    assert text[:10] == kept["prefix"]


@pytest.mark.parametrize(
    "fields",
    [
        {"expires_at": timezone.now() - timedelta(seconds=1)},
        {"revoked_at": timezone.now()},
        {"epoch": 7},
    ],
    ids=["expired", "revoked", "of an earlier epoch"],
)
def test_a_token_that_is_over_opens_nothing(
    planner: Person, department: Organisation, fields: dict[str, object]
) -> None:
    answer = program(token_for(planner, department, **fields)).get(f"{BASE}/me")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="Philoxenia", error="invalid_token"'


def test_a_token_ends_with_the_account_and_the_organisation(
    planner: Person, department: Organisation
) -> None:
    client = program(token_for(planner, department))
    Person.objects.filter(pk=planner.pk).update(is_active=False)
    assert client.get(f"{BASE}/me").status_code == 401
    Person.objects.filter(pk=planner.pk).update(is_active=True)
    assert client.get(f"{BASE}/me").status_code == 200
    Organisation.objects.filter(pk=department.pk).update(active=False)
    assert client.get(f"{BASE}/me").status_code == 401


def test_a_token_acts_in_its_own_organisation_only(planner: Person, department: Organisation) -> None:
    other = Organisation.objects.create(name="Parks and Trees", kind="department")
    Membership.objects.create(person=planner, organisation=other, role=Role.DATA_STEWARD)
    roles = program(token_for(planner, other)).get(f"{BASE}/me").json()["roles"]
    assert roles == [{"organisation_id": str(other.pk), "role": "data_steward"}]


def test_a_role_that_was_taken_away_is_gone_from_the_token(planner: Person, department: Organisation) -> None:
    client = program(token_for(planner, department))
    Membership.objects.filter(person=planner).delete()
    assert client.get(f"{BASE}/me").json()["roles"] == []


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer x", "Basic eDp5", "Bearer phx_" + "a" * 43 + "_00000000", "\N{SNOWMAN}"],
)
def test_what_is_no_token_is_refused(header: str, planner: Person) -> None:
    client = Client(headers={"Authorization": header})
    client.force_login(planner)
    # The browser's sign-in does not stand in for a wrong token.
    assert client.get(f"{BASE}/me").status_code == 401


def test_a_token_of_wrong_shape_costs_no_query(django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(0):
        assert program("phx_guess").get(f"{BASE}/me").status_code == 401


def test_the_day_of_use_is_remembered_and_no_more(planner: Person, department: Organisation) -> None:
    client = program(token_for(planner, department))
    client.get(f"{BASE}/me")
    assert Token.objects.get().last_used_on == timezone.now().date()


def test_no_secret_is_logged(
    planner: Person, department: Organisation, caplog: pytest.LogCaptureFixture
) -> None:
    text = token_for(planner, department)
    caplog.set_level(0)
    program(text).get(f"{BASE}/nowhere")
    program(text + "x").get(f"{BASE}/me")
    program(text).delete(f"{BASE}/me/token")
    assert "phx_" not in caplog.text
    assert text[14:40] not in str(list(AuditEntry.objects.values()))


def test_a_program_gives_its_token_back(planner: Person, department: Organisation) -> None:
    client = program(token_for(planner, department))
    assert send(client, "DELETE", "/me/token").status_code == 204
    assert client.get(f"{BASE}/me").status_code == 401
    assert AuditEntry.objects.filter(action="api.revoke_token", person_id=planner.pk).count() == 1


def test_making_a_token_twice_with_one_key_makes_one(planner: Person, department: Organisation) -> None:
    key = uuid4()
    wanted = {"name": "Nightly", "scopes": ["studies.run"], "days": 30, "key": key}
    token, secret = actions.make_token(actor_for(planner), department.pk, **wanted)
    again, nothing = actions.make_token(actor_for(planner), department.pk, **wanted)
    assert (again.pk, nothing) == (token.pk, None)
    assert secret is not None
    assert is_token(secret.text)
    assert AuditEntry.objects.filter(action="api.make_token").count() == 1


@pytest.mark.parametrize(
    ("scopes", "days"),
    [(["accounts.manage_people"], 30), ([], 30), (["studies.run"], 366), (["studies.run"], 0), (["x"], 1)],
)
def test_a_token_gets_no_more_than_its_owner_may(
    planner: Person, department: Organisation, scopes: list[str], days: int
) -> None:
    with pytest.raises(Problem):
        actions.make_token(actor_for(planner), department.pk, name="x", scopes=scopes, days=days, key=uuid4())
    assert Token.objects.count() == 0


def test_a_token_cannot_make_another(planner: Person, department: Organisation) -> None:
    limited = actor_for(planner, frozenset({"studies.run", "api.manage_tokens"}))
    with pytest.raises(Problem):
        actions.make_token(limited, department.pk, name="x", scopes=["studies.run"], days=1, key=uuid4())


def test_secrets_differ_and_carry_a_checksum() -> None:
    texts = {new_secret().text for _ in range(100)}
    assert len(texts) == 100
    text = texts.pop()
    assert is_token(text)
    assert not is_token(text[:10] + ("a" if text[10] != "a" else "b") + text[11:])
