"""A morning in the waiting room of a demonstration, through the actions the pages use."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from philoxenia_web.casework.models.queue import Ticket
from philoxenia_web.casework.queue import actions
from philoxenia_web.registry.people.visits import visiting

_CAME = (
    *(
        ("ar", ()),
        ("uk", ("child",)),
        ("", ()),
        ("es", ("bed_tonight",)),
        ("fa", ()),
        ("ti", ("hard_to_wait",)),
    ),
    *(("fr", ()), ("ar", ("deadline_today",)), ("", ()), ("uk", ()), ("ar", ("child",)), ("so", ())),
)
_SERVED = 7


def make_demo_queue(front: Any) -> int:
    """A waiting room with a line, some served, one at a desk; how many numbers were given out."""
    key = front.key("queue")
    room = actions.make_queue(
        front.supervisor, front.organisation_id, "Ground floor", "A", ["en", "fr", "ar", "uk"], key
    )
    with visiting(front.supervisor):
        if Ticket.objects.filter(queue=room).exists():
            return 0
    for number, (language, reasons) in enumerate(_CAME):
        actions.take_ticket(front.worker, room.pk, language, reasons, front.key("ticket", number))
    actions.sit_down(front.worker, room.pk, 3, ["en", "fr"])
    for _number in range(_SERVED):
        called = actions.call_next(front.worker)
        if called is None:
            break
        begun = actions.step_ticket(front.worker, called.pk, called.version, "begin")
        actions.step_ticket(front.worker, called.pk, begun.version, "finish")
    actions.call_next(front.worker)
    with visiting(front.worker):
        _set_back(room)
    return len(_CAME)


def _set_back(room: Any) -> None:
    """A desk that served seven in a second would promise nobody any wait."""
    now = timezone.now()
    found = Ticket.objects.filter(queue=room).order_by("number")
    for one in found:
        ago = now - timedelta(minutes=8 + 9 * (len(_CAME) - one.number))
        times: dict[str, Any] = {"came_at": ago}
        if one.state == Ticket.State.SERVED:
            length = timedelta(minutes=6 + (one.number * 7) % 17)
            times |= {"called_at": ago + timedelta(minutes=9), "begun_at": ago + timedelta(minutes=10)}
            times["ended_at"] = times["called_at"] + length
        Ticket.objects.filter(pk=one.pk).update(**times)
