"""What finished studies found: tables, districts on a map, sentences, files. None of it ever changes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

import polars as pl
import shapely
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Query, Router

from philoxenia.report.foresight import TABLES
from philoxenia_web.accounts.access import actor_of
from philoxenia_web.api import figures
from philoxenia_web.api.conditional import is_known, not_modified
from philoxenia_web.api.frames import CSV, PARQUET, TABLE_TYPES, Rows, TableColumn, table_answer
from philoxenia_web.api.negotiation import JSON, preferred
from philoxenia_web.api.operations import operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.values import Answer, Id, Name, Text
from philoxenia_web.studies import queries
from philoxenia_web.studies.foresight import reading as foresight_reading
from philoxenia_web.studies.policies import READ
from philoxenia_web.studies.report.reading import Reading, reading_of

router = Router(tags=["Results"])
GEOJSON = "application/geo+json"
SVG = "image/svg+xml"
_KINDS = {
    ".csv": CSV,
    ".html": "text/html",
    ".json": JSON,
    ".parquet": PARQUET,
    ".pdf": "application/pdf",
    ".zip": "application/zip",
}
BYTES = "application/octet-stream"


class TableLine(Answer):
    """A table of a result."""

    name: str
    rows: int
    columns: list[TableColumn]


class FigureLine(Answer):
    """A drawing of a result: what it shows, also in words, and where the data are from."""

    name: str
    title: str
    words: list[str]
    source: str


class FileLine(Answer):
    """A file of a result."""

    path: str
    bytes: int
    sha256: str


class ResultFacts(Answer):
    """What a result says in sentences, in English, and what made it."""

    headline: str
    city: str
    newcomers_are: str
    seed: int
    engine_version: str
    result_hash: str
    remarks: dict[str, list[str]]
    missing: dict[str, list[str]]
    notes: list[str]


def _result(request: HttpRequest, study_id: UUID) -> tuple[Any, Path]:
    """A finished study one may read, and its folder."""
    study = queries.study_for(actor_of(request), study_id)
    return study, queries.result_folder(study)


@operation(
    router,
    "GET",
    "/studies/{study_id}/foresight",
    id="listForesightTables",
    permission=READ,
    answer=Page[TableLine],
)
def list_foresight_tables(request: HttpRequest, study_id: Id, paging: Query[Paging]) -> Any:
    """The tables of a finished foresight study: dividends by action, plans, boxes, triggers, futures."""
    folder = _foresight(request, study_id)
    return page_of(request, [_table(folder / f"{name}.parquet") for name in TABLES], Order(("name",)), paging)


@operation(
    router,
    "GET",
    "/studies/{study_id}/foresight/{table}",
    id="readForesightTable",
    permission=READ,
    answer=Rows,
    produces=TABLE_TYPES,
)
def read_foresight_table(request: HttpRequest, study_id: Id, table: Name, paging: Query[Paging]) -> Any:
    """One of them: pages of JSON, or the whole as CSV or Parquet by the header Accept.

    Money is in the city's currency at today's prices, discounted over the horizon unless a column says so.
    """
    folder = _foresight(request, study_id)
    if table not in TABLES:
        raise Http404
    study, _folder = _result(request, study_id)
    file = folder / f"{table}.parquet"
    tag = f"{study.result_hash[:24]}-foresight-{table}"
    return table_answer(request, lambda: pl.scan_parquet(file), paging, tag=tag, name=table)


def _foresight(request: HttpRequest, study_id: UUID) -> Path:
    """Where a finished foresight study one may read keeps its tables."""
    return queries.foresight_folder(queries.study_for(actor_of(request), study_id))


@operation(router, "GET", "/studies/{study_id}/result", id="readResult", permission=READ, answer=ResultFacts)
def read_result(request: HttpRequest, study_id: Id) -> Any:
    """The main finding, remarks, and what is missing."""
    study, _folder = _result(request, study_id)
    if study.is_foresight:
        return _foresight_facts(study)
    findings = reading_of(study).findings
    return {
        "headline": study.headline,
        "city": findings.city.name,
        "newcomers_are": findings.city.newcomers_are,
        "seed": findings.seed,
        "engine_version": findings.version,
        "result_hash": study.result_hash,
        "remarks": _lists(findings.remarks),
        "missing": _lists(findings.missing),
        "notes": list(findings.notes),
    }


def _foresight_facts(study: Any) -> dict[str, Any]:
    found = foresight_reading.reading_of(study).found
    return {
        "headline": study.headline,
        "city": found.city.name,
        "newcomers_are": found.city.newcomers_are,
        "seed": found.seed,
        "engine_version": found.version,
        "result_hash": study.result_hash,
        "remarks": {},
        "missing": {},
        "notes": list(found.notes),
    }


def _lists(said: Mapping[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {part: list(sentences) for part, sentences in said.items()}


@operation(
    router,
    "GET",
    "/studies/{study_id}/tables",
    id="listTables",
    permission=READ,
    answer=Page[TableLine],
)
def list_tables(request: HttpRequest, study_id: Id, paging: Query[Paging]) -> Any:
    """The tables of a result: pressure, forecasts, load, gaps and what they were made from."""
    _study, folder = _result(request, study_id)
    files = sorted((folder / "tables").glob("*.parquet"))
    return page_of(request, [_table(file) for file in files], Order(("name",)), paging)


def _table(file: Path) -> dict[str, Any]:
    frame = pl.scan_parquet(file)
    columns = [{"name": name, "type": str(kind)} for name, kind in frame.collect_schema().items()]
    return {"name": file.stem, "rows": frame.select(pl.len()).collect().item(), "columns": columns}


@operation(
    router,
    "GET",
    "/studies/{study_id}/tables/{name}",
    id="readTable",
    permission=READ,
    answer=Rows,
    produces=TABLE_TYPES,
)
def read_table(request: HttpRequest, study_id: Id, name: Name, paging: Query[Paging]) -> Any:
    """A table: pages of JSON, or the whole as CSV (with HXL tags) or Parquet by the header Accept."""
    study, folder = _result(request, study_id)
    # Only a name that is there is opened: nothing of what was sent becomes a path.
    file = next((one for one in (folder / "tables").glob("*.parquet") if one.stem == name), None)
    if file is None:
        raise Http404
    kind = preferred(request, TABLE_TYPES)
    if kind == JSON:
        tag = f"{study.result_hash[:24]}-{name}"
        return table_answer(request, lambda: pl.scan_parquet(file), paging, tag=tag, name=name)
    place = file if kind == PARQUET else file.with_suffix(".csv")
    return _sent(request, place, kind, f'"{study.result_hash[:24]}-{place.name}"')


@operation(
    router,
    "GET",
    "/studies/{study_id}/figures",
    id="listFigures",
    permission=READ,
    answer=Page[FigureLine],
)
def list_figures(request: HttpRequest, study_id: Id, paging: Query[Paging]) -> Any:
    """The drawings of a result: maps of pressure, forecasts, load. The first reader waits for the pencil."""
    study, _folder = _result(request, study_id)
    return page_of(request, figures.figures_of(study), Order(("name",)), paging)


@operation(
    router,
    "GET",
    "/studies/{study_id}/figures/{name}",
    id="readFigure",
    permission=READ,
    answer=bytes,
    produces=(SVG,),
)
def read_figure(request: HttpRequest, study_id: Id, name: Name) -> Any:
    """One drawing as SVG, to be saved."""
    study, _folder = _result(request, study_id)
    place = figures.drawing(study, name)
    if place is None:
        raise Http404
    return _sent(request, place, SVG, f'"{study.result_hash[:24]}-{place.name}"')


@operation(
    router,
    "GET",
    "/studies/{study_id}/files",
    id="listFiles",
    permission=READ,
    answer=Page[FileLine],
)
def list_files(request: HttpRequest, study_id: Id, paging: Query[Paging]) -> Any:
    """The files of a result with their hashes: report, PDF, tables."""
    _study, folder = _result(request, study_id)
    return page_of(request, _manifest(folder), Order(("path",)), paging)


@operation(
    router,
    "GET",
    "/studies/{study_id}/files/{path:path}",
    id="readFile",
    permission=READ,
    answer=bytes,
    produces=tuple(sorted({*_KINDS.values(), BYTES})),
)
def read_file(request: HttpRequest, study_id: Id, path: Text) -> Any:
    """One file as listed; also `everything.zip`, which holds them all, and `manifest.json`."""
    study, folder = _result(request, study_id)
    there = {one["path"] for one in _manifest(folder)} | {"everything.zip", "manifest.json"}
    if path not in there:
        raise Http404
    place = folder / path
    tag = f'"{study.result_hash[:24]}-{place.name}"'
    return _sent(request, place, _KINDS.get(place.suffix, BYTES), tag)


def _manifest(folder: Path) -> list[dict[str, Any]]:
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [{name: one[name] for name in FileLine.model_fields} for one in told["files"]]


def _sent(request: HttpRequest, place: Path, kind: str, tag: str) -> HttpResponseBase:
    """A file in pieces, to be saved and never shown as a page of this site."""
    if is_known(request, tag):
        return not_modified(tag)
    if not place.is_file():
        raise Http404
    response = FileResponse(place.open("rb"), content_type=kind, as_attachment=True, filename=place.name)
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@operation(
    router,
    "GET",
    "/studies/{study_id}/districts",
    id="readDistricts",
    permission=READ,
    answer=dict[str, Any],
    produces=(GEOJSON,),
)
def read_districts(request: HttpRequest, study_id: Id) -> Any:
    """Districts as GeoJSON with people and, for each aspect, score and rank among all residents."""
    study, _folder = _result(request, study_id)
    tag = f'"{study.result_hash[:24]}-districts"'
    if is_known(request, tag):
        return not_modified(tag)
    found = {"type": "FeatureCollection", "features": _features(reading_of(study))}
    body = json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    return HttpResponse(
        body, content_type=GEOJSON, headers={"ETag": tag, "Cache-Control": "private, no-cache"}
    )


def _features(reading: Reading) -> list[dict[str, Any]]:
    frame = reading.findings.districts
    shapes = dict(zip(frame["district_id"], frame["geometry"], strict=True)) if "geometry" in frame else {}
    return [
        {
            "type": "Feature",
            "id": district,
            "geometry": _geometry(shapes.get(district)),
            "properties": _properties(reading, district, name),
        }
        for district, name in reading.names.items()
    ]


def _geometry(shape: bytes | None) -> dict[str, Any] | None:
    # Seven digits are a centimetre; more only make the file larger.
    return (
        json.loads(shapely.to_geojson(shapely.set_precision(shapely.from_wkb(shape), 1e-7)))
        if shape
        else None
    )


def _properties(reading: Reading, district: str, name: str) -> dict[str, Any]:
    told: dict[str, Any] = {"district_id": district, "name": name}
    told |= {f"people_{population}": people.get(district) for population, people in reading.people.items()}
    for aspect in reading.aspects:
        row = reading.scores_of(aspect).get(district, {})
        told |= {f"{aspect}_score": row.get("score"), f"{aspect}_rank": row.get("rank")}
    return told
