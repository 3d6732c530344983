"""Lines of the queue as pages show them: numbers, languages, waits. No names."""

from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from philoxenia_web.casework.models.queue import Queue, Ticket
from philoxenia_web.casework.queue.clock import minutes_of, today
from philoxenia_web.casework.queue.estimating import Outlook, outlook
from philoxenia_web.casework.queue.waiting import Wait
from philoxenia_web.ui import numbers

_ROUND = 5


@dataclass(frozen=True)
class Line:
    """A ticket in its place. `late` says that its aim is past."""

    ticket: Ticket
    place: int
    wait: str
    waited: int
    late: bool


def in_fives(minutes: float) -> int:
    """To the nearest five minutes: nobody can promise one."""
    return int(_ROUND * round(minutes / _ROUND))


def wait_words(wait: Wait | None) -> str:
    """About 20 minutes (10 to 35); '' where nobody can say."""
    if wait is None:
        return ""
    low, middle, high = (in_fives(one) for one in (wait.low, wait.middle, wait.high))
    if high < _ROUND:
        return _("your turn now")
    told = {"low": numbers.whole(low), "high": numbers.whole(max(high, low + _ROUND))}
    if middle < _ROUND:
        return _("up to %(high)s minutes") % told
    told["middle"] = numbers.whole(middle)
    return _("about %(middle)s minutes (%(low)s to %(high)s)") % told


def lines(queue: Queue, now: float, seen: Outlook | None = None, most: int | None = None) -> list[Line]:
    """Everybody who waits, or the first `most`, in the order of their turn."""
    seen = seen or outlook(queue)
    waiting = Ticket.objects.filter(queue=queue, day=today(), state=Ticket.State.WAITING)
    if most is not None:
        waiting = waiting.filter(pk__in=seen.order[:most])
    tickets = {one.pk: one for one in waiting.select_related("queue")}
    return [
        Line(
            tickets[id_],
            place,
            wait_words(seen.waits.get(id_)),
            int(now - minutes_of(tickets[id_].came_at)),
            now > minutes_of(tickets[id_].came_at) + tickets[id_].aim,
        )
        for place, id_ in enumerate((id_ for id_ in seen.order if id_ in tickets), start=1)
    ]


def screen(queue: Queue) -> dict[str, Any]:
    """What the public screen shows: who is called where, how many wait, and for how long."""
    called = Ticket.objects.filter(queue=queue, day=today(), state__in=["called", "serving"])
    seen = outlook(queue)
    return {
        "queue": queue,
        "called": list(called.select_related("queue").order_by("-called_at")[:6]),
        "waiting": len(seen.order),
        "next": [line.ticket for line in lines(queue, 0, seen, 8)],
        "said": [_said(code, seen) for code in queue.languages],
    }


def _said(code: str, seen: Outlook) -> dict[str, Any]:
    """The same sentences in one language of the screen."""
    with translation.override(code):
        told = translation.get_language_info(code)
        count = len(seen.order)
        waiting = ngettext("%(count)s person waits", "%(count)s people wait", count)
        wait = wait_words(seen.newcomer)
        return {
            "code": code,
            "direction": "rtl" if told["bidi"] else "ltr",
            "number": _("Ticket number"),
            "desk": _("Desk"),
            "next": _("Next"),
            "waiting": waiting % {"count": numbers.whole(count)},
            "wait": _("Who comes now waits %(wait)s.") % {"wait": wait} if wait and count else "",
            "rule": _("Numbers are called by need, not only by the time of coming."),
        }
