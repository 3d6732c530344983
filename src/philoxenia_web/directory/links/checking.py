"""Following an address to its answer, step by step, each step guarded."""

import http.client
import ssl
import time
from dataclasses import dataclass
from urllib.parse import urljoin

from django.utils.translation import gettext_noop as _

from philoxenia_web.directory.models import CheckedLink
from philoxenia_web.outside.asking import Fetch, fetch
from philoxenia_web.outside.guard import Refused, Resolve, resolve, target

State = CheckedLink.State
_STEPS = 5
# An address that answers more slowly than this, all steps together, is given up.
_SECONDS = 15.0
_STEP_SECONDS = 8.0
_MOVED_FOR_GOOD = (301, 308)
_GONE = (404, 410)
# It is there, and asks for something that a check does not have.
_CLOSED_DOOR = (401, 403, 405, 406, 429)


@dataclass(frozen=True)
class Found:
    """What became of an address. `said` is an English sentence that pages translate."""

    state: State
    status: int | None = None
    goes_to: str = ""
    said: str = ""


def check(address: str, resolved: Resolve = resolve, fetched: Fetch = fetch) -> Found:
    """Open an address and follow where it leads; never raises for what others wrote or answer."""
    deadline = time.monotonic() + _SECONDS
    here, moved = address, False
    try:
        for _step in range(_STEPS):
            checked = target(here, resolved)
            seconds = min(_STEP_SECONDS, deadline - time.monotonic())
            if seconds <= 0:
                return Found(State.SILENT, said=_("It took too long to answer."))
            reply = fetched(checked, seconds)
            if not (300 <= reply.status < 400 and reply.location):
                return _judged(reply.status, here if moved else "", address)
            moved = moved or reply.status in _MOVED_FOR_GOOD
            here = urljoin(here, reply.location)
    except Refused as refusal:
        return Found(State.REFUSED, said=str(refusal))
    except ssl.SSLError:
        return Found(State.SILENT, said=_("Its certificate is not valid."))
    except (OSError, http.client.HTTPException, ValueError):
        return Found(State.SILENT, said=_("Nothing answers under this name."))
    return Found(State.BROKEN, said=_("It leads round in circles."))


def _judged(status: int, goes_to: str, address: str) -> Found:
    if status in _GONE:
        return Found(State.BROKEN, status, said=_("There is no such page."))
    if status >= 500:
        return Found(State.SILENT, status, said=_("The server does not work at the moment."))
    if status < 400 or status in _CLOSED_DOOR:
        if goes_to and goes_to.rstrip("/") != address.rstrip("/"):
            return Found(State.MOVED, status, goes_to, _("It has moved for good."))
        return Found(State.GOOD, status)
    return Found(State.BROKEN, status, said=_("The server refuses this address."))
