"""Takes immigration status out of single cells of a list of people, where no column as a whole holds it.

A column of status is refused by `status`; a word of it in an address or behind a name is not enough for that,
and would still tell of one person what must never be told.
"""

from collections.abc import Iterable
from functools import cache

import polars as pl

from philoxenia.exchange.status import _cell_kind, _forms, _terms

_NAMES = frozenset({"given_name", "middle_name", "family_name", "full_name"})
# Rows are known by it; without it there is no row.
_KEPT = "record_id"
_BRACKETS = r"[(\[{<（][^)\]}>）]*[)\]}>）]?"
# Short codes in Latin letters such as PR and SP are languages and regions too.
_LEAST_LETTERS = 5


def without_status(table: pl.DataFrame) -> pl.DataFrame:
    """The table with each cell of text emptied that names a status; of names the words in brackets go."""
    texts = [name for name, kind in table.schema.items() if kind == pl.String and name != _KEPT]
    return table.with_columns(_cleaned(table[name]) for name in texts)


def _cleaned(column: pl.Series) -> pl.Series:
    if column.name == "needs":
        return _cleaned_codes(column)
    is_name = column.name in _NAMES
    told = [cell for cell in _suspects(column, is_name) if _tells(cell, is_name)]
    if not told:
        return column
    return column.replace(told, _without_brackets(told) if is_name else [None] * len(told))


def _cleaned_codes(column: pl.Series) -> pl.Series:
    """Codes with semicolons between: one of them goes, the others stay."""
    codes = column.str.split(";").explode().str.strip_chars()
    told = {code for code in _suspects(codes, False) if _tells(code, False)}
    kept = pl.element().str.strip_chars()
    without = pl.col(column.name).str.split(";").list.eval(kept.filter(~kept.is_in(list(told))))
    return column.to_frame().select(without.list.join(";")).to_series() if told else column


def _suspects(column: pl.Series, is_name: bool) -> Iterable[str]:
    """Distinct cells worth a closer look: a look at each would take minutes for a million people."""
    cells = column.drop_nulls().unique()
    foreign = cells.str.contains(r"[^\x00-\x7F]")
    if is_name:
        foreign &= cells.str.contains(_BRACKETS)
    found: list[str] = cells.filter(foreign | cells.str.to_lowercase().str.contains_any(_marks())).to_list()
    return found


@cache
def _marks() -> list[str]:
    """Of each term in Latin letters its longest word."""
    terms = _terms()
    longest = {max(term.split(), key=len) for term in terms.strong | terms.weak if term.isascii() and term}
    return sorted(word for word in longest if len(word) >= _LEAST_LETTERS - 1)


def _tells(cell: str, is_name: bool) -> bool:
    if is_name:
        inside = pl.Series([cell]).str.extract_all(_BRACKETS).explode().drop_nulls()
        return any(map(_cell_kind, inside)) or (len(_forms(cell)) > 1 and _cell_kind(cell) == "strong")
    kind, letters = _cell_kind(cell), "".join(_forms(cell))
    return kind == "strong" or (kind == "weak" and not (letters.isascii() and len(letters) < _LEAST_LETTERS))


def _without_brackets(names: list[str]) -> list[str | None]:
    bare = pl.Series(names).str.replace_all(_BRACKETS, " ").str.strip_chars()
    return [None if not name or _tells(name, True) else name for name in bare]
