"""From a file of records to one in which nobody stands alone: read, refused or recoded, written whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from philoxenia.disclosure import DisclosureError, anonymised, k_anonymity
from philoxenia.disclosure.microdata import Anonymised
from philoxenia.disclosure.release.persons import refuse_persons
from philoxenia.lake.files import write_whole
from philoxenia.workflows.release import read_table


class TellingRecordsError(DisclosureError):
    """Records that cannot leave: all who look alike hold the same of something sensitive."""

    exit_code = 8


@dataclass(frozen=True)
class AnonymiseRequest:
    """What to do: `keys` in order of importance (the last is blanked first), `coarser` a table of coarser
    values.
    """

    records: Path
    keys: Sequence[str]
    k: int = 0
    sensitive: Sequence[str] = ()
    coarser: Path | None = None
    blank_at_most: float = 0.05


def anonymise_file(asked: AnonymiseRequest) -> Anonymised:
    """The records of a file, k-anonymous. Raises `PersonalColumnError` for a column about single persons,
    `TellingRecordsError` where alike records hold too few different sensitive values, and
    `DisclosureError` for files and columns that do not fit.
    """
    table = read_table(asked.records, asked.keys)
    refuse_persons(table)
    coarser = _coarser(asked.coarser) if asked.coarser else {}
    made = anonymised(
        table, list(asked.keys), asked.k, hierarchies=coarser, blank_at_most=asked.blank_at_most
    )
    found = k_anonymity(made.frame, list(asked.keys), made.anonymity.k, sensitive=list(asked.sensitive))
    for name, count in found.not_diverse.items():
        if count:
            raise TellingRecordsError(
                f"{count:,} records are alike in {', '.join(asked.keys)} and all hold the same {name!r}: who "
                "knows somebody among them would know it. Take coarser keys, a larger k, or leave it out."
            )
    return made


def write_records(made: Anonymised, out: Path) -> None:
    """Write the records as CSV or Parquet, by the ending of `out`, in an order that tells nothing."""
    # The order of a file is often the order in which people came.
    frame = made.frame.sort(pl.all(), nulls_last=True)
    if out.suffix == ".parquet":
        write_whole(out, lambda place: frame.write_parquet(place, compression="zstd"))
    else:
        write_whole(out, frame.write_csv)


def _coarser(path: Path) -> dict[str, list[dict[str, str]]]:
    """Column -> levels -> value -> coarser value, from a table column, value, level_1, level_2 ..."""
    table = read_table(path, ("column", "value"))
    levels = [name for name in table.columns if name not in ("column", "value")]
    if not levels:
        raise DisclosureError(f"{path.name} names no level: give columns column, value, level_1, level_2 ...")
    found: dict[str, list[dict[str, str]]] = {}
    for (column,), rows in table.group_by("column", maintain_order=True):
        steps = [dict(rows.select("value", level).drop_nulls().iter_rows()) for level in levels]
        found[str(column)] = [step for step in steps if step]
    return found
