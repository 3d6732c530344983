"""The process that computes one attempt of a run: `python -m philoxenia_web.linkage.runs.runner RUN LEASE`.

It reads the lists, links them in memory, and writes nothing but sealed files into the attempt's own folder.
It tells its worker, line by line, how far it is. What libraries print goes nowhere, and of an unexpected
fault only its place in the code is told: either may hold a name.
"""

import os
import resource
import sys
import traceback
from pathlib import Path
from uuid import UUID

import django
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import Http404

from philoxenia.vocabulary import PhiloxeniaError
from philoxenia_web.attempts.inside import Channel, be_modest, end_with_our_worker, progress

REFUSED, BROKEN, AGAIN = 3, 4, 75
_PLACES_TOLD = 6


def main(arguments: list[str]) -> int:
    """Compute; what is wrong with the lists is told as a sentence."""
    end_with_our_worker()
    be_modest()
    # No picture of our memory on the disk after a crash.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    channel = Channel(quiet=True)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "philoxenia_web.config.settings")
    django.setup()
    from philoxenia_web.linkage.runs import computing  # noqa: PLC0415 (needs Django to be set up)

    try:
        summary = computing.compute(UUID(arguments[0]), UUID(arguments[1]), progress(channel))
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


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
