"""On a person's page: what a device brought and somebody must decide."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.desk.parts import Part, Shown, add_part
from philoxenia_web.casework.models.offline import OfflineChange, OfflineConflict, OfflineDevice, TakenCase
from philoxenia_web.registry.rights.parts import Eraser, ExportPart, add_eraser, add_export
from philoxenia_web.ui.machines import add_machine


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.casework.offline.states import CONFLICT, DEVICE  # noqa: PLC0415

    page = "casework/offline/part.html"
    add_part(Part(15, "conflicts", _("To be decided"), page, _context, tables=(OfflineConflict,)))
    add_export(ExportPart("offline_devices", _("Devices"), _rows))
    add_eraser(Eraser("offline_devices", lambda _resident_id: [], _erase))
    steps = {"revoke": _("Stop it"), "wipe": _("Empty this device"), "decide": _("Decide")}
    people = {"caseworker or supervisor": _("A person decides"), "device": _("From the device")}
    add_machine(
        DEVICE, _("Device that took cases along"), {**dict(OfflineDevice.State.choices), **steps, **people}
    )
    add_machine(
        CONFLICT,
        _("Conflict of two values"),
        {**dict(OfflineConflict.State.choices), **steps, **people},
    )


def _context(shown: Shown) -> dict[str, Any] | None:
    if not shown.cases or not shown.has(OfflineConflict):
        return None
    ids = [one.pk for one in shown.cases]
    found = list(OfflineConflict.objects.filter(case__in=ids, state=OfflineConflict.State.OPEN)[:20])
    return {"conflicts": found} if found else None


def _rows(resident_id: UUID) -> list[dict[str, Any]]:
    """When copies were taken along on devices; what became of conflicts, without their values."""
    taken = TakenCase.objects.filter(resident=resident_id).order_by("taken_at")
    found = OfflineConflict.objects.filter(resident=resident_id).order_by("made_at")
    return [{"taken_along_at": one.taken_at.isoformat(), "case": str(one.case_id)} for one in taken] + [
        {
            "conflict_at": one.made_at.isoformat(),
            "field": one.field,
            "state": one.state,
            "decision": one.decision,
        }
        for one in found
    ]


def _erase(_actor: Actor, resident_id: UUID) -> None:
    """Also where the case itself goes: no row tells that somebody was here."""
    for model in (OfflineConflict, OfflineChange, TakenCase):
        model.objects.filter(resident=resident_id).delete()
