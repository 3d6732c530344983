"""The columns of a table, as a page declares them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

NUMERIC = ("number", "percent", "bytes", "interval", "whole")
KINDS = (
    "text",
    "name",
    "number",
    "whole",
    "percent",
    "bytes",
    "interval",
    "date",
    "when",
    "month",
    "status",
    "link",
)


@dataclass(frozen=True)
class Column:
    """One column. `path` is the field to sort and filter by where it is not `key`; `value` reads the row.

    `choices` maps stored values to words; such a column is filtered by a list, others by the search box.
    `signs` maps stored values of a status to the kind of its badge. `lang` is the language its cells stand
    in where that is not the page's: of all cells, or of a row (a function of the row; empty for the page's).
    """

    key: str
    title: str
    kind: str = "text"
    sort: bool = True
    filter: bool = False
    path: str = ""
    value: Callable[[Any], Any] | None = None
    choices: Mapping[Any, Any] = field(default_factory=dict)
    signs: Mapping[Any, str] = field(default_factory=dict)
    lang: str | Callable[[Any], str] = ""

    @property
    def field(self) -> str:
        """What rows are sorted and filtered by."""
        return self.path or self.key

    @property
    def numeric(self) -> bool:
        """Whether figures stand in it."""
        return self.kind in NUMERIC
