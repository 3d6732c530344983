"""sources.toml: where each table of a package comes from, under which licence, what was mended; limits."""

import json
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RawRecord:
    """One raw extract as it was read."""

    file: str
    sha256: str
    contract: str
    rows: int
    owner: str
    licence: str
    date: str
    mended: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class TableRecord:
    """One table of the package, the extracts it is made of, and those that helped (such as a map)."""

    table: str
    title: str
    contract: str
    rows_out: int
    raws: tuple[RawRecord, ...]
    helpers: tuple[RawRecord, ...] = ()
    notes: tuple[str, ...] = ()


def sources_text(records: Sequence[TableRecord]) -> str:
    """The whole file, tables by name, the same bytes for the same records."""
    head = "# Written by `philoxenia city build`. Do not edit: change recipe.toml and build again.\n"
    return head + "".join(_table(record) for record in sorted(records, key=lambda record: record.table))


def _table(record: TableRecord) -> str:
    raws = record.raws
    lines = {
        "table": record.table,
        "title": record.title,
        "owner": _joined([raw.owner for raw in raws]),
        "licence": _joined([raw.licence for raw in raws]),
        "date": _joined([raw.date for raw in raws]),
        "raw_file": _joined([raw.file for raw in raws]),
        "sha256": _joined([raw.sha256 for raw in raws]),
        "contract": record.contract,
        "rows_in": sum(raw.rows for raw in raws),
        "rows_out": record.rows_out,
        "helped_by": [
            f"{raw.file} ({raw.owner}; {raw.licence}; sha256 {raw.sha256})" for raw in record.helpers
        ],
        "mended": [f"{raw.file}: {text}" for raw in raws for text in raw.mended],
        "notes": [*record.notes, *(text for raw in raws for text in raw.notes)],
    }
    return "\n[[table]]\n" + "".join(f"{name} = {_value(value)}\n" for name, value in lines.items())


def _joined(texts: Sequence[str]) -> str:
    return "; ".join(dict.fromkeys(text for text in texts if text))


def _value(value: object) -> str:
    if isinstance(value, list):
        items = dict.fromkeys(value)
        return "[" + "".join(f"\n  {_value(item)}," for item in items) + ("\n]" if items else "]")
    return json.dumps(value, ensure_ascii=False)
