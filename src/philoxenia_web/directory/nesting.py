"""Records as HSDS nests them: each table is read once, whatever the number of records.

Leaves out what is empty, ids of the parent a row hangs under, and whatever belongs to a confidential place.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from philoxenia_web.directory.rows import (
    OWN_NAMES,
    Row,
    by_any_parent,
    by_id,
    keys,
    model_of,
    select,
    table,
)

# Under which name rows of a table stand in the record they belong to.
_MANY = {
    "service": {
        "phones": "phone",
        "schedules": "schedule",
        "service_areas": "service_area",
        "service_at_locations": "service_at_location",
        "languages": "language",
        "funding": "funding",
        "cost_options": "cost_option",
        "required_documents": "required_document",
        "contacts": "contact",
        "capacities": "service_capacity",
        "additional_urls": "url",
    },
    "service_at_location": {
        "service_areas": "service_area",
        "contacts": "contact",
        "phones": "phone",
        "schedules": "schedule",
    },
    "location": {
        "languages": "language",
        "addresses": "address",
        "contacts": "contact",
        "accessibility": "accessibility",
        "phones": "phone",
        "schedules": "schedule",
    },
    "organization": {
        "funding": "funding",
        "contacts": "contact",
        "phones": "phone",
        "locations": "location",
        "programs": "program",
        "organization_identifiers": "organization_identifier",
        "additional_websites": "url",
    },
    "contact": {"phones": "phone"},
    "phone": {"languages": "language"},
}
_ONE = {
    "service": {"program": "program"},
    "service_at_location": {"location": "location"},
    "service_capacity": {"unit": "unit"},
    "attribute": {"taxonomy_term": "taxonomy_term"},
    "taxonomy_term": {"taxonomy_detail": "taxonomy"},
}
# What is read for a record, parents before what hangs on them.
_READ = (
    *("program", "service_at_location", "location", "contact", "phone", "schedule", "language"),
    *("service_area", "address", "accessibility", "funding", "cost_option", "required_document"),
    *("service_capacity", "unit", "url", "organization_identifier"),
)
# HSDS asks for these, also where a record says nothing.
_ALWAYS = {
    "organization": ("name", "description"),
    "program": ("name", "description"),
    "service": ("name", "status"),
    "location": ("location_type",),
    "address": ("address_1", "city", "state_province", "postal_code", "country", "address_type"),
    "phone": ("number",),
    "organization_identifier": ("identifier_type", "identifier"),
    "taxonomy": ("name", "description"),
    "taxonomy_term": ("name", "description"),
    "unit": ("name",),
    "url": ("url",),
    "service_capacity": ("available", "updated"),
    "metadata": (
        *("last_action_date", "last_action_type", "field_name", "previous_value", "replacement_value"),
        "updated_by",
    ),
}
# Ours alone: how a record is kept, not what it says.
_KEPT_BACK = frozenset({"version", "held", "withheld", "member_id", "check_by", "checked_by", "placeholder"})
_PLAIN = frozenset({"asks_status", "safe_without_papers", "wheelchair"})
_SELDOM = frozenset({"confidential", "synthetic"})
_UNKNOWN = "unknown"
Pool = dict[str, dict[UUID, Row]]


def services(ids: Sequence[UUID], *, full: bool = True) -> list[dict[str, Any]]:
    """Services in the order of their ids: with all that hangs on them, or with what each has one of."""
    nest = Nest("service", ids, full=full)
    return [nest.shaped("service", one) for one in ids if nest.has("service", one)]


def services_at(ids: Sequence[UUID], *, full: bool = True) -> list[dict[str, Any]]:
    """Services at locations, each with its service."""
    nest = Nest("service_at_location", ids, full=full)
    read = nest.pool["service_at_location"]
    known = Nest("service", [row["service_id"] for row in read.values()], full=full)
    made = []
    for one in ids:
        if nest.has("service_at_location", one):
            service = known.shaped("service", read[one]["service_id"])
            service.pop("service_at_locations", None)
            made.append(nest.shaped("service_at_location", one) | {"service": service})
    return made


def organizations(ids: Sequence[UUID], *, full: bool = True) -> list[dict[str, Any]]:
    """Organisations."""
    nest = Nest("organization", ids, full=full)
    return [nest.shaped("organization", one) for one in ids if nest.has("organization", one)]


def plain(name: str, rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows of a table of terms, a term with the list it is of."""
    found = list(rows)
    lists = by_id("taxonomy", (one.get("taxonomy_id") for one in found))
    made = []
    for row in found:
        shaped = fields(name, row)
        of = lists.get(row.get("taxonomy_id"))
        if of:
            shaped["taxonomy"] = shaped.get("taxonomy") or of["name"]
            shaped["taxonomy_detail"] = fields("taxonomy", of)
        made.append(shaped)
    return made


def fields(name: str, row: Row, parent: str = "") -> dict[str, Any]:
    """One row without what hangs on it, as JSON has it; `parent` is the column of the row it stands in."""
    always = _ALWAYS.get(name, ())
    shaped = {}
    for column, value in row.items():
        if column in _KEPT_BACK or column == parent:
            continue
        if _says_nothing(column, value) and column not in always:
            continue
        shaped[OWN_NAMES.get((name, column), column)] = _json(name, column, value)
    return shaped


def _says_nothing(column: str, value: Any) -> bool:
    """Nothing, or what holds for nearly every record; 0 and "not free" say something."""
    if column in _PLAIN:
        return bool(value == _UNKNOWN)
    if isinstance(value, bool):
        return column in _SELDOM and not value
    return value is None or value in ("", [])


