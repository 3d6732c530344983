"""Keeps child processes running: starts one that died again, ever more patiently, and stops all in order."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from philoxenia_web.config import processes

_TICK_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 30.0
# A child that ran this long died of something new: begin with short pauses again.
_SETTLED_SECONDS = 60.0


@dataclass
class Child:
    """One process to keep running; `stop_with` asks it to end within `patience_seconds`."""

    name: str
    begin: Callable[[], subprocess.Popen[bytes]]
    stop_with: signal.Signals = signal.SIGTERM
    patience_seconds: float = 10
    process: subprocess.Popen[bytes] | None = None
    started: float = 0
    deaths: int = 0
    next_start: float = 0

    @property
    def alive(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start it."""
        self.process = self.begin()
        self.started = time.monotonic()

    def bury(self) -> str:
        """After a death: clear away what it left, plan the next start, say what happened."""
        code = self.process.returncode if self.process else 0
        if self.process:
            _kill_group(self.process.pid)
        self.process = None
        if time.monotonic() - self.started > _SETTLED_SECONDS:
            self.deaths = 0
        pause = min(_LONGEST_PAUSE_SECONDS, 0.25 * 2**self.deaths) if self.deaths else 0
        self.deaths += 1
        self.next_start = time.monotonic() + pause
        how = f"was killed ({signal.Signals(-code).name})" if code < 0 else f"ended with code {code}"
        return f"The {self.name} {how}; it starts again" + (f" in {pause:.1f} s." if pause else ".")

    def stop(self) -> None:
        """Ask it to end; after its patience end it."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(self.stop_with)
        try:
            self.process.wait(self.patience_seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        _kill_group(self.process.pid)
        self.process = None


class Supervisor:
    """The children in the order of starting; they stop in the opposite order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.children: list[Child] = []
        self.stopping = False
        self._say = say
        for one in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(one, self._ask_to_stop)

    def _ask_to_stop(self, *_: object) -> None:
        self.stopping = True

    def add(self, child: Child) -> None:
        """Start a child and keep it running."""
        child.start()
        self.children.append(child)

    def tend(self) -> None:
        """Look after every child once."""
        _reap_strangers()
        for child in self.children:
            if child.process is not None and not child.alive:
                self._say(child.bury())
            if child.process is None and time.monotonic() >= child.next_start:
                child.start()

    def tend_until(self, done: Callable[[], bool]) -> None:
        """Look after the children until something is so, or somebody asks to stop."""
        while not self.stopping and not done():
            self.tend()
            time.sleep(_TICK_SECONDS)

    def stop(self) -> None:
        """Stop all, the last started first."""
        while self.children:
            self.children.pop().stop()


def _reap_strangers() -> None:
    """As the first process of a container we inherit orphans: they may not pile up once they have ended."""
    with suppress(ChildProcessError):
        while ended := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if ended.si_pid in processes.started:
                return
            os.waitpid(ended.si_pid, 0)


def _kill_group(leader: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
