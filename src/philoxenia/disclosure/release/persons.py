"""Keeps people, exact places and immigration status out of a release: a table with such a column is
refused.

Columns are known by their header, in the languages of the contract of people and of the exchange, and by
what their cells look like. A table to be released has keys that name groups; whatever names one person is
not among them.
"""

from collections.abc import Iterator
from functools import cache

import polars as pl

from philoxenia.disclosure.types import DisclosureError
from philoxenia.exchange.contract import load_contract
from philoxenia.exchange.notations import marks
from philoxenia.exchange.spelling import key
from philoxenia.exchange.status import CellWatch, header_term

# Columns of the contract of people that name groups: these may be keys of a table.
_GROUPS = frozenset(
    {"sex", "language", "district_id", "locality", "in_city_since", "needs", "region", "synthetic"}
)
_POINTS = [
    "latitude",
    "longitude",
    "lat",
    "lon",
    "lng",
    "long",
    "geometry",
    "geom",
    "wkt",
    "wkb",
    "point",
    "coordinates",
    "coordinate",
    "geopoint",
    "gps",
    "x",
    "y",
    "easting",
    "northing",
]
# Headers of the contract of people that mean other things in a table of counts.
_OTHERS = frozenset({"unit", "flat", "cell", "family", "state", "full", "born", "city", "district"})
# Patterns of Polars, which know no look-ahead.
_SHAPES = {
    "e-mail addresses": r"[^@\s]+@[^@\s]+\.[^@\s]+",
    "long identifiers": r"[0-9a-fA-F-]{16,}",
    "telephone numbers": r"\+?\(?\d{2,4}\)?[ .-]\d{3}[ .-]?\d{3,4}|\+\d{9,15}",
    "exact points": r"-?\d{1,3}\.\d{4,}|(?:SRID=\d+;)?POINT ?\(.*\)",
}
_SHARE = 0.2
_CATEGORIES = 5000


class PersonalColumnError(DisclosureError):
    """A column that looks like persons, exact places or status; the message names it, never what it holds."""

    exit_code = 3


def refuse_persons(table: pl.DataFrame, measures: frozenset[str] = frozenset()) -> None:
    """Raise `PersonalColumnError` for the first column that must not leave. `measures` hold numbers."""
    for name in table.columns:
        found = header_kind(name) or ("" if name in measures else _cell_kind(table[name], name))
        if found:
            raise PersonalColumnError(
                f"The column {name!r} looks like {found}. A release counts people in groups: drop the "
                "column, or name it for the group it stands for."
            )


def header_kind(header: str) -> str:
    """What of a person a header names, '' where it names none."""
    told = key(header)
    if header_term(header) is not None:
        return "immigration status"
    if told in _personal_headers():
        return "something about single persons"
    if told in _POINTS:
        return "exact points"
    return ""


def _cell_kind(cells: pl.Series, name: str) -> str:
    if cells.dtype == pl.Binary or isinstance(cells.dtype, pl.Struct | pl.List | pl.Array | pl.Object):
        return "outlines or points"
    if cells.dtype.is_float():
        finer = (cells * 1000 - (cells * 1000).round()).abs() > 1e-6
        return "exact points" if finer.sum() > _SHARE * cells.len() else ""
    texts = cells.cast(pl.String).drop_nulls()
    texts = texts.filter(texts != "")
    if texts.is_empty():
        return ""
    if _names_status(texts, name):
        return "immigration status"
    for kind, pattern in _SHAPES.items():
        if texts.str.contains(f"^(?:{pattern})$").sum() > _SHARE * texts.len():
            return kind
    return ""


def _names_status(texts: pl.Series, name: str) -> bool:
    """Whether any one category names a status: in a table of groups a single row of it is too many."""
    distinct = texts.unique(maintain_order=True).head(_CATEGORIES)
    return any(_watched(pl.Series([text]), name) for text in distinct) or _watched(texts, name)


def _watched(texts: pl.Series, name: str) -> bool:
    watch = CellWatch()
    watch.see(texts, pl.Series(range(texts.len())))
    return bool(watch.status_cells(name))


@cache
def _personal_headers() -> frozenset[str]:
    return frozenset(_headers())


def _headers() -> Iterator[str]:
    yield from (key(text) for text in marks("personal"))
    yield from (key(text) for text in ("record", "person", "person id", "cluster", "token", "name", "names"))
    for column in load_contract("people").columns:
        if column.name not in _GROUPS:
            yield from (key(text) for text in (column.name, *column.aliases) if text not in _OTHERS)
