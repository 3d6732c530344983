"""What is staged into the directory: new rows in, changed rows over, rows the feed dropped out.

Fields and parts that people of the city wrote (`held`) stay as they are.
"""

# Names of tables and columns are ours: no query holds a value.
# ruff: noqa: S608

from dataclasses import asdict, dataclass

from django.db import connection

from philoxenia_web.directory.rows import keys, table

# Rows of these tables are a part of a record under this name, which people may hold.
PARTS = {
    "phone": "phones",
    "schedule": "schedules",
    "language": "languages",
    "required_document": "required_documents",
    "cost_option": "cost_options",
    "address": "addresses",
    "accessibility": "accessibility",
    "service_at_location": "service_at_locations",
}
HELD = ("organization", "program", "service", "location")
# Lists that several feeds may bring with the same ids.
SHARED = ("taxonomy", "taxonomy_term", "unit", "meta_table_description")
# Of these a row may stand by itself.
_STANDING = (*HELD, *SHARED, "attribute", "metadata")
# Of these a row needs both ends.
_JOINING = ("service_at_location",)
_NEVER = ("id", "version", "held", "last_modified")


@dataclass
class Counts:
    """What became of the rows of one table."""

    read: int = 0
    new: int = 0
    changed: int = 0
    removed: int = 0
    left_out: int = 0

    def as_dict(self) -> dict[str, int]:
        """For JSON."""
        return asdict(self)


def prepare() -> None:
    """Where merging notes which records changed."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.changed")
        cursor.execute(
            "create temp table changed (entity text, id uuid, own boolean default false) on commit drop"
        )


def merge(name: str, columns: list[str], feed: str, whole: bool) -> Counts:
    """One table, its parents before it."""
    counts = Counts(read=_count(name))
    if counts.read:
        counts.left_out = _drop_dangling(name, columns)
        _keep_held_parts(name)
        counts.new, counts.changed = _upsert(name, columns)
    if name not in (*HELD, *SHARED):
        counts.removed = _remove(name, feed, whole)
    return counts


def foreign(name: str, feed: str) -> tuple[int, str]:
    """How many staged records belong to another feed, and the first of those feeds."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"select count(*), coalesce(min(t.feed), '') from stage_{name} s "
            f"join {table(name).db_table} t on t.id = s.id where t.feed <> %s",
            [feed],
        )
        count, other = cursor.fetchone()
        return int(count), str(other)


def _count(name: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from stage_{name}")
        return int(cursor.fetchone()[0])


def _drop_dangling(name: str, columns: list[str]) -> int:
    """References to records that are not there lead nowhere; rows of nothing are left out."""
    links = {column: to for column, to in keys(name).items() if column in columns}
    with connection.cursor() as cursor:
        for column, to in links.items():
            staged = (
                f"and not exists (select from stage_{to} o where o.id = s.{column})" if to == name else ""
            )
            cursor.execute(
                f"update stage_{name} s set {column} = null where {column} is not null {staged} "
                f"and not exists (select from {table(to).db_table} t where t.id = s.{column})"
            )
        if name in _STANDING or not links:
            return 0
        glue = " or " if name in _JOINING else " and "
        cursor.execute(
            f"delete from stage_{name} where " + glue.join(f"{column} is null" for column in links)
        )
        return int(cursor.rowcount)


def _keep_held_parts(name: str) -> None:
    part = PARTS.get(name)
    with connection.cursor() as cursor:
        for column, to in keys(name).items():
            if part and to in HELD:
                cursor.execute(
                    f"delete from stage_{name} s using {table(to).db_table} t "
                    f"where t.id = s.{column} and t.held @> %s::jsonb",
                    [f'["{part}"]'],
                )


def _upsert(name: str, columns: list[str]) -> tuple[int, int]:
    db_table = table(name).db_table
    written = [column for column in columns if column not in _NEVER]
    new = {column: _value(name, column) for column in written if column not in ("feed", "external_id")}
    sets = [f'"{column}" = {value}' for column, value in new.items()]
    if name in HELD:
        sets += ["version = t.version + 1", "last_modified = now()"]
    listed = ", ".join(f'"{column}"' for column in ["id", *written])
    before = ", ".join(f't."{column}"' for column in new)
    with connection.cursor() as cursor:
        cursor.execute(
            f"with merged as (insert into {db_table} as t ({listed}) select {listed} from stage_{name} "
            f"on conflict (id) do update set {', '.join(sets)} "
            f"where ({before}) is distinct from ({', '.join(new.values())}) returning id, xmax = 0 as new), "
            "noted as (insert into changed (entity, id, own) select %s, id, true from merged) "
            "select count(*) filter (where new), count(*) filter (where not new) from merged",
            [name],
        )
        made, changed = cursor.fetchone()
        return int(made), int(changed)


def _value(name: str, column: str) -> str:
    """What a column is set to: what is there where somebody holds it."""
    if name not in HELD:
        return f'excluded."{column}"'
    held = column.removesuffix("_id")
    return f'case when t.held @> \'["{held}"]\' then t."{column}" else excluded."{column}" end'


def _remove(name: str, feed: str, whole: bool) -> int:
    """Rows of the feed that it no longer has: of records it tells of now, or all where it is whole."""
    links = keys(name)
    of = {"attribute": {"link_id": "service"}, "metadata": {"resource_id": "service"}}.get(name, links)
    told = " or ".join(
        f"exists (select from stage_{to} p where p.id = t.{column})" for column, to in of.items()
    )
    part = PARTS.get(name)
    kept = "".join(
        f" and not exists (select from {table(to).db_table} p "
        f"where p.id = t.{column} and p.held @> '[\"{part}\"]')"
        for column, to in links.items()
        if part and to in HELD
    )
    parents = ", ".join(f"('{to}', {column})" for column, to in of.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"with gone as (delete from {table(name).db_table} t where feed = %s "
            f"and not exists (select from stage_{name} s where s.id = t.id){kept}"
            f"{'' if whole else f' and ({told})'} returning t.*), "
            f"noted as (insert into changed (entity, id) select v.entity, v.id from gone, "
            f"lateral (values {parents}) as v (entity, id) where v.id is not null) "
            "select count(*) from gone",
            [feed],
        )
        return int(cursor.fetchone()[0])
