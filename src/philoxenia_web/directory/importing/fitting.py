"""Frames of the engine's HSDS model as columns of our tables: every cell fits, whatever the source wrote."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

import polars as pl
from django.contrib.postgres.fields import ArrayField
from django.db import models

from philoxenia_web.directory.rows import keys, model_of

# Of the ids we give to records whose source has none like ours.
_NAMESPACE = UUID("6f4d9a63-7b0e-4f51-9a50-0d5f7bb9f2a4")
_UUID = r"(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
_MOMENT = (
    r"^\d{4}-\d\d-\d\d([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):?[0-5]\d)?)?$"
)
# Names of ours for columns of the engine's profile.
_RENAMED = {"language": "text_language"}
_RENAMED_IN = ("organization", "program", "service", "location")
_BY_NAME = {"taxonomy_term": {"taxonomy": "taxonomy_name"}}
# Columns that are worked out while they are staged.
_ALWAYS = ("confidential", "free")
# Longer cells are no words for people, and an index could not hold them.
_LONGEST, _LONGEST_INDEXED = 200_000, 200
_INDEXED = {("address", "postal_code"), ("taxonomy_term", "code")}
_MOST = 2_000_000_000


def fitted(name: str, frame: pl.DataFrame, feed: str) -> pl.DataFrame:
    """A frame with our columns, as far as it has any, ready for the database; nothing in it is refused."""
    frame = _named(name, frame)
    model = model_of(name)
    columns = {field.column: field for field in model._meta.concrete_fields}
    known = pl.col("external_id") if "external_id" in frame.columns else pl.lit(None, pl.String)
    frame = frame.with_columns(
        pl.coalesce(known, pl.col("id")).alias("external_id"), pl.lit(feed).alias("feed")
    )
    missing = [one for column, one in columns.items() if column not in frame.columns and _must(one)]
    frame = frame.with_columns(pl.lit(_default(one)).alias(one.column) for one in missing)
    kept = [column for column in columns if column in frame.columns]
    shaped = frame.select(_shaped(name, columns[column], frame.schema[column]) for column in kept)
    made = with_ids(shaped, feed, references(name, shaped.columns))
    return made.filter(pl.col("id").is_not_null()).unique("id", keep="first", maintain_order=True)


def _must(field: "models.Field[Any, Any]") -> bool:
    """Whether a row cannot do without it, and the database does not know what to put there."""
    told = field.column in _ALWAYS
    return told or not (field.null or field.primary_key or field.has_db_default())


def _default(field: "models.Field[Any, Any]") -> Any:
    if isinstance(field, models.DateTimeField):
        return "now"
    if isinstance(field, models.BooleanField | models.FloatField):
        return field.default if field.has_default() else None
    return str(field.default) if field.has_default() else ""


def references(name: str, columns: Sequence[str]) -> dict[str, str]:
    """Columns that hold ids, with the table they are of; '' where the row says which."""
    said = {"link_id": "", "resource_id": ""}
    found = {"id": name, **keys(name), **said}
    return {column: table for column, table in found.items() if column in columns}


def with_ids(frame: pl.DataFrame, feed: str, references: Mapping[str, str]) -> pl.DataFrame:
    """UUIDs stay; any other id becomes one that is the same at every import."""
    said = {"link_id": "link_entity", "resource_id": "resource_type", "record_id": "table"}
    for column, table in references.items():
        strange = pl.col(column).is_not_null() & ~pl.col(column).str.contains(_UUID)
        if not frame.select(strange.any()).item():
            continue
        of = pl.lit(table) if table else pl.col(said[column])
        key = pl.concat_str([pl.lit(feed), of, pl.col(column)], separator="\n")
        made = key.map_elements(lambda text: str(uuid5(_NAMESPACE, text)), return_dtype=pl.String)
        frame = frame.with_columns(pl.when(strange).then(made).otherwise(pl.col(column)).alias(column))
    return frame


def _named(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    renamed = dict(_RENAMED) if name in _RENAMED_IN else dict(_BY_NAME.get(name, {}))
    return frame.rename({old: new for old, new in renamed.items() if old in frame.columns})


def _shaped(name: str, field: "models.Field[Any, Any]", dtype: pl.DataType) -> pl.Expr:
    cell = pl.col(field.column)
    if isinstance(field, models.UUIDField | models.ForeignKey):
        return _empty_to_null(cell)
    if isinstance(field, models.BooleanField):
        return cell.cast(pl.Boolean) if field.null else cell.cast(pl.Boolean).fill_null(False)
    if isinstance(field, models.FloatField | models.IntegerField):
        return _number(field, cell)
    if isinstance(field, models.DateTimeField):
        return pl.when(cell.str.contains(_MOMENT)).then(cell).otherwise(pl.lit("now")).alias(field.column)
    if isinstance(field, models.DateField):
        return cell.cast(pl.String).str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    if isinstance(field, ArrayField):
        return _list(cell)
    if isinstance(field, models.JSONField):
        return cell.map_elements(_document, return_dtype=pl.String)
    return _words(name, field, cell, dtype)


def _empty_to_null(cell: pl.Expr) -> pl.Expr:
    words = cell.cast(pl.String).str.strip_chars()
    return pl.when(words == "").then(None).otherwise(words).name.keep()


def _number(field: "models.Field[Any, Any]", cell: pl.Expr) -> pl.Expr:
    number = cell.cast(pl.Float64, strict=False)
    number = pl.when(number.is_finite() & (number.abs() < _MOST)).then(number)
    if isinstance(field, models.IntegerField):
        return number.round().cast(pl.Int64).alias(field.column)
    return (number if field.null else number.otherwise(None).fill_null(0)).alias(field.column)


def _list(cell: pl.Expr) -> pl.Expr:
    """Codes parted by semicolons, as PostgreSQL writes a list."""
    codes = cell.cast(pl.String).fill_null("").str.extract_all(r"[A-Za-z0-9_-]{1,40}")
    return pl.concat_str(
        [pl.lit("{"), codes.list.unique(maintain_order=True).list.join(","), pl.lit("}")]
    ).alias("needs")


def _document(text: str) -> str | None:
    """JSON that can be read, else nothing."""
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return json.dumps(read) if isinstance(read, dict) else None


def _words(name: str, field: "models.Field[Any, Any]", cell: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if dtype.is_float():
        # A number in a column of words, such as an extension: 12, not 12.0.
        whole = cell.round() == cell
        cell = (
            pl.when(whole)
            .then(cell.cast(pl.Int64, strict=False).cast(pl.String))
            .otherwise(cell.cast(pl.String))
        )
    text = cell.cast(pl.String).fill_null("").str.replace_all("\x00", "", literal=True)
    if field.choices:
        known = [value for value, _ in field.choices]
        return pl.when(text.is_in(known)).then(text).otherwise(pl.lit(str(field.default))).alias(field.column)
    longest = field.max_length or _LONGEST
    if (name, field.column) in _INDEXED:
        longest = _LONGEST_INDEXED
    return text.str.slice(0, longest).alias(field.column)
