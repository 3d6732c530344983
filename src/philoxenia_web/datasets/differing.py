"""What changed between two versions, computed once: neither of them ever changes."""

import json
import uuid
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.conf import settings

from philoxenia.exchange import contracts
from philoxenia.lake.differences import CELLS_KEPT, difference
from philoxenia_web.datasets.models import Version
from philoxenia_web.datasets.queries import table_of
from philoxenia_web.datasets.stores import differences_folder


@dataclass(frozen=True)
class Differing:
    """Counts, and the changed cells (change, row, column, before, after); `cut` where not all are kept."""

    added: int
    removed: int
    changed: int
    same: int
    key: list[str]
    columns_added: list[str]
    columns_removed: list[str]
    by_column: list[tuple[str, int]]
    cells: pl.DataFrame
    cut: bool


def differing(before: Version, after: Version) -> Differing:
    """The difference of two published versions, from the store where it was computed before."""
    place = differences_folder() / f"{before.content_hash[:24]}-{after.content_hash[:24]}"
    cells, counts = place.with_suffix(".parquet"), place.with_suffix(".json")
    if not counts.is_file() or not cells.is_file():
        _compute(before, after, cells, counts)
    said = json.loads(counts.read_text(encoding="utf-8"))
    frame = pl.read_parquet(cells)
    said["by_column"] = [(name, count) for name, count in said["by_column"]]
    return Differing(cells=frame, cut=frame.height >= CELLS_KEPT, **said)


def _compute(before: Version, after: Version, cells: Path, counts: Path) -> None:
    contract = contracts(settings.ENVIRONMENT.city).get(after.contract)
    found = difference(table_of(before), table_of(after), contract.key if contract else ())
    said = {
        "added": found.added,
        "removed": found.removed,
        "changed": found.changed,
        "same": found.same,
        "key": found.key,
        "columns_added": found.columns_added,
        "columns_removed": found.columns_removed,
        "by_column": found.by_column,
    }
    fresh = cells.with_name(f".{uuid.uuid4().hex}")
    found.cells.write_parquet(fresh)
    fresh.replace(cells)
    fresh.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    fresh.replace(counts)
