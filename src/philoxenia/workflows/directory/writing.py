"""A directory on disk: the data package, pairs to decide, and the report, whole or not at all."""

import json
from collections.abc import Mapping
from pathlib import Path

from philoxenia import __version__
from philoxenia.exchange.hsds import Records, write_package
from philoxenia.exchange.hsds.records import said_of
from philoxenia.report.keeping import keep_whole

_HEADINGS = {
    "refused": "To be changed before it can be taken",
    "warning": "Taken, but please look at it",
    "note": "Good to know",
}


def write_directory(records: Records, out: Path) -> None:
    """Write `package/` (tables and datapackage.json), `package.zip`, `duplicates.csv`, `report.txt`,
    `report.json`.

    The folder takes its place whole. Raises `DirectoryError` for records that are refused.
    """
    records.checked()
    keep_whole(out, lambda folder: _fill(folder, records))


def report_text(records: Records) -> str:
    """What was read and what was met, in sentences."""
    lines = [f"Read: {said_of(records)}."]
    for severity, heading in _HEADINGS.items():
        found = [one for one in records.told if one.severity == severity]
        if found:
            lines += ["", f"{heading}:"]
        for one in found:
            lines.append(f"  - {one.message}")
            if not one.remedy.startswith("Nothing to do"):
                lines.append(f"    -> {one.remedy}")
    if records.duplicates.width:
        kinds = dict(records.duplicates.group_by("kind").len().iter_rows())
        lines += [
            "",
            _pairs_said(kinds),
        ]
    return "\n".join(lines) + "\n"


def _pairs_said(kinds: Mapping[str, int]) -> str:
    counts = f"{kinds.get('organization', 0):,} of organisations, {kinds.get('service', 0):,} of services"
    return f"Pairs that may be one: {counts} (duplicates.csv). Nothing was merged."


def _fill(folder: Path, records: Records) -> None:
    package = folder / "package"
    package.mkdir()
    write_package(records, package)
    write_package(records, folder / "package.zip")
    if records.duplicates.width:
        records.duplicates.write_csv(folder / "duplicates.csv")
    (folder / "report.txt").write_text(report_text(records), encoding="utf-8")
    said = {
        "made_by": f"philoxenia {__version__}",
        "format": "philoxenia-directory/1",
        "rows": {name: frame.height for name, frame in records.tables.items() if frame.height},
        "findings": [one.as_dict() for one in records.told],
    }
    (folder / "report.json").write_text(
        json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
