"""What the queue shows in the rail and on the trail, and its machine."""

from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.queue.states import TICKET
from philoxenia_web.casework.queue.words import ACTIONS
from philoxenia_web.ui.navigation import Entry, add_entry


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.access import actor_of, can  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
    from philoxenia_web.casework.models.queue import Ticket  # noqa: PLC0415
    from philoxenia_web.casework.policies import CASEWORK  # noqa: PLC0415
    from philoxenia_web.ui.machines import add_machine  # noqa: PLC0415

    add_entry(
        Entry("front", "queue-list", _("Waiting room"), lambda request: can(actor_of(request), CASEWORK), 30)
    )
    name_actions(ACTIONS)
    add_machine(TICKET, _("A number in the waiting room"), {**dict(Ticket.State.choices), **VERBS})


VERBS = {
    "call": _("call"),
    "call_again": _("call again"),
    "begin": _("begin"),
    "finish": _("finish"),
    "pass_over": _("pass over"),
    "come_back": _("come back"),
    "leave": _("leave"),
    "close_day": _("the day ends"),
    "caseworker": _("Caseworker"),
    "time": _("Time"),
}
