"""A table as a file: every row that passes the filters, exact figures, nothing a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from philoxenia_web.ui import numbers
from philoxenia_web.ui.cells import value_of
from philoxenia_web.ui.columns import Column

FORMATS = ("csv",)
# Signs with which a spreadsheet begins to compute.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def download(name: str, form: str, columns: Sequence[Column], rows: Iterable[Any]) -> HttpResponse:
    """The file, row by row; a mark at its start tells spreadsheets that it is UTF-8."""
    answer = StreamingHttpResponse(_lines(columns, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def _lines(columns: Sequence[Column], rows: Iterable[Any]) -> Iterator[bytes]:
    yield "\ufeff".encode()
    heads = [title for column in columns for title in _titles(column)]
    yield _line(heads)
    for row in rows:
        yield _line(value for column in columns for value in _values(column, value_of(column, row)))


def _titles(column: Column) -> list[str]:
    title = str(column.title)
    if column.kind != "interval":
        return [title]
    words = {"title": title}
    return [title, _("%(title)s, low") % words, _("%(title)s, high") % words]


def _values(column: Column, value: Any) -> list[Any]:
    if column.kind == "interval":
        return list(numbers.bounds(value))
    if column.kind in ("link", "status") and isinstance(value, tuple | list):
        return [str(value[0])]
    return [column.choices.get(value, value) if column.choices else value]


def _line(values: Iterable[Any]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([safe(value) for value in values])
    return text.getvalue().encode()


def safe(value: Any) -> Any:
    """A cell no spreadsheet takes for a formula: text that begins like one gets an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_DANGEROUS) else text