def _json(name: str, column: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    if isinstance(value, UUID | date):
        return str(value)
    if (name, column) == ("phone", "extension"):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return "" if value is None else value


class Nest:
    """Records of one table and everything that hangs on them."""

    def __init__(self, root: str, ids: Sequence[UUID], *, full: bool) -> None:
        self.pool: Pool = defaultdict(dict)
        self.below: dict[tuple[str, str], dict[UUID, list[Row]]] = {}
        self.said: dict[UUID, list[Row]] = {}
        self.told: dict[UUID, list[Row]] = {}
        self.full = full
        self._put(root, by_id(root, ids).values())
        self._read_organizations()
        if full:
            self._read_below()
        else:
            self._read_ones()

    def has(self, name: str, key: UUID) -> bool:
        """Whether there is such a record that may be told of."""
        return key in self.pool[name]

    def shaped(self, name: str, key: UUID) -> dict[str, Any]:
        """A record as HSDS has it."""
        return self._shape(name, self.pool[name][key])

    def _put(self, name: str, rows: Iterable[Row]) -> None:
        """Into the pool, but for places and organisations nobody is told of."""
        for row in rows:
            if not (name == "location" and row["confidential"]) and not (
                name == "organization" and row["withheld"]
            ):
                self.pool[name][row["id"]] = row

    def _read_organizations(self) -> None:
        owners = [row["organization_id"] for row in self.pool["service"].values()]
        self._put("organization", by_id("organization", owners).values())

    def _read_ones(self) -> None:
        self._read_named("program")
        self._read_named("location")

    def _read_below(self) -> None:
        # Of the organisation of a service, HSDS nests only what each has one of.
        roots = {} if self.pool["service"] else self.pool["organization"]
        for name in _READ:
            if name in ("program", "location", "unit"):
                self._read_named(name)
            parents = self._parents(name, roots)
            if parents:
                grouped = by_any_parent(name, parents)
                self._put(name, (row for rows in grouped.values() for row in rows))
                for key in parents:
                    self.below[name, key] = grouped
        self._read_said()

    def _read_named(self, name: str) -> None:
        """Rows that others name, such as the place of a service there."""
        column = f"{name}_id"
        naming = {"program": "service", "location": "service_at_location", "unit": "service_capacity"}[name]
        self._put(name, by_id(name, (one[column] for one in self.pool[naming].values())).values())

    def _parents(self, name: str, roots: Mapping[UUID, Row]) -> dict[str, list[UUID]]:
        """Of each column that names a parent, the parents that are here."""
        found = {}
        for column, to in keys(name).items():
            if name not in _MANY.get(to, {}).values():
                continue
            ids = list(roots if to == "organization" else self.pool[to])
            if ids:
                found[column] = ids
        return found

    def _read_said(self) -> None:
        """Terms and changes of every record that is here."""
        ids = [key for rows in self.pool.values() for key in rows]
        hidden = {key for key, row in self.pool["service"].items() if row["confidential"]}
        for row in select("attribute", "link_id = any(%s)", [ids]):
            self.said.setdefault(row["link_id"], []).append(row)
        terms = [one["taxonomy_term_id"] for rows in self.said.values() for one in rows]
        self._put("taxonomy_term", by_id("taxonomy_term", terms).values())
        lists = [one["taxonomy_id"] for one in self.pool["taxonomy_term"].values()]
        self._put("taxonomy", by_id("taxonomy", lists).values())
        for row in select("metadata", "resource_id = any(%s)", [[one for one in ids if one not in hidden]]):
            self.told.setdefault(row["resource_id"], []).append(row)

    def _shape(self, name: str, row: Row, parent: str = "") -> dict[str, Any]:
        made = fields(name, row, parent)
        for label, to in _ONE.get(name, {}).items():
            other = self.pool[to].get(row[f"{to}_id"])
            if other:
                made[label] = self._shape(to, other)
        organization = self.pool["organization"].get(row["organization_id"]) if name == "service" else None
        if organization:
            made["organization"] = fields("organization", organization)
        if self.full:
            made |= self._hanging(name, row)
        return made

    def _hanging(self, name: str, row: Row) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for label, below in _MANY.get(name, {}).items():
            key = f"{name}_id"
            rows = self.below.get((below, key), {}).get(row["id"], [])
            here = [one for one in rows if one[key] == row["id"] and one["id"] in self.pool[below]]
            if below == "service_at_location":
                here = [one for one in here if one["location_id"] in self.pool["location"]]
            if here:
                made[label] = [self._shape(below, one, key) for one in here]
        if row["id"] in self.said and name != "attribute":
            made["attributes"] = [self._shape("attribute", one) for one in self.said[row["id"]]]
        if row["id"] in self.told:
            made["metadata"] = [fields("metadata", one) for one in self.told[row["id"]]]
        return made


def columns(name: str) -> tuple[str, ...]:
    """Columns of a table that are told, by their HSDS names."""
    told = (one for one in table(name).columns if one not in _KEPT_BACK)
    return tuple(OWN_NAMES.get((name, one), one) for one in told)


def kind_of(name: str, column: str) -> str:
    """The kind of a told column, as the model has it."""
    own = {told: ours for (of, ours), told in OWN_NAMES.items() if of == name}.get(column, column)
    return next(type(one).__name__ for one in model_of(name)._meta.concrete_fields if one.column == own)
