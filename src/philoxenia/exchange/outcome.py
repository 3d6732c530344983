"""The report of a check, told to people as text and to machines as JSON."""

import json
from collections.abc import Mapping
from typing import Any

from philoxenia.exchange.contract import Contract
from philoxenia.exchange.files import FileFacts
from philoxenia.exchange.ledger import Finding, Mend
from philoxenia.exchange.result import CheckResult, Outcome
from philoxenia.exchange.told import report_text

__all__ = ["FORMAT", "CheckReport", "Outcome"]

FORMAT = "philoxenia-check/1"
_FACTS = ("name", "format", "sha256", "encoding", "delimiter", "sheet")


class CheckReport(CheckResult):
    """What was found in one file. `table` is complete only where nothing was refused."""

    def text(self, width: int = 100) -> str:
        """The report for people."""
        return report_text(self, width)

    def document(self) -> dict[str, Any]:
        """The report as plain values; the schema stands in README.md and is stable within its version."""
        return _document(self)

    def json(self) -> str:
        """The report for machines."""
        return json.dumps(self.document(), ensure_ascii=False, indent=1)

    @classmethod
    def of_document(cls, document: Mapping[str, Any], contract: Contract | None) -> "CheckReport":
        """A report that was kept as a document; its tables and log are kept elsewhere."""
        return _of_document(document, contract)


def _document(report: CheckResult) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "file": _file(report.file),
        "outcome": report.outcome.words,
        "exit_code": report.outcome.exit_code,
        "contract": report.contract
        and {
            "name": report.contract.name,
            "version": report.contract.version,
            "title": report.contract.title,
            "sure": report.sure,
            "runner_up": report.runner_up,
        },
        "city": report.city or None,
        "rows": report.rows,
        "columns": [{"name": name, "header": header} for name, header in report.columns],
        "findings": [_finding(finding) for finding in report.findings],
        "mends": [_mend(mend) for mend in report.mends],
        "not_checked": [{"rule": rule, "reason": reason} for rule, reason in report.not_checked],
        "parts": [_document(part) for part in report.parts],
    }


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
        "says": finding.says,
        "values": dict(finding.values),
    }


def _mend(mend: Mend) -> dict[str, Any]:
    return {
        "rule": mend.rule,
        "column": mend.column or None,
        "header": mend.header or None,
        "count": mend.count,
        "examples": [{"row": row, "before": before, "after": after} for row, before, after in mend.examples],
        "message": mend.message,
        "says": mend.says,
        "values": dict(mend.values),
    }


def _of_document(document: Mapping[str, Any], contract: Contract | None) -> CheckReport:
    kept, told = document["file"], document["contract"] or {}
    facts: dict[str, Any] = {name: kept[name] or "" for name in _FACTS}
    return CheckReport(
        next(outcome for outcome in Outcome if outcome.words == document["outcome"]),
        FileFacts(size=kept["bytes"], coordinates=kept["coordinates"] or "", **facts),
        contract=contract,
        sure=told.get("sure", ""),
        runner_up=told.get("runner_up", ""),
        city=document["city"] or "",
        rows=document["rows"],
        columns=tuple((column["name"], column["header"]) for column in document["columns"]),
        findings=tuple(map(_kept_finding, document["findings"])),
        mends=tuple(map(_kept_mend, document["mends"])),
        not_checked=tuple((entry["rule"], entry["reason"]) for entry in document["not_checked"]),
        parts=tuple(_of_document(part, None) for part in document["parts"]),
    )


def _kept_finding(entry: Mapping[str, Any]) -> Finding:
    examples = tuple((-1 if one["row"] is None else one["row"], one["value"]) for one in entry["examples"])
    return Finding(
        entry["rule"],
        entry["severity"],
        entry["column"] or "",
        entry["header"] or "",
        entry["count"],
        examples,
        entry["message"],
        entry["remedy"],
        entry.get("says", ""),
        entry.get("values", {}),
    )


def _kept_mend(entry: Mapping[str, Any]) -> Mend:
    examples = tuple((one["row"], one["before"], one["after"]) for one in entry["examples"])
    return Mend(
        entry["rule"],
        entry["column"] or "",
        entry["header"] or "",
        entry["count"],
        examples,
        entry["message"],
        entry.get("says", ""),
        entry.get("values", {}),
    )
