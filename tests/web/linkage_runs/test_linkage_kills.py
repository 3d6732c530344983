"""Killed in the middle, a run is taken up again, has one result, and leaves nothing plain: kill -9."""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest
from tests.journeys.prepared import prepare
from tests.journeys.served import command_line, descendants, environment, served_once
from tests.web.linkage_runs.made_lists import FAMILY, GIVEN

from philoxenia_web.config import postgres

PATIENCE = 120.0
ROOT = Path(__file__).resolve().parents[3]
RUNNER = "philoxenia_web.linkage.runs.runner"

TOLD = """
    select state, attempt, records,
        (select count(*) from accounts_auditentry
         where action = 'linkage.run_finish' and object_id = linkage_run.id::text),
        (select count(*) from linkage_reviewpair where run_id = linkage_run.id) = doubtful
    from linkage_run where id = %(run)s"""

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]


class Installation:
    """A database, files and keys of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.place = postgres.place_of(folder / "var")
        self.environment = environment(folder / "var", PYTHONPATH=str(ROOT))
        prepare(folder / "var", served_once, "started")
        postgres.prepare(self.place)
        self.server = postgres.start(self.place)
        postgres.wait_until_ready(self.place)

    def do(self, *arguments: str) -> str:
        """One command to its end; what it said last."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.strip().splitlines()[-1]

    def elsewhere(self, *command: str) -> str:
        """One command of `elsewhere`."""
        return self.do("-m", "tests.web.linkage_runs.elsewhere", *command)

    def worker(self, run: str) -> "subprocess.Popen[bytes]":
        """A worker that was given the run's job."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.web.linkage_runs.elsewhere", "work", run],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "worker.log").open("ab"),
        )

    def ask(self, question: str, run: str) -> tuple[Any, ...]:
        """One row from the database; nothing while it is away."""
        with suppress(psycopg.Error):
            address = postgres.address(self.place, postgres.APPLICATION)
            with psycopg.connect(address, autocommit=True) as connection:
                return connection.execute(question, {"run": run}).fetchone() or ()
        return ()

    def step(self, run: str) -> int:
        """The step a run is at."""
        return int((self.ask("select step from linkage_run where id = %(run)s", run) or (0,))[0])

    def stop(self) -> None:
        """End its database."""
        self.server.send_signal(signal.SIGINT)
        self.server.wait(PATIENCE)


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """Not in a folder of pytest's: it closes those again to the user as whom a database of root's runs."""
    with tempfile.TemporaryDirectory(prefix="philoxenia-", ignore_cleanup_errors=True) as folder:
        made = Installation(Path(folder))
        yield made
        made.stop()


def until(happened: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < deadline, "waited too long"
        # The processor is for those who are waited for.
        time.sleep(0.05)
    return found


def runner_of(worker: "subprocess.Popen[bytes]") -> int:
    return int(until(lambda: [pid for pid in descendants(worker.pid) if RUNNER in command_line(pid)])[0])


def test_a_killed_worker_takes_its_process_along_and_another_begins_again(installation: Installation) -> None:
    run = installation.elsewhere("make")
    first = installation.worker(run)
    try:
        runner = runner_of(first)
        until(lambda: installation.step(run) >= 2)
    finally:
        first.kill()
        first.wait()
    until(lambda: RUNNER not in command_line(runner))
    installation.worker(run).wait(PATIENCE)
    assert installation.ask(TOLD, run) == ("done", 2, 300, 1, True)
    kept = (installation.folder / "var" / "linkage" / run).iterdir()
    assert [entry.name.split("-")[0] for entry in kept] == ["result"]
    assert nothing_plain(installation.folder)


def nothing_plain(folder: Path) -> bool:
    """No name in any file but the database's own log of commands, which never had one either."""
    names = [name.encode() for name in GIVEN + FAMILY]
    return not any(
        name in file.read_bytes() for file in folder.rglob("*") if file.is_file() for name in names
    )
