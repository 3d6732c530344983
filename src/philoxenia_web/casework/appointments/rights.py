"""What a person takes along of appointments and numbers, and what becomes of both once they are forgotten."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.casework.appointments import booking
from philoxenia_web.casework.models.appointments import Appointment, ReminderChoice
from philoxenia_web.casework.models.queue import Ticket
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights.parts import Eraser, ExportPart, add_eraser, add_export, add_last_use


def register() -> None:
    """Called when the app starts."""
    add_export(ExportPart("appointments", _("Appointments"), _appointments))
    add_export(ExportPart("numbers", _("Numbers in waiting rooms"), _numbers))
    add_eraser(Eraser("appointments", _holds, _erase))
    add_last_use(_last_use)


def _appointments(resident_id: UUID) -> list[dict[str, Any]]:
    found = (
        Appointment.objects.filter(resident=resident_id).select_related("organisation").order_by("starts_at")
    )
    return [
        {
            "starts_at": one.starts_at.isoformat(),
            "ends_at": one.ends_at.isoformat(),
            "organisation": one.organisation.name,
            "purpose": one.purpose,
            "way": one.way,
            "language": one.language,
            "interpreting": one.interpreting,
            "bring": one.bring,
            "state": one.state,
        }
        for one in found
    ]


def _numbers(resident_id: UUID) -> list[dict[str, Any]]:
    found = Ticket.objects.filter(resident=resident_id).select_related("queue").order_by("came_at")
    return [
        {
            "number": one.shown,
            "came_at": one.came_at.isoformat(),
            "language": one.language,
            "reasons": one.reasons,
            "state": one.state,
        }
        for one in found
    ]


def _holds(resident_id: UUID) -> list[str]:
    """Nothing here keeps a person: what is still to come is cancelled."""
    return []


def _erase(actor: Actor, resident_id: UUID) -> None:
    """Times to come are free again, numbers belong to nobody; counts of the past stay."""
    with visiting(SYSTEM):
        live = Appointment.objects.filter(resident=resident_id, state="booked", starts_at__gt=timezone.now())
        for one in live:
            booking.cancel(SYSTEM, one.pk, one.version, "not_needed")
        Ticket.objects.filter(resident=resident_id).update(resident=None)
        ReminderChoice.objects.filter(pk=resident_id).delete()


def _last_use(resident_ids: Sequence[UUID]) -> dict[UUID, date]:
    with visiting(SYSTEM):
        held = Appointment.objects.filter(resident__in=resident_ids, state__in=["held", "arrived", "booked"])
        newest = held.values_list("resident").annotate(last=Max("starts_at"))
        return {resident: last.date() for resident, last in newest}
