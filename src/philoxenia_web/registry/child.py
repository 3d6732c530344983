"""Checks one list of people in a process of its own: memory in, memory out, nothing on any disk.

The file is an anonymous file in memory handed over by number; the table goes back the same way, the report on
the standard output. Errors are said by the exit code alone, because what a library says may hold a value.
Knows the engine, not Django.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

import polars as pl

from philoxenia.exchange import CheckReport, check_file
from philoxenia.exchange.ledger import Count, catalogue
from philoxenia.exchange.stray_status import without_status

CONTRACT = "people"
MEMORY_BYTES, SECONDS, NO_MEMORY = 6_000_000_000, 900, 86
# Small groups of rows, in the order of their numbers: one record is found without opening the others.
ROWS_IN_GROUP = 10_000
PLACES_KEPT, ROWS_KEPT = 2_000, 20
GONE = "…"
# What a sentence of the catalogue may say of a list of people. Everything else may be a value of a cell.
_TELLING = {
    "rows",
    "name",
    "meaning",
    "kind",
    "encoding",
    "delimiter",
    "total",
    "there",
    "width",
    "header_row",
}
_NUMBERS = {"found", "limit", "rows_checked", "low", "high"}
_HEADERS = {"column", "bare", "columns"}
_NO_HEADER = {"header_absent", "header_length"}
# Here columns and hints are those of the contract; elsewhere a hint may quote a cell.
_OF_THE_CONTRACT = {
    "header_absent": {"columns"},
    "wrong_kind": {"columns", "hint"},
    # A word of our own table of terms.
    "status_column": {"word", "language"},
}


def main() -> int:
    """Read the request, check, answer."""
    request = json.load(sys.stdin)
    _limit()
    try:
        report = checked(request)
    except MemoryError:
        return NO_MEMORY
    json.dump(report, sys.stdout, ensure_ascii=True)
    return 0


def checked(request: Mapping[str, Any]) -> dict[str, Any]:
    """Check the file of that number, write its table to the other, and give the report."""
    headers: list[str] = []
    report = check_file(
        f"/proc/{os.getpid()}/fd/{request['file']}",
        CONTRACT,
        request["city"] or None,
        name=request["name"],
        decided_by="the data steward who handed it in",
        seen=lambda names, cells, rows: headers.extend(names) if not headers else None,
        **request["options"],
    )
    table = kept_table(report.table, request["needs"])
    with os.fdopen(request["table"], "wb", closefd=False) as target:
        table.write_parquet(target, row_group_size=ROWS_IN_GROUP, statistics="full")
    return told(report, table, headers)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (4 * SECONDS, 4 * SECONDS))
    # A picture of the memory would hold names.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def kept_table(table: pl.DataFrame, needs: list[str]) -> pl.DataFrame:
    """The rows by number, with no other needs than the agreement names and no cell that names a status."""
    table = without_status(table)
    if "needs" in table.columns:
        codes = pl.col("needs").fill_null("").str.split(";").list.eval(pl.element().str.strip_chars())
        agreed = codes.list.eval(pl.element().filter(pl.element().is_in(needs))).list.join(";")
        table = table.with_columns(needs=agreed)
    return table.sort("record_id") if "record_id" in table.columns else table


def told(report: CheckReport, table: pl.DataFrame, names: Sequence[str]) -> dict[str, Any]:
    """The report without a single value of a cell: rules, rows, columns, counts."""
    document = report.document()
    headers = _headers_are_headers(document)
    synthetic = "synthetic" in table.columns and bool(table["synthetic"].fill_null(False).all())
    return {
        "outcome": document["outcome"],
        "rows": document["rows"],
        "kept": table.height,
        "synthetic": synthetic and table.height > 0,
        "sheets": [name for name in (report.file.sheet, *report.file.other_sheets) if name],
        "columns": [
            {"name": one["name"], "header": one["header"] if headers else one["name"]}
            for one in document["columns"]
        ],
        "headers": [name[:80] for name in names if name.strip()] if headers else [],
        "status": _status(document) if headers else [],
        "findings": [_finding(one, headers) for one in document["findings"]],
        "mends": [_mend(one, headers) for one in document["mends"]],
        "not_checked": [one["rule"] for one in document["not_checked"]],
        "places": _places(report, headers),
        "tables": [one["file"]["name"] for one in document["parts"]],
    }


def _headers_are_headers(document: Mapping[str, Any]) -> bool:
    """Whether the first row holds names of columns: in a file without a header it holds a person."""
    rules = {one["rule"] for one in document["findings"]}
    return len(document["columns"]) > 1 and not rules & _NO_HEADER


def _status(document: Mapping[str, Any]) -> list[str]:
    found = [one for one in document["findings"] if one["rule"] == "status_column"]
    return [one["header"] or one["column"] for one in found]


def _finding(entry: Mapping[str, Any], headers: bool) -> dict[str, Any]:
    values = _safe(entry, headers)
    rule, count = entry["rule"], entry["count"]
    return {
        "rule": rule,
        "severity": entry["severity"],
        "column": entry["column"] or "",
        "header": (entry["header"] or "") if headers else "",
        "count": count,
        "rows": [one["row"] for one in entry["examples"] if one["row"] is not None][:ROWS_KEPT],
        "says": entry["says"],
        "values": values,
        # What cannot be opened has a sentence of its own, about the file and never from it.
        "message": filled(entry["says"], count, values) if entry["says"] else entry["message"],
        "remedy": filled(catalogue().get(rule, {}).get("remedy", ""), count, values),
    }


def _mend(entry: Mapping[str, Any], headers: bool) -> dict[str, Any]:
    values = _safe(entry, headers)
    return {
        "rule": entry["rule"],
        "severity": "mended",
        "column": entry["column"] or "",
        "header": (entry["header"] or "") if headers else "",
        "count": entry["count"],
        "rows": [one["row"] for one in entry["examples"]][:ROWS_KEPT],
        "says": entry["says"],
        "values": values,
        "message": filled(entry["says"], entry["count"], values),
        "remedy": "",
    }


def _safe(entry: Mapping[str, Any], headers: bool) -> dict[str, str]:
    """The values of a sentence that cannot be the content of a cell."""
    allowed = _TELLING | (_HEADERS if headers else set())
    allowed = allowed | _OF_THE_CONTRACT.get(entry["rule"], set())
    if entry["rule"] == "column_missing" and headers:
        allowed = allowed | {"hint"}
    values = {}
    for name, value in entry["values"].items():
        number = name in _NUMBERS and value.replace(".", "", 1).isdigit()
        values[name] = value if name in allowed or number else GONE
    values["count"] = f"{entry['count']:,}"
    return values


def filled(template: str, count: int, values: Mapping[str, str]) -> str:
    """A sentence of the catalogue with what may be said put in."""
    parts = []
    for text, name, spec, _ in Formatter().parse(template):
        parts.append(text)
        if name == "count":
            parts.append(format(Count(count), spec or ""))
        elif name:
            parts.append(values.get(name, GONE))
    words = "".join(parts).strip()
    return words[:1].upper() + words[1:]


def _places(report: CheckReport, headers: bool) -> list[dict[str, Any]]:
    """Where to look in the file: rule, row and column."""
    found = report.found_cells.filter(pl.col("row").is_not_null()).head(PLACES_KEPT)
    named = "header" if headers else "column"
    return [
        {"rule": one["rule"], "severity": one["severity"], "row": one["row"], "column": one[named]}
        for one in found.iter_rows(named=True)
    ]


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Exception:
        # Whatever a library says of a hostile file may quote it.
        os._exit(1)
