"""Which kind of extract a file is: from its header, the signature of its layout, its shape and, last, its
name.

A contract's score counts the columns found, required ones twice, less those missing. The best contract wins
if nothing it needs is missing, or if most of it is there; two contracts that fit equally well are for a
person to choose between.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from philoxenia.exchange.contract import Contract
from philoxenia.exchange.dates import read_day
from philoxenia.exchange.files import FileFacts
from philoxenia.exchange.grids import Grid
from philoxenia.exchange.limits import limit
from philoxenia.exchange.numbers import read_numbers
from philoxenia.exchange.problems import DeclarationError
from philoxenia.exchange.spelling import key, listed, nearest, quoted, words

import polars as pl  # isort: skip


# Looks like a number; enough to tell a headerless table by its shape.
_NUMBER = re.compile(r"^\s*[-(]?\d[\d.,' \u00a0]*\)?\s*$")


@dataclass(frozen=True)
class Match:
    """How a contract fits a file.

    `places` maps each canonical column to its position, `twice` those found twice.
    """

    contract: Contract
    how: str
    header_index: int
    headers: tuple[str, ...]
    places: Mapping[str, int]
    missing: tuple[str, ...]
    score: float
    twice: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every required column is there."""
        return not self.missing

    @property
    def unused(self) -> list[int]:
        """Positions of headers that belong to no column of the contract."""
        taken = set(self.places.values()) | {place for places in self.twice.values() for place in places}
        return [i for i, header in enumerate(self.headers) if i not in taken and header.strip()]


@dataclass(frozen=True)
class Recognition:
    """The chosen contract (None where none fits), how sure that is, and the next best."""

    chosen: Match | None
    sure: str
    others: tuple[Match, ...]


@dataclass(frozen=True)
class HeaderRow:
    """One row taken as a header: its cells, and the positions of each as compared."""

    index: int
    headers: tuple[str, ...]
    positions: Mapping[str, tuple[int, ...]]


def header_row(cells: Sequence[str], index: int) -> HeaderRow:
    """A row as a header; empty cells at its end do not count."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    positions: dict[str, tuple[int, ...]] = {}
    for place, cell in enumerate(cells):
        if compared := key(cell):
            positions[compared] = (*positions.get(compared, ()), place)
    return HeaderRow(index, tuple(cells), positions)


@cache
def _preferences(headers: tuple[str, ...]) -> tuple[str, ...]:
    """A column's name and aliases as compared, likeliest first; an alias that is the name sets its place."""
    name, *aliases = (key(header) for header in headers)
    return tuple(aliases) if name in aliases else (name, *aliases)


def match_headers(contract: Contract, row: HeaderRow, how: str = "header") -> Match:
    """Find each column of the contract among the headers of a row."""
    places: dict[str, int] = {}
    twice: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for column in contract.columns:
        for header in _preferences((column.name, *column.aliases)):
            found = [place for place in row.positions.get(header, ()) if place not in taken]
            if found:
                places[column.name] = found[0]
                taken.update(found)
                if len(found) > 1:
                    twice[column.name] = tuple(found)
                break
    required = contract.required
    missing = tuple(name for name in required if name not in places)
    score = 2 * (len(required) - 2 * len(missing)) + len(places) - (len(required) - len(missing))
    return Match(contract, how, row.index, row.headers, places, missing, float(score), twice)


def with_headers(contract: Contract, columns: Mapping[str, str]) -> Contract:
    """The contract with what a person says its columns are called, so that its header row is found."""
    told: dict[str, list[str]] = {}
    for header, name in columns.items():
        told.setdefault(name, []).append(header)
    renamed = (
        replace(column, aliases=(*told.get(column.name, ()), *column.aliases)) for column in contract.columns
    )
    return replace(contract, columns=tuple(renamed)) if told else contract


def with_columns(match: Match, columns: Mapping[str, str]) -> Match:
    """The match as a person says it is: each header is that column of the contract, or none ('').

    Raises `DeclarationError` for a column the contract does not have.
    """
    known = [column.name for column in match.contract.columns]
    compared = [key(header) for header in match.headers]
    places, twice = dict(match.places), dict(match.twice)
    for header, name in columns.items():
        if name and name not in known:
            raise DeclarationError(
                f"{match.contract.name} has no column {name!r}; it has {', '.join(known)}."
            )
        if key(header) not in compared:
            continue
        place = compared.index(key(header))
        places = {other: at for other, at in places.items() if at != place}
        twice.pop(name, None)
        if name:
            places[name] = place
    missing = tuple(name for name in match.contract.required if name not in places)
    ordered = {name: places[name] for name in known if name in places}
    return replace(match, places=ordered, missing=missing, twice=twice)


def _by_header(contract: Contract, rows: Sequence[HeaderRow]) -> Match:
    matches = [match_headers(contract, row) for row in rows]
    return max(matches, key=lambda match: (match.score, -match.header_index))


def _first_rows(head: Grid) -> list[HeaderRow]:
    """The rows that may be the header: the first, and those below it that fill more than one cell."""
    count = min(head.cells.height, limit("reading", "title_rows"))
    rows = [header_row(head.row(i), i) for i in range(count)]
    return (rows[:1] or [header_row([], 0)]) + [row for row in rows[1:] if len(row.positions) > 1]


