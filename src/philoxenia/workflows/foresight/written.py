"""A foresight on disk for people and programs: the kept folder, and every table as Parquet and CSV."""

from pathlib import Path

from philoxenia.lake.files import write_whole
from philoxenia.report.foresight import Foresight, keep_foresight
from philoxenia.vocabulary import PhiloxeniaError


def write_foresight(found: Foresight, folder: Path) -> list[Path]:
    """Write `foresight/` and `tables/` under a folder; each file appears whole. Raises `PhiloxeniaError`."""
    try:
        tables = folder / "tables"
        tables.mkdir(parents=True, exist_ok=True)
        written = [folder / "foresight"]
        for name, frame in found.tables.items():
            written.append(write_whole(tables / f"{name}.parquet", frame.write_parquet))
            written.append(write_whole(tables / f"{name}.csv", frame.write_csv))
    except OSError as fault:
        raise PhiloxeniaError(
            f"Nothing can be written under {folder} ({fault.strerror or fault}). Choose a folder you may "
            "write to, with room on the disk, with --out."
        ) from fault
    keep_foresight(found, folder / "foresight")
    return written
