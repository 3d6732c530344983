"""The pages of tokens, and the page that explains the interface."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.api.programs import BASE, program, token_for

from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api.models import Token
from philoxenia_web.api.operations import declared
from philoxenia_web.api.tokens import digest_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def planner(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Role.PLANNER)


def wanted(department: Organisation, **more: object) -> dict[str, object]:
    told = {"name": "Nightly", "organisation": department.pk, "scopes": ["studies.run"], "days": 30}
    return told | {"key": uuid4()} | more


def test_a_token_is_shown_once_and_works(planner: Client, department: Organisation) -> None:
    form = wanted(department)
    page = planner.post("/account/tokens/", form)
    (text,) = re.findall(r"phx_[\w-]{43}_[0-9a-f]{8}", page.content.decode())
    assert "no-store" in page.headers["Cache-Control"]
    assert Token.objects.get().digest == digest_of(text)
    assert program(text).get(f"{BASE}/me").json()["scopes"] == ["public", "signed_in", "studies.run"]
    again = planner.post("/account/tokens/", form, follow=True)
    assert "phx_" not in again.content.decode().replace(text[:10], "")
    assert Token.objects.count() == 1


def test_only_own_powers_are_offered(planner: Client, department: Organisation) -> None:
    page = planner.get("/account/tokens/").content.decode()
    assert 'value="studies.run"' in page
    assert 'value="accounts.manage_people"' not in page
    planner.post("/account/tokens/", wanted(department, scopes=["accounts.manage_people"]))
    assert Token.objects.count() == 0


def test_a_token_is_revoked_by_its_owner_alone(
    planner: Client, sign_in: Callable[..., Client], department: Organisation
) -> None:
    text = token_for(Person.objects.get(email="planner@example.org"), department)
    address = f"/account/tokens/{Token.objects.get().pk}/"
    other = sign_in(Role.ADMINISTRATOR)
    assert other.get(address).status_code == 404
    assert other.post(f"{address}revoke/").status_code == 404
    assert planner.get(f"{address}revoke/").status_code == 405
    assert program(text).get(f"{BASE}/me").status_code == 200
    assert planner.post(f"{address}revoke/").status_code == 302
    assert program(text).get(f"{BASE}/me").status_code == 401
    assert AuditEntry.objects.filter(action="api.revoke_token").count() == 1


def test_a_name_is_shown_and_not_run(planner: Client, department: Organisation) -> None:
    planner.post("/account/tokens/", wanted(department, name="<script>alert(1)</script>"))
    assert "<script>alert" not in planner.get("/account/tokens/").content.decode()


def test_the_page_explains_every_operation_without_script(client: Client) -> None:
    page = client.get(f"{BASE}/docs").content.decode()
    missing = [one.id for one in declared() if f'id="{one.id}"' not in page]
    assert missing == []
    inline = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>|\bstyle=|\bon\w+=", page)
    assert inline == []


def test_the_type_of_a_problem_leads_to_its_words(client: Client) -> None:
    answer = client.get(f"{BASE}/problems/conflict", follow=True)
    assert answer.status_code == 200
    assert 'id="problem-conflict"' in answer.content.decode()
    assert client.get(f"{BASE}/problems/none").status_code == 404
