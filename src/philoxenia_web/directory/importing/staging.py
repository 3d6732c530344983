"""Tables that live as long as the import's transaction, filled by COPY."""

import io
from collections.abc import Iterator

import polars as pl
from django.db import connection

from philoxenia_web.directory.rows import table

_ROWS = 50_000
_TRANSLATION = """
create temp table stage_translation (
  "table" text, record_id uuid, field text, language text, text text, status text, source_hash text,
  by text, known boolean not null default false) on commit drop"""


def stage(name: str, frame: pl.DataFrame) -> None:
    """Fill the stage of one table with the columns of a frame; the others get what the table gives them."""
    with connection.cursor() as cursor:
        like = f'like "{table(name).db_table}" including defaults'
        cursor.execute(f"drop table if exists pg_temp.stage_{name}")
        cursor.execute(f"create temp table stage_{name} ({like}) on commit drop")
        _copy(cursor, name, frame)


def stage_translations(frame: pl.DataFrame) -> None:
    """Fill the stage of translations."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists pg_temp.stage_translation")
        cursor.execute(_TRANSLATION)
        _copy(cursor, "translation", frame)


def _copy(cursor: object, name: str, frame: pl.DataFrame) -> None:
    columns = ", ".join(f'"{column}"' for column in frame.columns)
    query = f"copy stage_{name} ({columns}) from stdin (format csv, null '')"
    with cursor.copy(query) as copy:  # type: ignore[attr-defined]
        for part in _parts(frame):
            copy.write(part)
    if not frame.height:
        return
    cursor.execute(f"create index on stage_{name} ({_KEYS.get(name, 'id')})")  # type: ignore[attr-defined]
    cursor.execute(f"analyze stage_{name}")  # type: ignore[attr-defined]


_KEYS = {"translation": "record_id"}


def _parts(frame: pl.DataFrame) -> Iterator[bytes]:
    """CSV in which '' is a word without letters, and nothing is nothing."""
    for part in frame.iter_slices(_ROWS):
        written = io.BytesIO()
        part.write_csv(written, include_header=False, quote_style="non_numeric", null_value="")
        yield written.getvalue()
