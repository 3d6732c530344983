"""`philoxenia check FILE` and `philoxenia contracts`: the contract engine on the command line."""

import argparse
import sys
from pathlib import Path

from philoxenia.exchange.check import check_file
from philoxenia.exchange.contract import contracts, load_contract
from philoxenia.exchange.outcome import CheckReport, Outcome
from philoxenia.exchange.problems import DeclarationError
from philoxenia.exchange.told import contract_lines, contract_text
from philoxenia.exchange.writing import write_log, write_table

_CODES = """exit codes:
   0  accepted as it is
  10  accepted with mends or warnings: read the report
   3  refused: the report says what to change in the file
   4  unreadable: not a table, damaged, or beyond the limits
   6  not recognised: a table that fits no contract
   2  the command was used wrongly

Nothing is written unless --mended names a file. The report goes to standard output."""


def add_check(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `check`."""
    parser = subparsers.add_parser(
        "check",
        help="check a department's extract against its contract",
        description="Say what kind of extract a file is, what is wrong with it and what to change.",
        epilog=_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "file", type=Path, metavar="FILE", help="CSV, XLSX, Parquet, GeoJSON or a zipped shapefile"
    )
    parser.add_argument(
        "--contract", default="", metavar="NAME", help="check as this kind (default: recognised)"
    )
    place = parser.add_mutually_exclusive_group()
    place.add_argument(
        "--city",
        type=Path,
        metavar="FOLDER",
        help="city package whose districts count (default: the only one under ./cities)",
    )
    place.add_argument("--no-city", action="store_true", help="check without a city, even if there is one")
    parser.add_argument(
        "--format", choices=("text", "json"), default="text", help="for people or for machines"
    )
    parser.add_argument(
        "--mended", type=Path, metavar="OUT", help="write the mended table (.csv or .parquet) here"
    )
    parser.add_argument(
        "--hxl", action="store_true", help="with --mended OUT.csv: a row of HXL hashtags under the header"
    )
    parser.add_argument("--sheet", default="", help="sheet of a workbook (default: the first that is filled)")
    parser.add_argument("--member", default="", help="table or shapefile inside an archive")
    parser.add_argument(
        "--dates",
        choices=("day-first", "month-first"),
        default="",
        help="how to read 03/04/2024 where no row tells",
    )
    parser.add_argument(
        "--not-status",
        action="append",
        default=[],
        metavar="COLUMN=REASON",
        help="this column is not immigration status; the reason is kept in the report",
    )
    parser.add_argument("--width", type=int, default=100, help="width of the text report (default 100)")
    parser.set_defaults(run=_check)


def add_contracts(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command `contracts`."""
    parser = subparsers.add_parser(
        "contracts",
        help="list the kinds of extract and what each must hold",
        description="List the contracts, or show one: columns, aliases, rules and mends.",
    )
    parser.add_argument("name", nargs="?", default="", metavar="NAME", help="show this contract in full")
    parser.add_argument("--city", type=Path, metavar="FOLDER", help="city package with contracts of its own")
    parser.set_defaults(run=_contracts)


def _check(arguments: argparse.Namespace) -> int:
    city = _city(arguments)
    report = check_file(
        arguments.file,
        arguments.contract or None,
        city,
        sheet=arguments.sheet,
        member=arguments.member,
        dates=arguments.dates,
        not_status=_not_status(arguments.not_status),
    )
    print(report.json() if arguments.format == "json" else report.text(max(arguments.width, 40)))
    if arguments.mended:
        _write(report, arguments.mended, arguments.hxl)
    return report.outcome.exit_code


def _city(arguments: argparse.Namespace) -> Path | None:
    if arguments.no_city or arguments.city is not None:
        return None if arguments.no_city else arguments.city
    folder = Path("cities")
    packages = sorted(
        entry
        for entry in (folder.iterdir() if folder.is_dir() else ())
        if not entry.name.startswith("_") and (entry / "districts.geojson").is_file()
    )
    if len(packages) != 1:
        return None
    print(f"Checked against {packages[0]}, the only city package here (--city, --no-city).", file=sys.stderr)
    return packages[0]


def _not_status(entries: list[str]) -> dict[str, str]:
    declared = {}
    for entry in entries:
        column, _, reason = entry.partition("=")
        if not column.strip() or not reason.strip():
            raise DeclarationError(
                f"--not-status {entry!r} lacks a reason. Write --not-status 'COLUMN=why it is not'."
            )
        declared[column.strip()] = reason.strip()
    return declared


def _write(report: CheckReport, out: Path, hxl: bool) -> None:
    if report.parts:
        print(f"Nothing was written to {out}: name one table of the archive with --member.", file=sys.stderr)
        return
    if not report.accepted:
        print(f"Nothing was written to {out}: the file is {report.outcome.words}.", file=sys.stderr)
        return
    write_table(report, out, hxl)
    log = write_log(report, out)
    print(
        f"The mended table is in {out}, the log of {report.mend_log.height:,} mends in {log}.",
        file=sys.stderr,
    )


def _contracts(arguments: argparse.Namespace) -> int:
    if arguments.name:
        print(contract_text(load_contract(arguments.name, arguments.city)))
        return Outcome.ACCEPTED.exit_code
    known = contracts(arguments.city)
    shipped = [(name, contract.title) for name, contract in sorted(known.items()) if not contract.tests_only]
    others = [(name, contract.title) for name, contract in sorted(known.items()) if contract.tests_only]
    print("Kinds of extract (philoxenia contracts NAME shows one in full):")
    print("\n".join(f"  {line}" for line in contract_lines(shipped, 98)))
    if others:
        print("\nKnown, but never part of a city package (no open licence, or not about a city):")
        print("\n".join(f"  {line}" for line in contract_lines(others, 98)))
    return 0
