"""From a file that a department hands in to a history: which columns, which cells are numbers, which are
blank.

Owns finding the named columns and reading their cells; how files are opened is the exchange's business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from philoxenia.arrivals.history import ordinals_of
from philoxenia.arrivals.types import HistoryError
from philoxenia.exchange.files import Opened, open_file
from philoxenia.exchange.notations import marks
from philoxenia.exchange.numbers import read_numbers
from philoxenia.exchange.spelling import key, nearest
from philoxenia.vocabulary import Period, PhiloxeniaError

_JOIN = " | "
_BLANK = "(blank)"


class ColumnError(PhiloxeniaError):
    """A column that was asked for is not in the file; the message lists those that are."""

    exit_code = 2


@dataclass(frozen=True)
class Asked:
    """The columns of a file that make a history. Without `groups` all rows are one series, `all`."""

    time: str
    value: str
    groups: tuple[str, ...] = ()
    sheet: str = ""
    add_up: bool = False


def read_history(path: Path, asked: Asked) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The history (group, time, value) in a CSV, XLSX or Parquet file, and sentences on what was left out.

    Raises `ColumnError` for a column that is not there, `HistoryError` naming file, row and text of a cell
    that cannot be read or of repeated periods, `UnreadableFileError` where the file is no table.
    """
    table = _named_columns(open_file(path, asked.sheet), path, asked)
    texts = table.select(pl.col("value").fill_null("").str.strip_chars())["value"]
    values = read_numbers(texts)
    _refuse_words(table, texts, values, path, asked.value)
    notes = _tell_blanks(texts, values, asked.value)
    frame = table.with_columns(value=values, group=_group(asked)).drop_nulls("value")
    if frame.is_empty():
        raise HistoryError(f"{path.name}: the column {asked.value!r} holds no number.")
    _refuse_no_time(frame, path, asked.time)
    return _one_row_each(frame, path, asked).select("group", "time", "value"), notes


def _named_columns(opened: Opened, path: Path, asked: Asked) -> pl.DataFrame:
    """The asked columns as text, with the file's row number; titles above the header are skipped."""
    wanted = (asked.time, asked.value, *asked.groups)
    header, places = _find_header(opened, wanted, path)
    width = len(opened.head.row(header))
    first_row = opened.head.first_row + header
    parts = []
    for grid in opened.batches(width, first_row):
        row = pl.Series("row", range(grid.first_row, grid.first_row + grid.cells.height), dtype=pl.Int64)
        names = ["time", "value", *(f"g{index}" for index in range(len(asked.groups)))]
        picked = {name: grid.cells[f"c{place}"] for name, place in zip(names, places, strict=True)}
        parts.append(pl.DataFrame({"row": row, **picked}).filter(pl.col("row") > first_row))
    table = pl.concat(parts)
    keep = [name for name in table.columns if name != "row"]
    blank = pl.all_horizontal(pl.col(keep).fill_null("").str.strip_chars() == "")
    return table.filter(~blank).with_columns(pl.col("time").fill_null("").str.strip_chars())


def _find_header(opened: Opened, wanted: Sequence[str], path: Path) -> tuple[int, list[int]]:
    fullest: list[str] = []
    for index in range(opened.head.cells.height):
        cells = [cell.strip() for cell in opened.head.row(index)]
        places = [_place(name, cells) for name in wanted]
        if all(place >= 0 for place in places):
            return index, places
        fullest = max(fullest, cells, key=lambda row: sum(map(bool, row)))
    known = [cell for cell in fullest if cell]
    absent = next(name for name in wanted if _place(name, fullest) < 0)
    near = nearest(absent, known)
    hint = f" Did you mean {near!r}?" if near else ""
    raise ColumnError(
        f"{path.name} has no column {absent!r}.{hint} It has: {', '.join(known) or 'no columns'}."
    )


def _place(name: str, cells: Sequence[str]) -> int:
    if name in cells:
        return cells.index(name)
    alike = [place for place, cell in enumerate(cells) if cell and key(cell) == key(name)]
    return alike[0] if len(alike) == 1 else -1


def _group(asked: Asked) -> pl.Expr:
    if not asked.groups:
        return pl.lit("all")
    cells = [pl.col(f"g{index}").fill_null("").str.strip_chars() for index in range(len(asked.groups))]
    parts = [pl.when(cell == "").then(pl.lit(_BLANK)).otherwise(cell) for cell in cells]
    return pl.concat_str(parts, separator=_JOIN)


def _refuse_words(table: pl.DataFrame, texts: pl.Series, values: pl.Series, path: Path, column: str) -> None:
    blank = sorted(marks("missing") | marks("suppressed"))
    wrong = table.filter(values.is_null() & ~texts.str.to_lowercase().is_in(blank))
    if wrong.is_empty():
        return
    others = f", and {wrong.height - 1} more cells" if wrong.height > 1 else ""
    raise HistoryError(
        f"{path.name}, row {wrong['row'][0]}, column {column!r}: {wrong['value'][0]!r} is not a number"
        f"{others}. Write a number, or leave the cell empty where nothing was recorded."
    )


def _tell_blanks(texts: pl.Series, values: pl.Series, column: str) -> tuple[str, ...]:
    withheld = int((values.is_null() & texts.str.to_lowercase().is_in(sorted(marks("suppressed")))).sum())
    if not withheld:
        return ()
    return (f"{withheld} cells of {column!r} are withheld (such as '<5' or 'x'): taken as not recorded.",)


def _refuse_no_time(frame: pl.DataFrame, path: Path, column: str) -> None:
    blank = frame.filter(pl.col("time") == "")
    if not blank.is_empty():
        raise HistoryError(
            f"{path.name}, row {blank['row'][0]}: the value {blank['value'][0]:g} has no period in "
            f"{column!r}. Write the month, quarter or year, or take the row out."
        )


def _one_row_each(frame: pl.DataFrame, path: Path, asked: Asked) -> pl.DataFrame:
    try:
        ordinal, frequency = ordinals_of(frame["time"])
    except HistoryError as problem:
        raise HistoryError(f"{path.name}, column {asked.time!r}: {problem}") from problem
    rows = frame.with_columns(ordinal)
    counted = rows.group_by("group", "ordinal").agg(pl.col("row").sort(), pl.len())
    repeated = counted.filter(pl.col("len") > 1).sort("group", "ordinal")
    if not repeated.is_empty() and not asked.add_up:
        group, period, places, _ = repeated.row(0)
        raise HistoryError(
            f"{path.name}, rows {', '.join(map(str, places[:4]))}: group {group!r} has {len(places)} values "
            f"for {Period(frequency, period)}. Name the column that tells these rows apart with --group, "
            "or add them up with --sum."
        )
    summed = rows.group_by("group", "ordinal").agg(pl.col("value").sum()).sort("group", "ordinal")
    times = [str(Period(frequency, ordinal)) for ordinal in summed["ordinal"]]
    return summed.with_columns(time=pl.Series(times, dtype=pl.String))
