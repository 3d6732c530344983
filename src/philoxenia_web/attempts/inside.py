"""What every computing process does with itself: speak to its worker, end with it, and be modest.

Knows no Django, so that a process can begin with it before anything else is loaded.
"""

import json
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

Tell = Callable[[int, float, dict[str, int]], None]

_BEGAN = time.monotonic()
# So that pages are answered meanwhile.
_NICENESS = 10


class Channel:
    """Tells the worker. Whatever else is printed goes to the log or, where it must be quiet, nowhere."""

    def __init__(self, quiet: bool = False) -> None:
        self._file = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(os.open(os.devnull, os.O_WRONLY) if quiet else 2, 1)

    def tell(self, **event: Any) -> None:
        """One event, at once."""
        self._file.write(json.dumps(event) + "\n")
        self._file.flush()


def end_with_our_worker() -> None:
    """End this process as soon as the other end of standard input is gone, even inside native code."""

    def watch() -> None:
        with suppress(OSError):
            while os.read(0, 1):
                pass
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def be_modest() -> None:
    """Be the first to wait for the processor and the first to go where memory runs out."""
    with suppress(OSError):
        os.nice(_NICENESS)
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def progress(channel: Channel) -> Tell:
    """Adds to each step how long it took, so that later runs can say how long they will take."""
    # Starting the process is part of its first step.
    begun: dict[int, float] = {1: _BEGAN}

    def tell(step: int, share: float, found: dict[str, int]) -> None:
        now = time.monotonic()
        began = begun.setdefault(step, now)
        channel.tell(step=step, share=share, seconds=round(now - began, 2), found=found)

    return tell
