"""`philoxenia lake`: put accepted tables into a lake, list and show them, and ask them with SQL."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import polars.selectors as cs

from philoxenia.exchange import CheckReport, check_file
from philoxenia.lake import Lake, Provenance, Version

_DEFAULT_LAKE = Path("var") / "lake"
_NOT_STATED = "not stated"


def add_lake(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia lake put|list|show|query`."""
    parser = subparsers.add_parser("lake", help="put accepted tables into a lake, list and show them")
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_put(actions)
    listing = _add(actions, "list", "list the tables and their latest version")
    listing.set_defaults(run=_list)
    show = _add(actions, "show", "show where a table comes from, and its first rows")
    show.add_argument("table", metavar="TABLE")
    show.add_argument("--version", type=int, metavar="N", help="default: the latest")
    show.add_argument("--rows", type=int, default=5, metavar="N", help="rows to show (default: 5)")
    show.set_defaults(run=_show)
    query = _add(actions, "query", "answer one SELECT over the latest tables, as CSV on standard output")
    query.add_argument("sql", metavar="SQL", help='such as "SELECT count(*) FROM schools"')
    query.set_defaults(run=_query)


def _add(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
    parser.add_argument(
        "--lake", type=Path, default=_DEFAULT_LAKE, metavar="DIR", help=f"default: {_DEFAULT_LAKE}"
    )
    return parser


def _add_put(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    put = _add(actions, "put", "check a file and, where it is accepted, keep its table")
    put.add_argument("file", type=Path, metavar="FILE", help="what `philoxenia check` takes")
    put.add_argument(
        "--contract", default="", metavar="NAME", help="the kind of extract (default: recognised)"
    )
    put.add_argument("--city", type=Path, metavar="FOLDER", help="city package whose districts count")
    put.add_argument(
        "--source", default="", metavar="TEXT", help="who gave it (default: the contract's owner)"
    )
    put.add_argument("--licence", default=_NOT_STATED, metavar="TEXT", help=f"default: {_NOT_STATED}")
    put.add_argument("--time", default="", metavar="ISO", help="when it was handed in (default: now)")
    put.set_defaults(run=_put)


def _put(arguments: argparse.Namespace) -> int:
    report = check_file(arguments.file, arguments.contract or None, arguments.city)
    if not report.accepted or report.contract is None:
        print(report.text())
        print("Nothing was put into the lake.", file=sys.stderr)
        return report.outcome.exit_code
    lake = Lake(arguments.lake)
    before = len(lake.versions(report.contract.name))
    version = lake.put(report.contract.name, report.table, _provenance(report, arguments))
    known = version.number <= before
    print(f"{'Nothing new' if known else 'Kept'}: {_line(version)}")
    return 0


def _provenance(report: CheckReport, arguments: argparse.Namespace) -> Provenance:
    assert report.contract is not None  # noqa: S101  (narrowing for the type checker)
    mended = tuple(mend.message for mend in report.mends)
    return Provenance(
        source=arguments.source or report.contract.owner,
        licence=arguments.licence,
        contract=report.contract.name,
        contract_version=report.contract.version,
        time=arguments.time or datetime.now(UTC).isoformat(timespec="seconds"),
        notes=(f"from {report.file.name}, sha256 {report.file.sha256}", *mended),
    )


def _list(arguments: argparse.Namespace) -> int:
    lake = Lake(arguments.lake)
    for table in lake.tables():
        print(_line(lake.version(table)))
    if not lake.tables():
        print(f"The lake {lake.path} is empty. Put a table: philoxenia lake put FILE --lake {lake.path}")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    lake = Lake(arguments.lake)
    version = lake.version(arguments.table, arguments.version)
    rows = lake.read(arguments.table, version.number)
    told = version.provenance
    print(_line(version))
    print(f"source    {told.source}\nlicence   {told.licence}")
    print(f"contract  {told.contract} {told.contract_version}\ntime      {told.time}")
    print(f"content   {version.content_hash}\nfile      {version.path}")
    for note in told.notes:
        print(f"note      {note}")
    print()
    _print_csv(rows.head(arguments.rows).drop(cs.binary()))
    return 0


def _query(arguments: argparse.Namespace) -> int:
    _print_csv(Lake(arguments.lake).query(arguments.sql))
    return 0


def _print_csv(frame: pl.DataFrame) -> None:
    # Outlines are bytes, which CSV cannot hold: they go as hexadecimal text.
    print(frame.with_columns(cs.binary().bin.encode("hex")).write_csv(), end="")


def _line(version: Version) -> str:
    words = f"{version.table}, version {version.number}, {version.rows:,} rows, {version.provenance.licence}"
    return f"{words}, {version.provenance.time}"
