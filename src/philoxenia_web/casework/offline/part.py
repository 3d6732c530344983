"""On a person's page: what a device brought and somebody must decide."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from philoxenia_web.casework.desk.parts import Part, Shown, add_part
from philoxenia_web.casework.models.offline import OfflineConflict
from philoxenia_web.ui.machines import add_machine


def register() -> None:
    """Called when the app starts."""
    from philoxenia_web.casework.offline.states import CONFLICT, DEVICE  # noqa: PLC0415

    add_part(Part(15, "conflicts", _("To be decided"), "casework/offline/part.html", _context))
    add_machine(DEVICE, _("Device that took cases along"), {})
    add_machine(CONFLICT, _("Conflict of two values"), {})


def _context(shown: Shown) -> dict[str, Any] | None:
    if not shown.cases:
        return None
    ids = [one.pk for one in shown.cases]
    found = list(OfflineConflict.objects.filter(case__in=ids, state=OfflineConflict.State.OPEN)[:20])
    return {"conflicts": found} if found else None
