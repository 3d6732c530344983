"""The process that computes one attempt: started, listened to, measured and, if need be, killed.

It is a process of its own so that a crash of native code, too little memory or a cancelled attempt ends it
and nothing else. Its standard input is held open: when this side dies, whatever the cause, it ends itself.
"""

import json
import os
import selectors
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any

_LAST_WORDS = 2000
_LONGEST_LINE = 1_000_000
_SHARE_OF_MEMORY = 0.7


class Child:
    """One run of a module with its arguments. Leaving the `with` block ends it.

    What it prints on standard error is kept in `log`, or goes nowhere: where libraries print what they read,
    there must be none.
    """

    def __init__(self, arguments: Sequence[str], log: Path | None = None) -> None:
        self._log = log
        self.summary: dict[str, Any] | None = None
        self.fault = ""
        # Where the program stopped: places in the code, no values.
        self.place = ""
        self._rest = b""
        with Path(log or os.devnull).open("wb") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,
            )
        assert self._process.stdout is not None  # noqa: S101 (narrowing: it is a pipe)
        self._output = self._process.stdout
        os.set_blocking(self._output.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._output, selectors.EVENT_READ)

    def __enter__(self) -> "Child":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _fault: object, _trace: TracebackType | None
    ) -> None:
        self.kill()
        self._selector.close()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """As of `subprocess`: negative where a signal ended it."""
        return self._process.poll()

    @property
    def memory(self) -> int:
        """Bytes it holds now; 0 where the system does not say."""
        with suppress(OSError, ValueError, IndexError):
            pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
            return int(pages) * os.sysconf("SC_PAGE_SIZE")
        return 0

    def events(self, seconds: float) -> Iterator[dict[str, Any]]:
        """What it told since the last look, waiting at most so long for the first word."""
        self._selector.select(seconds)
        with suppress(BlockingIOError):
            while chunk := self._output.read(65536):
                self._rest += chunk
        *lines, rest = self._rest.split(b"\n")
        self._rest = rest[-_LONGEST_LINE:]
        for line in lines:
            with suppress(ValueError):
                event = json.loads(line)
                self.summary = event.get("done", self.summary)
                self.fault = event.get("fault", self.fault)
                self.place = event.get("place", self.place)
                yield event

    def kill(self) -> None:
        """End it now and wait for the system to clear it away."""
        if self.alive:
            self._process.kill()
        self._process.wait()

    def last_words(self) -> str:
        """The end of its log, or where it said that it stopped."""
        if self._log is None:
            return self.place
        with suppress(OSError):
            return self._log.read_bytes()[-_LAST_WORDS:].decode("utf-8", "replace").strip()
        return ""


@cache
def memory_limit() -> int:
    """Bytes one computation may hold: most of what this machine or container has."""
    found = [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    for path in ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"):
        with suppress(OSError, ValueError):
            found.append(int(Path(path).read_text(encoding="ascii")))
    return int(min(found) * _SHARE_OF_MEMORY)
