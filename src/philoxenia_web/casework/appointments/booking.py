"""Booking, moving and ending appointments: permission, one transaction, the trail; messages are planned."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.reference import default_parameters
from philoxenia.vocabulary.states import StepError
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.casework.appointments.quanta import MINUTES
from philoxenia_web.casework.appointments.reminding import change_reminding, plan_reminders, tell_change
from philoxenia_web.casework.appointments.resources import Wanted
from philoxenia_web.casework.appointments.searching import why_not
from philoxenia_web.casework.appointments.states import APPOINTMENT
from philoxenia_web.casework.appointments.words import BRING, PURPOSES
from philoxenia_web.casework.city_time import today
from philoxenia_web.casework.doubles import made_once
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.policies import CASEWORK, check_sees
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people.visits import visiting

_UNIQUE, _DEADLOCK = "23505", "40P01"


@dataclass(frozen=True)
class Booking:
    """What is booked, for whom, with whom and where."""

    organisation_id: UUID
    resident_id: UUID
    purpose: str
    starts_at: datetime
    ends_at: datetime
    worker_id: UUID
    way: str = "office"
    room_id: UUID | None = None
    interpreter_id: UUID | None = None
    interpreting: str = ""
    language: str = ""
    bring: tuple[str, ...] = ()
    case_id: UUID | None = None
    remind: bool = True

    @property
    def wanted(self) -> Wanted:
        """What must be free."""
        return Wanted(
            organisation_id=self.organisation_id,
            begins=self.starts_at,
            ends=self.ends_at,
            minutes=int((self.ends_at - self.starts_at).total_seconds() // 60),
            way=self.way,
            worker_ids=(self.worker_id,),
            room_id=self.room_id,
            interpreter_id=self.interpreter_id,
            interpreting=self.interpreting,
            language=self.language,
            resident_id=self.resident_id,
        )


def book(actor: Actor, booking: Booking, key: UUID) -> Appointment:
    """Book an appointment; the same key again gives the one it made. Raises `NotPossible` with a sentence."""
    check_can(actor, CASEWORK, booking.organisation_id)
    with visiting(actor):
        return made_once(
            lambda: Appointment.objects.filter(key=key, organisation=booking.organisation_id).first(),
            lambda: _made(actor, booking, key),
        )


def _made(actor: Actor, booking: Booking, key: UUID) -> Appointment:
    check_sees(booking.resident_id)
    _check_words(booking)
    _check_case(booking)
    _check_time(booking)
    if refusal := why_not(booking.wanted):
        twin = Appointment.objects.filter(key=key, organisation=booking.organisation_id).first()
        if twin is not None:
            # The same form, sent twice at once, took the time for itself.
            return twin
        raise NotPossible(refusal)
    with _one_at_a_time():
        made = Appointment.objects.create(key=key, booked_by=actor.person_id, **_columns(booking))
    plan_reminders(made)
    _note(actor, "book", made, {"purpose": made.purpose, "starts_at": made.starts_at.isoformat()})
    return made


def move(actor: Actor, appointment_id: UUID, based_on: int, to: Booking, because: str) -> Appointment:
    """Move an appointment to another time, room, worker or interpreter; the old time is free at once."""
    with visiting(actor):
        one = _held(actor, appointment_id)
        if one.version != based_on and _is_there(one, to):
            return one
        _check_version(one, based_on)
        one.state = _after(one, "move")
        _check_because(because)
        _check_time(to)
        if refusal := why_not(replace(to.wanted, without=one.pk)):
            raise NotPossible(refusal)
        before = one.starts_at
        for name in _MOVED:
            setattr(one, name, getattr(to, name))
        one.because, one.moved = because, one.moved + 1
        with _one_at_a_time():
            _keep(one)
        tell_change(one, "moved")
        _note(actor, "move_appointment", one, {"starts_at": one.starts_at.isoformat(), "because": because},
              {"starts_at": before.isoformat()})  # fmt: skip
    return one


_MOVED = (
    *("starts_at", "ends_at", "worker_id", "room_id", "interpreter_id", "interpreting", "language", "way"),
)


def remind(actor: Actor, appointment_id: UUID, based_on: int, wanted: bool) -> Appointment:
    """Whether messages about this appointment are wanted; the person may say so at any time."""
    with visiting(actor):
        one = _held(actor, appointment_id)
        if one.remind == wanted:
            return one
        _check_version(one, based_on)
        if one.state != Appointment.State.BOOKED:
            raise NotPossible(_("This cannot be done in the state it is in now. Load the page again."))
        one.remind = wanted
        _keep(one)
        change_reminding(one)
        _note(actor, "remind_of_appointment", one, {"remind": wanted})
    return one


def _is_there(one: Appointment, to: Booking) -> bool:
    return all(getattr(one, name) == getattr(to, name) for name in _MOVED)


def cancel(actor: Actor, appointment_id: UUID, based_on: int, because: str) -> Appointment:
    """Cancel; what was taken is free at once, and the person is told."""
    _check_because(because)
    return _end(actor, appointment_id, based_on, "cancel", because)


def arrive(actor: Actor, appointment_id: UUID, based_on: int) -> Appointment:
    """The person has come, in time or late."""
    return _end(actor, appointment_id, based_on, "arrive")


def hold(actor: Actor, appointment_id: UUID, based_on: int) -> Appointment:
    """It took place."""
    return _end(actor, appointment_id, based_on, "hold")


def miss(actor: Actor, appointment_id: UUID, based_on: int) -> Appointment:
    """The person did not come; not before the time has come."""
    return _end(actor, appointment_id, based_on, "miss")


def _end(actor: Actor, appointment_id: UUID, based_on: int, verb: str, because: str = "") -> Appointment:
    with visiting(actor):
        one = _held(actor, appointment_id)
        ends_in = next(step.after for step in APPOINTMENT.steps if step.verb == verb)
        if one.version != based_on and one.state == ends_in:
            return one
        _check_version(one, based_on)
        before, one.state = one.state, _after(one, verb)
        if verb in ("miss", "hold") and one.starts_at > timezone.now():
            raise NotPossible(_("The time of this appointment has not come yet."))
        if verb == "arrive" and today(one.starts_at) > today():
            raise NotPossible(_("This appointment is on a later day. Move it to today if they come today."))
        # Why it was moved stays, where nothing else is said.
        one.because = because or one.because
        with _one_at_a_time():
            _keep(one)
        if verb == "cancel":
            tell_change(one, "cancelled")
        _note(actor, f"{verb}_appointment", one, {"state": one.state, "because": because}, {"state": before})
    return one


def _held(actor: Actor, appointment_id: UUID) -> Appointment:
    """An appointment of the actor's own desk, locked. Raises `Http404` for every other."""
    one = Appointment.objects.select_for_update(no_key=True).filter(pk=appointment_id).first()
    if one is None:
        raise Http404
    check_can(actor, CASEWORK, one.organisation_id)
    return one


