"""Parquet files as text, batch by batch.

The libraries that decode Parquet can crash, not merely fail, on damaged bytes. So a file is first decoded
once in a process of its own: what kills that one is refused here.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from philoxenia.exchange.problems import UnreadableFileError

# Faults that the library reports are told by the caller, so they count as survived here.
_PROBE = """
import sys
import pyarrow as pa, pyarrow.parquet as pq
try:
    for batch in pq.ParquetFile(sys.argv[1]).iter_batches(batch_size=50_000):
        batch.validate(full=True)
except (pa.ArrowException, OSError):
    pass
"""
_DAMAGE = (pa.ArrowException, OSError, UnicodeDecodeError, pl.exceptions.PolarsError)


def open_parquet(path: Path) -> pq.ParquetFile:
    """A Parquet file that can be decoded without harm. Raises `UnreadableFileError` where it is damaged."""
    if sys.executable:
        probe = [sys.executable, "-I", "-c", _PROBE, str(path)]
        if subprocess.run(probe, capture_output=True, check=False).returncode < 0:
            raise _damaged(path.name)
    try:
        return pq.ParquetFile(path, buffer_size=1 << 20)
    except _DAMAGE as fault:
        raise UnreadableFileError(
            f"{path.name} is a damaged or cut-off Parquet file: its end is missing. Write or copy it again."
        ) from fault


def _damaged(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        f"{name} is a damaged Parquet file: a part of it cannot be unpacked. Write or copy it again."
    )


def text_schema(width: int) -> dict[str, type[pl.String]]:
    """Columns `c0`, `c1` ... of text."""
    return {f"c{i}": pl.String for i in range(width)}


def parquet_cells(name: str, file: pq.ParquetFile, rows: int) -> Iterator[pl.DataFrame]:
    """The cells as text, so many rows at a time. Raises `UnreadableFileError` where a part is damaged."""
    try:
        for batch in file.iter_batches(batch_size=rows):
            batch.validate(full=True)
            yield _as_text(pl.DataFrame(batch))
    except _DAMAGE as fault:
        raise _damaged(name) from fault


def _as_text(frame: pl.DataFrame) -> pl.DataFrame:
    columns = []
    for index, series in enumerate(frame.get_columns()):
        if series.dtype == pl.Binary:
            text = series.bin.encode("hex")
        elif series.dtype.is_nested():
            text = pl.Series(
                [None if value is None else str(value) for value in series.to_list()], dtype=pl.String
            )
        else:
            text = series.cast(pl.String)
        columns.append(text.alias(f"c{index}"))
    return pl.DataFrame(columns)