def _by_signature(contract: Contract, head: Grid) -> Match | None:
    cells = contract.signature.get("cells")
    if not contract.layout or not cells:
        return None
    first = range(min(head.cells.height, contract.signature.get("rows", 8)))
    seen = {key(cell) for i in first for cell in head.row(i)}
    if not all(key(cell) in seen for cell in cells):
        return None
    return Match(contract, "layout", -1, (), {}, (), float(2 * len(cells) + len(contract.required)))


def _by_shape(contract: Contract, head: Grid) -> Match | None:
    """A headerless table: as many columns as declared, and most rows of the declared types."""
    types = contract.signature.get("headerless")
    if not types or len(types) != head.cells.width:
        return None
    comment = contract.signature.get("comment", "\0")
    rows = [head.row(i) for i in range(head.cells.height)]
    rows = [row for row in rows if any(cell.strip() for cell in row) and not row[0].startswith(comment)]
    fitting = sum(all(_fits(cell, kind) for cell, kind in zip(row, types, strict=True)) for row in rows)
    if not rows or fitting < 0.6 * len(rows):
        return None
    places = {column.name: i for i, column in enumerate(contract.columns[: len(types)])}
    return Match(
        contract, "shape", -1, tuple(c.name for c in contract.columns[: len(types)]), places, (), 1.0
    )


def _fits(cell: str, kind: str) -> bool:
    if kind == "date":
        return read_day(cell, "day") is not None
    return bool(_NUMBER.match(cell))


def _is_named(match: Match, facts: FileFacts) -> bool:
    """Whether the file's name holds a word that hints at this kind."""
    name = f" {' '.join(words(facts.name))} "
    return any(f" {' '.join(words(hint))} " in name for hint in match.contract.signature.get("file_name", []))


def _with_file_name(match: Match, facts: FileFacts) -> float:
    return match.score + (1.5 if _is_named(match, facts) else 0.0)


def best_match(contract: Contract, head: Grid, rows: Sequence[HeaderRow] = ()) -> Match:
    """How one contract fits: its layout's signature if the header does not fit, else its header or shape."""
    by_header = _by_header(contract, rows or _first_rows(head))
    if by_header.complete and by_header.score > 0:
        return by_header
    return _by_signature(contract, head) or _by_shape(contract, head) or by_header


def recognise(head: Grid, facts: FileFacts, candidates: Iterable[Contract]) -> Recognition:
    """The kind of a file from its first rows."""
    rows = _first_rows(head)
    matches = [best_match(contract, head, rows) for contract in candidates]
    ranked = sorted(matches, key=lambda match: (-_with_file_name(match, facts), match.contract.name))
    ranked = [match for match in ranked if match.places or match.how == "layout"]
    told = [match for match in ranked if _plausible(match) and _told_apart(match, facts)]
    if not told:
        return Recognition(None, "", tuple(ranked[:3]))
    ranked = told
    rivals = [
        match for match in ranked[1:] if _with_file_name(match, facts) == _with_file_name(ranked[0], facts)
    ]
    if rivals and rivals[0].complete == ranked[0].complete:
        return Recognition(None, "tie", (ranked[0], *rivals))
    return Recognition(ranked[0], _sureness(ranked[0], ranked[1:2], facts), tuple(ranked[1:3]))


def _plausible(match: Match) -> bool:
    """Enough of the kind is there, and enough of the file is explained by it."""
    if match.how != "header":
        return True
    filled = sum(1 for header in match.headers if header.strip())
    explains = len(match.places) >= 5 or 2 * len(match.places) >= filled or _tells(match)
    if match.complete:
        return match.score > 0 and explains
    found = len(match.contract.required) - len(match.missing)
    return found >= 2 and found > len(match.missing) and explains


def _tells(match: Match) -> bool:
    keys = {key(header) for header in match.headers}
    return any(key(header) in keys for header in match.contract.signature.get("telling", []))


def _told_apart(match: Match, facts: FileFacts) -> bool:
    """Kinds with columns that many tables have need a header or a file name of their own."""
    if "telling" not in match.contract.signature:
        return True
    return match.how != "header" or _tells(match) or _is_named(match, facts)


def _sureness(match: Match, next_best: Sequence[Match], facts: FileFacts) -> str:
    lead = _with_file_name(match, facts) - _with_file_name(next_best[0], facts) if next_best else 9.0
    if match.how == "layout":
        return "certain: the layout's own headings are there"
    found = f"{len(match.places)} of its columns found"
    if match.complete and lead >= 3:
        return f"certain: all it requires is there, {found}"
    if match.complete:
        return f"likely: all it requires is there, {found}"
    return f"likely, though {len(match.missing)} required columns are missing; {found}"


def looks_like_data(headers: Sequence[str]) -> bool:
    """Whether a first row holds values rather than names of columns."""
    filled = [cell for cell in headers if cell.strip()]
    numbers = read_numbers(pl.Series(filled, dtype=pl.String)).is_not_null().to_list()
    valued = sum(
        number or read_day(cell, "day") is not None for cell, number in zip(filled, numbers, strict=True)
    )
    return len(filled) > 1 and valued * 3 >= len(filled)


def missing_hint(match: Match, name: str) -> str:
    """What to do about a missing column: the unused header most like it, or the headers that would be
    known.
    """
    column = match.contract.column(name)
    unused = [match.headers[i] for i in match.unused]
    for known in (column.name, *column.aliases):
        if near := nearest(known, unused):
            return f"Is it column {quoted(near)}? Then rename that column to {name}."
    also = (
        f" (also known: {listed([quoted(alias) for alias in column.aliases[:3]])})" if column.aliases else ""
    )
    return f"Add the column, or rename the one that holds it to {name}{also}."
