"""Reads the command line, runs one command, and turns every error into a sentence and an exit code."""

import argparse
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from philoxenia import __version__
from philoxenia.vocabulary import PhiloxeniaError

# Command -> (module in philoxenia.cli that has `add_<command>`, one line of help).
# Only the module asked for is imported, so that `check` does not wait for the forecasting libraries.
COMMANDS = {
    "demo": ("run", "run the Toronto example and say what to open"),
    "run": ("run", "from a city package to the report: pressure, arrivals, load and gaps"),
    "check": ("check", "check a department's extract against its contract"),
    "contracts": ("check", "list the kinds of extract and what each must hold"),
    "city": ("city", "start, check or rebuild a city package"),
    "forecast": ("forecast", "forecast a monthly, quarterly or yearly series with calibrated intervals"),
    "backtest": ("forecast", "say how the forecasts would have done in the past"),
    "simulate": ("simulate", "a city over thousands of futures: people, homes, shelters and services"),
    "value": ("value", "what each action of a city brings, to whom, in how many futures"),
    "plan": ("plan", "what a budget buys best, why, where that breaks, and which sign warns"),
    "link": ("link", "which records of several lists are one person, under an agreement"),
    "synth": ("synth", "test people of a city and its departments' lists of them, with the truth apart"),
    "profile": ("profile", "a survey as a profile: newcomers and their neighbours on equal indicators"),
    "release": ("release", "let a table of counts out, if nobody can be worked out from it"),
    "anonymise": ("anonymise", "records of people in which nobody stands alone (k-anonymity)"),
    "small-area": ("small_area", "unbanked households, or who could own a home, by district with intervals"),
    "encode": ("encode", "a list of people as keyed bit strings, so that whoever links sees no name"),
    "directory": ("directory", "a directory of services: read, checked, doubles found, written as HSDS"),
    "guides": ("guides", "check the guides of a city, count what is translated, mark translations"),
    "lake": ("lake", "put accepted tables into a lake, list and show them"),
}

# Commands that other packages add, by an entry point of the same name that gives `add_<command>`.
ADDED = {
    "serve": "run the city's application: pages, API and background work",
    "demo": "run the application with Toronto loaded and people of every role",
    "backup": "keep everything the application knows in one file",
    "restore": "put a backup back, into an empty place",
    "web": "the application's own management commands, such as `web migrate`",
}
ENTRY_POINTS = "philoxenia.commands"

EXIT_CODES = """exit codes:
  0  done; for check: accepted as it is
  2  the command was used wrongly
  3  data are refused, with the reasons
  4  a file cannot be read
  5  a computation cannot be done on these data
 70  a fault of Philoxenia; --traceback shows it
130  stopped by you
Each command's own --help lists what it adds to these."""


def command_lines() -> dict[str, str]:
    """Every command with its line of help."""
    return {name: help_line for name, (_, help_line) in COMMANDS.items()} | ADDED


def _overview() -> argparse.ArgumentParser:
    known = command_lines()
    width = max(map(len, known))
    lines = "\n".join(f"  {name:<{width}}  {help_line}" for name, help_line in known.items())
    parser = argparse.ArgumentParser(
        prog="philoxenia",
        description="From a city's own extracts to a report of where pressure is and where it will come.",
        epilog=f"commands:\n{lines}\n\n{EXIT_CODES}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"philoxenia {__version__}")
    parser.add_argument("command", choices=list(known), metavar="COMMAND", help="one of those below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="...", help="see COMMAND --help")
    return parser


def _parse(argv: Sequence[str]) -> argparse.Namespace:
    chosen = _overview().parse_args(argv[:1]).command
    help_line = command_lines()[chosen]
    parser = argparse.ArgumentParser(prog="philoxenia")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    declaration(chosen)(subparsers)
    command = subparsers.choices[chosen]
    command.description = command.description or help_line[0].upper() + help_line[1:] + "."
    command.add_argument("--traceback", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


def declaration(chosen: str) -> Callable[[Any], None]:
    """What declares a command: its module here, or the package that adds it, which may lack its libraries."""
    for found in entry_points(group=ENTRY_POINTS, name=chosen) if chosen in ADDED else ():
        try:
            declare: Callable[[Any], None] = found.load()
        except ModuleNotFoundError as missing:
            if (missing.name or "").startswith("philoxenia"):
                raise
            break
        return declare
    if chosen in COMMANDS:
        adds = f"add_{chosen.replace('-', '_')}"
        return getattr(import_module(f"philoxenia.cli.{COMMANDS[chosen][0]}"), adds)  # type: ignore[no-any-return]
    raise _NotInstalledError(
        f"`{chosen}` belongs to the city's application, which is not installed here. "
        "Install it: pip install 'philoxenia[web]'"
    )


class _NotInstalledError(PhiloxeniaError):
    exit_code = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code. Users never see a traceback unless they ask for it."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        parsed = _parse(arguments)
        code: int = parsed.run(parsed)
        sys.stdout.flush()
    except PhiloxeniaError as problem:
        print(f"philoxenia: {problem}", file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        print("philoxenia: stopped; what was finished is kept.", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`): not an error, but stdout must not be flushed again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as fault:
        return _report_fault(fault, arguments)
    return code


def _report_fault(fault: Exception, arguments: Sequence[str]) -> int:
    if "--traceback" in arguments:
        traceback.print_exception(fault)
    print(
        f"philoxenia: a fault of the program, not of your data ({type(fault).__name__}: {fault}).\n"
        "Nothing was half-written. Run the command again with --traceback and report what it prints.",
        file=sys.stderr,
    )
    return 70
