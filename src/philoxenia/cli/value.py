"""`philoxenia value`: what each action of a city brings, to whom, in how many futures."""

import argparse

from philoxenia.cli.foresight import add_study_options, asked_mapping, foresight_of
from philoxenia.workflows.foresight.sentences import value_lines

_EPILOG = """example:
  philoxenia value CITY --actions a,b --futures 500 --months 60 --out out/value"""


def add_value(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia value CITY`."""
    parser = subparsers.add_parser(
        "value",
        help="what each action brings, to whom, in how many futures",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_study_options(parser, "out/<city id>-value")
    parser.set_defaults(run=_value)


def _value(arguments: argparse.Namespace) -> int:
    found, out = foresight_of(arguments, asked_mapping(arguments), "value")
    months, futures = len(found.months), found.futures
    print(f"\n{futures:,} futures of {months} months; in brackets the range four futures in five lie in.\n")
    for line in value_lines(found):
        print(line)
    print(f"\nTables: {out / 'tables'}")
    return 0
