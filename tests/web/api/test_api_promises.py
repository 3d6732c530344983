"""Nothing is made twice, nobody's change is overwritten, no row is skipped or told twice."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.web.api.programs import BASE, make, program, send, token_for

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.audit import record
from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api import actions
from philoxenia_web.api.models import KeptAnswer, RequestCount
from philoxenia_web.api.repeating import lock_number

pytestmark = pytest.mark.django_db
NEW = {"name": "Parks and Trees", "kind": "department"}


@pytest.fixture
def administrator(caller: Callable[..., Client]) -> Client:
    return caller(Role.ADMINISTRATOR)


def test_the_same_key_gives_the_first_answer(administrator: Client) -> None:
    first = make(administrator, "/organisations", NEW, key="one")
    again = make(administrator, "/organisations", NEW, key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Organisation.objects.filter(name=NEW["name"]).count() == 1
    assert AuditEntry.objects.filter(action="accounts.make_organisation").count() == 1


def test_a_key_belongs_to_one_request(administrator: Client) -> None:
    make(administrator, "/organisations", NEW, key="one")
    other = make(administrator, "/organisations", NEW | {"name": "Others"}, key="one")
    assert (other.status_code, other.json()["type"]) == (422, "/api/v1/problems/key-reused")
    assert Organisation.objects.filter(name="Others").count() == 0


def test_a_key_belongs_to_one_person(
    administrator: Client, person: Callable[..., Person], department: Organisation
) -> None:
    make(administrator, "/organisations", NEW, key="one")
    other = program(token_for(person(Role.ADMINISTRATOR, email="b@example.org"), department))
    assert make(other, "/organisations", NEW | {"name": "Others"}, key="one").status_code == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "ä"])
def test_making_needs_a_key(administrator: Client, key: str) -> None:
    answer = send(administrator, "POST", "/organisations", NEW, **({"Idempotency_Key": key} if key else {}))
    assert (answer.status_code, answer.json()["type"]) == (400, "/api/v1/problems/key-missing")


def test_a_failed_request_may_be_sent_again(administrator: Client) -> None:
    assert make(administrator, "/organisations", {"name": ""}, key="one").status_code == 422
    assert make(administrator, "/organisations", NEW, key="one").status_code == 201


@pytest.fixture
def elsewhere() -> Iterator[psycopg.Connection]:
    """Another connection to the same database, as another process has."""
    told = connection.get_connection_params()
    known = {name: told[name] for name in ("dbname", "user", "password", "host", "port") if told.get(name)}
    with psycopg.connect(**known, autocommit=True) as other:
        yield other


def test_a_key_that_is_being_answered_waits(
    administrator: Client, elsewhere: psycopg.Connection, person: Callable[..., Person]
) -> None:
    someone = Person.objects.get(email="administrator@example.org")
    number = lock_number(f"{someone.pk} makeOrganisation one")
    elsewhere.execute("select pg_advisory_lock(%s)", [number])
    answer = make(administrator, "/organisations", NEW, key="one")
    assert (answer.status_code, answer.json()["type"]) == (409, "/api/v1/problems/in-progress")
    assert answer.headers["Retry-After"] == "1"
    elsewhere.execute("select pg_advisory_unlock(%s)", [number])
    assert make(administrator, "/organisations", NEW, key="one").status_code == 201


def test_answers_are_forgotten_after_two_days(administrator: Client) -> None:
    make(administrator, "/organisations", NEW, key="old")
    make(administrator, "/organisations", NEW | {"name": "Others"}, key="new")
    KeptAnswer.objects.filter(key="old").update(created_at=timezone.now() - timedelta(hours=49))
    RequestCount.objects.create(subject="token:gone", minute=1, count=3)
    assert actions.forget_old_answers() == 1
    assert list(KeptAnswer.objects.values_list("key", flat=True)) == ["new"]
    assert not RequestCount.objects.filter(subject="token:gone").exists()


def test_a_change_needs_the_tag_that_was_read(administrator: Client, department: Organisation) -> None:
    path = f"/organisations/{department.pk}"
    tag = administrator.get(BASE + path).headers["ETag"]
    bare = send(administrator, "PATCH", path, {"name": "Mine"})
    assert (bare.status_code, bare.json()["type"]) == (428, "/api/v1/problems/precondition-required")
    first = send(administrator, "PATCH", path, {"name": "Mine"}, If_Match=tag)
    assert (first.status_code, first.json()["name"]) == (200, "Mine")
    late = send(administrator, "PATCH", path, {"name": "Theirs"}, If_Match=tag)
    assert (late.status_code, late.json()["type"]) == (412, "/api/v1/problems/changed-meanwhile")
    department.refresh_from_db()
    assert department.name == "Mine"
    # The answer of a change carries the tag for the next one.
    again = send(administrator, "PATCH", path, {"name": "Ours"}, If_Match=first.headers["ETag"])
    assert (again.status_code, again.json()["name"]) == (200, "Ours")


@pytest.mark.parametrize("tag", ['"x"', "x", 'W/"x"', ""])
def test_a_wrong_tag_changes_nothing(administrator: Client, department: Organisation, tag: str) -> None:
    answer = send(administrator, "PATCH", f"/organisations/{department.pk}", {"name": "Mine"}, If_Match=tag)
    assert answer.status_code == 412
    department.refresh_from_db()
    assert department.name != "Mine"


def test_what_was_made_can_be_changed_at_once(administrator: Client) -> None:
    made = make(administrator, "/organisations", NEW)
    path = made.headers["Location"].removeprefix(BASE)
    assert administrator.get(BASE + path).headers["ETag"] == made.headers["ETag"]
    changed = send(administrator, "PATCH", path, {"name": "Trees"}, If_Match=made.headers["ETag"])
    assert changed.json()["name"] == "Trees"


def pages(client: Client, path: str, between: Callable[[], object] = lambda: None) -> Iterator[list[dict]]:
    """Every page of a list, with something happening between them."""
    address: str | None = BASE + path
    while address:
        answer = client.get(address)
        assert answer.status_code == 200, answer.content
        yield answer.json()["items"]
        address = answer.json()["next"]
        between()


def test_pages_neither_skip_nor_repeat_while_rows_are_added(caller: Callable[..., Client]) -> None:
    for number in range(7):
        record(SYSTEM, f"tests.{number}")
    there = set(AuditEntry.objects.values_list("id", flat=True))
    auditor = caller(Role.AUDITOR)
    seen = [
        one["id"]
        for page in pages(auditor, "/trail?limit=2", between=lambda: record(SYSTEM, "tests.more"))
        for one in page
    ]
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen, reverse=True)
    assert set(seen) >= there


def test_pages_of_things_with_the_same_name(administrator: Client) -> None:
    for number in range(5):
        Organisation.objects.create(name=f"Partner {number}", kind=Organisation.Kind.PARTNER)
    seen = [
        one["name"] for page in pages(administrator, "/organisations?limit=2&kind=partner") for one in page
    ]
    assert seen == [f"Partner {number}" for number in range(5)]


def test_pages_of_lists_kept_in_memory(administrator: Client) -> None:
    seen = [one["name"] for page in pages(administrator, "/parameters?limit=9") for one in page]
    assert len(seen) == len(set(seen)) > 9
    assert seen == sorted(seen)


def test_a_cursor_belongs_to_its_list_and_filters(administrator: Client) -> None:
    Organisation.objects.create(name="Another", kind=Organisation.Kind.DEPARTMENT)
    following = administrator.get(f"{BASE}/organisations?limit=1").json()["next"]
    for other in (
        following.replace("/organisations", "/contracts"),
        following + "&kind=partner",
        following[:-3],
    ):
        answer = administrator.get(other)
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "cursor")


@pytest.mark.parametrize("count", [1, 20])
def test_lists_cost_the_same_however_long(
    administrator: Client, count: int, django_assert_num_queries: Callable[..., object]
) -> None:
    for number in range(count):
        place = Organisation.objects.create(name=f"Partner {number}", kind=Organisation.Kind.PARTNER)
        someone = Person.objects.create_user(f"{uuid4()}@example.org", name="Test Person")
        someone.memberships.create(organisation=place, role=Role.PARTNER)
    administrator.get(f"{BASE}/me")
    # Token, roles, count of requests; then the list, and the roles of all in it.
    with django_assert_num_queries(4):
        administrator.get(f"{BASE}/organisations")
    with django_assert_num_queries(5):
        administrator.get(f"{BASE}/people")
