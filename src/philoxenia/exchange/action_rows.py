"""One row of a catalogue of actions, typed and held against its contract, be it of a table or of a form.

Owns cells and the sentence for each that is wrong; ignores how rows belong together.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from philoxenia.exchange.contract import Column, load_contract
from philoxenia.exchange.spelling import nearest
from philoxenia.vocabulary import PhiloxeniaError

Row = Mapping[str, Any]
SEPARATOR = ";"
_YES, _NO = ("yes", "true", "1"), ("no", "false", "0")


@dataclass(frozen=True)
class ActionFault:
    """One thing wrong. `table`: a contract; `row`: of the action's effects or benefits, from 0, or None."""

    action: str
    table: str
    row: int | None
    column: str
    message: str

    @property
    def field(self) -> str:
        """Where it stands in one action: `cost_once`, `effects.0.size`, `benefits.1.value_low`."""
        if self.row is None:
            return self.column
        return f"{self.table.removeprefix('action_')}.{self.row}.{self.column}"

    def __str__(self) -> str:
        what = {"action_effects": "effect", "action_benefits": "benefit"}.get(self.table, "")
        which = f", {what} {self.row + 1}" if what and self.row is not None else ""
        return f"{self.action or self.table}{which}, column {self.column}: {self.message}"


class CatalogueError(PhiloxeniaError):
    """A catalogue that cannot be used: a sentence for each fault. `faults` are the same for a form."""

    exit_code = 3

    def __init__(self, faults: Sequence[ActionFault]) -> None:
        self.faults = tuple(faults)
        listed = "".join(f"\n  - {fault}" for fault in self.faults)
        super().__init__(f"The catalogue of actions cannot be used as it is:{listed}")


@dataclass
class Cells:
    """The cells of one row, each read once by its contract's column; `faults` gathers what is wrong."""

    table: str
    row: Row
    action: str
    number: int | None = None
    faults: list[ActionFault] = field(default_factory=list)

    def refuse(self, column: str, message: str) -> None:
        """Note a fault of this row."""
        self.faults.append(ActionFault(self.action, self.table, self.number, column, message))

    def refuse_unknown(self) -> None:
        """Note every column the contract does not have."""
        known = [column.name for column in load_contract(self.table).columns]
        for name in self.row:
            if name not in known:
                near = nearest(str(name), known)
                hint = f"perhaps {near} is meant" if near else f"there are {', '.join(known)}"
                self.refuse(str(name), f"there is no such column; {hint}.")

    def text(self, name: str) -> str:
        """A text or category; '' where it is empty."""
        column, value = self._cell(name)
        if value is None:
            return ""
        written = str(value).strip()
        if column.categories and written not in column.categories:
            self.refuse(name, f"{written!r} is not one of {', '.join(column.categories)}.")
        if column.pattern and not re.fullmatch(column.pattern, written):
            shape = f"must look like {column.example}" if column.example else "is not written as it should be"
            self.refuse(name, f"{written!r} {shape}. {column.meaning}")
        return written

    def amount(self, name: str, empty: float = 0.0) -> float:
        """A number within the column's bounds; `empty` where there is none."""
        column, value = self._cell(name)
        if value is None:
            return empty
        try:
            read = float(str(value).strip())
        except ValueError:
            read = math.nan
        if not math.isfinite(read) or isinstance(value, bool):
            self.refuse(name, f"{value!r} is not a number.")
            return empty
        return read if self._within(column, read) else empty

    def whole(self, name: str) -> int | None:
        """A whole number within the column's bounds, or None where it is empty."""
        if self._cell(name, quietly=True)[1] is None:
            self._cell(name)
            return None
        read = self.amount(name)
        if read != int(read):
            self.refuse(name, f"{read:g} is not a whole number.")
        return int(read)

    def yes(self, name: str) -> bool:
        """Yes or no; an empty cell is no."""
        value = self._cell(name)[1]
        written = "" if value is None else str(value).strip().lower()
        if written and written not in _YES + _NO:
            self.refuse(name, f"{value!r} is neither yes nor no.")
        return written in _YES

    def items(self, name: str, known: Sequence[str] | None = None) -> tuple[str, ...]:
        """A list, given as such or with semicolons; each item one of `known` where that is given."""
        value = self.row.get(name)
        listed = isinstance(value, Sequence) and not isinstance(value, str)
        written = SEPARATOR.join(map(str, value)) if listed and value is not None else value
        found = Cells(self.table, {**self.row, name: written}, self.action, self.number, self.faults)
        items = tuple(part.strip() for part in found.text(name).split(SEPARATOR) if part.strip())
        for item in dict.fromkeys(items):
            if items.count(item) > 1:
                self.refuse(name, f"{item!r} stands twice; name it once.")
            if known is not None and item not in known:
                self.refuse(name, f"there is no {item!r}{_meant(item, known)}.")
        return tuple(dict.fromkeys(items))

    def _cell(self, name: str, *, quietly: bool = False) -> tuple[Column, Any]:
        column = load_contract(self.table).column(name)
        value = self.row.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if column.required and not column.may_be_blank and not quietly:
                self.refuse(name, f"it is empty, and every row needs it. {column.meaning}")
            return column, None
        return column, value

    def _within(self, column: Column, read: float) -> bool:
        unit = f" {column.unit}" if column.unit else ""
        for bound, beyond, side in ((column.min, -1, "below"), (column.max, 1, "above")):
            if bound is not None and (read - float(bound)) * beyond > 0:
                self.refuse(column.name, f"{read:g} is {side} {float(bound):g}{unit}. {column.meaning}")
                return False
        return True


def _meant(item: str, known: Sequence[str]) -> str:
    near = nearest(item, known)
    if near:
        return f"; perhaps {near!r} is meant"
    few = len(known) <= 20
    return f"; there are {', '.join(known)}" if few and known else ""
