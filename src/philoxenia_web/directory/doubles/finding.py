"""Pairs of organisations of the directory that may be one, by the engine's linkage of organisations."""

from typing import Any
from uuid import UUID

import polars as pl
from django.db import connection, transaction

from philoxenia_web.directory.models import DuplicatePair
from philoxenia_web.ui.late import Late

_linkage = Late("philoxenia.linkage.organisations")
_MOST_PAIRS = 5000
# What is shown of an organisation alone: of a confidential service there is no place to compare.
_RECORDS = """
select o.id::text as record_id, o.name,
  coalesce(nullif(o.email, ''), (select min(s.email) from directory_service s
    where s.organization_id = o.id and s.email <> '')) as email,
  o.website,
  (select min(p.number) from directory_phone p left join directory_service s on s.id = p.service_id
    where coalesce(p.organization_id, s.organization_id) = o.id and p.number <> '') as phone,
  a.address_1 as address, a.city, a.postal_code
from directory_organization o
left join lateral (
  select a.address_1, a.city, a.postal_code from directory_address a
  join directory_location l on l.id = a.location_id and not l.confidential
  left join directory_service_at_location x on x.location_id = l.id
  left join directory_service s on s.id = x.service_id
  where coalesce(l.organization_id, s.organization_id) = o.id order by a.id limit 1) a on true
where not o.withheld order by o.id"""


def records() -> pl.DataFrame:
    """Organisations that are shown, as the linkage reads them."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDS)
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchall()
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")


def find() -> int:
    """Link the directory with itself and note the pairs that are not decided yet; how many are open."""
    table = records()
    pairs = _pairs(table) if table.height > 1 else []
    with transaction.atomic():
        decided = DuplicatePair.objects.exclude(state=DuplicatePair.State.OPEN)
        known = set(decided.values_list("left_id", "right_id"))
        DuplicatePair.objects.filter(state=DuplicatePair.State.OPEN).delete()
        fresh = [one for one in pairs if (one.left_id, one.right_id) not in known]
        DuplicatePair.objects.bulk_create(fresh, batch_size=1000)
    return len(fresh)


def _pairs(table: pl.DataFrame) -> list[DuplicatePair]:
    found = _linkage.link_organisations(table, table).filter(
        # A record is always its own best match, and each pair comes from both sides.
        pl.col("left_record") < pl.col("right_record"),
        pl.col("decision") != "apart",
    )
    found = found.unique(["left_record", "right_record"], keep="first", maintain_order=True)
    return [_pair(row) for row in found.head(_MOST_PAIRS).iter_rows(named=True)]


def _pair(row: dict[str, Any]) -> DuplicatePair:
    levels = {key.removeprefix("level_"): value for key, value in row.items() if key.startswith("level_")}
    return DuplicatePair(
        left_id=UUID(row["left_record"]),
        right_id=UUID(row["right_record"]),
        weight=row["match_weight"],
        probability=row["probability"],
        levels=levels,
    )
