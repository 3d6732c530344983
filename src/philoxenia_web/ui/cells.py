"""One cell of a table: what is read, the exact figure behind it, and what goes into a file."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.utils.translation import get_language_info

from philoxenia_web.ui import numbers
from philoxenia_web.ui.columns import Column


@dataclass(frozen=True)
class Cell:
    """What the template needs of a cell."""

    column: Column
    text: str
    exact: str = ""
    href: str = ""
    sign: str = ""
    machine: str = ""
    lang: str = ""

    @property
    def direction(self) -> str:
        """The direction of a language that is not the page's."""
        return "rtl" if get_language_info(self.lang)["bidi"] else "ltr"

    @property
    def kind(self) -> str:
        """The kind of its column."""
        return self.column.kind


def value_of(column: Column, row: Any) -> Any:
    """The value of a column in a row: a function's, a dict's, or an attribute's."""
    if column.value is not None:
        return column.value(row)
    if isinstance(row, Mapping):
        return row.get(column.key)
    for name in column.field.split("__"):
        row = getattr(row, name, None)
    return row


def cell_of(column: Column, row: Any) -> Cell:
    """The cell as shown."""
    value = value_of(column, row)
    make = _MAKERS.get(column.kind, _text)
    cell = make(column, value)
    lang = column.lang(row) if callable(column.lang) else column.lang
    return replace(cell, lang=lang) if lang and cell.text != numbers.NOT_KNOWN else cell


def _text(column: Column, value: Any) -> Cell:
    word = column.choices.get(value, value) if column.choices else value
    return Cell(column, numbers.NOT_KNOWN if word is None or word == "" else str(word))


def _link(column: Column, value: Any) -> Cell:
    words, href = value if isinstance(value, tuple | list) else (value, "")
    return Cell(column, str(words or numbers.NOT_KNOWN), href=str(href))


def _status(column: Column, value: Any) -> Cell:
    if isinstance(value, tuple | list):
        return Cell(column, str(value[0]), sign=str(value[1]))
    return Cell(column, str(column.choices.get(value, value or "")), sign=column.signs.get(value, "info"))


def _number(column: Column, value: Any) -> Cell:
    text, full = numbers.number(value), numbers.exact(value)
    return Cell(column, text, full if full != text else "")


def _interval(column: Column, value: Any) -> Cell:
    middle, low, high = numbers.bounds(value)
    return Cell(column, numbers.interval(middle, low, high), numbers.exact(middle))


def _when(column: Column, value: datetime | date | None) -> Cell:
    return Cell(column, numbers.when(value), machine=value.isoformat() if value else "")


def _day(column: Column, value: date | None) -> Cell:
    return Cell(column, numbers.day(value), machine=value.isoformat() if value else "")


_MAKERS = {
    "text": _text,
    "name": _text,
    "link": _link,
    "status": _status,
    "number": _number,
    "interval": _interval,
    "when": _when,
    "date": _day,
    "whole": lambda column, value: Cell(column, numbers.whole(value)),
    "percent": lambda column, value: Cell(column, numbers.percent(value)),
    "bytes": lambda column, value: Cell(column, numbers.size(value)),
    "month": lambda column, value: Cell(column, numbers.month(value)),
}
