"""Tables as answers: a page of rows as JSON, the whole as CSV or Parquet.

Tables that are served so never change, so a place in them is a number and the tag is that of their content.
"""

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import polars as pl
import polars.selectors as cs
from django.core import signing
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from pydantic import Field

from philoxenia_web.api.conditional import is_known, not_modified
from philoxenia_web.api.negotiation import JSON, preferred
from philoxenia_web.api.paging import Paging
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.values import Answer

CSV, PARQUET = "text/csv", "application/vnd.apache.parquet"
TABLE_TYPES = (JSON, CSV, PARQUET)
SALT = "philoxenia.api.rows"
_CHUNK = 256 * 1024
_SLICE = 5_000
# Signs with which a spreadsheet begins to compute.
_DANGEROUS = r"^[=+\-@\t\r]"


class TableColumn(Answer):
    """A column and the type of its cells."""

    name: str
    type: str


class Rows(Answer):
    """A page of a table. A row names its cells by column."""

    columns: list[TableColumn]
    total: int = Field(description="How many rows the whole table has.")
    items: list[dict[str, Any]]
    next: str | None


def table_answer(
    request: HttpRequest, read: Callable[[], pl.LazyFrame], paging: Paging, *, tag: str, name: str
) -> Any:
    """The table in the type the client prefers; 304 where it has it already."""
    kind = preferred(request, TABLE_TYPES)
    own_tag = f'"{tag}-{kind.rpartition("/")[2]}"' if kind != JSON else ""
    if own_tag and is_known(request, own_tag):
        return not_modified(own_tag)
    frame = read()
    if kind == JSON:
        return rows_from(request, frame.select(~cs.binary()), paging, tag)
    if paging.cursor:
        raise Problem("invalid", errors=[{"parameter": "cursor", "detail": "Files are not cut into pages."}])
    return _file(frame, kind, name, own_tag)


def rows_from(request: HttpRequest, frame: pl.LazyFrame, paging: Paging, tag: str) -> dict[str, Any]:
    """A page of rows of a table that never changes."""
    start = _start(paging.cursor, tag)
    total = frame.select(pl.len()).collect().item()
    rows = frame.slice(start, paging.limit).collect()
    after = start + rows.height
    cursor = signing.dumps([tag, after], salt=SALT, compress=True)
    # Whatever chose the rows stays in the address of the next ones.
    chosen = request.GET.dict() | {"limit": paging.limit, "cursor": cursor}
    address = f"{request.path}?{urlencode(chosen)}"
    return {
        "columns": [{"name": name, "type": str(kind)} for name, kind in rows.schema.items()],
        "total": total,
        "items": rows.to_dicts(),
        "next": address if after < total else None,
    }


def _start(cursor: str, tag: str) -> int:
    if not cursor:
        return 0
    try:
        known, start = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError):
        known, start = None, 0
    if known != tag:
        detail = "Take the cursor from next of the page before."
        raise Problem("invalid", errors=[{"parameter": "cursor", "detail": detail}])
    return int(start)


def _file(frame: pl.LazyFrame, kind: str, name: str, tag: str) -> HttpResponseBase:
    pieces = _csv(frame) if kind == CSV else _parquet(frame)
    ending = "csv" if kind == CSV else "parquet"
    content_type = f"{CSV}; charset=utf-8" if kind == CSV else PARQUET
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _csv(frame: pl.LazyFrame) -> Iterator[bytes]:
    """Slice by slice, so that a long table is never held as text; nothing in it a spreadsheet would run."""
    table = frame.select(~cs.binary()).collect()
    harmless = cs.string().str.replace(_DANGEROUS, "'$0")
    for start in range(0, max(table.height, 1), _SLICE):
        piece = table.slice(start, _SLICE).with_columns(harmless)
        yield piece.write_csv(include_header=start == 0).encode()


def _parquet(frame: pl.LazyFrame) -> Iterator[bytes]:
    buffer = BytesIO()
    frame.collect().write_parquet(buffer, compression="zstd")
    buffer.seek(0)
    while piece := buffer.read(_CHUNK):
        yield piece
