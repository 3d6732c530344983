"""Reads of the directory for pages, search, the offline edition and text messages.

None of them yields a service that is withheld, inactive or given up, or says where a confidential one is.
"""

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db import connection

from philoxenia_web.directory import assembling
from philoxenia_web.directory.shown import ShownLocation, ShownOrganisation, ShownService

# What may be shown of the table of services, as SQL; the index `services_shown` has the same words.
IS_SHOWN = "status in ('active', 'temporarily closed') and not withheld"

_SHOWN = f"select id from directory_service where id = any(%s) and {IS_SHOWN}"  # noqa: S608
_NEXT = f"select id from directory_service where id > %s and {IS_SHOWN} order by id limit %s"  # noqa: S608
_CHANGED = f"""
with changed as (select distinct service_id as id from directory_change where number > %s and number <= %s)
select changed.id, exists (select from directory_service s where s.id = changed.id and {IS_SHOWN})
from changed"""  # noqa: S608
_ZERO = UUID(int=0)


def is_shown(alias: str) -> str:
    """The same for a table that is called otherwise in a query."""
    return IS_SHOWN.replace("status in", f"{alias}.status in").replace("withheld", f"{alias}.withheld")


def shown(service_id: UUID | str, language: str) -> ShownService | None:
    """A service in a language, None where there is none to show."""
    found = shown_many([service_id], language)
    return found[0] if found else None


def shown_many(ids: Sequence[UUID | str], language: str) -> list[ShownService]:
    """Services in the order asked for, without those that may not be shown; always as many queries."""
    wanted = [one if isinstance(one, UUID) else UUID(str(one)) for one in ids]
    may = set(_ids(_SHOWN, [wanted]))
    return assembling.services([one for one in wanted if one in may], language)


def each_shown(language: str, batch: int = 2000) -> Iterator[ShownService]:
    """Every service that is shown, by id, a batch in memory at a time."""
    last = _ZERO
    while ids := _ids(_NEXT, [last, batch]):
        yield from assembling.services(ids, language)
        last = ids[-1]


def last_change() -> int:
    """The number of the last change, 0 before the first."""
    with connection.cursor() as cursor:
        cursor.execute("select coalesce(max(number), 0) from directory_change")
        return int(cursor.fetchone()[0])


def changed_since(number: int) -> tuple[list[UUID], list[UUID], int]:
    """Services to read again, services that are gone or shown no longer, and the number to ask from next."""
    last = last_change()
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [number, last])
        rows = cursor.fetchall()
    return [one for one, here in rows if here], [one for one, here in rows if not here], last


def organisation(organisation_id: UUID | str, language: str) -> ShownOrganisation | None:
    """An organisation with the ids of its services that are shown."""
    return assembling.organisation(UUID(str(organisation_id)), language, IS_SHOWN)


def place(place_id: UUID | str, language: str) -> ShownLocation | None:
    """A place with the ids of services there; None for a confidential one, and for one without any."""
    return assembling.place(UUID(str(place_id)), language, IS_SHOWN)


def _ids(query: str, values: Iterable[object]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        return [one for (one,) in cursor.fetchall()]


_OF_MEMBER = f"""
select s.id, s.name from directory_service s join directory_organization o on o.id = s.organization_id
where o.member_id = %s and (%s = '' or s.needs = '{{}}' or %s = any(s.needs)) and {is_shown("s")}
order by s.name, s.id limit 200"""  # noqa: S608
_NAMES = f"select id, name from directory_service where id = any(%s) and {IS_SHOWN}"  # noqa: S608


def services_of_member(member_id: UUID, need: str = "") -> list[tuple[UUID, str]]:
    """Services of an organisation that signs in here, by name: those that answer a need, or name none."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_MEMBER, [member_id, need, need])
        return list(cursor.fetchall())


def service_names(ids: Iterable[UUID]) -> dict[UUID, str]:
    """What services are called, without those that may not be shown."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [list(ids)])
        return dict(cursor.fetchall())
