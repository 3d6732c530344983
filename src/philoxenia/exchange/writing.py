"""Writes a mended table and the log of its mends, each beside its place first and then renamed into it."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import polars as pl
import shapely

from philoxenia.exchange.hxl import with_hashtags
from philoxenia.exchange.outcome import CheckReport
from philoxenia.exchange.problems import DeclarationError


def write_table(report: CheckReport, out: Path, hxl: bool = False) -> None:
    """The mended table as CSV (outlines as WKT) or Parquet, by the ending of `out`; atomic."""
    table = report.table
    if out.suffix == ".parquet":
        _atomically(out, table.write_parquet)
    elif out.suffix == ".csv":
        text = with_hashtags(_flat(table), report.contract) if hxl else _flat(table)
        _atomically(out, text.write_csv)
    else:
        raise DeclarationError(f"{out.name}: a mended table is written as .csv or .parquet.")


def write_log(report: CheckReport, out: Path) -> Path:
    """Every mend beside the table, as `<table>.mends.csv`: row, column, before, after, rule."""
    path = out.with_name(f"{out.stem}.mends.csv")
    _atomically(path, report.mend_log.write_csv)
    return path


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    outlines = [name for name, dtype in table.schema.items() if dtype == pl.Binary]
    return table.with_columns(
        pl.Series(
            name,
            shapely.to_wkt(shapely.from_wkb(table[name].to_list()), rounding_precision=8),
            dtype=pl.String,
        )
        for name in outlines
    )


def _atomically(path: Path, write: Callable[[IO[bytes]], object]) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            write(stream)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
