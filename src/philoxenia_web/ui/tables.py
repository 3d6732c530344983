"""Tables that sort, filter, page and export on the server.

Rows are a QuerySet, a list of dicts or a Polars frame. Query parameters carry the table's id before them,
so that several tables live on one page. Only declared columns are sorted or filtered by: what a visitor
writes into the address never names a field.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _

from philoxenia_web.ui import exports, sources
from philoxenia_web.ui.cells import Cell, cell_of
from philoxenia_web.ui.columns import Column

SIZES = (25, 50, 100, 250)


@dataclass(frozen=True)
class Row:
    """One row as shown."""

    cells: list[Cell]
    href: str = ""
    marks: Sequence[tuple[str, str]] = ()


@dataclass
class Table:
    """A table of one page. `href` and `marks` are functions of a row, or keys of a dict row.

    `narrow` says what happens on a phone: "scroll" in a region of its own, or "cards".
    """

    id: str
    columns: Sequence[Column]
    rows: "QuerySet[Any] | Sequence[Mapping[str, Any]] | pl.DataFrame"
    request: HttpRequest
    caption: str = ""
    empty: str = ""
    href: Callable[[Any], str] | None = None
    marks: Callable[[Any], Sequence[tuple[str, str]]] | None = None
    order: str = ""
    size: int = SIZES[0]
    narrow: str = "scroll"
    download: bool = True
    note: str = ""

    @cached_property
    def source(self) -> sources.Source:
        """The rows behind one interface."""
        return sources.source_of(self.rows)

    @property
    def asked(self) -> QueryDict:
        """The query of the address."""
        return self.request.GET

    def parameter(self, name: str) -> str:
        """The value of one of this table's parameters."""
        return str(self.asked.get(f"{self.id}-{name}", "")).strip()

    @property
    def search(self) -> str:
        """What the visitor looks for."""
        return self.parameter("q")[:200].replace("\x00", "")

    @cached_property
    def sorting(self) -> tuple[Column | None, bool]:
        """The column sorted by and whether downwards."""
        asked = self.parameter("sort") or self.order
        name, downwards = asked.removeprefix("-"), asked.startswith("-")
        return next((one for one in self.columns if one.key == name and one.sort), None), downwards

    @property
    def sort_asked(self) -> str:
        """The order in the address, for the filter form to carry on."""
        column, downwards = self.sorting
        return f"{'-' if downwards else ''}{column.key}" if column and self.parameter("sort") else ""

    @property
    def previous_page(self) -> int:
        """The page before."""
        return self.page - 1

    @property
    def next_page(self) -> int:
        """The page after."""
        return self.page + 1

    @property
    def unfiltered(self) -> str:
        """This page's address without the filters."""
        return self.address(q=None, page=None, **{one.key: None for one in self.lists})

    @property
    def searchable(self) -> list[Column]:
        """The columns the search box looks in."""
        return [one for one in self.columns if one.filter and not one.choices]

    @property
    def lists(self) -> list[Column]:
        """The columns filtered by choosing from a list."""
        return [one for one in self.columns if one.filter and one.choices]

    @property
    def chosen(self) -> list[tuple[Column, str]]:
        """The choices made in lists, by column; values that are not offered are ignored."""
        asked = [(one, self.parameter(one.key)) for one in self.lists]
        return [(one, value) for one, value in asked if value in {str(offered) for offered in one.choices}]

    @cached_property
    def found(self) -> sources.Source:
        """The rows that pass the filters, in order."""
        kept = self.source
        if self.search and self.searchable:
            kept = kept.containing(self.search, [one.field for one in self.searchable])
        for column, value in self.chosen:
            kept = kept.equal(column.field, value)
        column, downwards = self.sorting
        return kept.sorted(column.field, downwards) if column else kept.in_own_order()

    @cached_property
    def total(self) -> int:
        """How many rows pass the filters."""
        return self.found.count()

    @property
    def page_size(self) -> int:
        """Rows on a page."""
        asked = self.parameter("size")
        return int(asked) if asked in {str(one) for one in SIZES} else self.size

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.page_size))

    @property
    def page(self) -> int:
        """The page shown; a page that is not there becomes the nearest."""
        asked = self.parameter("page")
        return (
            min(max(int(asked), 1), self.pages)
            if asked.isascii() and asked.isdigit() and len(asked) < 10
            else 1
        )

    @property
    def first(self) -> int:
        """The number of the first row shown."""
        return (self.page - 1) * self.page_size + 1 if self.total else 0

    @property
    def last(self) -> int:
        """The number of the last row shown."""
        return min(self.first + self.page_size - 1, self.total) if self.total else 0

    @cached_property
    def shown(self) -> list[Row]:
        """The rows of this page."""
        return [
            self._row(row) for row in self.found.slice(self.first - 1 if self.total else 0, self.page_size)
        ]

    def _row(self, row: Any) -> Row:
        cells = [cell_of(column, row) for column in self.columns]
        href = self.href(row) if self.href else (row.get("href", "") if isinstance(row, Mapping) else "")
        marks = self.marks(row) if self.marks else (row.get("marks", ()) if isinstance(row, Mapping) else ())
        return Row(cells, href, marks)

    @property
    def filtered(self) -> bool:
        """Whether some rows may be hidden by a filter."""
        return bool(self.search or self.chosen)

    @property
    def wants_export(self) -> bool:
        """Whether the visitor asked for the file."""
        return self.download and self.parameter("export") in exports.FORMATS

    def export(self) -> HttpResponse:
        """All rows that pass the filters, as a file."""
        return exports.download(self.id, self.parameter("export"), self.columns, self.found.every())

    def address(self, **changes: str | int | None) -> str:
        """This page's address with some of this table's parameters changed; others stay."""
        query = self.asked.copy()
        query.pop(f"{self.id}-export", None)
        for name, value in changes.items():
            query.pop(f"{self.id}-{name}", None)
            if value not in (None, ""):
                query[f"{self.id}-{name}"] = str(value)
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    @property
    def announcement(self) -> str:
        """What a screen reader hears after a change."""
        column, downwards = self.sorting
        words = {"first": self.first, "last": self.last, "total": self.total}
        if not self.total:
            return _("No rows.")
        if column is None:
            return _("Rows %(first)s to %(last)s of %(total)s.") % words
        words |= {"column": column.title}
        if downwards:
            return _("Rows %(first)s to %(last)s of %(total)s, by %(column)s from high to low.") % words
        return _("Rows %(first)s to %(last)s of %(total)s, by %(column)s from low to high.") % words
