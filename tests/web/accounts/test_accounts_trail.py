"""The trail: it only grows, whoever asks; it is chained; auditors read it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import Client
from tests.web.settings import VAR

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import AuditEntry, Organisation
from philoxenia_web.accounts.rights import APPLICATION_ROLE
from philoxenia_web.accounts.roles import Role
from philoxenia_web.config import postgres

ATTACKS = [
    "update accounts_auditentry set action = 'x'",
    "delete from accounts_auditentry",
    "truncate accounts_auditentry",
    "truncate accounts_auditentry, accounts_auditlink cascade",
    "insert into accounts_auditlink (id, entry_id, hash) values (0, 0, '')",
    "update accounts_auditlink set hash = ''",
    "delete from accounts_auditlink",
    "drop trigger accounts_auditentry_only_grows on accounts_auditentry",
    "drop trigger accounts_auditentry_linked on accounts_auditentry",
    "alter table accounts_auditentry disable trigger all",
    "alter table accounts_auditentry add column x int",
    "alter table accounts_auditentry owner to philoxenia_app",
    "drop table accounts_auditentry cascade",
    "alter function accounts_refuse_change() owner to philoxenia_app",
    "set session_replication_role = replica",
    "set role philoxenia_owner",
    "set role postgres",
    "set session authorization postgres",
    "create function public.mine() returns int language sql as 'select 1'",
    "copy accounts_auditentry to program 'cat'",
    "delete from django_migrations",
]


@pytest.fixture
def as_application(db: None) -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own, signed in as the application's role with its password, as in production."""
    address = postgres.address(
        postgres.place_of(VAR), APPLICATION_ROLE, connections["default"].settings_dict["NAME"]
    )
    with psycopg.connect(address, autocommit=True) as made:
        yield made


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_applications_role_cannot_touch_it(as_application: psycopg.Connection[Any], attack: str) -> None:
    assert as_application.execute("select current_user").fetchone() == (APPLICATION_ROLE,)
    with pytest.raises(psycopg.Error) as refused:
        as_application.execute(attack)
    assert refused.value.sqlstate == "42501", refused.value


def test_the_applications_role_cannot_give_itself_rights(as_application: psycopg.Connection[Any]) -> None:
    # PostgreSQL only warns when nothing was granted.
    as_application.execute("grant update, delete on accounts_auditentry to philoxenia_app")
    allowed = "select has_table_privilege('accounts_auditentry', 'update, delete, truncate')"
    assert as_application.execute(allowed).fetchone() == (False,)


@pytest.mark.parametrize("table", ["accounts_auditentry", "accounts_auditlink"])
@pytest.mark.parametrize("attack", ["update {} set id = id", "delete from {}", "truncate {}"])
def test_not_even_the_owner_changes_it(db: None, table: str, attack: str) -> None:
    place = postgres.place_of(VAR)
    name = connections["default"].settings_dict["NAME"]
    whole = attack.format(f"{table} cascade" if "truncate" in attack else table)
    with (
        psycopg.connect(postgres.address(place, postgres.OWNER, name), autocommit=True) as owner,
        pytest.raises(psycopg.Error, match="only grows"),
    ):
        owner.execute(whole)


def test_entries_are_chained_and_faults_found(chain_now: Callable[[], None]) -> None:
    first, second = audit.record(SYSTEM, "tests.one"), audit.record(SYSTEM, "tests.two", after={"n": 1})
    assert {entry for _link, entry, _fault in audit.faults()} >= {first.pk, second.pk}, "not yet committed"
    chain_now()
    assert audit.faults() == []
    number, digest = audit.head()
    assert number == AuditEntry.objects.count()
    assert len(digest) == 64


def test_a_changed_entry_is_found(chain_now: Callable[[], None]) -> None:
    entry = audit.record(SYSTEM, "tests.one", after={"n": 1})
    audit.record(SYSTEM, "tests.two")
    chain_now()
    with connection.cursor() as cursor:
        # What only somebody who owns the whole server can do.
        cursor.execute("set role none")
        cursor.execute("alter table accounts_auditentry disable trigger accounts_auditentry_only_grows")
        cursor.execute("""update accounts_auditentry set after = '{"n": 2}' where id = %s""", [entry.pk])
    assert [(found, fault) for _link, found, fault in audit.faults()] == [(entry.pk, "the entry was changed")]
    with pytest.raises(CommandError, match="1 faults"):
        call_command("check_trail")


def test_a_removed_entry_is_found(chain_now: Callable[[], None]) -> None:
    entry = audit.record(SYSTEM, "tests.one")
    audit.record(SYSTEM, "tests.two")
    chain_now()
    with connection.cursor() as cursor:
        cursor.execute("set role none")
        cursor.execute("alter table accounts_auditentry disable trigger accounts_auditentry_only_grows")
        cursor.execute("delete from accounts_auditentry where id = %s", [entry.pk])
    assert [(found, fault) for _link, found, fault in audit.faults()] == [(entry.pk, "the entry is gone")]


@pytest.fixture
def auditor(sign_in: Callable[..., Client]) -> Client:
    return sign_in(Role.AUDITOR)


def test_an_auditor_finds_entries(auditor: Client, department: Organisation) -> None:
    mine = audit.record(
        SYSTEM, "tests.mine", department, after={"name": "<b>new</b>"}, organisation_id=department.pk
    )
    audit.record(SYSTEM, "tests.other")
    for query in (
        {"action": "tests.mine"},
        {"organisation": department.pk},
        {"object_type": "accounts.organisation", "object_id": str(department.pk)},
    ):
        page = auditor.get("/trail/", query).content.decode()
        assert f"/trail/{mine.pk}/" in page
        assert page.count('<tr><th scope="row">') == 1, query
    page = auditor.get(f"/trail/{mine.pk}/").content.decode()
    assert "&lt;b&gt;new&lt;/b&gt;" in page
    assert "<b>new" not in page


def test_pages_go_by_key_and_cost_the_same(auditor: Client, django_assert_max_num_queries: Any) -> None:
    AuditEntry.objects.bulk_create(AuditEntry(action="tests.many") for _ in range(120))
    seen: list[str] = []
    query = "?action=tests.many"
    for _ in range(3):
        with django_assert_max_num_queries(12):
            page = auditor.get(f"/trail/{query}").content.decode()
        seen += [part.split("/")[0] for part in page.split('href="/trail/')[1:] if part[0].isdigit()]
        following = re.search(r'&amp;before=(\d+)" rel="next"', page)
        query = f"?action=tests.many&before={following[1]}" if following else ""
    assert len(seen) == len(set(seen)) == 120
    assert following is None


def test_the_file_holds_ids_and_no_formula(auditor: Client, department: Organisation) -> None:
    audit.record(SYSTEM, "=cmd()", department)
    answer = auditor.get("/trail/", {"export": "csv"})
    text = b"".join(answer.streaming_content).decode()
    assert "'=cmd()" in text
    assert str(department.pk) in text
    assert department.name not in text
    assert AuditEntry.objects.filter(action="accounts.export_trail").exists()


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=99999999999999999999", "?first=nonsense", "?person=%00x"]
)
def test_nonsense_in_the_address_breaks_nothing(auditor: Client, query: str) -> None:
    assert auditor.get(f"/trail/{query}").status_code == 200


def test_refused_pages_are_written_down(sign_in: Callable[..., Client]) -> None:
    assert sign_in(Role.PLANNER).get("/people/").status_code == 403
    entry = AuditEntry.objects.get(action="accounts.refused")
    assert entry.after == {"page": "people", "method": "GET"}
