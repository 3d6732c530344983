"""Free times for an appointment: what the page offers, and why a chosen one does not work."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.reference import default_parameters
from philoxenia_web.casework.appointments.quanta import MINUTES, Span, moment_of
from philoxenia_web.casework.appointments.resources import Offered, Wanted, offered
from philoxenia_web.casework.appointments.slots import Ask, Resource, Slot, slots


@dataclass(frozen=True)
class Free:
    """A free time with who and what takes it."""

    starts_at: datetime
    ends_at: datetime
    worker_id: UUID
    room_id: UUID | None
    interpreter_id: UUID | None


def free_times(wanted: Wanted, most: int | None = None) -> list[Free]:
    """The earliest free times from now on."""
    wanted = replace(wanted, begins=max(wanted.begins, timezone.now()))
    if wanted.begins >= wanted.ends:
        return []
    shown = most or int(default_parameters()["casework.slots_shown"])
    found = slots(_ask(wanted, offered(wanted), _step()))
    return [_free(one, wanted) for one in islice(found, shown)]


def why_not(wanted: Wanted) -> str:
    """Why exactly this time does not work, as a sentence; '' where it does."""
    could = offered(wanted)
    if list(slots(_ask(wanted, could, 1))):
        return ""
    window = wanted.window
    for said, resources in (
        (
            _("The caseworker is not free at this time. Choose another time."),
            could.workers,
        ),
        (_("The room is not free at this time. Choose another time."), could.rooms),
        (_("The interpreter is not free at this time. Choose another time."), could.interpreters),
    ):
        if resources is not None and not any(_is_free(one, window) for one in resources):
            return said
    return _("The person has another appointment at this time.")


def nobody_fits(wanted: Wanted) -> str:
    """What is missing whatever the time, as a sentence; '' where only the time is."""
    could = offered(wanted)
    if not could.workers or not any(one.opened for one in could.workers):
        return _("No caseworker has hours for appointments in this time. A supervisor sets them.")
    if could.rooms is not None and not could.rooms:
        return _("There is no room like this. Look without the wishes for it.")
    if could.interpreters is not None and not could.interpreters:
        return _("No interpreter fits: look by phone, or without the wish for a woman or man.")
    return ""


def _is_free(one: Resource, window: Span) -> bool:
    ask = Ask(window, window.end - window.first, 1, [one])
    return any(True for _found in slots(ask))


def _ask(wanted: Wanted, could: Offered, step: int) -> Ask:
    length = -(-wanted.minutes // MINUTES)
    window = wanted.window
    return Ask(window, length, step, could.workers, could.rooms, could.interpreters, could.resident)


def _step() -> int:
    return int(default_parameters()["casework.slot_step_minutes"]) // MINUTES


def _free(slot: Slot, wanted: Wanted) -> Free:
    starts = moment_of(slot.first)
    return Free(starts, starts + timedelta(minutes=wanted.minutes), slot.worker, slot.room, slot.interpreter)


def names(found: Sequence[Free]) -> set[UUID]:
    """The ids of all that takes part, to be named at once."""
    return {id_ for one in found for id_ in (one.worker_id, one.room_id, one.interpreter_id) if id_}
