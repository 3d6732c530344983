"""Where a table's rows come from: one interface over QuerySets, lists of dicts and Polars frames."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Protocol

import polars as pl
from django.db.models import F, Q, QuerySet


class Source(Protocol):
    """Rows that can be narrowed, ordered, counted and cut; each step gives a new source."""

    def containing(self, text: str, fields: Sequence[str]) -> "Source":
        """Rows with the text in one of the fields, large and small letters alike."""
        ...

    def equal(self, field: str, value: str) -> "Source":
        """Rows whose field is this value, compared as text."""
        ...

    def sorted(self, field: str, downwards: bool) -> "Source":
        """In the order of a field; rows without a value last, equal ones in their own order."""
        ...

    def in_own_order(self) -> "Source":
        """In the order they came, made definite."""
        ...

    def count(self) -> int:
        """How many."""
        ...

    def slice(self, start: int, length: int) -> list[Any]:
        """Some of them."""
        ...

    def every(self) -> Iterable[Any]:
        """All of them, for a file."""
        ...


def source_of(rows: Any) -> Source:
    """The source for what a view gave."""
    if isinstance(rows, QuerySet):
        return FromQuery(rows)
    if isinstance(rows, pl.DataFrame):
        return FromFrame(rows)
    return FromList(list(rows))


@dataclass(frozen=True)
class FromQuery:
    """Rows of the database; two queries a page."""

    rows: "QuerySet[Any]"

    def containing(self, text: str, fields: Sequence[str]) -> "FromQuery":
        """One `icontains` a field."""
        return FromQuery(
            self.rows.filter(reduce(or_, (Q(**{f"{name}__icontains": text}) for name in fields)))
        )

    def equal(self, field: str, value: str) -> "FromQuery":
        """An exact match."""
        return FromQuery(self.rows.filter(**{field: value}))

    def sorted(self, field: str, downwards: bool) -> "FromQuery":
        """With the primary key behind it, so that pages never overlap."""
        by = F(field).desc(nulls_last=True) if downwards else F(field).asc(nulls_last=True)
        return FromQuery(self.rows.order_by(by, "pk"))

    def in_own_order(self) -> "FromQuery":
        """The query's order with the primary key behind it."""
        query = self.rows.query
        own = query.order_by or (query.get_meta().ordering if query.default_ordering else ())
        return FromQuery(self.rows.order_by(*own, "pk"))

    def count(self) -> int:
        """One query."""
        return self.rows.count()

    def slice(self, start: int, length: int) -> list[Any]:
        """One query."""
        return list(self.rows[start : start + length])

    def every(self) -> Iterable[Any]:
        """In blocks, so that a long table does not fill the memory; keeps `prefetch_related`."""
        return self.rows.iterator(chunk_size=1000)


@dataclass(frozen=True)
class FromList:
    """Rows held in memory."""

    rows: list[Mapping[str, Any]]

    def containing(self, text: str, fields: Sequence[str]) -> "FromList":
        """Compared without case."""
        sought = text.casefold()
        return FromList(
            [row for row in self.rows if any(sought in str(row.get(name, "")).casefold() for name in fields)]
        )

    def equal(self, field: str, value: str) -> "FromList":
        """Compared as text."""
        return FromList([row for row in self.rows if str(row.get(field)) == value])

    def sorted(self, field: str, downwards: bool) -> "FromList":
        """A stable sort; an interval sorts by its middle."""
        known = [row for row in self.rows if sort_key(row.get(field)) is not None]
        missing = [row for row in self.rows if sort_key(row.get(field)) is None]
        return FromList(sorted(known, key=lambda row: sort_key(row.get(field)), reverse=downwards) + missing)  # type: ignore[arg-type,return-value]

    def in_own_order(self) -> "FromList":
        """As they came."""
        return self

    def count(self) -> int:
        """Their number."""
        return len(self.rows)

    def slice(self, start: int, length: int) -> list[Any]:
        """A piece of the list."""
        return self.rows[start : start + length]

    def every(self) -> Iterable[Any]:
        """The list."""
        return self.rows


@dataclass(frozen=True)
class FromFrame:
    """Rows of a Polars frame."""

    rows: pl.DataFrame

    def containing(self, text: str, fields: Sequence[str]) -> "FromFrame":
        """Compared in small letters, the text taken as it is and not as a pattern."""
        tests = [
            pl.col(name)
            .cast(pl.String)
            .str.to_lowercase()
            .str.contains(text.lower(), literal=True)
            .fill_null(False)
            for name in fields
        ]
        return FromFrame(self.rows.filter(pl.any_horizontal(tests)))

    def equal(self, field: str, value: str) -> "FromFrame":
        """Compared as text."""
        return FromFrame(self.rows.filter(pl.col(field).cast(pl.String) == value))

    def sorted(self, field: str, downwards: bool) -> "FromFrame":
        """A stable sort."""
        return FromFrame(self.rows.sort(field, descending=downwards, nulls_last=True, maintain_order=True))

    def in_own_order(self) -> "FromFrame":
        """As they came."""
        return self

    def count(self) -> int:
        """Its height."""
        return self.rows.height

    def slice(self, start: int, length: int) -> list[Any]:
        """Only these rows become dicts."""
        return self.rows.slice(start, length).to_dicts()

    def every(self) -> Iterable[Any]:
        """Row by row."""
        return self.rows.iter_rows(named=True)


def sort_key(value: Any) -> Any:
    """What a value is ordered by: text without case, an interval by its middle, nothing for nothing."""
    if isinstance(value, tuple | list):
        value = value[0] if value else None
    if isinstance(value, float) and value != value:
        return None
    return str(value).casefold() if value is not None and not _orders_itself(value) else value


def _orders_itself(value: Any) -> bool:
    return hasattr(value, "__lt__") and not isinstance(value, str) and not hasattr(value, "_proxy____args")
