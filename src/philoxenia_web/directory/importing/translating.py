"""Translations that a feed brings, and those that a changed text leaves behind."""

from django.db import connection

from philoxenia_web.directory.rows import table
from philoxenia_web.directory.texts import TRANSLATED

_HASH = "encode(sha256(convert_to({text}, 'UTF8')), 'hex')"
# The engine notes the first signs of a hash; what it noted must still be so.
_TEXT_NOW = """
update stage_translation s set
  status = case when s.source_hash in ('', left(n.hash, length(s.source_hash))) then s.status
                else 'outdated' end,
  source_hash = n.hash, known = true
from (select id, {hash} as hash from {db_table} where {field} <> '') n
where n.id = s.record_id and s."table" = %s and s.field = %s"""
# A translation that was made or mended here is not written over.
_MERGE = """
with merged as (
  insert into directory_translation as t
    ("table", record_id, field, language, text, status, source_hash, by, feed)
  select distinct on ("table", record_id, field, language)
    "table", record_id, field, language, text, status, source_hash, by, %s
  from stage_translation where known
  on conflict (record_id, field, language, "table") do update
    set text = excluded.text, status = excluded.status, source_hash = excluded.source_hash, by = excluded.by,
        at = now(), version = t.version + 1
    where t.feed = excluded.feed
      and (t.text, t.status, t.source_hash)
        is distinct from (excluded.text, excluded.status, excluded.source_hash)
  returning "table", record_id, xmax = 0 as new),
noted as (insert into changed (entity, id) select "table", record_id from merged)
select count(*) filter (where new), count(*) filter (where not new) from merged"""
_OUTDATE = """
update directory_translation t set status = 'outdated'
from {db_table} r join changed c on c.entity = %s and c.id = r.id
where t.record_id = r.id and t."table" = %s and t.status <> 'outdated'
  and t.source_hash <> encode(sha256(convert_to(to_jsonb(r) ->> t.field, 'UTF8')), 'hex')"""


def merge_translations(feed: str) -> tuple[int, int]:
    """New and changed ones; those of no field or record that is there are left out."""
    with connection.cursor() as cursor:
        for name, fields in TRANSLATED.items():
            for field in fields:
                column = f'"{field}"'
                hashed = _HASH.format(text=column)
                filled = _TEXT_NOW.format(hash=hashed, field=column, db_table=table(name).db_table)
                cursor.execute(filled, [name, field])
        cursor.execute(_MERGE, [feed])
        new, changed = cursor.fetchone()
        return int(new), int(changed)


def outdate() -> None:
    """Translations of texts that are no longer what they were made from."""
    with connection.cursor() as cursor:
        for name in TRANSLATED:
            cursor.execute(_OUTDATE.format(db_table=table(name).db_table), [name, name])
