"""What appointments show in the rail, on the trail, on the record and on a resident's own page; machines."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.appointments.states import APPOINTMENT, REMINDER
from philoxenia_web.casework.appointments.words import ACTIONS, PURPOSES
from philoxenia_web.ui.navigation import Entry, add_entry

_VERBS = {
    "move": _("move"),
    "arrive": _("arrive"),
    "hold": _("take place"),
    "miss": _("miss"),
    "cancel": _("cancel"),
    "take": _("take up"),
    "put_back": _("try later"),
    "send": _("send"),
    "give_up": _("give up"),
    "leave_out": _("leave out"),
    "want_again": _("want it again"),
    "caseworker": _("Caseworker"),
    "time": _("Time"),
}


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.accounts.access import actor_of, can  # noqa: PLC0415 (models must be ready)
    from philoxenia_web.accounts.audit import name_actions  # noqa: PLC0415
    from philoxenia_web.casework.appointments import rights  # noqa: PLC0415
    from philoxenia_web.casework.desk.parts import Part, add_part  # noqa: PLC0415
    from philoxenia_web.casework.models.appointments import Appointment, Reminder  # noqa: PLC0415
    from philoxenia_web.casework.policies import CASEWORK  # noqa: PLC0415
    from philoxenia_web.registry.mine.parts import OwnPart, add_own_part  # noqa: PLC0415
    from philoxenia_web.ui.machines import add_machine  # noqa: PLC0415

    may = lambda request: can(actor_of(request), CASEWORK)  # noqa: E731
    add_entry(Entry("front", "appointment-list", _("Appointments"), may, 25))
    name_actions(ACTIONS)
    rights.register()
    add_machine(APPOINTMENT, _("An appointment"), {**dict(Appointment.State.choices), **_VERBS})
    add_machine(REMINDER, _("A message about an appointment"), {**dict(Reminder.State.choices), **_VERBS})
    folder = "casework/appointments"
    add_part(
        Part(
            27,
            "appointments",
            _("Appointments"),
            f"{folder}/part.html",
            _part,
            side=True,
            tables=(Appointment,),
        )
    )
    add_own_part(OwnPart(10, _("Your appointments"), f"{folder}/own_part.html", _own_part))


def _part(shown: Any) -> dict[str, Any] | None:
    from philoxenia_web.casework.appointments.queries import of_resident  # noqa: PLC0415
    from philoxenia_web.casework.models.appointments import Appointment  # noqa: PLC0415

    ids = [shown.record.id, *shown.record.merged_ids]
    found = of_resident(shown.actor, ids) if shown.has(Appointment) else []
    return {"appointments": found, "purposes": PURPOSES}


def _own_part(resident_id: UUID) -> dict[str, Any] | None:
    """What is still to come, of every team: the person knows all of them."""
    from django.utils import timezone  # noqa: PLC0415

    from philoxenia_web.casework.appointments.words import BRING  # noqa: PLC0415
    from philoxenia_web.casework.models.appointments import Appointment  # noqa: PLC0415
    from philoxenia_web.directory.city import city  # noqa: PLC0415

    found = Appointment.objects.filter(
        resident=resident_id, state__in=["booked", "arrived"], ends_at__gte=timezone.now()
    )
    listed = [
        {
            "starts_at": timezone.localtime(one.starts_at, city().zone),
            "way": one.get_way_display(),
            "place": one.organisation.name,
            "room": one.room.name if one.room else "",
            "bring": [BRING[code] for code in one.bring if code in BRING],
        }
        for one in found.select_related("room", "organisation").order_by("starts_at")[:10]
    ]
    return {"appointments": listed} if listed else None
