"""Which fields of records and which of their rows people edit, and reading and writing them as plain values.

Ids, sources, versions, flags of confidentiality and contacts with personal names are not edited here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import models

from philoxenia_web.directory.editing.merging import Draft
from philoxenia_web.directory.models import Location, Organization, Service


@dataclass(frozen=True)
class Part:
    """Rows that belong to a record and are edited with it. `needs` must be filled, or the row is none."""

    name: str
    columns: tuple[str, ...]
    needs: str


@dataclass(frozen=True)
class Shape:
    """What of a table is edited."""

    table: str
    model: type[models.Model]
    fields: tuple[str, ...]
    parts: tuple[Part, ...] = field(default=())


_PHONES = Part("phones", ("number", "extension", "type", "description"), "number")
_HOURS = Part(
    "schedules",
    (
        *("freq", "interval", "byday", "bymonthday", "opens_at", "closes_at", "valid_from", "valid_to"),
        *("dtstart", "until", "count", "wkst", "byweekno", "byyearday", "description", "notes"),
        *("schedule_link", "attending_type", "timezone"),
    ),
    "",
)
SERVICE = Shape(
    "service",
    Service,
    (
        *("name", "alternate_name", "description", "text_language", "status", "alert", "url", "email"),
        *("interpretation_services", "application_process", "eligibility_description"),
        *("minimum_age", "maximum_age", "free", "fees_description", "wait_time", "needs"),
        *("asks_status", "safe_without_papers", "status_statement", "status_source"),
    ),
    (
        _PHONES,
        _HOURS,
        Part("languages", ("code", "name", "note"), "name"),
        Part("required_documents", ("document", "uri"), "document"),
        Part("cost_options", ("option", "amount", "currency", "amount_description"), ""),
    ),
)
LOCATION = Shape(
    "location",
    Location,
    (
        *("name", "alternate_name", "description", "text_language", "transportation"),
        *("latitude", "longitude", "wheelchair"),
    ),
    (
        Part(
            "addresses",
            ("address_1", "address_2", "city", "region", "state_province", "postal_code", "country"),
            "",
        ),
        _PHONES,
        _HOURS,
        Part("accessibility", ("description", "details", "url"), ""),
    ),
)
ORGANIZATION = Shape(
    "organization",
    Organization,
    ("name", "alternate_name", "description", "text_language", "email", "website"),
    (_PHONES,),
)
SHAPES = {shape.table: shape for shape in (SERVICE, LOCATION, ORGANIZATION)}


def shape_of(record: models.Model) -> Shape:
    """The shape of a record."""
    return next(shape for shape in SHAPES.values() if isinstance(record, shape.model))


def read(record: models.Model) -> Draft:
    """A record as plain values, its rows in a fixed order."""
    shape = shape_of(record)
    draft: Draft = {name: plain(getattr(record, name)) for name in shape.fields}
    for part in shape.parts:
        rows = getattr(record, part.name).order_by(*_order(part)).values("id", *part.columns)
        draft[part.name] = [{key: plain(value) for key, value in row.items()} for row in rows]
    return draft


def _order(part: Part) -> Sequence[str]:
    return ("byday", "opens_at", "id") if part.name == "schedules" else (part.columns[0], "id")


def empty(shape: Shape) -> Draft:
    """A record that says nothing yet."""
    made = shape.model()
    draft: Draft = {name: plain(getattr(made, name)) for name in shape.fields}
    return draft | {part.name: [] for part in shape.parts}


def plain(value: Any) -> Any:
    """Fit for JSON."""
    if isinstance(value, date | UUID):
        return str(value)
    return list(value) if isinstance(value, list | tuple) else value


def write_fields(record: models.Model, draft: Mapping[str, Any], names: Sequence[str]) -> None:
    """Put the named fields into a record, which is not saved yet."""
    for name in shape_of(record).fields:
        if name in names:
            setattr(record, name, draft[name])


def write_parts(record: models.Model, draft: Mapping[str, Any], names: Sequence[str]) -> list[UUID]:
    """Replace the rows of the named parts: those with an id stay, with what is new in them. Gives the ids of
    rows that are gone."""
    gone: list[UUID] = []
    for part in shape_of(record).parts:
        if part.name in names:
            gone += _write_rows(record, part, draft[part.name])
    return gone


def _write_rows(record: models.Model, part: Part, rows: Sequence[Mapping[str, Any]]) -> list[UUID]:
    manager = getattr(record, part.name)
    known = {str(row.pk): row for row in manager.all()}
    kept = set()
    for row in rows:
        there = known.get(str(row.get("id") or ""))
        values = {name: _fit(manager.model, name, row.get(name)) for name in part.columns}
        if there is None:
            manager.create(**values)
            continue
        kept.add(str(there.pk))
        for name, value in values.items():
            setattr(there, name, value)
        there.save()
    gone = [row.pk for key, row in known.items() if key not in kept]
    manager.filter(pk__in=gone).delete()
    return gone


def _fit(model: type[models.Model], name: str, value: Any) -> Any:
    """Empty as the column has it: '' for words, nothing for numbers and days."""
    column = model._meta.get_field(name)
    if value in (None, ""):
        return None if column.null else ""
    return value
