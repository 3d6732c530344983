"""From rows that changed to the services that show them."""

# Names of tables and columns are ours: no query holds a value.
# ruff: noqa: S608

from uuid import UUID

from django.db import connection

from philoxenia_web.directory.rows import keys, table

# Rows to the records they belong to, those that hang on other rows first.
_CLIMBED = (
    *("language", "phone", "contact", "schedule", "accessibility", "address", "required_document"),
    *("cost_option", "service_area", "service_capacity", "url", "funding", "organization_identifier"),
    "service_at_location",
)
_ACROSS = (
    """insert into changed (entity, id) select distinct 'service', a.link_id from directory_attribute a
       join changed c on (c.entity = 'attribute' and c.id = a.id)
         or (c.entity = 'taxonomy_term' and c.id = a.taxonomy_term_id)""",
    """insert into changed (entity, id)
       select distinct 'service', a.service_id from directory_service_at_location a
       join changed c on c.entity = 'location' and c.id = a.location_id""",
    """insert into changed (entity, id) select distinct 'service', s.id from directory_service s
       join changed c on c.entity = 'organization' and c.id = s.organization_id""",
    """insert into changed (entity, id) select distinct 'service', s.id from directory_service s
       join changed c on c.entity = 'program' and c.id = s.program_id""",
)


def services_touched() -> list[UUID]:
    """Every service that shows something noted in the table `changed`."""
    with connection.cursor() as cursor:
        cursor.execute("create index on changed (entity, id)")
        for name in _CLIMBED:
            for column, to in keys(name).items():
                if to != "unit":
                    cursor.execute(
                        f"insert into changed (entity, id) select distinct '{to}', t.{column} "
                        f"from {table(name).db_table} t join changed c "
                        f"on c.entity = '{name}' and c.id = t.id where t.{column} is not null"
                    )
        for query in _ACROSS:
            cursor.execute(query)
        cursor.execute(
            "select distinct c.id from changed c join directory_service s on s.id = c.id "
            "where c.entity = 'service'"
        )
        return [one for (one,) in cursor.fetchall()]


_RENEW = """
update directory_service s set last_modified = moment.now, version = version + case when exists (
    select from changed c where c.entity = 'service' and c.id = s.id and c.own) then 0 else 1 end
from (select clock_timestamp() as now) moment where s.id = any(%s)"""


def renew(ids: list[UUID]) -> None:
    """Services whose own row stayed as it was changed all the same, to whoever reads them.

    The time is that of the end: who asks for what changed since an hour in the middle misses nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_RENEW, [ids])
