"""Records of HSDS JSON, one inside another, as flat tables that refer to each other.

A record met again under the same id only fills what was empty: an organisation stands under each service.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from philoxenia.exchange.hsds.model import model
from philoxenia.exchange.hsds.naming import OLDER_TABLES, column_names, nested, table_named
from philoxenia.exchange.hsds.sayings import Told

Row = dict[str, Any]
_PAGES = ("contents", "content", "items", "results", "data", "records")
_KINDS = (
    "service",
    "organization",
    "service_at_location",
    "location",
    "taxonomy_term",
    "taxonomy",
    "program",
)
_OWNED = {"attribute": ("link_id", "link_entity"), "metadata": ("resource_id", "resource_type"),
          "translation": ("object_id", "object_table")}  # fmt: skip
_DEEPEST = 12


@dataclass
class Flat:
    """Rows by table and id, as they are met."""

    rows: dict[str, dict[str, Row]] = field(default_factory=dict)
    made: dict[str, int] = field(default_factory=dict)

    def add(self, table: str, record: Mapping[str, Any], owner: Mapping[str, str], depth: int = 0) -> str:
        """One record with all inside it; its id. `owner` holds what its parent says of it."""
        told_id = record.get("id")
        key = str(told_id) if told_id not in (None, "") else self._made(table, record, owner)
        new_names = column_names(table)
        row: Row = {"id": key}
        children = []
        inside = nested(table)
        for name, value in record.items():
            if name in inside and isinstance(value, dict | list):
                children.append((name, value))
            elif value is not None and value != "" and name != "id":
                row[new_names.get(name, name)] = _cell(value)
        # What a record stands in says whose it is, whatever its own cells say.
        row |= owner
        held = self.rows.setdefault(table, {}).setdefault(key, row)
        if held is not row:
            for name, value in row.items():
                held.setdefault(name, value)
        if depth < _DEEPEST:
            for name, value in children:
                self._inside(table, key, held, name, value, depth)
        return key

    def _inside(self, table: str, key: str, row: Row, name: str, value: Any, depth: int) -> None:
        child, kind = nested(table)[name]
        for record in value if isinstance(value, list) else [value]:
            if not isinstance(record, dict):
                continue
            if kind == "one":
                link = "taxonomy_id" if child in ("taxonomy", "old_term") else f"{child}_id"
                row[link] = self.add(child, record, {}, depth + 1)
            elif kind == "through":
                place = self.add(child, record, {}, depth + 1)
                self.add("service_at_location", {"service_id": key, "location_id": place}, {}, depth + 1)
            else:
                self.add(child, record, _owner(table, child, key), depth + 1)

    def _made(self, table: str, record: Mapping[str, Any], owner: Mapping[str, str]) -> str:
        self.made[table] = self.made.get(table, 0) + 1
        text = json.dumps([table, owner, record], sort_keys=True, default=str)
        return "made-" + hashlib.sha256(text.encode()).hexdigest()[:24]

    def frames(self, told: Told) -> dict[str, pl.DataFrame]:
        """Each table as a frame of text."""
        for table, count in self.made.items():
            if table not in ("service_at_location", "service_taxonomy"):
                told.find("id_missing", table, count)
        return {table: text_frame(list(rows.values())) for table, rows in self.rows.items()}


def _owner(table: str, child: str, key: str) -> dict[str, str]:
    if child in _OWNED:
        link, entity = _OWNED[child]
        return {link: key, entity: table}
    column = f"{table}_id"
    known = child in OLDER_TABLES or column in model()[child].by_name
    return {column: key} if known else {}


def _cell(value: Any) -> str:
    """A value as text: lists of plain values as one text, anything deeper as JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(not isinstance(one, dict | list) for one in value):
        return ", ".join(str(one) for one in value if one is not None)
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def text_frame(rows: list[Row]) -> pl.DataFrame:
    """Rows as a frame of text with every name that occurs."""
    names = dict.fromkeys(name for row in rows for name in row)
    return pl.DataFrame(
        {name: [row.get(name) for row in rows] for name in names}, schema=dict.fromkeys(names, pl.String)
    )


def records_in(document: Any, told: Told) -> Iterator[tuple[str, Row]]:
    """Each record of a JSON document with the table its list is called by ('' where it is not said)."""
    if isinstance(document, list):
        odd = sum(not isinstance(one, dict | list) for one in document)
        told.find("not_an_object", count=odd, ies="y" if odd == 1 else "ies")
        for one in document:
            yield from records_in(one, told)
        return
    if not isinstance(document, dict):
        return
    page = next((name for name in _PAGES if isinstance(document.get(name), list)), "")
    if page and "id" not in document:
        _tell_page(document, len(document[page]), told)
        yield from records_in(document[page], told)
        return
    lists = {} if "id" in document or document.get("name") else _lists(document)
    if lists:
        for name, value in lists.items():
            yield from ((table_named(name), row) for row in value if isinstance(row, dict))
        return
    if document.get("type") == "FeatureCollection":
        yield from records_in(document.get("features", []), told)
        return
    yield "", document


def _lists(document: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Lists of a document that are called as tables are."""
    found = {name: value for name, value in document.items() if isinstance(value, list) and value}
    return {name: value for name, value in found.items() if isinstance(value[0], dict) and table_named(name)}


def _tell_page(document: Mapping[str, Any], here: int, told: Told) -> None:
    pages = document.get("total_pages", document.get("totalPages"))
    page = document.get("page_number", document.get("number", 1))
    total = document.get("total_items", document.get("totalElements", here))
    if isinstance(pages, int) and isinstance(total, int) and pages > 1 and here < total:
        told.find("page_missing", count=here, page=page, pages=pages, total=f"{total:,}")


def kind_of(record: Mapping[str, Any]) -> tuple[str, int]:
    """The table a record is of, and how many of its names speak for that; '' where none does."""
    scores = {kind: _score(kind, record) for kind in _KINDS}
    best = max(scores, key=lambda kind: scores[kind])
    return (best, scores[best]) if scores[best] > 0 else ("", 0)


def _score(kind: str, record: Mapping[str, Any]) -> int:
    known = set(model()[kind].by_name) | set(nested(kind)) | set(column_names(kind))
    # Old services hold texts under names of their own.
    return sum(name in known for name in record) - (kind == "service_at_location" and "name" in record)


def flattened(records: Iterable[tuple[str, Row]], told: Told, hint: str = "") -> dict[str, pl.DataFrame]:
    """Tables of text from records; `hint` names the table of those that do not show what they are."""
    flat = Flat()
    for table, record in records:
        kind = table or kind_of(record)[0] or hint
        if kind:
            flat.add(kind, record, {})
    _programs(flat)
    return flat.frames(told)


def _programs(flat: Flat) -> None:
    """A programme told inside a service is of that service's organisation."""
    programs = flat.rows.get("program", {})
    for service in flat.rows.get("service", {}).values():
        program = programs.get(service.get("program_id", ""))
        if program is not None and service.get("organization_id"):
            program.setdefault("organization_id", service["organization_id"])
