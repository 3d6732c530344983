"""Appointments of a demonstration, made through the actions the pages use. Everybody is SYNTHETIC."""

from contextlib import suppress
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from philoxenia_web.casework.appointments import booking, offering
from philoxenia_web.casework.appointments.booking import Booking
from philoxenia_web.casework.appointments.reminding import PURPOSE
from philoxenia_web.casework.appointments.resources import Wanted
from philoxenia_web.casework.appointments.searching import Free, free_times
from philoxenia_web.casework.appointments.words import purposes
from philoxenia_web.casework.models.appointments import Appointment, Hours, Reminder
from philoxenia_web.casework.queries import colleagues
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.directory.city import city
from philoxenia_web.registry.people.records import facts
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import consents

_ROOMS = (("Room 1", 3, False, True), ("Room 2", 4, True, False), ("Room 3", 8, True, True))
_INTERPRETERS = (
    ("A-11", ["ar"], "woman", True),
    ("A-12", ["ar", "ku"], "man", True),
    ("F-20", ["fa", "ps"], "woman", True),
    ("U-31", ["uk", "ru"], "woman", True),
    ("S-42", ["es", "pt"], "man", False),
    ("T-53", ["ti", "am"], "woman", False),
)
_PURPOSES = ("next_talk", "housing", "work", "school", "money", "health")
_AHEAD, _BEHIND = 24, 40


def make_demo_appointments(front: Any) -> int:
    """Rooms, interpreters and hours of the department; appointments of the next and the last weeks."""
    _offer(front)
    with visiting(front.supervisor):
        # Set back at an earlier start: what was taken then is free now, and would be booked once more.
        if Appointment.objects.filter(organisation=front.organisation_id, starts_at__lt=front.now).exists():
            return 0
    cases = [one for one in front.cases if one.state != "closed"]
    known = facts(front.supervisor, [one.resident_id for one in cases[: _AHEAD + _BEHIND]], "serving_now")
    booked = 0
    for number, case in enumerate(cases[: _AHEAD + _BEHIND]):
        fact = known.get(case.resident_id)
        language = fact.language if fact else ""
        booked += _book(front, case, number, language)
    with visiting(front.supervisor):
        _set_back(front)
    return booked


def _offer(front: Any) -> None:
    place = front.organisation_id
    for name, seats, step_free, quiet in _ROOMS:
        said = {"key": front.key("room", name), "version": 0, "name": name, "seats": seats}
        offering.keep_room(
            front.supervisor, place, None, said | {"step_free": step_free, "quiet": quiet, "active": True}
        )
    for label, languages, sex, present in _INTERPRETERS:
        said = {"key": front.key("interpreter", label), "version": 0, "label": label, "languages": languages}
        more = {"sex": sex, "present": present, "by_phone": True, "agency": True, "shared": True}
        offering.keep_interpreter(front.supervisor, place, None, said | more)
    for id_, _name in colleagues(place):
        if not Hours.objects.filter(organisation=place, resource_id=id_).exists():
            spans = [(day, time(9), time(12 if day == 4 else 17)) for day in range(5)]
            offering.set_hours(front.supervisor, id_, spans)


def _book(front: Any, case: Any, number: int, language: str) -> bool:
    """One for a case, a little later each; the same key again finds it."""
    purpose = _PURPOSES[number % len(_PURPOSES)]
    minutes, bring = purposes()[purpose]
    begins = front.now + timedelta(days=number % 9)
    interpreted = bool(language) and language in {
        code for _l, codes, *_rest in _INTERPRETERS for code in codes
    }
    wanted = Wanted(
        organisation_id=front.organisation_id,
        begins=begins,
        ends=begins + timedelta(days=10),
        minutes=minutes,
        worker_ids=(case.worker_id,) if case.worker_id else (),
        interpreting="phone" if interpreted else "",
        language=language if interpreted else "",
        resident_id=case.resident_id,
    )
    key = front.key("appointment", case.pk)
    with visiting(front.supervisor):
        if Appointment.objects.filter(key=key).exists():
            return False
        found = free_times(wanted, 1)
        if not found:
            return False
        try:
            booking.book(front.supervisor, _booking(wanted, found[0], case, purpose, bring), key)
        except NotPossible:
            return False
    if number % 4:
        _agree(front, case.resident_id)
    return True


def _agree(front: Any, resident_id: Any) -> None:
    """Most agreed to messages; for a child somebody else would."""
    key = front.key("reminders", resident_id)
    with suppress(NotPossible), visiting(front.supervisor):
        consents.give(front.supervisor, resident_id, PURPOSE, front.organisation_id, consents.Said(), key)


def _booking(wanted: Wanted, free: Free, case: Any, purpose: str, bring: tuple[str, ...]) -> Booking:
    return Booking(
        organisation_id=wanted.organisation_id,
        resident_id=case.resident_id,
        case_id=case.pk,
        purpose=purpose,
        starts_at=free.starts_at,
        ends_at=free.ends_at,
        worker_id=free.worker_id,
        room_id=free.room_id,
        interpreter_id=free.interpreter_id,
        interpreting=wanted.interpreting,
        language=wanted.language,
        bring=bring,
    )


def _set_back(front: Any) -> None:
    """Most become times of the last weeks, with what became of them: a new desk would show nothing."""
    found = Appointment.objects.filter(organisation=front.organisation_id, state="booked", moved=0)
    past = list(found.filter(starts_at__gt=front.now).order_by("starts_at", "pk"))[_AHEAD:]
    for number, one in enumerate(past):
        state = "missed" if number % 6 == 5 else "cancelled" if number % 11 == 10 else "held"
        begins = _weeks_before(one.starts_at, 3)
        length = one.ends_at - one.starts_at
        Appointment.objects.filter(pk=one.pk).update(
            starts_at=begins, ends_at=begins + length, state=state, version=2, changed_at=begins
        )
        Reminder.objects.filter(appointment=one).update(state="not_sent", why="over")


def _weeks_before(moment: datetime, weeks: int) -> datetime:
    """The same time of the day in the city some weeks earlier."""
    local = timezone.localtime(moment, city().zone)
    return datetime.combine(local.date() - timedelta(weeks=weeks), local.time(), city().zone)
