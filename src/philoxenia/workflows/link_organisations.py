"""The same organisation in two directories, from files to a table of pairs."""

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from philoxenia import __version__
from philoxenia.linkage.organisations import link_organisations
from philoxenia.linkage.types import Progress
from philoxenia.report.keeping import keep_whole
from philoxenia.workflows.link import MARK, LinkUsageError, check_place, checked_list, write_frame

_CHECKING, _COMPARING = "Checking directories", "Comparing organisations"


def link_organisation_files(
    files: Mapping[str, Path], out: Path, format_: str, progress: Progress
) -> tuple[int, int]:
    """Link two directories into `out` (pairs, linkage.json); how many links and doubtful pairs.

    A directory without record_id gets the numbers of its rows.
    """
    if len(files) != 2:
        raise LinkUsageError("Organisations are linked between exactly two directories. Name two files.")
    check_place(out)
    progress(_CHECKING, 0.0, "")
    tables = [_numbered(checked_list(path, "organisations")) for path in files.values()]
    progress(_CHECKING, 1.0, f"{sum(table.height for table in tables):,} organisations")
    progress(_COMPARING, 0.0, "")
    pairs = link_organisations(*tables)
    counts = dict(pairs.group_by("decision").len().iter_rows())
    progress(_COMPARING, 1.0, f"{pairs.height:,} pairs worth a look")
    keep_whole(out, lambda folder: _fill(folder, pairs, list(files), format_))
    return int(counts.get("link", 0)), int(counts.get("doubtful", 0))


def _numbered(table: pl.DataFrame) -> pl.DataFrame:
    """With a record_id of its own for each row: the row's number where there is none, and a count behind one
    that comes again, as in a directory of sites."""
    row = pl.int_range(1, pl.len() + 1).cast(pl.String)
    if "record_id" not in table.columns:
        return table.with_columns(row.alias("record_id"))
    own = pl.coalesce(pl.col("record_id").cast(pl.String), pl.concat_str(pl.lit("row "), row))
    again = pl.int_range(1, pl.len() + 1).over("record_id").cast(pl.String)
    numbered = pl.when(pl.len().over("record_id") > 1).then(pl.concat_str(own, again, separator="#"))
    return table.with_columns(record_id=own).with_columns(record_id=numbered.otherwise(own))


def _fill(folder: Path, pairs: pl.DataFrame, names: list[str], format_: str) -> None:
    write_frame(pairs, folder / f"pairs.{format_}", format_)
    told = {
        "made_by": f"philoxenia {__version__}",
        "kind": "organisations",
        "left": names[0],
        "right": names[1],
    }
    (folder / MARK).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
