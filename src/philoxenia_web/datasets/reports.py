"""The report of a check as a page shows it: sentences, each place, the rows around it."""

import json
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import get_language, gettext

from philoxenia.exchange.apart import ABOUT, FOUND, MENDS, ROWS
from philoxenia.exchange.ledger import catalogue
from philoxenia_web.datasets.checking import check_result
from philoxenia_web.datasets.models import Version

AROUND = 2
_WITHHELD = "(withheld)"
_SEVERITIES = ("refused", "warning", "note")
_NOTHING = "Nothing to do."
# Cells of these rules are never shown: they hold what nobody may collect.
_STATUS = "status"


@dataclass(frozen=True)
class Told:
    """One finding or mend in words. `lang` is the language of the words where it is not the page's."""

    rule: str
    severity: str
    column: str
    header: str
    count: int
    message: str
    remedy: str
    lang: str


def told(entry: dict[str, Any]) -> Told:
    """A finding or mend in the reader's language where its sentence is translated, else in English."""
    templates = catalogue().get(entry["rule"], {})
    message, lang = _worded(entry, entry.get("says", ""), entry["message"])
    remedy, other = _worded(entry, templates.get("remedy", ""), entry.get("remedy", ""))
    return Told(
        entry["rule"],
        entry.get("severity", "mended"),
        entry["column"] or "",
        entry["header"] or entry["column"] or "",
        entry["count"],
        message,
        "" if remedy in (_NOTHING, gettext(_NOTHING)) else remedy,
        lang or other,
    )


def _worded(entry: dict[str, Any], template: str, english: str) -> tuple[str, str]:
    if (get_language() or "en").startswith("en"):
        return english, ""
    translated = gettext(template) if template else ""
    if not template or translated == template:
        return english, "en"
    try:
        return translated.format_map(defaultdict(str, entry.get("values", {}))), ""
    except (ValueError, KeyError, IndexError):
        return english, "en"


def findings(version: Version, severity: str = "") -> list[Told]:
    """What was found, the gravest first."""
    entries = version.report.get("findings", [])
    return [told(entry) for entry in entries if severity in ("", entry["severity"])]


def mends(version: Version) -> list[Told]:
    """What was changed on the way in."""
    return [told(entry) for entry in version.report.get("mends", [])]


_WORDED = ("rule", "column", "header", "severity", "message", "remedy", "lang")


def places(version: Version) -> pl.DataFrame:
    """Each place where something was found: severity, row, header, column, value, rule, words, language."""
    found = _read(version, FOUND)
    worded = pl.DataFrame(
        [
            {
                "rule": one.rule,
                "column": one.column,
                "header": one.header,
                "severity": one.severity,
                "message": one.message,
                "remedy": one.remedy,
                "lang": one.lang,
            }
            for one in findings(version)
        ],
        schema=dict.fromkeys(_WORDED, pl.String),
    ).unique(["rule", "column"], maintain_order=True)
    if found is None:
        found = pl.DataFrame(
            schema={"rule": pl.String, "column": pl.String, "row": pl.Int64, "value": pl.String}
        )
    cells = found.select("rule", "column", "row", "value")
    whole = worded.join(cells, on=["rule", "column"], how="anti").select(
        "rule", "column", pl.lit(None, dtype=pl.Int64).alias("row"), pl.lit("").alias("value")
    )
    status = pl.col("rule").str.starts_with(_STATUS) & (pl.col("value") != "")
    order = pl.col("severity").replace_strict({name: i for i, name in enumerate(_SEVERITIES)}, default=9)
    return (
        pl.concat([cells, whole])
        .join(worded, on=["rule", "column"], how="inner", maintain_order="left")
        .with_columns(value=pl.when(status).then(pl.lit(_WITHHELD)).otherwise("value"))
        .sort(order, maintain_order=True)
    )


def changes(version: Version) -> pl.DataFrame:
    """Every change made on the way in: row, column, before, after, rule."""
    logged = _read(version, MENDS)
    if logged is None:
        columns = ("row", "column", "before", "after", "rule")
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    return logged


def about(version: Version) -> dict[str, Any]:
    """Headers, sheets and members of the file."""
    path = check_result(version) / ABOUT
    if not version.check_folder or not path.is_file():
        return {"headers": [], "hidden": [], "sheets": [], "members": []}
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return said


def _read(version: Version, name: str) -> pl.DataFrame | None:
    path = check_result(version) / name
    return pl.read_parquet(path) if version.check_folder and path.is_file() else None


@dataclass(frozen=True)
class Line:
    """One row of the file as shown: its number and cells as (text, whether something was found there)."""

    row: int
    cells: list[tuple[str, bool]]
    meant: bool


@dataclass(frozen=True)
class Excerpt:
    """Rows of the file around one of them."""

    headers: list[str]
    lines: list[Line]


def excerpt(version: Version, row: int | None, found: pl.DataFrame) -> Excerpt | None:
    """The file's own rows around a row, with the cells marked in which something was found."""
    path = check_result(version) / ROWS
    if not version.check_folder or not path.is_file():
        return None
    known = about(version)
    rows = _rows_around(path, row)
    if rows.is_empty():
        return None
    headers = known["headers"] or [name for name in rows.columns if name != "row"]
    hidden = set(known["hidden"]) | _status_columns(version, headers)
    marks = _marks(rows, found, headers)
    lines = [_line(values, headers, hidden, marks, row) for values in rows.iter_rows(named=True)]
    return Excerpt([*headers], lines)


def _rows_around(path: Path, row: int | None) -> pl.DataFrame:
    frame = pl.scan_parquet(path)
    if row is None:
        return frame.head(2 * AROUND + 1).collect()
    return frame.filter(pl.col("row").is_between(max(row - AROUND, 0), row + AROUND)).collect()


def _marks(rows: pl.DataFrame, found: pl.DataFrame, headers: list[str]) -> set[tuple[int, int]]:
    near = found.filter(pl.col("row").is_in(rows["row"].cast(pl.Int64).to_list()))
    at = {header: i for i, header in enumerate(headers)}
    return {(line["row"], at.get(line["header"], -1)) for line in near.iter_rows(named=True)}


def _line(
    values: dict[str, Any],
    headers: list[str],
    hidden: set[int],
    marks: set[tuple[int, int]],
    meant: int | None,
) -> Line:
    row = int(values["row"])
    cells = [
        (_WITHHELD if i in hidden else str(values.get(f"c{i}") or "")[:200], (row, i) in marks)
        for i in range(len(headers))
    ]
    return Line(row, cells, row == meant)


def _status_columns(version: Version, headers: list[str]) -> set[int]:
    told_of = {
        entry["header"] or entry["column"]
        for entry in version.report.get("findings", [])
        if entry["rule"].startswith(_STATUS)
    }
    return {i for i, header in enumerate(headers) if header in told_of}
