"""What a demonstration holds: people, the city's data sets, finished studies, a linkage. Twice is once."""

import logging
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

from philoxenia.exchange import read_city
from philoxenia_web.config.demo import DEMO_FUTURES, DEMO_NUMBER, FUTURES, NUMBER, PEOPLE, SLIP
from philoxenia_web.config.environment import environment
from philoxenia_web.config.serve import say


def main() -> int:
    """Say each step before it is done, because the first time they take a while."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "philoxenia_web.config.settings")
    django.setup()
    # Whoever watches reads sentences; the study's own log is in its folder.
    logging.disable(logging.INFO)
    # The apps' models exist once Django is set up.
    from philoxenia_web.accounts.access import SYSTEM  # noqa: PLC0415
    from philoxenia_web.accounts.actions import make_demo_people  # noqa: PLC0415
    from philoxenia_web.datasets.actions import load_city  # noqa: PLC0415
    from philoxenia_web.studies.actions import make_demo_foresight, make_demo_study  # noqa: PLC0415

    _keep(make_demo_people(), environment().var / PEOPLE)
    began = time.monotonic()
    say(f"Checking and loading the tables of {environment().city.name} ...")
    loaded = load_city(SYSTEM)
    say(f"  {len(loaded)} data sets ({time.monotonic() - began:.0f} s)")
    _directory()
    say("Running the example study ...")
    _run(lambda: make_demo_study(SYSTEM))
    if any((environment().city / "tables").glob("actions.*")):
        say("Running the example of foresight (the first time its model is compiled, in about a minute) ...")
        futures = int(os.environ.get(FUTURES, DEMO_FUTURES))
        _run(lambda: make_demo_foresight(SYSTEM, futures))
    _link()
    _needs()
    _front()
    return 0


def _directory() -> None:
    """The city's services, where its package declares them."""
    # The apps' models exist once Django is set up.
    from philoxenia_web.directory.demo import make_demo_directory  # noqa: PLC0415
    from philoxenia_web.directory.offline.making import renew  # noqa: PLC0415
    from philoxenia_web.directory.search.jobs import follow_index  # noqa: PLC0415

    say("Reading the city's directory of services ...")
    began = time.monotonic()
    made = make_demo_directory(environment().city)
    if made is None:
        say("  left out: the city's package declares none.")
        return
    follow_index()
    # The worker would do it within a minute; whoever looks at once finds it done.
    renew()
    services = made.counts.get("service", {}).get("read", 0)
    say(f"  {services:,} services ({time.monotonic() - began:.0f} s)")


def _link() -> None:
    """The example of a linkage, where the city's tables can make people for it."""
    # The apps' models exist once Django is set up.
    from philoxenia_web.linkage.demo import MarginsError, make_demo_linkage  # noqa: PLC0415

    say("Linking three lists of SYNTHETIC people ...")
    began = time.monotonic()
    try:
        run = make_demo_linkage(read_city(environment().city), int(os.environ.get(NUMBER, DEMO_NUMBER)))
    except MarginsError as lacking:
        say(f"  left out: {lacking}")
        return
    if run is None:
        say("  left out: its agreement has ended.")
        return
    if not run.is_done:
        sys.exit(f"The example of a linkage did not finish: {run.state}. {run.fault}")
    say(f"  {run.records:,} records, {run.people:,} people ({time.monotonic() - began:.0f} s)")


def _needs() -> None:
    """What planners see of the linkage, and the profile of a made-up survey."""
    # The apps' models exist once Django is set up.
    from philoxenia_web.needs.demo import make_demo_needs  # noqa: PLC0415

    say("Protecting the counts of the linkage, profiling a SYNTHETIC survey ...")
    began = time.monotonic()
    make_demo_needs()
    say(f"  done ({time.monotonic() - began:.0f} s)")


def _front() -> None:
    """Residents at the front door and half a year of work with them."""
    # The apps' models exist once Django is set up.
    from philoxenia_web.casework import demo  # noqa: PLC0415
    from philoxenia_web.linkage.demo import MarginsError  # noqa: PLC0415

    say("Opening the front door for SYNTHETIC residents ...")
    began = time.monotonic()
    try:
        most = int(os.environ.get(NUMBER, DEMO_NUMBER))
        people, own_page = demo.make_demo_front(read_city(environment().city), min(demo.PEOPLE, most))
    except MarginsError as lacking:
        say(f"  left out: {lacking}")
        return
    if own_page:
        _keep([tuple(own_page.values())], environment().var / SLIP)
    say(f"  {people:,} residents ({time.monotonic() - began:.0f} s)")


def _run(make: Callable[[], Any]) -> None:
    """Make an example study and wait for its end, whoever computes it."""
    began = time.monotonic()
    study = make()
    while study.state in ("waiting", "running"):
        # The worker has taken it up: after a start that was cut short, the study goes on where it was.
        time.sleep(1)
        study.refresh_from_db()
    study = make()
    if not study.is_done:
        sys.exit(f"The example study did not finish: {study.state}. {study.fault}")
    say(f"  done ({time.monotonic() - began:.0f} s)")


def _keep(people: list[tuple[str, ...]], path: Path) -> None:
    """As a table, readable by whoever runs the demonstration alone."""
    widths = [max(len(str(row[column])) for row in people) for column in range(len(people[0]))]
    lines = [
        "  ".join(str(cell).ljust(width) for cell, width in zip(row, widths, strict=True)) for row in people
    ]
    made = path.with_suffix(".new")
    made.unlink(missing_ok=True)
    with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write("\n".join(f"  {line.rstrip()}" for line in lines) + "\n")
    made.rename(path)


if __name__ == "__main__":
    sys.exit(main())
