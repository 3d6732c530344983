"""A running `philoxenia serve` for journeys, its processes, and what it answers."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from tests.journeys.prepared import prepare

from philoxenia_web.config import postgres

PATIENCE_SECONDS = 240.0
_LOOK_AGAIN_SECONDS = 0.1


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def environment(var: Path, **more: str) -> dict[str, str]:
    """This machine's environment with nothing of ours in it but the folder."""
    ours = ("PHILOXENIA_", "DATABASE_", "DJANGO_", "PROMETHEUS_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"PHILOXENIA_VAR": str(var)} | more


def philoxenia(var: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """One command, to its end."""
    return subprocess.run(
        [sys.executable, "-m", "philoxenia", *arguments],
        env=environment(var, **more),
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS * 2,
        check=False,
    )


class Served:
    """One `serve` or `demo`, with options; leaving the `with` block stops it.

    A new folder is a copy of a prepared one, unless the start itself is what is to be seen.
    """

    def __init__(self, var: Path, command: str = "serve", from_nothing: bool = False, **more: str) -> None:
        self.var, self.port = var, free_port()
        if not from_nothing and not var.exists():
            prepare(var, served_once, "started")
        var.parent.mkdir(parents=True, exist_ok=True)
        self.said = var.parent / f"{var.name}-{self.port}.txt"
        with self.said.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "philoxenia", *command.split(), "--port", str(self.port)],
                env=environment(var, **more),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> "Served":
        try:
            until(lambda: self.ready() or self.process.poll() is not None)
        except AssertionError as late:
            self.stop()
            raise AssertionError(self.said.read_text()) from late
        assert self.process.poll() is None, self.said.read_text()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_SECONDS)

    def until_said(self, words: str, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Wait until it printed this; what it printed instead if it ended."""
        until(lambda: words in self.said.read_text() or self.process.poll() is not None, patience_seconds)
        assert words in self.said.read_text(), self.said.read_text()

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def ready(self) -> bool:
        """Whether every part says it is well."""
        with suppress(OSError, http.client.HTTPException):
            return self.get("/health/ready")[0] == 200
        return False

    def checks(self) -> dict[str, str]:
        """What each part says."""
        return dict(json.loads(self.get("/health/ready")[1])["checks"])

    def pids(self, sign: str) -> list[int]:
        """The processes below ours whose command line holds `sign`, parents first."""
        return [pid for pid in descendants(self.process.pid) if sign in command_line(pid)]

    def kill(self, sign: str, which: int = 0) -> None:
        """kill -9 one of them."""
        os.kill(self.pids(sign)[which], signal.SIGKILL)

    def ask(self, question: str, *values: Any, role: str = postgres.APPLICATION) -> list[tuple[Any, ...]]:
        """Ask the database as one of its roles."""
        return ask(self.var, question, *values, role=role)


def served_once(var: Path) -> None:
    """Start it in a new folder, and stop it."""
    with Served(var, "serve --workers 1", from_nothing=True) as first:
        first.ready()


def ask(var: Path, question: str, *values: Any, role: str = postgres.APPLICATION) -> list[tuple[Any, ...]]:
    """Ask the database under this folder."""
    with psycopg.connect(postgres.address(postgres.place_of(var), role), autocommit=True) as connection:
        cursor = connection.execute(question, values)  # type: ignore[arg-type]
        return cursor.fetchall() if cursor.description else []


def until(happened: Callable[[], Any], patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Ask again until it is so, leaving the processor to those asked; a test that waits too long fails."""
    deadline = time.monotonic() + patience_seconds
    while not happened():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(_LOOK_AGAIN_SECONDS)


def descendants(pid: int) -> list[int]:
    """Every process below one."""
    found: list[int] = []
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *descendants(int(child))]
    return found


def command_line(pid: int) -> str:
    """How a process was started; empty when it is gone."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def left_over(pids: list[int], sign: str) -> list[int]:
    """Those that still run."""
    return [pid for pid in pids if sign in command_line(pid)]
