"""People from departments' encodings, in files: the linker's side of the private mode."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from philoxenia import __version__
from philoxenia.linkage.private import PrivatelyLinked, link_encoded, read_encoded
from philoxenia.linkage.types import Progress
from philoxenia.report.keeping import keep_whole
from philoxenia.workflows.link import MARK, check_place, write_frame

_READING, _COMPARING = "Reading encodings", "Comparing encodings"


def link_encoded_files(
    files: Sequence[Path], out: Path, within: bool, format_: str, progress: Progress
) -> tuple[int, int]:
    """Link encoded lists into `out` (links, pairs, linkage.json); how many people and links."""
    check_place(out)
    progress(_READING, 0.0, "")
    lists = [read_encoded(path) for path in files]
    progress(_READING, 1.0, f"{sum(len(one.records) for one in lists):,} records")
    progress(_COMPARING, 0.0, "")
    found = link_encoded(lists, within=within)
    links = found.pairs.filter(pl.col("decision") == "link").height
    progress(_COMPARING, 1.0, f"{found.pairs.height:,} pairs worth a look")
    keep_whole(out, lambda folder: _fill(folder, found, format_))
    return found.links["person"].n_unique(), links


def _fill(folder: Path, found: PrivatelyLinked, format_: str) -> None:
    folder.chmod(0o700)
    write_frame(found.links, folder / f"links.{format_}", format_)
    write_frame(found.pairs, folder / f"pairs.{format_}", format_)
    told = {"made_by": f"philoxenia {__version__}", "encoded": True, "link_from": found.thresholds.link}
    (folder / MARK).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    for file in folder.iterdir():
        file.chmod(0o600)