def _check_version(one: Appointment, based_on: int) -> None:
    if one.version != based_on:
        raise Conflict({"state": (None, one.state, "")}, one.version)


def _after(one: Appointment, verb: str) -> str:
    try:
        return APPOINTMENT.after(one.state, verb)
    except StepError as refusal:
        said = _("This cannot be done in the state it is in now. Load the page again.")
        raise NotPossible(said) from refusal


def _check_words(booking: Booking) -> None:
    if booking.purpose not in PURPOSES or booking.way not in Appointment.Way.values:
        raise NotPossible(_("Choose what the appointment is about and how you will meet."))
    if unknown := [one for one in booking.bring if one not in BRING]:
        raise NotPossible(_("There is no such thing to bring along: %(code)s.") % {"code": unknown[0][:30]})
    if (booking.way == "office") != (booking.room_id is not None):
        raise NotPossible(_("An appointment in the office needs a room, others have none."))
    if bool(booking.interpreting) != (booking.interpreter_id is not None):
        raise NotPossible(_("Choose an interpreter, or say that none is needed."))


def _check_case(booking: Booking) -> None:
    if booking.case_id is None:
        return
    found = Case.objects.filter(
        pk=booking.case_id, organisation=booking.organisation_id, resident=booking.resident_id
    )
    if not found.exists():
        raise Http404


def _check_time(booking: Booking) -> None:
    minutes = (booking.ends_at - booking.starts_at).total_seconds() / 60
    longest = default_parameters()["casework.appointment_longest_minutes"]
    if not MINUTES <= minutes <= longest:
        told = {"least": MINUTES, "most": int(longest)}
        raise NotPossible(_("An appointment takes between %(least)s and %(most)s minutes.") % told)
    now = timezone.now()
    if booking.starts_at < now - timedelta(minutes=MINUTES):
        raise NotPossible(_("This time is over. Choose one that is still to come."))
    if booking.starts_at > now + timedelta(days=default_parameters()["casework.book_ahead_days"]):
        raise NotPossible(_("This is too far ahead. Choose an earlier day."))


def _check_because(because: str) -> None:
    if because not in Appointment.Because.values:
        raise NotPossible(_("Choose why."))


def _columns(booking: Booking) -> dict[str, Any]:
    names = (
        *("organisation_id", "resident_id", "case_id", "purpose", "starts_at", "ends_at", "worker_id", "way"),
        *("room_id", "interpreter_id", "interpreting", "language", "remind"),
    )
    return {name: getattr(booking, name) for name in names} | {"bring": list(booking.bring)}


def _keep(one: Appointment) -> None:
    one.version, one.changed_at = one.version + 1, timezone.now()
    one.save()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """What the database refuses because somebody was quicker, as a sentence."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as refused:
        cause = refused.__cause__
        code = getattr(cause, "sqlstate", "")
        detail = getattr(getattr(cause, "diag", None), "constraint_name", "") or ""
        if code == _DEADLOCK or (code == _UNIQUE and detail.startswith("casework_taken")):
            raise NotPossible(
                _("Somebody else has just booked this room, person or interpreter. Choose another time.")
            ) from refused
        raise


def _note(
    actor: Actor, verb: str, one: Appointment, after: dict[str, Any], before: dict[str, Any] | None = None
) -> None:
    audit.record(
        actor, f"casework.{verb}", one, before=before, after=after, organisation_id=one.organisation_id
    )
