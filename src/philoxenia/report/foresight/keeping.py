"""Foresight on disk: its tables as Parquet, the rest as JSON, read back exactly as they were.

Owns that every table has the columns `TABLES` names; the folder is kept as findings are.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

import polars as pl

from philoxenia.report.foresight.types import TABLES, Foresight
from philoxenia.report.keeping import (
    FORMAT,
    index_of,
    keep_frame,
    keep_whole,
    kept_frame,
    put,
    with_tuples,
)
from philoxenia.report.types import CityFacts, ReportError

_INDEX = "foresight.json"
_DISTRICTS = "city_districts"
_APART = ("city", "districts", "tables")


def keep_foresight(found: Foresight, folder: Path) -> None:
    """Write all that foresight found into `folder`, which appears whole or not at all; what was kept there
    before is replaced. Raises `ReportError` where nothing can be written or a table has other columns."""
    check_tables(found.tables)
    keep_whole(Path(folder), lambda unfinished: _write(found, unfinished))


def read_foresight(folder: Path) -> Foresight:
    """What was kept in `folder`. Raises `ReportError` that names the file that is missing or damaged."""
    folder = Path(folder)
    index = index_of(folder / _INDEX)
    try:
        hashes = dict(index["frames"])
        frames = {name: kept_frame(folder / f"{name}.parquet", digest) for name, digest in hashes.items()}
        districts = frames.pop(_DISTRICTS)
        city = CityFacts(**with_tuples(index["city"]))
        rest = with_tuples(index["said"])
        return Foresight(city=city, districts=districts, tables=frames, **rest)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise ReportError(
            f"{folder / _INDEX} is damaged: {error!r} while it was read. Run the study again."
        ) from error


def check_tables(tables: Mapping[str, pl.DataFrame]) -> None:
    """Raise `ReportError` where a table is missing or its columns are not those of `TABLES`."""
    for name, columns in TABLES.items():
        if name not in tables:
            raise ReportError(f"The table {name!r} of the foresight is missing.")
        given = tuple(tables[name].columns)
        known = columns[:-1] if columns[-1] == "*" else columns
        if given[: len(known)] != known or (columns[-1] != "*" and len(given) != len(columns)):
            raise ReportError(f"The table {name!r} has the columns {given}; {columns} are needed.")


def _write(found: Foresight, folder: Path) -> None:
    frames = {**found.tables, _DISTRICTS: found.districts}
    hashes = {name: keep_frame(frame, folder / f"{name}.parquet") for name, frame in frames.items()}
    said = {one.name: getattr(found, one.name) for one in fields(found) if one.name not in _APART}
    index = {"format": FORMAT, "city": asdict(found.city), "said": said, "frames": hashes}
    put(folder / _INDEX, json.dumps(index, ensure_ascii=False, indent=1).encode())
