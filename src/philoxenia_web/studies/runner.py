"""The process that computes one attempt of a study: `python -m philoxenia_web.studies.runner STUDY LEASE`.

It reads the study and its inputs, computes without touching the database again, writes into the attempt's own
folder and tells its worker, line by line on standard output, how far it is. It decides nothing.
"""

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import django
from django.core.exceptions import PermissionDenied
from django.http import Http404

from philoxenia.vocabulary import PhiloxeniaError

REFUSED = 3
_STARTED = time.monotonic()
# So that pages are answered while a study runs.
_NICENESS = 10


class Channel:
    """Tells the worker. What the engine itself prints goes to the log instead."""

    def __init__(self) -> None:
        self._file = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)

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


def main(arguments: list[str]) -> int:
    """Compute; what is wrong with inputs or parameters is told as a sentence."""
    end_with_our_worker()
    be_modest()
    channel = Channel()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "philoxenia_web.config.settings")
    django.setup()
    from philoxenia_web.studies import computing  # noqa: PLC0415 (needs Django to be set up)

    try:
        summary = computing.compute(UUID(arguments[0]), UUID(arguments[1]), _progress(channel))
    except (PhiloxeniaError, PermissionDenied, Http404) as fault:
        channel.tell(fault=str(fault) or "The study or one of its inputs is not there any more.")
        return REFUSED
    except MemoryError:
        logging.exception("Too little memory")
        channel.tell(fault="There was too little memory for this study.")
        return REFUSED
    channel.tell(done=summary)
    return 0


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
