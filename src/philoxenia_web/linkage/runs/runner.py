"""The process that computes one attempt of a run: `python -m philoxenia_web.linkage.runs.runner RUN LEASE`.

It reads the lists, links them in memory, and writes nothing but sealed files into the attempt's own folder.
It tells its worker, line by line, how far it is. What libraries print goes nowhere, and of an unexpected
fault only its place in the code is told: either may hold a name.
"""

import json
import os
import resource
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import django
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404

from philoxenia.vocabulary import PhiloxeniaError

REFUSED, BROKEN, AGAIN = 3, 4, 75
_STARTED = time.monotonic()
# So that pages are answered while a run goes on.
_NICENESS = 10
_PLACES_TOLD = 6


class Channel:
    """Tells the worker. Whatever else is printed goes nowhere."""

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

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


def keep_to_memory() -> None:
    """No picture of our memory on the disk after a crash; the first to wait, and to go where memory is
    short.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(OSError):
        os.nice(_NICENESS)
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")


def main(arguments: list[str]) -> int:
    """Compute; what is wrong with the lists is told as a sentence."""
    end_with_our_worker()
    keep_to_memory()
    channel = Channel()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "philoxenia_web.config.settings")
    django.setup()
    from philoxenia_web.linkage.runs import computing  # noqa: PLC0415 (needs Django to be set up)

    try:
        summary = computing.compute(UUID(arguments[0]), UUID(arguments[1]), _progress(channel))
    except (PhiloxeniaError, PermissionDenied, Http404) as fault:
        channel.tell(fault=str(fault) or "The agreement or one of its lists is not there any more.")
        return REFUSED
    except MemoryError:
        channel.tell(fault="There was too little memory to link these lists.")
        return REFUSED
    except Exception as fault:
        channel.tell(place=place_of(fault))
        # The database went away: it may be back for the next attempt.
        return AGAIN if isinstance(fault, OperationalError | InterfaceError) else BROKEN
    channel.tell(done=summary)
    return 0


def place_of(fault: BaseException) -> str:
    """The kind of a fault and where it came from, without its message: that may quote a record."""
    frames = traceback.extract_tb(fault.__traceback__)[-_PLACES_TOLD:]
    places = " < ".join(f"{Path(one.filename).name}:{one.lineno}" for one in reversed(frames))
    return f"{type(fault).__name__} at {places}"


def _progress(channel: Channel) -> Callable[[int, float, dict[str, int]], None]:
    """Adds to each step how long it took, so that later runs can say how long they will take."""
    # Starting the process is part of its first step.
    begun: dict[int, float] = {1: _STARTED}

    def tell(step: int, share: float, found: dict[str, int]) -> None:
        now = time.monotonic()
        began = begun.setdefault(step, now)
        channel.tell(step=step, share=share, seconds=round(now - began, 2), found=found)

    return tell


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
