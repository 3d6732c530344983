"""Records written as HSDS's tabular data package: a CSV file a table and the datapackage.json that
describes them.

Owns the format. Only tables that hold something are written; profile columns stand behind those of HSDS.
"""

import json
import zipfile
from collections.abc import Collection
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from philoxenia.exchange.hsds.model import TRANSLATION, Field, Table, model
from philoxenia.exchange.hsds.reading import stripped
from philoxenia.exchange.hsds.records import Records

_TYPES = {
    "number": "number",
    "integer": "integer",
    "boolean": "boolean",
    "date": "date",
    "datetime": "datetime",
}
_FORMATS = {"uuid": "uuid", "email": "email", "url": "uri"}
# The day is the same in every package: the same records give the same bytes.
_STAMP = (1980, 1, 1, 0, 0, 0)


def package_files(records: Records, profile: bool = True) -> dict[str, bytes]:
    """Each file of the package by name. Without `profile` only the columns of HSDS 3.1 are written.

    Hidden sites are taken out once more before a byte is made.
    """
    kept = stripped(records)
    tables = {name: _table(model()[name], kept.tables[name], profile) for name in model() if kept.count(name)}
    if not profile:
        tables.pop(TRANSLATION, None)
    files = {"datapackage.json": _description(tables)}
    return files | {model()[name].file: _csv(frame) for name, frame in tables.items()}


def write_package(records: Records, path: Path, profile: bool = True) -> None:
    """Write the package as a zip archive, or into a folder that is there."""
    files = package_files(records, profile)
    if path.is_dir():
        for name, content in files.items():
            (path / name).write_bytes(content)
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _STAMP), content, zipfile.ZIP_DEFLATED)


def _table(table: Table, frame: pl.DataFrame, profile: bool) -> pl.DataFrame:
    fields = [field for field in table.fields if profile or not field.profile or table.name == TRANSLATION]
    return frame.select(_column(field) for field in fields)


def _column(field: Field) -> pl.Expr:
    """Whole numbers without a point, as people and databases write them."""
    if field.type != "number":
        return pl.col(field.name)
    whole = (pl.col(field.name).round() == pl.col(field.name)) & (pl.col(field.name).abs() < 1e15)
    text = pl.col(field.name).cast(pl.String)
    return pl.when(whole).then(text.str.strip_suffix(".0")).otherwise(text).alias(field.name)


def _csv(frame: pl.DataFrame) -> bytes:
    buffer = BytesIO()
    frame.write_csv(buffer)
    return buffer.getvalue()


def _description(tables: dict[str, pl.DataFrame]) -> bytes:
    resources = [_resource(model()[name], frame.columns, set(tables)) for name, frame in tables.items()]
    said = {
        "name": "human_services_data",
        "title": "Directory of services in the Human Services Data Specification 3.1",
        "profile": "tabular-data-package",
        "version": "3.1",
        "resources": resources,
    }
    return (json.dumps(said, indent=1, ensure_ascii=False) + "\n").encode()


def _resource(table: Table, columns: list[str], there: Collection[str]) -> dict[str, Any]:
    keys = [
        {"fields": field.name, "reference": {"resource": field.references, "fields": "id"}}
        for field in table.fields
        if field.references in there and field.name in columns
    ]
    schema: dict[str, Any] = {"fields": [_field(table.by_name[name]) for name in columns], "primaryKey": "id"}
    if keys:
        schema["foreignKeys"] = keys
    return {
        "name": table.name,
        "path": table.file,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(field: Field) -> dict[str, Any]:
    said: dict[str, Any] = {"name": field.name, "type": _TYPES.get(field.type, "string")}
    if field.type in _FORMATS:
        said["format"] = _FORMATS[field.type]
    if field.type == "datetime":
        said["format"] = "any"
    if field.meaning:
        said["description"] = field.meaning
    if field.name == "id":
        said["constraints"] = {"required": True, "unique": True}
    return said
