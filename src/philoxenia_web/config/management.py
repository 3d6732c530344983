"""`philoxenia web ...`: Django's own commands, against the same database and folders as `serve`."""

import argparse
import os
import sys
from collections.abc import Sequence

from philoxenia_web.config import postgres, processes
from philoxenia_web.config.environment import environment

# These make or change tables; everything else runs with the rights the application has.
_OWNERS = frozenset({"migrate", "makemigrations", "sqlmigrate", "flush", "dbshell", "inspectdb", "sqlflush"})


def add_web(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia web`."""
    parser = subparsers.add_parser("web", help="the application's own management commands", add_help=False)
    parser.add_argument(
        "arguments", nargs=argparse.REMAINDER, metavar="...", help="`philoxenia web help` lists them"
    )
    parser.set_defaults(run=_web)


def _web(told: argparse.Namespace) -> int:
    run(told.arguments)
    return 0


def run(arguments: Sequence[str]) -> None:
    """Run one of Django's commands; the embedded PostgreSQL is started where it is used and does not run."""
    processes.keep_to_ourselves()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "philoxenia_web.config.settings")
    if arguments and arguments[0] in _OWNERS:
        os.environ["PHILOXENIA_AS_OWNER"] = "1"
        environment.cache_clear()
    if not (environment().database_url or environment().database_owner_url):
        postgres.ensure_running(postgres.place_of(environment().var))
    # Settings are read when Django is imported, so only now.
    from django.core.management import execute_from_command_line  # noqa: PLC0415

    execute_from_command_line(["philoxenia web", *arguments])


def main() -> None:
    """For manage.py."""
    run(sys.argv[1:])
