"""Killed in the middle, a study is taken up again and has one result: real processes, kill -9."""

import json
import os
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
from tests.journeys.made_city import write_city
from tests.journeys.prepared import prepare
from tests.journeys.served import command_line, descendants, environment, served_once

from philoxenia_web.config import postgres

PATIENCE = 90.0
ROOT = Path(__file__).resolve().parents[3]
RUNNER = "philoxenia_web.studies.runner"

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("kills")]


class Installation:
    """A database, files and a city of its own."""

    def __init__(self, folder: Path) -> None:
        self.place = postgres.place_of(folder / "var")
        city = write_city(folder / "made", side=2, months=30)
        self.environment = environment(folder / "var", PHILOXENIA_CITY=str(city), PYTHONPATH=str(ROOT))
        prepare(folder / "var", served_once, "started")
        postgres.prepare(self.place)
        self.server = self.serve()
        self.answerer = self.elsewhere("answer", stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def serve(self) -> "subprocess.Popen[bytes]":
        """The database as a child of ours: a killed one must be cleared away before the next starts."""
        server = postgres.start(self.place)
        postgres.wait_until_ready(self.place)
        return server

    def elsewhere(self, *command: str, **streams: int) -> "subprocess.Popen[bytes]":
        """A process of `elsewhere`."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.web.studies.elsewhere", *command],
            cwd=ROOT,
            env=self.environment,
            stderr=subprocess.DEVNULL,
            **streams,
        )

    def do(self, *command: str) -> str:
        """What the process that answers says to one command."""
        assert self.answerer.stdin is not None and self.answerer.stdout is not None
        self.answerer.stdin.write(" ".join(command).encode() + b"\n")
        self.answerer.stdin.flush()
        answer = json.loads(self.answerer.stdout.readline())
        assert "fault" not in answer, answer
        return str(answer["said"])

    def stop(self) -> None:
        """End its processes."""
        assert self.answerer.stdin is not None
        self.answerer.stdin.close()
        self.answerer.wait(PATIENCE)
        self.server.send_signal(signal.SIGINT)
        self.server.wait(PATIENCE)

    def told(self, study: str) -> dict[str, Any]:
        """What is known of a study."""
        return dict(json.loads(self.do("told", study)))

    def worker(self, study: str) -> "subprocess.Popen[bytes]":
        """A worker that was given the study's job."""
        return self.elsewhere("work", study, stdout=subprocess.DEVNULL)

    def ask(self, question: str, study: str) -> Any:
        """One value from the database; nothing while it is away."""
        with suppress(psycopg.Error):
            address = postgres.address(self.place, postgres.APPLICATION)
            with psycopg.connect(address, autocommit=True) as connection:
                return connection.execute(question, [study]).fetchone()[0]  # type: ignore[index]
        return None

    def step(self, study: str) -> int:
        """The step a study is at."""
        return int(self.ask("select step from studies_study where id = %s", study) or 0)


@pytest.fixture(scope="module")
def installation() -> Iterator[Installation]:
    """Made once: each test has a study of its own. Not in a folder of pytest's: it closes those again to the
    user as whom a database of root's runs."""
    with tempfile.TemporaryDirectory(prefix="philoxenia-", ignore_cleanup_errors=True) as folder:
        made = Installation(Path(folder))
        yield made
        made.stop()


@pytest.fixture
def study(installation: Installation) -> str:
    """A study that waits."""
    return installation.do("make")


@pytest.fixture
def begin(installation: Installation) -> Iterator[Callable[[str], "subprocess.Popen[bytes]"]]:
    """Starts workers, and leaves none."""
    started: list[subprocess.Popen[bytes]] = []

    def start(study: str) -> "subprocess.Popen[bytes]":
        started.append(installation.worker(study))
        return started[-1]

    yield start
    for one in started:
        with suppress(ProcessLookupError):
            one.send_signal(signal.SIGCONT)
            one.kill()
        one.wait()


def until(happened: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := happened()):
        assert time.monotonic() < deadline, "waited too long"
        # The processor is for those who are waited for.
        time.sleep(0.05)
    return found


def runner_of(worker: "subprocess.Popen[bytes]") -> int:
    return int(until(lambda: [pid for pid in descendants(worker.pid) if RUNNER in command_line(pid)])[0])


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or only waits for its parent to look at it."""
    return RUNNER not in command_line(pid)


def assert_done_once(told: dict[str, Any]) -> None:
    assert told["state"] == "done"
    assert told["finished"] == 1
    assert told["uses"] == told["inputs"] == 2
    assert told["on_disk"] == ["result"]


def test_a_worker_that_is_killed_takes_its_process_with_it_and_another_goes_on(
    installation: Installation, study: str, begin: Callable[[str], "subprocess.Popen[bytes]"]
) -> None:
    first = begin(study)
    runner = runner_of(first)
    until(lambda: installation.step(study) >= 3)
    first.kill()
    until(lambda: has_ended(runner))
    begin(study).wait(PATIENCE)
    told = installation.told(study)
    assert_done_once(told)
    assert told["attempt"] == 2
    assert 2 in told["reused"], "pressure was finished before the kill"


def test_a_process_that_is_killed_is_tried_again_by_its_worker(
    installation: Installation, study: str, begin: Callable[[str], "subprocess.Popen[bytes]"]
) -> None:
    worker = begin(study)
    runner = runner_of(worker)
    until(lambda: installation.step(study) >= 1)
    os.kill(runner, signal.SIGKILL)
    worker.wait(PATIENCE)
    told = installation.told(study)
    assert_done_once(told)
    assert told["attempt"] == 2


def test_two_workers_with_the_same_job_make_one_result(
    installation: Installation, study: str, begin: Callable[[str], "subprocess.Popen[bytes]"]
) -> None:
    workers = [begin(study), begin(study)]
    for worker in workers:
        worker.wait(PATIENCE)
    told = installation.told(study)
    assert_done_once(told)
    assert told["attempt"] == 1


def test_a_worker_that_wakes_up_late_changes_nothing(
    installation: Installation, study: str, begin: Callable[[str], "subprocess.Popen[bytes]"]
) -> None:
    asleep = begin(study)
    runner_of(asleep)
    until(lambda: installation.step(study) >= 1)
    asleep.send_signal(signal.SIGSTOP)
    begin(study).wait(PATIENCE)
    before = installation.told(study)
    assert before["state"] == "done" and before["attempt"] == 2
    asleep.send_signal(signal.SIGCONT)
    asleep.wait(PATIENCE)
    assert_done_once(installation.told(study))
    assert installation.told(study)["hash"] == before["hash"]


def test_a_cancelled_study_stops_at_once(
    installation: Installation, study: str, begin: Callable[[str], "subprocess.Popen[bytes]"]
) -> None:
    worker = begin(study)
    runner = runner_of(worker)
    until(lambda: installation.step(study) >= 1)
    assert installation.do("cancel", study) == "cancelled"
    worker.wait(10)
    assert has_ended(runner)
    told = installation.told(study)
    assert (told["state"], told["finished"], told["uses"]) == ("cancelled", 0, 0)
    assert "unfinished" not in told["on_disk"] and "result" not in told["on_disk"]


def test_a_database_that_is_killed_and_comes_back_loses_nothing(
    installation: Installation, study: str, begin: Callable[[str], "subprocess.Popen[bytes]"]
) -> None:
    worker = begin(study)
    runner_of(worker)
    until(lambda: installation.step(study) >= 2)
    installation.server.kill()
    installation.server.wait()
    installation.server = installation.serve()
    worker.wait(PATIENCE)
    assert_done_once(installation.told(study))
