"""What a rule needs beside the table: the contract, the ledger, the city if there is one, and how to name
rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import polars as pl

from philoxenia.exchange.contract import Contract, Rule
from philoxenia.exchange.files import FileFacts
from philoxenia.exchange.ledger import Ledger
from philoxenia.exchange.limits import limit
from philoxenia.exchange.places import Places
from philoxenia.exchange.spelling import listed

# The column of a table under check that holds the file's row numbers.
ROW = "__row"


@dataclass
class Context:
    """Shared by all rules of one check. `not_checked` gathers what could not be checked, and why."""

    contract: Contract
    ledger: Ledger
    facts: FileFacts
    places: Places | None = None
    not_checked: list[tuple[str, str]] = field(default_factory=list)
    rows_lost: bool = False

    def lacks(self, rule: Rule, table: pl.DataFrame, columns: Iterable[str]) -> bool:
        """Whether a column that the rule needs is not in the file; if so, that is said in the report."""
        absent = [name for name in dict.fromkeys(columns) if name not in table.columns]
        if absent:
            self.skip(rule.kind, f"the file has no {listed(absent)}")
        return bool(absent)

    def lacks_rows(self, rule: Rule) -> bool:
        """Whether rows were taken out as damaged, so that gaps and sums over rows would say nothing."""
        if self.rows_lost:
            self.skip(rule.kind, "first the damaged rows must be mended")
        return self.rows_lost

    def lacks_city(self, rule: Rule) -> bool:
        """Whether the rule needs a city package and none was named."""
        if self.places is None:
            self.skip(rule.kind, "no city was named (use --city FOLDER)")
        return self.places is None

    def skip(self, what: str, why: str) -> None:
        """Say once that something was not checked."""
        if (what, why) not in self.not_checked:
            self.not_checked.append((what, why))

    def header(self, column: str) -> str:
        """A column as the file calls it."""
        return self.ledger.headers.get(column) or column


RuleFunction = Callable[[Rule, pl.DataFrame, Context], pl.DataFrame]


def shown(table: pl.DataFrame, values: pl.Series | None = None) -> list[tuple[int, str]]:
    """The first rows of a table as cells for the ledger, with a text each."""
    head = table.head(limit("report", "cells_kept"))
    texts = (
        [""] * head.height
        if values is None
        else values.head(head.height).cast(pl.String).fill_null("").to_list()
    )
    return list(zip(head[ROW].to_list(), texts, strict=True))


def named(table: pl.DataFrame, columns: Iterable[str]) -> pl.Series:
    """Several columns as one text, for naming a row: `2019-03, refugees`."""
    parts = [pl.col(name).cast(pl.String).fill_null("(empty)") for name in columns]
    return table.select(pl.concat_str(parts, separator=", ").alias("n"))["n"]
