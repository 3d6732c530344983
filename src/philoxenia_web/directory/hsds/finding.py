"""Which records a request asks for: ids of one page, and how many there are in all.

Counts are kept in memory until the directory changes, so that no request counts everything again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import get_language

from philoxenia_web.directory.hsds import areas
from philoxenia_web.directory.hsds.asking import Asked
from philoxenia_web.directory.hsds.remembered import Remembered, now
from philoxenia_web.directory.queries import is_shown

# Search is asked for so many at most, where other filters narrow what it finds.
_FOUND_A_PAGE, _FOUND_PAGES = 100, 5
_SHOWN = is_shown("s")
# Few records have a term, many one of a list: the one is looked up first, the other as records come.
_TERM = "{id} = any(array(select a.link_id from directory_attribute a where a.taxonomy_term_id = %s))"
_LIST = (
    "exists (select from directory_attribute a join directory_taxonomy_term t on t.id = a.taxonomy_term_id "
    "where a.link_id = {id} and t.taxonomy_id = %s)"
)


@dataclass
class Chosen:
    """A choice of records as SQL: where they are, under which conditions, with which values."""

    source: str
    key: str
    conditions: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    # Of a search: ids, the best first.
    ranked: list[UUID] | None = None

    def add(self, condition: str, *values: Any) -> None:
        """Narrow it."""
        self.conditions.append(condition)
        self.values.extend(values)

    @property
    def where(self) -> str:
        """All conditions."""
        return " and ".join(self.conditions) or "true"

    @property
    def question(self) -> tuple[str, ...]:
        """What tells it from others."""
        return (self.source, self.where, repr(self.values))

    @property
    def follows(self) -> bool:
        """Whether every change of it is among the changes of services."""
        return self.source.startswith("directory_service")


@dataclass(frozen=True)
class Page:
    """Ids of one page and the number of all."""

    ids: list[UUID]
    total: int


def services(asked: Asked) -> Chosen:
    """Services that are shown and asked for."""
    chosen = Chosen("directory_service s", "s.id", [_SHOWN])
    _narrow_services(chosen, asked)
    return chosen


def services_at(asked: Asked) -> Chosen:
    """Services at places that are shown and asked for."""
    source = "directory_service_at_location x join directory_service s on s.id = x.service_id"
    # No row leads to a confidential place: the database refuses it.
    chosen = Chosen(source, "x.id", [_SHOWN])
    _narrow_services(chosen, asked)
    if asked.postcode or asked.proximity is not None:
        chosen.source += " join directory_location l on l.id = x.location_id"
        areas.narrow(chosen, asked.postcode, asked.proximity)
    return chosen


def organizations(asked: Asked) -> Chosen:
    """Organisations that may be told of. Terms are those of any service they are shown with, or their own."""
    chosen = Chosen("directory_organization o", "o.id", ["not o.withheld"])
    if asked.search:
        chosen.add("(o.name ilike %s or o.alternate_name ilike %s)", *[_like(asked.search)] * 2)
    of = "exists (select from directory_service s where s.organization_id = o.id and {shown} and {terms})"
    for condition, value in _terms_asked(asked):
        services = of.format(shown=_SHOWN, terms=condition.format(id="s.id"))
        chosen.add(f"({condition.format(id='o.id')} or {services})", value, value)
    return chosen


def taxonomies(asked: Asked) -> Chosen:
    """Lists of terms."""
    chosen = Chosen("directory_taxonomy t", "t.id")
    if asked.search:
        chosen.add("(t.name ilike %s or t.description ilike %s)", *[_like(asked.search)] * 2)
    return chosen


def terms(asked: Asked) -> Chosen:
    """Terms."""
    chosen = Chosen("directory_taxonomy_term t", "t.id")
    if asked.search:
        chosen.add("(t.name ilike %s or t.code ilike %s)", *[_like(asked.search)] * 2)
    if asked.taxonomy_id:
        chosen.add("t.taxonomy_id = %s", asked.taxonomy_id)
    if asked.top_only:
        chosen.add("t.parent_id is null")
    if asked.parent_id:
        chosen.add("t.parent_id = %s", asked.parent_id)
    return chosen


def page(chosen: Chosen, asked: Asked) -> Page:
    """One page, in an order that stays."""
    first = (asked.page - 1) * asked.per_page
    if chosen.ranked is not None:
        kept = _kept(chosen)
        return Page(kept[first : first + asked.per_page], len(kept))
    total = count(chosen)
    if first >= total:
        return Page([], total)
    ids = _page_ids(chosen, first, asked.per_page)
    return Page(ids, total)


def _page_ids(chosen: Chosen, first: int, size: int) -> list[UUID]:
    """Behind the last id of the page before, where that was asked for; else by counting off."""
    here = (*now(), *chosen.question)
    last = _ends.get((*here, first)) if first else None
    if last is None:
        ids = _ids(chosen, f"order by {chosen.key} offset {first} limit {size}")
    else:
        ids = _ids(chosen, f"and {chosen.key} > %s order by {chosen.key} limit {size}", last)
    if len(ids) == size:
        _ends.put((*here, first + size), ids[-1])
    return ids


def batches(chosen: Chosen, size: int = 500) -> Iterator[list[UUID]]:
    """All of it, a batch at a time, whatever is written meanwhile."""
    if chosen.ranked is not None:
        kept = _kept(chosen)
        yield from (kept[at : at + size] for at in range(0, len(kept), size))
        return
    last = UUID(int=0)
    while ids := _ids(chosen, f"and {chosen.key} > %s order by {chosen.key} limit {size}", last):
        yield ids
        last = ids[-1]


def only(chosen: Chosen, key: UUID) -> bool:
    """Whether one record is among them."""
    return bool(_ids(chosen, f"and {chosen.key} = %s", key))


_counts: Remembered[int] = Remembered()
# By how many records come before: the id of the last of them.
_ends: Remembered[UUID] = Remembered()


def count(chosen: Chosen) -> int:
    """How many there are; of services, as of the last change."""
    key = (*now(), *chosen.question)
    known = _counts.get(key) if chosen.follows else None
    if known is not None:
        return known
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from {chosen.source} where {chosen.where}", chosen.values)  # noqa: S608
        found = int(cursor.fetchone()[0])
    _counts.put(key, found)
    return found


def _narrow_services(chosen: Chosen, asked: Asked) -> None:
    for condition, value in _terms_asked(asked):
        chosen.add(condition.format(id="s.id"), value)
    simple = {
        "s.organization_id = %s": asked.organization_id,
        "s.last_modified >= %s": asked.modified_after,
        "s.minimum_age >= %s": asked.minimum_age,
        "s.maximum_age <= %s": asked.maximum_age,
    }
    for condition, value in simple.items():
        if value is not None:
            chosen.add(condition, value)
    _narrow_hours(chosen, asked)
    if asked.search:
        chosen.ranked = _search(asked.search)
        chosen.add("s.id = any(%s)", chosen.ranked)


def _narrow_hours(chosen: Chosen, asked: Asked) -> None:
    """Services with hours on a day, from or to a time: their own hours, or those at a place."""
    conditions, values = [], []
    for condition, value in (
        ("h.byday like %s", f"%{asked.day}%" if asked.day else ""),
        ("h.opens_at >= %s", asked.start_time),
        ("h.closes_at <= %s", asked.end_time),
    ):
        if value:
            conditions.append(condition)
            values.append(value)
    if conditions:
        chosen.add(
            "exists (select from directory_schedule h left join directory_service_at_location y "
            "on y.id = h.service_at_location_id or y.location_id = h.location_id "
            f"where (h.service_id = s.id or y.service_id = s.id) and {' and '.join(conditions)})",
            *values,
        )


def _terms_asked(asked: Asked) -> list[tuple[str, UUID]]:
    found = {_TERM: asked.taxonomy_term_id, _LIST: asked.taxonomy_id}
    return [(condition, value) for condition, value in found.items() if value]


def _search(text: str) -> list[UUID]:
    """Ids from the directory's search, the best first."""
    # The search's library is loaded where something is searched.
    from philoxenia_web.directory.search import Query, find  # noqa: PLC0415

    ids: list[str] = []
    for number in range(1, _FOUND_PAGES + 1):
        found = find(Query(text=text, language=get_language() or "en", page=number, size=_FOUND_A_PAGE))
        ids += found.ids
        if len(ids) >= found.total or not found.ids:
            break
    return [UUID(one) for one in ids]


def _kept(chosen: Chosen) -> list[UUID]:
    """What else is asked for, in the order of the search."""
    if chosen.key == "s.id":
        found = set(_ids(chosen, ""))
        return [one for one in chosen.ranked or () if one in found]
    return _ids(chosen, f"order by array_position(%s, s.id), {chosen.key}", chosen.ranked)


def _ids(chosen: Chosen, rest: str, *values: Any) -> list[UUID]:
    query = f"select {chosen.key} from {chosen.source} where {chosen.where} {rest}"  # noqa: S608 (ours)
    with connection.cursor() as cursor:
        cursor.execute(query, [*chosen.values, *values])
        return [one for (one,) in cursor.fetchall()]


def _like(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"
