"""Row-level security, as the application's role meets it: what a visit was not told, is not there."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError
from psycopg import sql
from tests.web.settings import VAR

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.accounts.database_role import APPLICATION_ROLE
from philoxenia_web.config import postgres
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import finding, grants, records, sealed
from philoxenia_web.registry.people.tokens import mark
from philoxenia_web.registry.people.visits import only_reading, visiting

Write = Callable[..., Resident]
OF_PEOPLE = (
    "registry_resident",
    "registry_residentkey",
    "registry_residentversion",
    "registry_householdmember",
    "registry_kepttext",
    "registry_keptfile",
    "registry_grant",
    "registry_reading",
    "registry_finding",
    "registry_peopleindex",
)
Told = Callable[..., "psycopg.Connection[tuple[object, ...]]"]


ROWS = """
    insert into accounts_organisation (id, name, kind, active, version, key) values
      (%(own)s, 'Rows own', 'department', true, 1, gen_random_uuid()),
      (%(other)s, 'Rows other', 'department', true, 1, gen_random_uuid()),
      (%(partner)s, 'Rows partner', 'partner', true, 1, gen_random_uuid());
    insert into registry_resident (id, organisation_id, restricted, synthetic, brief, details, version, key)
      select id, %(own)s, id = %(restricted)s, true, 'sealed', 'sealed', 1, gen_random_uuid()
      from unnest(array[%(open)s, %(restricted)s]::uuid[]) as id;
    insert into registry_residentkey (resident_id, master, wrapped)
      select id, 'master', 'wrapped' from registry_resident;
    insert into registry_residentversion (resident_id, version, fields, before, key)
      select id, 2, '{}', 'sealed', gen_random_uuid() from registry_resident;
    insert into registry_householdmember (resident_id, household_id, relation)
      select id, gen_random_uuid(), 'head' from registry_resident;
    insert into registry_kepttext (id, kind, shared_with, content, version, resident_id, organisation_id)
      select gen_random_uuid(), 'note', '{}', 'sealed', 1, id, organisation_id from registry_resident;
    insert into registry_keptfile
      (id, kind, shared_with, content, version, resident_id, organisation_id, media_type, size)
      select gen_random_uuid(), 'photo', '{}', 'sealed', 1, id, organisation_id, 'image/png', 6
      from registry_resident;
    insert into registry_grant (id, kind, fields, source_id, resident_id, organisation_id)
      values (gen_random_uuid(), 'referral', '{names}', gen_random_uuid(), %(open)s, %(partner)s);
    insert into registry_reading (resident_id, reason, fields)
      select id, 'quality', '{}' from registry_resident;
    insert into registry_finding (reason, hits) values ('quality', 0);
    insert into registry_peopleindex (resident_id, strong, loose)
      select id, array[7, 11], array[13] from registry_resident"""


@pytest.fixture(scope="module")
def committed(django_db_setup: None) -> Iterator[dict[str, UUID]]:
    """Two departments, a partner, an open and a restricted record; other connections see them."""
    made = {name: uuid4() for name in ("own", "other", "partner", "open", "restricted")}
    with psycopg.connect(
        _address(postgres.OWNER), autocommit=True, cursor_factory=psycopg.ClientCursor
    ) as owner:
        owner.execute(ROWS, made)
        yield made
        for table in (*reversed(OF_PEOPLE[1:]), OF_PEOPLE[0]):
            owner.execute(sql.SQL("delete from {}").format(sql.Identifier(table)))
        owner.execute("delete from accounts_organisation where name like 'Rows %'")


def _address(role: str) -> str:
    return postgres.address(postgres.place_of(VAR), role, connection.settings_dict["NAME"])


@pytest.fixture
def told(committed: dict[str, UUID]) -> Iterator[Told]:
    """Connects as the application's role and says who visits."""
    with psycopg.connect(_address(APPLICATION_ROLE)) as opened:

        def tell(**settings: UUID | str) -> "psycopg.Connection[tuple[object, ...]]":
            assert opened.execute("select current_user").fetchone() == (APPLICATION_ROLE,)
            for name, value in settings.items():
                opened.execute("select set_config(%s, %s, true)", [f"philoxenia.{name}", str(value)])
            return opened

        yield tell
        opened.rollback()


