"""Corrections a person makes beside an untouched file: a cell, a value wherever it stands, a row left out.

They change the text of the file as it is read, before the contract's rules, and are logged as mends of their
own kinds, so that the same file with the same corrections gives the same table.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from philoxenia.exchange.ledger import Ledger
from philoxenia.exchange.problems import DeclarationError
from philoxenia.exchange.spelling import key, quoted

KINDS = ("cell", "value", "leave_out")


@dataclass(frozen=True)
class Correction:
    """One correction. `cell` and `value` put `after` where `before` stands; `leave_out` takes the row away.

    A cell whose text is no longer `before` is left alone: the correction was made for another file.
    """

    kind: str
    row: int = 0
    column: str = ""
    before: str = ""
    after: str = ""

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> "Correction":
        """A correction from plain values. Raises `DeclarationError` for one that cannot be."""
        kind, row = entry.get("kind"), entry.get("row", 0)
        texts = {name: entry.get(name, "") for name in ("column", "before", "after")}
        if (
            kind not in KINDS
            or not isinstance(row, int)
            or not all(isinstance(t, str) for t in texts.values())
        ):
            raise DeclarationError(
                f"{dict(entry)!r} is not a correction; its kind is one of {', '.join(KINDS)}."
            )
        if kind != "value" and row < 1:
            raise DeclarationError(f"A correction of the kind {kind} names a row, counted from 1.")
        if kind != "leave_out" and not texts["column"]:
            raise DeclarationError(f"A correction of the kind {kind} names a column.")
        return cls(kind, row, **texts)


@dataclass
class Corrector:
    """Applies corrections batch by batch and counts how often each one fitted."""

    corrections: Sequence[Correction]
    ledger: Ledger
    # Where each column stands, by its header and by its name in the contract, as compared.
    places: dict[str, str] = field(default_factory=dict)
    fitted: dict[Correction, int] = field(default_factory=dict)

    def know(self, headers: Sequence[str], names: Mapping[str, int]) -> None:
        """Learn the columns: headers as the file writes them, canonical names with their position."""
        self.places = {key(header): f"c{i}" for i, header in reversed(list(enumerate(headers)))}
        self.places |= {key(name): f"c{i}" for name, i in names.items()}

    def apply(self, cells: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        """One batch of text with its corrections made."""
        if not self.corrections or not len(rows):
            return cells, rows
        cells = self._cells(self._values(cells, rows), rows)
        return self._without_rows(cells, rows)

    def _values(self, cells: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
        for one in self.corrections:
            place = self.places.get(key(one.column))
            if one.kind != "value" or place not in cells.columns:
                continue
            hit = _is(cells[place], one.before)
            if hit.any():
                cells = cells.with_columns(
                    pl.when(hit).then(pl.lit(one.after)).otherwise(pl.col(place)).alias(place)
                )
                self._log(one, rows.filter(hit))
        return cells

    def _cells(self, cells: pl.DataFrame, rows: pl.Series) -> pl.DataFrame:
        first, last = int(rows.min() or 0), int(rows.max() or 0)  # type: ignore[arg-type]
        for place, ones in self._by_place(first, last).items():
            column = cells[place]
            for one in ones:
                at = (rows == one.row).arg_true()
                fits = at.filter(_is(column.gather(at), one.before))
                if len(fits):
                    column = column.scatter(fits, one.after)
                    self._log(one, rows.gather(fits))
            cells = cells.with_columns(column.alias(place))
        return cells

    def _by_place(self, first: int, last: int) -> dict[str, list[Correction]]:
        by_place: dict[str, list[Correction]] = {}
        for one in self.corrections:
            place = self.places.get(key(one.column))
            if one.kind == "cell" and place is not None and first <= one.row <= last:
                by_place.setdefault(place, []).append(one)
        return by_place

    def _without_rows(self, cells: pl.DataFrame, rows: pl.Series) -> tuple[pl.DataFrame, pl.Series]:
        gone = {one.row: one for one in self.corrections if one.kind == "leave_out"}
        hit = rows.is_in(list(gone))
        if not hit.any():
            return cells, rows
        for row in rows.filter(hit).to_list():
            self.fitted[gone[row]] = self.fitted.get(gone[row], 0) + 1
        self.ledger.mend_rows("row_left_out", rows.filter(hit).to_list(), value="")
        return cells.filter(~hit), rows.filter(~hit)

    def _log(self, one: Correction, rows: pl.Series) -> None:
        self.fitted[one] = self.fitted.get(one, 0) + len(rows)
        rule = "corrected_cell" if one.kind == "cell" else "corrected_value"
        before, after = (pl.Series([text] * len(rows), dtype=pl.String) for text in (one.before, one.after))
        variant = f"{one.before}\0{one.after}" if one.kind == "value" else ""
        self.ledger.mend(rule, self._name(one.column), rows, before, after, variant)

    def _name(self, column: str) -> str:
        """The canonical name where the column has one, so that the report speaks of one column once."""
        place = self.places.get(key(column))
        names = [name for name, header in self.ledger.headers.items() if self.places.get(key(name)) == place]
        return names[0] if names else column

    def tell_unused(self) -> None:
        """Say which corrections found nothing to correct: the file is not the one they were made for."""
        for one in self.corrections:
            if one not in self.fitted:
                where = f"row {one.row:,}" if one.row else quoted(one.before)
                self.ledger.find("correction_unused", one.column, [(one.row or -1, one.before)], where=where)


def read_corrections(entries: Iterable[Mapping[str, Any] | Correction]) -> tuple[Correction, ...]:
    """Corrections from plain values, each kept once."""
    read = (one if isinstance(one, Correction) else Correction.of(one) for one in entries)
    return tuple(dict.fromkeys(read))


def _is(column: pl.Series, text: str) -> pl.Series:
    return column.fill_null("") == text
