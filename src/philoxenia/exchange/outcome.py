"""The result of a check: outcome, findings, mends and the table, and how they are told to people and machines."""

import json
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Any

import polars as pl

from philoxenia.exchange.contract import Contract
from philoxenia.exchange.files import FileFacts
from philoxenia.exchange.grids import MEND_SCHEMA
from philoxenia.exchange.ledger import Finding, Mend
from philoxenia.exchange.told import report_text

FORMAT = "philoxenia-check/1"


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
class CheckReport:
    """What was found in one file. `table` holds the canonical columns; it is complete only where nothing was refused."""

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
    checked_table: pl.DataFrame = field(default_factory=pl.DataFrame)
    parts: tuple["CheckReport", ...] = ()

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

    def text(self, width: int = 100) -> str:
        """The report for people."""
        return report_text(self, width)

    def document(self) -> dict[str, Any]:
        """The report as plain values; the schema is described in README.md and does not change within a version."""
        return {
            "format": FORMAT,
            "file": _file(self.file),
            "outcome": self.outcome.words,
            "exit_code": self.outcome.exit_code,
            "contract": self.contract
            and {
                "name": self.contract.name,
                "version": self.contract.version,
                "title": self.contract.title,
                "sure": self.sure,
                "runner_up": self.runner_up,
            },
            "city": self.city or None,
            "rows": self.rows,
            "columns": [{"name": name, "header": header} for name, header in self.columns],
            "findings": [_finding(finding) for finding in self.findings],
            "mends": [_mend(mend) for mend in self.mends],
            "not_checked": [{"rule": rule, "reason": reason} for rule, reason in self.not_checked],
            "parts": [part.document() for part in self.parts],
        }

    def json(self) -> str:
        """The report for machines."""
        return json.dumps(self.document(), ensure_ascii=False, indent=1)


def _file(facts: FileFacts) -> dict[str, Any]:
    return {
        "name": facts.name,
        "format": facts.format,
        "bytes": facts.size,
        "sha256": facts.sha256,
        "encoding": facts.encoding or None,
        "delimiter": facts.delimiter or None,
        "sheet": facts.sheet or None,
        "coordinates": facts.coordinates or None,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "column": finding.column or None,
        "header": finding.header or None,
        "count": finding.count,
        "examples": [{"row": row if row >= 0 else None, "value": value} for row, value in finding.examples],
        "message": finding.message,
        "remedy": finding.remedy,
    }


def _mend(mend: Mend) -> dict[str, Any]:
    return {
        "rule": mend.rule,
        "column": mend.column or None,
        "header": mend.header or None,
        "count": mend.count,
        "examples": [{"row": row, "before": before, "after": after} for row, before, after in mend.examples],
        "message": mend.message,
    }
