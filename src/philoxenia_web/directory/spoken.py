"""Which languages are spoken where, for planners: places and codes, no names, nothing confidential."""

from dataclasses import dataclass
from functools import cache

import polars as pl
from babel.core import get_global
from django.db import connection

from philoxenia.reference.tables import reference_table
from philoxenia_web.directory.queries import IS_SHOWN

_SERVICES = f"""
with shown as (
  select id from directory_service where {IS_SHOWN} and not confidential and (%s = '' or %s = any(needs))),
spoken as (
  select l.service_id as id, l.code, l.name from directory_language l join shown s on s.id = l.service_id
  union select x.service_id, l.code, l.name from directory_language l
    join directory_service_at_location x on x.location_id = l.location_id join shown s on s.id = x.service_id
  union select p.service_id, l.code, l.name from directory_language l
    join directory_phone p on p.id = l.phone_id join shown s on s.id = p.service_id)
"""  # noqa: S608 (words of ours)
_PLACES = f"""{_SERVICES}
select distinct p.id::text, p.longitude, p.latitude, lower(coalesce(nullif(k.code, ''), k.name))
from spoken k join directory_service_at_location x on x.service_id = k.id
join directory_location p on p.id = x.location_id
where not p.confidential and p.longitude is not null and p.latitude is not null"""  # noqa: S608
_COUNTS = f"""{_SERVICES}
select (select count(*) from shown), (select count(distinct id) from spoken)"""  # noqa: S608


@dataclass(frozen=True)
class Spoken:
    """`places`: longitude, latitude, language; a row for each language of a place.

    How many services are shown, and how many of them say which languages they speak.
    """

    places: pl.DataFrame
    services: int
    telling: int


def spoken(need: str = "") -> Spoken:
    """The languages of places, of all services or of those that meet a need."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [need, need])
        services, telling = cursor.fetchone()
        cursor.execute(_PLACES, [need, need])
        rows = {
            (place, longitude, latitude, part)
            for place, longitude, latitude, code in cursor.fetchall()
            for part in parts_of(code)
        }
    schema = {"id": pl.String, "longitude": pl.Float64, "latitude": pl.Float64, "language": pl.String}
    frame = pl.DataFrame(sorted(rows), schema=schema, orient="row")
    return Spoken(frame.drop("id"), services, telling)


def parts_of(code: str) -> tuple[str, ...]:
    """The languages, as a census tells them apart, that a code of a service stands for: zh is cmn and yue."""
    base = code.replace("_", "-").split("-")[0]
    if base in _parts():
        return _parts()[base]
    short = get_global("language_aliases").get(base, base) if base not in _known() else base
    return _parts().get(short, (short,))


@cache
def _parts() -> dict[str, tuple[str, ...]]:
    rows = reference_table("directory/language_parts").group_by("code", maintain_order=True).agg("part")
    return {code: tuple(parts) for code, parts in rows.iter_rows()}


@cache
def _known() -> frozenset[str]:
    """Codes that a census may use as they are, which CLDR would take for another."""
    return frozenset(part for parts in _parts().values() for part in parts)