def seen(
    opened: "psycopg.Connection[tuple[object, ...]]", table: str, column: str = "resident_id"
) -> set[object]:
    """Whose rows of a table are there."""
    question = sql.SQL("select {} from {}").format(sql.Identifier(column), sql.Identifier(table))
    return {one for (one,) in opened.execute(question).fetchall()}


@pytest.mark.parametrize("table", OF_PEOPLE)
def test_a_connection_that_says_nothing_sees_no_row(told: Told, table: str) -> None:
    count = sql.SQL("select count(*) from {}").format(sql.Identifier(table))
    assert told().execute(count).fetchone() == (0,)


def test_a_desk_sees_open_records_and_its_own_restricted_ones(told: Told, committed: dict[str, UUID]) -> None:
    own = told(desks=committed["own"], organisations=committed["own"])
    both = {committed["open"], committed["restricted"]}
    assert seen(own, "registry_resident", "id") == seen(own, "registry_residentkey") == both
    assert seen(own, "registry_kepttext") == both
    other = told(desks=committed["other"], organisations=committed["other"])
    assert seen(other, "registry_resident", "id") == {committed["open"]}
    assert seen(other, "registry_residentkey") == {committed["open"]}
    # A text is of the organisation that keeps it, also where the record is open to all desks.
    assert seen(other, "registry_kepttext") == set()


def test_a_partner_sees_what_was_granted_and_no_longer(told: Told, committed: dict[str, UUID]) -> None:
    partner = told(organisations=committed["partner"])
    assert seen(partner, "registry_resident", "id") == {committed["open"]}
    assert seen(partner, "registry_kepttext") == set()
    stranger = told(organisations=uuid4())
    assert seen(stranger, "registry_resident", "id") == seen(stranger, "registry_grant") == set()


def test_a_resident_sees_their_own_row_alone(told: Told, committed: dict[str, UUID]) -> None:
    mine = told(resident=committed["restricted"])
    assert seen(mine, "registry_resident", "id") == {committed["restricted"]}
    assert seen(mine, "registry_kepttext") == {committed["restricted"]}


def test_nobody_changes_what_they_may_only_see(told: Told, committed: dict[str, UUID]) -> None:
    partner = told(organisations=committed["partner"])
    assert partner.execute("update registry_resident set restricted = true").rowcount == 0
    assert partner.execute("delete from registry_resident").rowcount == 0
    assert seen(partner, "registry_householdmember") == {committed["open"]}
    assert partner.execute("update registry_householdmember set relation = 'other'").rowcount == 0
    assert partner.execute("delete from registry_householdmember").rowcount == 0
    desk = told(desks=committed["own"], organisations=committed["own"])
    assert desk.execute("delete from registry_resident").rowcount == 0
    assert desk.execute("delete from registry_reading").rowcount == 0
    assert desk.execute("update registry_residentkey set master = 'x'").rowcount == 0


def test_no_record_for_a_department_of_others(told: Told, committed: dict[str, UUID]) -> None:
    desk = told(desks=committed["own"], organisations=committed["own"])
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        desk.execute(
            "insert into registry_resident "
            "(id, organisation_id, restricted, synthetic, brief, details, version, key) values "
            "(gen_random_uuid(), %s, false, false, '', '', 1, gen_random_uuid())",
            [committed["other"]],
        )


def test_the_index_answers_for_whom_the_visit_sees(told: Told, committed: dict[str, UUID]) -> None:
    """Its rows are never there; its function shows a restricted person to their own department alone."""
    asked = "select resident_id from registry_search('{11}', '{}', null, 60)"

    def found(**settings: UUID) -> set[object]:
        opened = told(**({"desks": "", "organisations": ""} | settings))
        return {one for (one,) in opened.execute(asked).fetchall()}

    assert found(desks=committed["own"]) == {committed["open"], committed["restricted"]}
    assert found(desks=committed["other"]) == {committed["open"]}
    assert found(organisations=committed["partner"]) == set()
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        told(desks=committed["other"]).execute(
            "select registry_index(%s, %s, %s)", [committed["restricted"], [1], [1]]
        )


