"""`philoxenia plan`: what a budget buys best, why, where that breaks, and which sign says so early enough."""

import argparse
from pathlib import Path
from typing import Any

from philoxenia.cli.foresight import (
    MisuseError,
    add_study_options,
    asked_mapping,
    foresight_of,
    names_of,
    number_of,
    pair_of,
)
from philoxenia.report.foresight import write_case
from philoxenia.valuation.portfolio import AIMS
from philoxenia.workflows.foresight.sentences import plan_lines

_EPILOG = """example:
  philoxenia plan CITY --budget city=30000000 --aim cvar --floor older_people=0 --require a --case case.pdf
An amount for --budget holds for every year; several, parted by commas, are for year 1, 2, ..., the last one
also for the years after."""


def add_plan(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia plan CITY`."""
    parser = subparsers.add_parser(
        "plan",
        help="what a budget buys best, and where that breaks",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_study_options(parser, "out/<city id>-plan")
    add = parser.add_argument
    spent = "what a funder gives in a year; repeat it for others"
    add("--budget", action="append", default=[], metavar="FUNDER=AMOUNT[,AMOUNT...]", help=spent)
    add("--aim", choices=AIMS, help="what counts: the mean, the worst futures, or the least regret")
    add("--floor", action="append", default=[], metavar="GROUP=AMOUNT", help="least mean gain; repeat it")
    add("--require", metavar="A,B", help="actions that must be in")
    add("--ban", metavar="A,B", help="actions that must not")
    add("--case", type=Path, metavar="FILE.pdf", help="write the investment case for a funder")
    parser.set_defaults(run=_plan)


def _plan(arguments: argparse.Namespace) -> int:
    if arguments.case and arguments.case.suffix.lower() != ".pdf":
        raise MisuseError(f"--case {arguments.case}: the case is a PDF; give a file that ends in .pdf.")
    found, out = foresight_of(arguments, asked_mapping(arguments) | _asked(arguments), "plan")
    print()
    for line in plan_lines(found):
        print(line)
    print(f"\nTables: {out / 'tables'}")
    if arguments.case:
        arguments.case.parent.mkdir(parents=True, exist_ok=True)
        write_case(found, arguments.case)
        print(f"Investment case: {arguments.case}")
    return 0


def _asked(arguments: argparse.Namespace) -> dict[str, Any]:
    """The keys of the settings that the options say; others stay as the file of settings has them."""
    asked: dict[str, Any] = {}
    if arguments.budget:
        pairs = [pair_of("--budget", text) for text in arguments.budget]
        asked["budgets"] = {
            funder: [number_of("--budget", part) for part in amounts.split(",")] for funder, amounts in pairs
        }
    if arguments.floor:
        pairs = [pair_of("--floor", text) for text in arguments.floor]
        asked["floors"] = {name: number_of("--floor", amount) for name, amount in pairs}
    asked |= {"aim": arguments.aim} if arguments.aim else {}
    for key, given in (("required", arguments.require), ("banned", arguments.ban)):
        asked |= {key: names_of(given)} if given else {}
    return asked
