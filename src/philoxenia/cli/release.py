"""`philoxenia release TABLE --spec release.toml`: a table of counts that may leave the house, or why it
may not.
"""

import argparse
import sys
from pathlib import Path

from philoxenia.disclosure.release import read_spec, write_release
from philoxenia.workflows.release import release_file

_EPILOG = """example:
  philoxenia release needs.csv --spec release.toml --ledger ledger.jsonl --out out/needs

exit codes:
   0  released: the folder holds the table, its metadata and a receipt
   8  refused: a figure could be worked out, or the budget is spent; nothing was written
   3  refused: a column looks like persons, exact points or immigration status
   2  the spec is wrong
   4  the table or the ledger cannot be read, or the ledger was changed"""


def add_release(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia release TABLE`."""
    parser = subparsers.add_parser(
        "release",
        help="let a table of counts out, if nobody can be worked out from it",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("table", type=Path, metavar="TABLE", help="counts by group: CSV, XLSX or Parquet")
    add(
        "--spec",
        type=Path,
        required=True,
        metavar="FILE",
        help="release.toml: keys, measure, margins, method",
    )
    add("--ledger", type=Path, metavar="FILE", help="what was released before; made where it is missing")
    add("--secret", type=Path, metavar="FILE", help="16 random bytes or more, for rounding; kept like a key")
    add("--out", type=Path, metavar="DIR", help="where the files go (default: out/release-TABLE)")
    parser.set_defaults(run=_release)


def _release(arguments: argparse.Namespace) -> int:
    spec = read_spec(arguments.spec)
    made = release_file(arguments.table, spec, arguments.ledger, arguments.secret)
    paths = write_release(made, arguments.out or Path("out") / f"release-{spec.table}")
    told = made.receipt
    print(f"Released: {told['figures']:,} figures, {told['withheld_figures']:,} of them withheld.")
    if "attacked_figures" in told:
        attacked, given_away = told["attacked_figures"], told["recoverable_figures"]
        print(f"Attacked: {attacked:,} figures, {given_away} can be worked out.")
    else:
        print(f"Budget: {told['spent']:.3g} of epsilon {told['budget']:g} is spent on {spec.about}.")
    if arguments.ledger is None:
        print("No ledger was named: checked alone, without what was released before.", file=sys.stderr)
    print(f"Table: {paths['csv']}\nReceipt: {paths['receipt']}")
    return 0
