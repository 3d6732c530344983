"""`philoxenia anonymise RECORDS --keys ...`: records of people that may leave, or why they may not."""

import argparse
from pathlib import Path

from philoxenia.workflows.anonymise import AnonymiseRequest, anonymise_file, write_records

_EPILOG = """example:
  philoxenia anonymise records.csv --keys district_id,age_band,sex --k 5 --sensitive need --out open.csv

Keys are what somebody could know of a person from elsewhere, in order of importance: the last is blanked
first. A table of coarser values has the columns column, value, level_1, level_2 and so on.

exit codes:
   0  written: every combination of the keys belongs to at least k records
   8  refused: records that are alike all hold the same of something sensitive; nothing was written
   3  refused: a column looks like persons, exact points or immigration status
   5  too few records, or a column that is not there"""


def add_anonymise(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia anonymise RECORDS`."""
    parser = subparsers.add_parser(
        "anonymise",
        help="records of people in which nobody stands alone (k-anonymity)",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("records", type=Path, metavar="RECORDS", help="a row a person: CSV, XLSX or Parquet")
    add("--keys", required=True, metavar="A,B,...", help="columns an outsider may know, most important first")
    add("--k", type=int, default=0, metavar="N", help="how many must be alike (default: disclosure.k)")
    add("--sensitive", default="", metavar="A,...", help="columns that alike records must differ in")
    add("--coarser", type=Path, metavar="FILE", help="what may become what: column,value,level_1,...")
    add("--out", type=Path, required=True, metavar="FILE", help="where they go: .csv or .parquet")
    parser.set_defaults(run=_anonymise)


def _anonymise(arguments: argparse.Namespace) -> int:
    made = anonymise_file(
        AnonymiseRequest(
            arguments.records,
            _listed(arguments.keys),
            arguments.k,
            _listed(arguments.sensitive),
            arguments.coarser,
        )
    )
    write_records(made, arguments.out)
    found = made.anonymity
    print(f"{found.records:,} records: every combination of the keys belongs to {found.least:,} or more.")
    for name, level in made.levels.items():
        coarser = f"level {level} of its coarser values" if level else "as it was"
        blanked = f", {made.blanked[name]:,} cells blanked" if made.blanked[name] else ""
        print(f"  {name}: {coarser}{blanked}")
    print(f"Records: {arguments.out}")
    return 0


def _listed(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
