"""Which kind of extract a file is: from its header, the signature of its layout, its shape and, last, its
name.

A contract's score counts the columns found, required ones twice, less those missing. The best contract wins
if nothing it needs is missing, or if most of it is there; two contracts that fit equally well are for a
person to choose between.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from philoxenia.exchange.contract import Column, Contract
from philoxenia.exchange.dates import read_day
from philoxenia.exchange.files import FileFacts
from philoxenia.exchange.grids import Grid
from philoxenia.exchange.limits import limit
from philoxenia.exchange.numbers import read_numbers
from philoxenia.exchange.spelling import key, listed, nearest, quoted, words

import polars as pl  # isort: skip


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


def _by_preference(column: Column) -> list[str]:
    """Headers of a column, likeliest first: its name, then its aliases; an alias that is the name sets its
    place.
    """
    name, aliases = key(column.name), [key(alias) for alias in column.aliases]
    return aliases if name in aliases else [name, *aliases]


def match_headers(contract: Contract, headers: Sequence[str], index: int, how: str = "header") -> Match:
    """Find each column of the contract among the headers; the order is that of `_by_preference`."""
    while headers and not headers[-1].strip():
        headers = headers[:-1]
    keys = [key(header) for header in headers]
    places: dict[str, int] = {}
    twice: dict[str, tuple[int, ...]] = {}
    taken: set[int] = set()
    for column in contract.columns:
        found: list[int] = []
        for header in _by_preference(column):
            found = found or [i for i, name in enumerate(keys) if name and name == header and i not in taken]
        if len(found) > 1:
            twice[column.name] = tuple(found)
        if found:
            places[column.name] = found[0]
            taken.update(found)
    missing = tuple(name for name in contract.required if name not in places)
    score = 2 * (len(contract.required) - 2 * len(missing)) + len(set(places) - set(contract.required))
    return Match(contract, how, index, tuple(headers), places, missing, float(score), twice)


def _by_header(contract: Contract, head: Grid) -> Match:
    rows = min(head.cells.height, limit("reading", "title_rows"))
    matches = [match_headers(contract, head.row(i), i) for i in range(rows)]
    return max(matches, key=lambda match: (match.score, -match.header_index))


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
    return read_numbers(pl.Series([cell]))[0] is not None


def _is_named(match: Match, facts: FileFacts) -> bool:
    """Whether the file's name holds a word that hints at this kind."""
    name = f" {' '.join(words(facts.name))} "
    return any(f" {' '.join(words(hint))} " in name for hint in match.contract.signature.get("file_name", []))


def _with_file_name(match: Match, facts: FileFacts) -> float:
    return match.score + (1.5 if _is_named(match, facts) else 0.0)


def best_match(contract: Contract, head: Grid) -> Match:
    """How one contract fits: its layout's signature if the header does not fit, else its header or shape."""
    by_header = _by_header(contract, head)
    if by_header.complete and by_header.score > 0:
        return by_header
    return _by_signature(contract, head) or _by_shape(contract, head) or by_header


def recognise(head: Grid, facts: FileFacts, candidates: Iterable[Contract]) -> Recognition:
    """The kind of a file from its first rows."""
    matches = [best_match(contract, head) for contract in candidates]
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
