"""Fills the registry with very many people at once: a city's first load, and trials at full size.

Runs as the owner of the tables (COPY does not go through row-level security), so it takes an address of its
own and no actor; one row of the trail says how many came. Nobody is compared with anybody: a list that may
hold people who are known comes in by import.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import psycopg

from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import values
from philoxenia_web.registry.people.numbers import new_number
from philoxenia_web.registry.people.sealed import ROTATION_LOCK, fresh_key, index_secret, number_token
from philoxenia_web.registry.people.tokens import tokens_of
from philoxenia_web.registry.people.writing import pieces_of_brief, seal_into

AT_ONCE = 10_000
_INDEX = "people_by_token"
_TABLES = {
    "registry_resident": (
        "id, number_token, organisation_id, restricted, synthetic, brief, details, version, key",
        ["uuid", "bytea", "uuid", "bool", "bool", "bytea", "bytea", "int4", "uuid"],
    ),
    "registry_residentkey": ("resident_id, master, wrapped", ["uuid", "varchar", "bytea"]),
    "registry_peopleindex": ("resident_id, strong, loose", ["uuid", "int4[]", "int4[]"]),
}
_INDEXING = f"create index {_INDEX} on registry_peopleindex using gin (strong, loose) with (fastupdate = off)"
_TAKEN = "select number_token from registry_resident where number_token is not null"
_TRAIL = """
    insert into accounts_auditentry
      (action, object_type, object_id, after, reason, request_id, organisation_id)
    values ('registry.fill', '', '', jsonb_build_object('residents', %s::int), %s, '', %s)"""
Row = tuple[Any, ...]


def fill(
    url: str,
    people: Iterable[Mapping[str, Any]],
    organisation_id: UUID,
    *,
    synthetic: bool,
    because: str = "import",
) -> int:
    """Write people down for an organisation, each the fields of a record (and `key`); how many.

    All in one transaction. The index is made after the rows where the registry was empty: five times as fast.
    """
    count = 0
    with psycopg.connect(url) as connection:
        empty = connection.execute("select not exists (select 1 from registry_peopleindex)").fetchone() == (
            True,
        )
        connection.execute("select pg_advisory_xact_lock_shared(%s)", [ROTATION_LOCK])
        if empty:
            connection.execute(f"drop index {_INDEX}")
        taken = {bytes(one) for (one,) in connection.execute(_TAKEN)}
        for rows in _chunks(people, organisation_id, synthetic, taken):
            count += len(rows["registry_resident"])
            _copy(connection, rows)
        if empty:
            # What waits for the commit would forbid making an index.
            connection.execute("set constraints all immediate")
            connection.execute("set local maintenance_work_mem = '256MB'")
            connection.execute(_INDEXING)
        connection.execute(_TRAIL, [count, because, organisation_id])
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("analyze registry_resident, registry_residentkey, registry_peopleindex")
    return count


def _chunks(
    people: Iterable[Mapping[str, Any]], organisation_id: UUID, synthetic: bool, taken: set[bytes]
) -> Iterator[dict[str, list[Row]]]:
    waiting = iter(people)
    while some := list(islice(waiting, AT_ONCE)):
        rows: dict[str, list[Row]] = {table: [] for table in _TABLES}
        for one in some:
            for table, row in zip(_TABLES, _rows(one, organisation_id, synthetic, taken), strict=True):
                rows[table].append(row)
        yield rows


def _free_number(taken: set[bytes]) -> tuple[str, bytes]:
    """A number that nobody has, and its token."""
    while (token := number_token(number := new_number())) in taken:
        pass
    taken.add(token)
    return number, token


def _rows(
    one: Mapping[str, Any], organisation_id: UUID, synthetic: bool, taken: set[bytes]
) -> tuple[Row, Row, Row]:
    """The rows of one person, sealed."""
    told = dict(one)
    row = Resident(organisation_id=organisation_id, synthetic=synthetic, key=told.pop("key", None) or uuid4())
    sealing, wrapped = fresh_key(row.pk)
    number, token = _free_number(taken)
    brief = seal_into(row, sealing, values.checked(told), number)
    tokens = tokens_of(pieces_of_brief(brief), index_secret())
    kept = (
        row.pk,
        token,
        organisation_id,
        False,
        synthetic,
        row.brief,
        row.details,
        1,
        row.key,
    )
    return kept, (row.pk, wrapped.master, bytes(wrapped.wrapped)), (row.pk, tokens.strong, tokens.loose)


def _copy(connection: psycopg.Connection[Any], rows: dict[str, list[Row]]) -> None:
    with connection.cursor() as cursor:
        for table, (columns, kinds) in _TABLES.items():
            with cursor.copy(f"copy {table} ({columns}) from stdin (format binary)") as copy:
                copy.set_types(kinds)
                for row in rows[table]:
                    copy.write_row(row)