def test_nobody_lengthens_a_grant_below_the_page(told: Told, committed: dict[str, UUID]) -> None:
    """Not a partner's own, and not that of a desk which sees a protected person by grant alone."""
    longer = "update registry_grant set until = null, fields = '{contacts}' where resident_id = %s"
    partner = told(organisations=committed["partner"])
    assert seen(partner, "registry_grant") == {committed["open"]}
    assert partner.execute(longer, [committed["open"]]).rowcount == 0
    other = told(desks=committed["other"], organisations=committed["other"])
    assert other.execute(longer, [committed["open"]]).rowcount == 1
    granted = (
        "insert into registry_grant (id, kind, fields, source_id, resident_id, organisation_id) "
        "values (gen_random_uuid(), 'break_glass', '{names}', gen_random_uuid(), %s, %s)"
    )
    own = told(desks=committed["own"], organisations=committed["own"])
    own.execute(granted, [committed["restricted"], committed["other"]])
    other = told(desks=committed["other"], organisations=committed["other"])
    assert committed["restricted"] in seen(other, "registry_resident", "id")
    assert other.execute(longer, [committed["restricted"]]).rowcount == 0
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        other.execute(granted, [committed["restricted"], committed["other"]])


def test_only_the_application_itself_forgets(told: Told, committed: dict[str, UUID]) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        told(desks=committed["own"]).execute("select registry_forget(%s)", [committed["open"]])


def test_a_restricted_person_is_nobody_for_other_desks(
    worker: Actor, other_worker: Actor, write_down: Write
) -> None:
    # The rows of this file are somebody's already.
    sealed.take_index_key()
    one = write_down(worker, "Oleksandra Kovalenko", restricted=True)
    asked = finding.Question("Oleksandra Kovalenko", "1987")
    assert [hit.resident_id for hit in finding.find(worker, asked, "serving_now").hits] == [one.pk]
    assert finding.find(other_worker, asked, "serving_now").hits == []
    number = records.open_record(worker, one.pk, "serving_now").number
    assert records.by_number(other_worker, number) is None
    place = next(iter(other_worker.organisations))
    source = uuid4()
    grants.give(SYSTEM, one.pk, place, "break_glass", grants.ALL, None, source)
    assert records.open_record(other_worker, one.pk, "break_glass").name == "Oleksandra Kovalenko"
    assert [hit.resident_id for hit in finding.find(other_worker, asked, "serving_now").hits] == [one.pk]
    grants.end(SYSTEM, source)
    assert finding.find(other_worker, asked, "serving_now").hits == []


def test_a_fault_in_a_read_within_leaves_nobody_the_rights_of_another(worker: Actor) -> None:
    with visiting(worker):
        with pytest.raises(DatabaseError), only_reading(SYSTEM), transaction.atomic():
            connection.cursor().execute("select 1 / 0")
        with connection.cursor() as cursor:
            cursor.execute("select philoxenia_is_system(), philoxenia_person()")
            assert cursor.fetchone() == (False, worker.person_id)


def test_a_partner_sees_the_granted_fields(worker: Actor, partner: Actor, write_down: Write) -> None:
    sealed.take_index_key()
    one, source = write_down(worker, "Oleksandra Kovalenko"), uuid4()
    place = next(iter(partner.organisations))
    grants.give(worker, one.pk, place, "referral", frozenset({"names", "languages"}), None, source)
    record = records.open_record(partner, one.pk, "referral_follow_up")
    assert (record.name, record.language, record.contacts, record.birth) == (
        "Oleksandra Kovalenko",
        "uk",
        (),
        None,
    )
    assert (record.number, record.birth_year, record.district_id) == ("", None, "")
    with visiting(partner), transaction.atomic(), pytest.raises(DatabaseError):
        Resident.objects.create(organisation_id=place, brief=b"", details=b"")
    assert records.briefs(partner, [one.pk], "referral_follow_up")[one.pk].birth_year is None


def test_a_token_is_short_and_keyed() -> None:
    assert mark("sn|kovalenko|oleksandr", b"one" * 8) != mark("sn|kovalenko|oleksandr", b"two" * 8)
    assert all(0 <= mark(f"sn|a|{number}", b"one" * 8) < 2**24 for number in range(200))
