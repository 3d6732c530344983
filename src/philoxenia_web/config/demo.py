"""`philoxenia demo`: the application on this machine, with the example city, a study, and people."""

import argparse
import os
from pathlib import Path

from philoxenia.cli import run as engine
from philoxenia_web.config.environment import environment
from philoxenia_web.config.serve import (
    ServeError,
    add_serving_options,
    child_environment,
    run_python,
    say,
    serving,
)

PEOPLE, SLIP = "demo-people.txt", "demo-own-page.txt"
# How many futures the example of foresight tries, and where its maker finds that.
FUTURES, DEMO_FUTURES = "PHILOXENIA_DEMO_FUTURES", 60
_LEAST_FUTURES = 2
# How many synthetic people the example of a linkage makes.
NUMBER, DEMO_NUMBER, LEAST_NUMBER = "PHILOXENIA_DEMO_PEOPLE", 20_000, 500
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def add_demo(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare `philoxenia demo`: the engine's command, which also serves."""
    engine.add_demo(subparsers)
    parser = subparsers.choices["demo"]
    parser.description = (
        "Run the application on this machine, with Toronto loaded, a study, and a person of each role."
    )
    add_serving_options(parser)
    parser.add_argument(
        "--futures",
        type=int,
        default=DEMO_FUTURES,
        metavar="N",
        help=f"futures of the example of foresight, made at the first start (default: {DEMO_FUTURES})",
    )
    parser.add_argument(
        "--people",
        type=int,
        default=DEMO_NUMBER,
        metavar="N",
        help=f"synthetic people whose lists are linked, made at the first start (default: {DEMO_NUMBER})",
    )
    parser.set_defaults(run=_demo)


def _demo(arguments: argparse.Namespace) -> int:
    if arguments.no_serve:
        return engine.run_demo(arguments)
    if arguments.host not in _LOOPBACK:
        raise ServeError(
            f"--host {arguments.host}: the demonstration asks nobody for a second factor, so it serves this "
            "machine alone. Use philoxenia serve for others."
        )
    if arguments.futures < _LEAST_FUTURES:
        raise ServeError(f"--futures {arguments.futures}: give {_LEAST_FUTURES} or more.")
    if arguments.people < LEAST_NUMBER:
        raise ServeError(f"--people {arguments.people}: give {LEAST_NUMBER} or more.")
    os.environ.setdefault("PHILOXENIA_CITY", str(engine.find_example()))
    os.environ["PHILOXENIA_DEMO"] = "1"
    environment.cache_clear()
    known = environment()
    log = known.var / "demo.log"
    say("Starting the application; the first time takes about a minute ...")
    with serving(arguments.host, arguments.port, arguments.workers, log) as (supervisor, url):
        env = child_environment(known, url) | {"PHILOXENIA_STATEMENT_TIMEOUT_SECONDS": "600"}
        env[FUTURES], env[NUMBER] = str(arguments.futures), str(arguments.people)
        run_python(supervisor, ["-m", "philoxenia_web.config.demo_data"], env)
        if not supervisor.stopping:
            _say_what_to_open(url, known.var, log)
        supervisor.tend_until(lambda: False)
        say("Stopping ...")
    return 0


def _say_what_to_open(url: str, var: Path, log: Path) -> None:
    people, slip = var / PEOPLE, var / SLIP
    say(f"\nOpen {url} in a browser: what residents find, without signing in.")
    say(f"Staff sign in at {url}/account/login/ as one of:\n")
    say(people.read_text(encoding="utf-8"))
    if slip.is_file():
        code, number = slip.read_text(encoding="utf-8").split()
        say(f"A resident sees what is kept of them at {url}/mine/ with the code {code}, the number {number}.")
    say(f"The passwords are kept in {people}, what the application logs in {log}.")
    say("Ctrl-C stops it; the next start finds everything again.")
