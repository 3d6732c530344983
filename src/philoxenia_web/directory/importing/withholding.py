"""Nothing that says where a confidential site is passes here, whatever came before.

The engine strips records when it reads them. This strips again what is staged: what the feed marks, what the
directory knows to be confidential, and places of one organisation alone that keeps a hidden site there.
"""

from django.db import connection

from philoxenia_web.directory.models.places import TELLS_WHERE
from philoxenia_web.directory.texts import TRANSLATED

# Once confidential, a record stays so until a person says otherwise: a feed may forget.
_REMEMBER = """
update stage_{name} s set confidential = true from directory_{name} t
where t.id = s.id and t.confidential;
update stage_{name} s set confidential = t.confidential from directory_{name} t
where t.id = s.id and t.held @> '["confidential"]';
"""
# Another directory may list the same house by its name alone.
_KNOWN = """
update stage_service s set confidential = true
from directory_service t, directory_organization b, stage_organization o
where t.confidential and s.id <> t.id and not s.confidential
  and b.id = t.organization_id and o.id = s.organization_id
  and lower(btrim(t.name)) = lower(btrim(s.name)) and lower(btrim(b.name)) = lower(btrim(o.name));
"""
# What this directory alone knows to be confidential has not been through the engine's rules.
_SAYS_WHERE = """
update stage_service s set {column} = '' where confidential and {column} <> '' and exists (
  select from stage_service_at_location x join stage_address a on a.location_id = x.location_id
  where x.service_id = s.id and (
    length(a.address_1) >= 5 and position(lower(a.address_1) in lower(s.{column})) > 0
    or length(a.postal_code) >= 5 and position(lower(a.postal_code) in lower(s.{column})) > 0));
"""
_SITES = """
update stage_location l set confidential = true
where not confidential and exists (
    select from stage_service_at_location a join stage_service s on s.id = a.service_id
    where a.location_id = l.id and s.confidential)
  and not exists (
    select from stage_service_at_location a join stage_service s on s.id = a.service_id
    where a.location_id = l.id and not s.confidential and s.organization_id is distinct from (
      select s2.organization_id
      from stage_service_at_location a2 join stage_service s2 on s2.id = a2.service_id
      where a2.location_id = l.id and s2.confidential limit 1));
"""
_BLANK = ", ".join(f"{column} = ''" for column in TELLS_WHERE)
_STRIP = f"""
update stage_location set latitude = null, longitude = null, {_BLANK} where confidential;
delete from stage_service_at_location a using stage_service s where s.id = a.service_id and s.confidential;
delete from stage_service_at_location a using stage_location l where l.id = a.location_id and l.confidential;
delete from stage_address a using stage_location l where l.id = a.location_id and l.confidential;
delete from stage_accessibility a using stage_location l where l.id = a.location_id and l.confidential;
delete from stage_contact a using stage_location l where l.id = a.location_id and l.confidential;
delete from stage_contact a using stage_service s where s.id = a.service_id and s.confidential;
delete from stage_phone a using stage_location l where l.id = a.location_id and l.confidential;
delete from stage_schedule a using stage_location l where l.id = a.location_id and l.confidential;
delete from stage_language a using stage_location l where l.id = a.location_id and l.confidential;
delete from stage_service_area a using stage_service s where s.id = a.service_id and s.confidential;
delete from stage_metadata m where resource_id in (
  select id from stage_service where confidential union all select id from stage_location where confidential);
delete from stage_metadata m where not exists (
  select from stage_address a where a.id = m.resource_id) and m.resource_type like 'address%';
"""  # noqa: S608 (column names are ours)
# What is here already of records that turn out to be confidential.
_ERASE = """
delete from directory_service_at_location a using stage_service s
  where s.id = a.service_id and s.confidential;
delete from directory_service_area a using stage_service s where s.id = a.service_id and s.confidential;
delete from directory_{name} a using stage_location l where l.id = a.location_id and l.confidential;
"""


def withhold() -> int:
    """Strip what is staged and erase what is here; how many records are confidential."""
    with connection.cursor() as cursor:
        for name in ("service", "location"):
            cursor.execute(_REMEMBER.format(name=name))
        cursor.execute(_KNOWN)
        for column in (*TRANSLATED["service"][1:], "url"):
            cursor.execute(_SAYS_WHERE.format(column=column))
        cursor.execute(_SITES)
        cursor.execute(_STRIP)
        for name in ("service_at_location", "address", "accessibility", "contact", "phone", "schedule"):
            cursor.execute(_ERASE.format(name=name))
        cursor.execute(
            "delete from directory_translation t using stage_location l "
            "where t.record_id = l.id and l.confidential"
        )
        cursor.execute("select count(*) from stage_service where confidential")
        return int(cursor.fetchone()[0])
