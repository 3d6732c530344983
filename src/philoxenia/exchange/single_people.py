"""Whether a table of no known kind lists single persons: told by its cells, whatever its headers are called.

A list of people may only be handed in where it is encrypted as it comes; one that nobody recognised would
otherwise lie in plain until somebody withdraws it. Names of places and institutions hold names of persons
too ("Albert Campbell School"), so that a column of names alone decides nothing.
"""

import re
from collections.abc import Iterable
from functools import cache

import polars as pl

from philoxenia.exchange.dates import read_day
from philoxenia.exchange.grids import Grid
from philoxenia.exchange.limits import limit
from philoxenia.exchange.notations import marks
from philoxenia.exchange.scripts import plain, romanised
from philoxenia.exchange.spelling import key
from philoxenia.reference import reference_table

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ\-][^\W\d_]+)*")
# A bare number may be a spreadsheet's day, and far more often an amount.
_THREE_PARTS = re.compile(r"^\s*\w+[-/., ]+\w+[-/., ]+\w+")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")


def lists_single_people(head: Grid) -> bool:
    """Whether the first rows speak of single persons.

    Two columns must: two headers that mean personal data; or a column of persons' names with days of birth, a
    second column of single names, or such a header beside it; or days of birth beside e-mail addresses.
    """
    headers = head.row(0) if head.cells.height else []
    personal = {key(text) for text in marks("personal")}
    told = sum(key(header) in personal for header in headers)
    columns = [_filled(head.cells[name]) for name in head.cells.columns]
    names = [cells for cells in columns if _are_names(cells)]
    single = [cells for cells in names if _mostly(" " not in cell.strip() for cell in cells)]
    births = any(_are_births(cells) for cells in columns)
    emails = any(_mostly(bool(_EMAIL.match(cell.strip())) for cell in cells) for cells in columns)
    return told > 1 or len(single) > 1 or (bool(names) and (births or told > 0)) or (births and emails)


def _filled(column: pl.Series) -> list[str]:
    """The cells that hold something, but for the row of headers."""
    return [cell for cell in column.slice(1).cast(pl.String).drop_nulls().to_list() if cell.strip()]


def _mostly(answers: Iterable[bool]) -> bool:
    found = list(answers)
    return bool(found) and sum(found) * 100 >= limit("single_people", "percent") * len(found)


def _are_names(cells: list[str]) -> bool:
    """Whether most words of these cells are known names of persons, and the cells differ."""
    if len(cells) < limit("single_people", "rows") or 2 * len(set(cells)) < len(cells):
        return False
    words = [word for cell in cells for word in _WORD.findall(cell)]
    short = all(len(_WORD.findall(cell)) <= limit("single_people", "words") for cell in cells)
    return short and _mostly(romanised(plain(word)) in _known() for word in words)


def _are_births(cells: list[str]) -> bool:
    """Whether these are days that span as many years as ages do."""
    if len(cells) < limit("single_people", "rows"):
        return False
    days = [read_day(cell, "day") if _THREE_PARTS.match(cell) else None for cell in cells]
    years = {day.value.year for day in days if day is not None}
    wide = bool(years) and max(years) - min(years) >= limit("single_people", "years")
    return wide and _mostly(day is not None for day in days)


@cache
def _known() -> frozenset[str]:
    """Given and family names of many languages, romanised."""
    table = pl.concat(
        [reference_table(f"names/{name}").select("native", "base", "forms") for name in ("names", "common")]
    )
    written = [cell for column in table.iter_columns() for cell in column.drop_nulls().to_list()]
    return frozenset(romanised(plain(word)) for cell in written for word in _WORD.findall(cell)) - {""}
