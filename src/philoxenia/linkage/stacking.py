"""Several lists as one frame: a row number, the source, the record, and every column linkage may read.

Owns the checks of what comes in; names of people never stand in what it says.
"""

import polars as pl

from philoxenia.linkage.types import PEOPLE_COLUMNS, LinkageError, Tables


def stacked(tables: Tables, columns: tuple[str, ...] = PEOPLE_COLUMNS) -> pl.DataFrame:
    """All lists below each other: row (from 0), source, record and `columns`, as text, empty text as null.

    Sources in the order of their names, records in the order of their ids, so that the order of files and
    rows changes nothing.
    """
    if not tables:
        raise LinkageError("No list was given. Hand in at least one list of people.")
    parts = [_part(source, tables[source], columns) for source in sorted(tables)]
    return pl.concat(parts).with_row_index("row")


def _part(source: str, table: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    _check(source, table)
    texts = [
        _text(name) if name in table.columns else pl.lit(None, pl.String).alias(name) for name in columns
    ]
    part = table.select(
        pl.lit(source).alias("source"), pl.col("record_id").cast(pl.String).alias("record"), *texts
    )
    return part.sort("record")


def _text(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String).str.strip_chars()
    return pl.when(text == "").then(None).otherwise(text).alias(name)


def _check(source: str, table: pl.DataFrame) -> None:
    if "record_id" not in table.columns:
        raise LinkageError(f"List {source!r} has no column record_id. Each record needs a number of its own.")
    if table.is_empty():
        raise LinkageError(f"List {source!r} holds no record. Leave it out or hand in the full list.")
    ids = table["record_id"]
    if ids.null_count():
        row = int(ids.is_null().arg_max() or 0) + 1
        raise LinkageError(
            f"List {source!r}, record {row}: record_id is empty. Give each record its own number."
        )
    twice = ids.len() - ids.n_unique()
    if twice:
        raise LinkageError(
            f"List {source!r}: {twice:,} records carry a record_id that another record has. "
            "Each record needs a number of its own; remove repeats."
        )
