"""The tables behind the report: CSV with a row of HXL tags, Parquet, and an index that describes them.

Owns names, order of rows and writer settings, so that the same findings give the same bytes.
"""

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import polars as pl

from philoxenia.exchange.hxl import with_hashtags
from philoxenia.reference import reference_table
from philoxenia.report.types import Findings, TableQuality
from philoxenia.report.words import packaged_rows

_FIGURES = 8
_FRAMES = (
    "people", "values", "pressure", "exposure", "reach", "unreached", "history", "forecasts",
    "arrival_totals", "demand", "backtest", "load", "totals", "outlook", "settlement", "shelter",
)  # fmt: skip


def tables(findings: Findings) -> dict[str, pl.DataFrame]:
    """Every table of the findings by name, without outlines; empty ones are left out."""
    found = {"districts": findings.districts.drop("geometry", strict=False)}
    found |= {name: getattr(findings, name) for name in _FRAMES}
    found |= {"quality": quality_table(findings.quality), "parameters": parameter_table(findings)}
    return {name: _rounded(frame) for name, frame in found.items() if not frame.is_empty()}


def _rounded(frame: pl.DataFrame) -> pl.DataFrame:
    # Digits beyond these are noise of the machine, and differ between machines.
    return frame.with_columns(pl.col(pl.Float64).round_sig_figs(_FIGURES))


def quality_table(quality: tuple[TableQuality, ...]) -> pl.DataFrame:
    """One row a table of the city; several mends or warnings stand in one cell, one a line."""
    rows = [
        {
            "table": one.table,
            "title": one.title,
            "owner": one.owner,
            "licence": one.licence,
            "date": one.date,
            "rows": one.rows,
            "raw_file": one.raw_file,
            "mended": "\n".join(one.mended),
            "warnings": "\n".join(one.warnings),
            "note": one.note,
        }
        for one in sorted(quality, key=lambda one: one.table)
    ]
    return pl.DataFrame(rows)


def parameter_table(findings: Findings) -> pl.DataFrame:
    """One row a parameter with its value in this run; `overridden` names who changed it."""
    rows = (findings.parameters.row(name) for name in sorted(findings.parameters))
    return pl.DataFrame(
        [
            {
                "parameter": row.name,
                "value": row.value,
                "unit": row.unit,
                "low": row.low,
                "high": row.high,
                "description": row.description,
                "source": row.source,
                "date": row.date,
                "overridden": row.overridden,
            }
            for row in rows
        ]
    )


def as_csv(frame: pl.DataFrame) -> bytes:
    """The table with its hashtags in the second row."""
    return with_hashtags(frame, None, dict(_tags())).write_csv().encode()


def as_parquet(frame: pl.DataFrame) -> bytes:
    """The table with settings that give the same bytes for the same rows."""
    buffer = BytesIO()
    frame.rechunk().write_parquet(
        buffer, compression="zstd", compression_level=7, statistics=True, use_pyarrow=False
    )
    return buffer.getvalue()


def index(found: Mapping[str, pl.DataFrame], findings: Findings) -> bytes:
    """A Frictionless data package that names every table, its columns and the sources."""
    package = {
        "profile": "tabular-data-package",
        "name": _slug(findings.city.id),
        "title": f"{findings.city.name}: tables behind the report",
        "version": findings.version,
        "seed": findings.seed,
        "sources": _sources(findings.quality),
        "resources": [_resource(name, frame) for name, frame in found.items()],
    }
    return (json.dumps(package, ensure_ascii=False, indent=1) + "\n").encode()


def _resource(name: str, frame: pl.DataFrame) -> dict[str, Any]:
    known = {row["table"]: row["description"] for row in packaged_rows("tables")}
    return {
        "name": name,
        "description": known.get(name, ""),
        "path": f"{name}.csv",
        "alternative": f"{name}.parquet",
        "encoding": "utf-8",
        "dialect": {"header": True, "commentRows": [2]},
        "rows": frame.height,
        "schema": {"fields": [_field(column, kind) for column, kind in frame.schema.items()]},
    }


def _field(column: str, kind: pl.DataType) -> dict[str, str]:
    types = "integer" if kind.is_integer() else "number" if kind.is_float() else "string"
    return {
        "name": column,
        "type": "boolean" if kind == pl.Boolean else types,
        "hxl": _tags().get(column, ""),
    }


def _sources(quality: tuple[TableQuality, ...]) -> list[dict[str, str]]:
    told = {(one.owner, one.title or one.table, one.licence, one.date) for one in quality}
    keys = ("organization", "title", "license", "date")
    return [dict(zip(keys, one, strict=True)) for one in sorted(told)]


def _slug(text: str) -> str:
    return (
        "".join(sign if sign.isascii() and sign.isalnum() else "-" for sign in text.lower()).strip("-")
        or "city"
    )


def _tags() -> Mapping[str, str]:
    return dict(reference_table("hxl").select("column", "tag").iter_rows())
