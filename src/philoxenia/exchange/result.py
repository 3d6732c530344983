"""What a check found, as plain data: outcome, findings, mends, and the table in canonical columns."""

from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

import polars as pl

from philoxenia.exchange.contract import Contract
from philoxenia.exchange.files import FileFacts
from philoxenia.exchange.grids import FOUND_SCHEMA, MEND_SCHEMA
from philoxenia.exchange.ledger import Finding, Mend


class Outcome(Enum):
    """What became of the file; the number is the exit code of the command."""

    ACCEPTED = ("accepted", 0)
    MENDED = ("accepted with mends", 10)
    REFUSED = ("refused", 3)
    UNREADABLE = ("unreadable", 4)
    NOT_RECOGNISED = ("not recognised", 6)

    @property
    def words(self) -> str:
        """As said in reports."""
        return self.value[0]

    @property
    def exit_code(self) -> int:
        """As returned by `philoxenia check`."""
        return self.value[1]


@dataclass(frozen=True)
class CheckResult:
    """What was found in one file.

    `table` holds the canonical columns; it is complete only where nothing was refused.
    """

    outcome: Outcome
    file: FileFacts
    contract: Contract | None = None
    sure: str = ""
    runner_up: str = ""
    city: str = ""
    rows: int = 0
    columns: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = ()
    mends: tuple[Mend, ...] = ()
    mend_log: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MEND_SCHEMA))
    not_checked: tuple[tuple[str, str], ...] = ()
    found_cells: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=FOUND_SCHEMA))
    checked_table: pl.DataFrame = field(default_factory=pl.DataFrame)
    parts: tuple["CheckResult", ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether the table may be used, mended or not."""
        return self.outcome in (Outcome.ACCEPTED, Outcome.MENDED)

    @cached_property
    def table(self) -> pl.DataFrame:
        """The mended table in canonical columns: text as String, dates and periods as ISO text."""
        text = [
            pl.col(name).cast(pl.String)
            for name, dtype in self.checked_table.schema.items()
            if isinstance(dtype, pl.Categorical | pl.Date)
        ]
        return self.checked_table.with_columns(text)
