"""What becomes of records that a whole feed no longer has."""

from django.db import connection

# A service stays, for links to it and for what was said of it; it is shown no longer.
_SERVICES = """
with gone as (
  update directory_service t set status = 'inactive', version = version + 1, last_modified = now()
  where feed = %s and status in ('active', 'temporarily closed')
    and not t.held @> '["status"]' and not exists (select from stage_service s where s.id = t.id)
  returning id),
noted as (insert into changed (entity, id, own) select 'service', id, true from gone)
select count(*) from gone"""
_PLACES = """
delete from directory_location t where feed = %s
  and not exists (select from stage_location s where s.id = t.id)
  and not exists (select from directory_service_at_location a where a.location_id = t.id)"""
_BODIES = """
delete from directory_organization t where feed = %s and member_id is null
  and not exists (select from stage_organization s where s.id = t.id)
  and not exists (select from directory_service a where a.organization_id = t.id)"""


def drop(feed: str) -> dict[str, int]:
    """How many services became inactive, and how many places and organisations without any service went."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute(_SERVICES, [feed])
        found["service"] = int(cursor.fetchone()[0])
        for name, query in (("location", _PLACES), ("organization", _BODIES)):
            cursor.execute(query, [feed])
            found[name] = int(cursor.rowcount)
    return found
