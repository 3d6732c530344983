"""Opens a survey: text as written, first searched for what no survey may bring, then typed.

A survey is anonymous and never linked. Columns of names, numbers of people, addresses or positions are
refused; so is immigration status, as everywhere. A question about displacement may be asked here and only
here: the spec has to declare its column, and it serves to tell groups, nothing else.
"""

from pathlib import Path
from typing import Any

import narwhals as nw
import polars as pl

from philoxenia.exchange.files import Opened, open_file
from philoxenia.needs.profiles.anonymity import check_anonymous
from philoxenia.needs.profiles.types import ProfileError, Spec

_TRUE, _FALSE = {"true"}, {"false"}
_MISSING = ("", "NA", "N/A", "NaN", "null")


def read_survey(path: Path, spec: Spec) -> pl.DataFrame:
    """The survey in a CSV (packed or not), XLSX or Parquet file: numbers, truths and texts; missing is null.

    Raises `SurveyRefusedError` for columns that identify people or hold their immigration status, and
    `ProfileError` where the file holds no table.
    """
    return typed(check_anonymous(_texts(open_file(path), path.name), spec, path.name), spec)


def survey_of(frame: Any, spec: Spec, name: str = "the survey") -> pl.DataFrame:
    """The same from a frame that lies elsewhere: a DuckDB relation, a Spark frame, any lazy frame.

    Its rows come here once, in an order of their own: rows of one survey are a set, and every figure of a
    profile is a sum over them. Estimates of surveys too large for one machine: `survey.means_elsewhere`.
    """
    lazy = nw.from_native(frame).lazy()
    native = nw.to_native(lazy)
    rows = native.collect() if isinstance(native, pl.LazyFrame) else lazy.collect("polars").to_native()
    texts = rows.with_columns(pl.all().cast(pl.String))
    # An engine gives rows in the order its workers end: the same survey must give the same bytes.
    return typed(check_anonymous(texts.sort(sorted(texts.columns)), spec, name), spec)


def _texts(opened: Opened, name: str) -> pl.DataFrame:
    rows = [opened.head.row(place) for place in range(opened.head.cells.height)]
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    if not filled or max(filled) < 1:
        raise ProfileError(f"{name} holds no table. A survey has a header and a row for each household.")
    header = next(place for place, count in enumerate(filled) if count >= max(filled) * 0.8)
    headers = _once([cell.strip() for cell in rows[header]], name)
    first = opened.head.first_row + header
    parts = []
    for grid in opened.batches(len(headers), first):
        number = pl.int_range(grid.first_row, grid.first_row + grid.cells.height, eager=True)
        parts.append(grid.cells.filter(number > first))
    columns = {f"c{place}": header for place, header in enumerate(headers) if header}
    found = pl.concat(parts).select(list(columns)).rename(columns) if parts else pl.DataFrame()
    blank = pl.all_horizontal(pl.all().fill_null("").str.strip_chars() == "")
    found = found.filter(~blank) if found.width else found
    if found.is_empty():
        raise ProfileError(f"{name} has a header and no rows below it.")
    return found


def _once(headers: list[str], name: str) -> list[str]:
    twice = [header for header in headers if header and headers.count(header) > 1]
    if twice:
        raise ProfileError(f"{name} has two columns {twice[0]!r}. Give each column a name of its own.")
    return headers


def typed(texts: pl.DataFrame, spec: Spec) -> pl.DataFrame:
    """Columns of numbers as numbers, of true and false as truths, all else as text without outer spaces."""
    missing = [*_MISSING, *spec.missing]
    cleaned = texts.with_columns(pl.all().cast(pl.String).str.strip_chars())
    cleaned = cleaned.with_columns(pl.when(~pl.all().is_in(missing)).then(pl.all()))
    return pl.DataFrame([_typed(column) for column in cleaned])


def _typed(column: pl.Series) -> pl.Series:
    known = column.drop_nulls()
    if known.is_empty():
        return pl.Series(column.name, [None] * column.len(), dtype=pl.Null)
    numbers = column.cast(pl.Float64, strict=False)
    if numbers.null_count() == column.null_count():
        return numbers.fill_nan(None)
    values = set(known.unique().str.to_lowercase())
    if values <= (_TRUE | _FALSE):
        return column.str.to_lowercase().replace_strict(
            {"true": True, "false": False}, return_dtype=pl.Boolean
        )
    return column
