"""Writes the report: page, PDF and tables, each file whole or not there."""

from pathlib import Path

from philoxenia.lake import files
from philoxenia.report.html import page
from philoxenia.report.pdf import pdf
from philoxenia.report.sections.front import document
from philoxenia.report.sections.places import places_of
from philoxenia.report.tables import as_csv, as_parquet, index, tables
from philoxenia.report.types import Findings, ReportError


def write_report(findings: Findings, out: Path) -> dict[str, str]:
    """Write report.html, report.pdf and tables/ under `out`; what was written, by path.

    The same findings give the same bytes. Raises `ReportError` where nothing can be written there.
    """
    told = document(findings)
    written = {
        write_whole(
            out / "report.html", page(told, places_of(findings.districts).shapes).encode()
        ): "the report",
        write_whole(out / "report.pdf", pdf(told)): "the same for print",
    }
    return written | write_tables(findings, out / "tables")


def write_tables(findings: Findings, out: Path) -> dict[str, str]:
    """Write every table as CSV with HXL tags and as Parquet under `out`, and their index."""
    found = tables(findings)
    for name, frame in found.items():
        write_whole(out / f"{name}.csv", as_csv(frame))
        write_whole(out / f"{name}.parquet", as_parquet(frame))
    write_whole(out / "datapackage.json", index(found, findings))
    return {str(out): f"{len(found)} tables, CSV and Parquet"}


def write_whole(path: Path, content: bytes) -> str:
    """Write a file that appears whole or not at all; its path. Raises `ReportError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_whole(path, lambda unfinished: unfinished.write_bytes(content))
    except OSError as error:
        raise ReportError(
            f"{path} cannot be written ({error.strerror}). Choose a folder you may write to."
        ) from error
    return str(path)
