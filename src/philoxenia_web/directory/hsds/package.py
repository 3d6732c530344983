"""Everything that is shown, as a tabular data package: made once for each state of the directory."""

import csv
import json
import os
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from philoxenia_web.directory import nesting
from philoxenia_web.directory.queries import IS_SHOWN, last_change
from philoxenia_web.directory.rows import OWN_NAMES, keys, table, tables

NAME = "directory-hsds.zip"
_ROWS = 2000
_making = threading.Lock()
# Rows of these tables are told where the record they belong to is.
_SHOWN = {
    "service": f"select id from directory_service where {IS_SHOWN}",  # noqa: S608
    "organization": "select id from directory_organization where not withheld",
    "location": "select id from directory_location where not confidential",
}


def response(request: HttpRequest) -> HttpResponseBase:
    """The package of the directory as it is now."""
    path = made()
    # Numbers of changes may come again after a restore; the time of making does not.
    tag = f'"{path.stem}-{path.stat().st_mtime_ns:x}"'
    if tag in [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]:
        answer: HttpResponseBase = HttpResponse(status=304)
    else:
        answer = FileResponse(path.open("rb"), as_attachment=True, filename=NAME)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer


def made() -> Path:
    """The file for the last change, made where it is not there yet; older ones are removed."""
    folder = settings.ENVIRONMENT.var / "directory" / "bulk"
    with _making:
        path = folder / f"{last_change()}.zip"
        if not path.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            _write(path)
            for old in folder.glob("*.zip"):
                if old != path:
                    old.unlink(missing_ok=True)
    return path


def _write(path: Path) -> None:
    """Beside its place, then into it."""
    handle, new = tempfile.mkstemp(dir=path.parent, suffix=".new")
    os.close(handle)
    try:
        with (
            transaction.atomic(),
            zipfile.ZipFile(new, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive,
        ):
            with connection.cursor() as cursor:
                cursor.execute("set local statement_timeout = '10min'")
            archive.writestr("datapackage.json", json.dumps(_described(), indent=1))
            for name in tables():
                _write_table(archive, name)
        Path(new).rename(path)
    finally:
        Path(new).unlink(missing_ok=True)


def _write_table(archive: zipfile.ZipFile, name: str) -> None:
    with archive.open(_file(name), "w") as raw, TextIOWrapper(raw, "utf-8", newline="") as text:
        writer = csv.writer(text)
        writer.writerow(nesting.columns(name))
        writer.writerows(_rows(name))


def _rows(name: str) -> Iterator[list[Any]]:
    known = table(name)
    mine = {OWN_NAMES.get((name, column), column): column for column in known.columns}
    told = [mine[column] for column in nesting.columns(name)]
    listed = ", ".join(f'"{column}"' for column in told)
    query = f"select {listed} from {known.db_table} where {_condition(name)} order by id"  # noqa: S608
    with connection.chunked_cursor() as cursor:
        cursor.execute(query)
        while rows := cursor.fetchmany(_ROWS):
            yield from ([_cell(value) for value in row] for row in rows)


def _condition(name: str) -> str:
    """Which rows are told: of records that are shown, or of nothing that is not."""
    if name in _SHOWN:
        return f"id in ({_SHOWN[name]})"
    shown = " union all ".join(_SHOWN.values())
    if name == "attribute":
        return f"link_id in ({shown})"
    if name == "metadata":
        hidden = "select id from directory_service where confidential"
        return f"resource_id in ({shown}) and resource_id not in ({hidden})"
    parts = [f"({column} is null or {column} in ({_of(to)}))" for column, to in keys(name).items() if _of(to)]
    return " and ".join(parts) or "true"


def _of(name: str) -> str:
    """Ids of a table that are told; '' where all are."""
    if name in _SHOWN:
        return _SHOWN[name]
    if name in ("service_at_location", "contact", "phone"):
        return f"select id from directory_{name} where {_condition(name)}"  # noqa: S608
    return ""


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return ";".join(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _file(name: str) -> str:
    return f"{_PLURAL.get(name, name + 's')}.csv"


_PLURAL = {
    "accessibility": "accessibility",
    "address": "addresses",
    "funding": "funding",
    "metadata": "metadata",
    "service_at_location": "service_at_location",
    "service_capacity": "service_capacities",
    "taxonomy": "taxonomies",
}


def _described() -> dict[str, Any]:
    resources = [
        {
            "name": name,
            "path": _file(name),
            "format": "csv",
            "mediatype": "text/csv",
            "profile": "tabular-data-resource",
            "schema": {
                "primaryKey": "id",
                "fields": [{"name": one, "type": _type(name, one)} for one in nesting.columns(name)],
            },
        }
        for name in tables()
    ]
    return {"name": "directory", "profile": "tabular-data-package", "resources": resources}


def _type(name: str, column: str) -> str:
    return {"FloatField": "number", "IntegerField": "integer", "BooleanField": "boolean"}.get(
        nesting.kind_of(name, column), "string"
    )
