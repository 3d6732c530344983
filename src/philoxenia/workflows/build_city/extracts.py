"""Finds the raw extracts of a recipe and takes them through their contracts."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from philoxenia.exchange.check import check_file
from philoxenia.exchange.contract import load_contract
from philoxenia.exchange.outcome import CheckReport
from philoxenia.workflows.build_city.problems import BuildError
from philoxenia.workflows.build_city.recipe import Raw
from philoxenia.workflows.build_city.record import RawRecord


def find_raw(folder: Path, file: str) -> Path:
    """The extract under `folder`: at its path in the recipe, else the one file of that name anywhere below.

    Raises `BuildError` where there is none, or several.
    """
    exact = folder / file
    if exact.is_file():
        return exact
    name = Path(file).name
    found = sorted(folder.rglob(name)) if folder.is_dir() else []
    if len(found) == 1:
        return found[0]
    if not found:
        raise BuildError(
            f"There is no {file} under {folder}. Name the folder of raw extracts with --raw DIR."
        )
    listed = ", ".join(str(place.relative_to(folder)) for place in found[:5])
    raise BuildError(
        f"There are several files named {name} under {folder} ({listed}). Keep one, or put it at {file}."
    )


# Outlines are text in every map file, so that reading them is no mend of this one.
_NOT_WORTH_TELLING = {"geometry_notation"}


@dataclass(frozen=True)
class Extract:
    """One raw extract, opened and checked on first use."""

    raw: Raw
    path: Path
    city: Path

    @cached_property
    def report(self) -> CheckReport:
        """The check. Raises `BuildError` with every refusal where the extract is not accepted."""
        contract = load_contract(self.raw.contract, self.city)
        renamed = tuple(
            replace(column, aliases=(self.raw.columns[column.name], column.name, *column.aliases))
            if column.name in self.raw.columns
            else column
            for column in contract.columns
        )
        report = check_file(self.path, replace(contract, columns=renamed))
        if not report.accepted:
            raise BuildError(f"{self.raw.file} is {report.outcome.words}:\n{refusals(report)}")
        return report

    @property
    def table(self) -> pl.DataFrame:
        """The accepted table in canonical columns."""
        return self.report.table

    def record(self) -> RawRecord:
        """What sources.toml says of this extract."""
        report = self.report
        told = [mend.message for mend in report.mends if mend.rule not in _NOT_WORTH_TELLING]
        told += [finding.message for finding in report.findings if finding.rule == "layout_note"]
        return RawRecord(
            file=self.raw.file,
            sha256=report.file.sha256,
            contract=f"{self.raw.contract} {report.contract.version if report.contract else ''}".strip(),
            rows=report.rows,
            owner=self.raw.owner,
            licence=self.raw.licence,
            date=self.raw.date,
            mended=tuple(told),
            notes=self.raw.notes,
        )


def refusals(report: CheckReport) -> str:
    """The refused findings of a report, one a line."""
    lines = [
        f"  - {item.message} {item.remedy}".rstrip() for item in report.findings if item.severity == "refused"
    ]
    return "\n".join(lines)
