"""Rows of HSDS tables for many records at once: one query a table, whatever the number of records.

Owns which columns a table has and how rows hang on records. Knows nothing of languages, or of what may be
shown.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from json import loads
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, JSONField, Model

# Names that mean something else here than in HSDS.
OWN_NAMES = {
    ("taxonomy_term", "taxonomy_name"): "taxonomy",
}
# Columns that HSDS does not have, or that say nothing of the record.
_OURS = frozenset({"external_id", "feed"})

Row = dict[str, Any]


@dataclass(frozen=True)
class Table:
    """A table of HSDS as it lies here: its name in the database, its columns."""

    name: str
    db_table: str
    columns: tuple[str, ...]
    # Those that hold JSON, which comes from the database as text.
    json: tuple[str, ...]


@cache
def table(name: str) -> Table:
    """A table by its HSDS name."""
    return tables()[name]


def model_of(name: str) -> type[Model]:
    """The model of a table."""
    return _models()[name]


@cache
def keys(name: str) -> Mapping[str, str]:
    """Columns that refer to other records of the directory, with the table they refer to."""
    links = (one for one in model_of(name)._meta.concrete_fields if isinstance(one, ForeignKey))
    return {
        one.column: one.related_model._meta.db_table.removeprefix("directory_")
        for one in links
        if one.related_model._meta.app_label == "directory"
    }


@cache
def _models() -> Mapping[str, type[Model]]:
    """Models of HSDS tables by their name there."""
    known = apps.get_app_config("directory").get_models()
    rows = (one for one in known if one._meta.pk.name == "id" and hasattr(one, "external_id"))
    return {one._meta.db_table.removeprefix("directory_"): one for one in rows}


@cache
def tables() -> Mapping[str, Table]:
    """Every table of HSDS by its name there; of a table in the database, all columns but ours alone."""
    found = {}
    for name, model in _models().items():
        fields = [one for one in model._meta.concrete_fields if one.column not in _OURS]
        documents = tuple(one.column for one in fields if isinstance(one, JSONField))
        columns = tuple(one.column for one in fields)
        found[name] = Table(name, model._meta.db_table, columns, documents)
    return found


def select(name: str, where: str, values: Sequence[Any], order: str = "id") -> list[Row]:
    """Rows of a table as dicts, by a condition of ours."""
    known = table(name)
    columns = ", ".join(f'"{column}"' for column in known.columns)
    query = f'select {columns} from "{known.db_table}" where {where} order by {order}'  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(query, list(values))
        rows = [dict(zip(known.columns, row, strict=True)) for row in cursor.fetchall()]
    for column in known.json:
        for row in rows:
            row[column] = None if row[column] is None else loads(row[column])
    return rows


def by_id(name: str, ids: Iterable[UUID | None]) -> dict[UUID, Row]:
    """Rows by their id."""
    wanted = list({one for one in ids if one is not None})
    return {row["id"]: row for row in select(name, "id = any(%s)", [wanted])} if wanted else {}


def by_parent(name: str, key: str, ids: Iterable[UUID]) -> dict[UUID, list[Row]]:
    """Rows by the record they belong to; `key` is a column such as service_id."""
    grouped: dict[UUID, list[Row]] = defaultdict(list)
    wanted = list(ids)
    if wanted:
        for row in select(name, f'"{key}" = any(%s)', [wanted]):
            grouped[row[key]].append(row)
    return grouped


def by_any_parent(name: str, parents: Mapping[str, Iterable[UUID]]) -> dict[UUID, list[Row]]:
    """Rows by whichever record they belong to, for tables that hang on several; one query."""
    wanted = {key: list(ids) for key, ids in parents.items()}
    wanted = {key: ids for key, ids in wanted.items() if ids}
    grouped: dict[UUID, list[Row]] = defaultdict(list)
    if not wanted:
        return grouped
    where = " or ".join(f'"{key}" = any(%s)' for key in wanted)
    for row in select(name, where, list(wanted.values())):
        for key in wanted:
            if row[key] is not None:
                grouped[row[key]].append(row)
    return grouped
