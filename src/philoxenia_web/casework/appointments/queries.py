"""Appointments as pages read them, inside a visit: the database leaves out what is not the visitor's."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from philoxenia_web.accounts.access import Actor, can
from philoxenia_web.casework.models.appointments import Absence, Appointment, Interpreter, Room
from philoxenia_web.casework.policies import CASEWORK, desks_of
from philoxenia_web.casework.queries import names_of
from philoxenia_web.directory.city import city


def own_appointments(actor: Actor) -> QuerySet[Appointment]:
    """Those of the actor's desks."""
    found = Appointment.objects.filter(organisation__in=desks_of(actor))
    return found.select_related("room", "interpreter", "organisation").order_by("starts_at", "pk")


def appointment_for(actor: Actor, appointment_id: UUID) -> Appointment:
    """One of the actor's own desks. Raises `Http404` for every other."""
    found = own_appointments(actor).filter(pk=appointment_id).first()
    if found is None or not can(actor, CASEWORK, found.organisation_id):
        raise Http404
    return found


def of_day(actor: Actor, day: datetime.date, worker_id: UUID | None = None) -> list[Appointment]:
    """Those of a day in the city, of one worker or all."""
    begin = datetime.datetime.combine(day, datetime.time(), city().zone)
    end = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), city().zone)
    found = own_appointments(actor).filter(starts_at__gte=begin, starts_at__lt=end)
    return list(found.filter(worker_id=worker_id) if worker_id else found)


def of_resident(actor: Actor, resident_ids: Iterable[UUID]) -> list[Appointment]:
    """The newest twenty of a resident, with merged records, at the actor's desks; those to come first."""
    found = list(own_appointments(actor).filter(resident__in=list(resident_ids)).order_by("-starts_at")[:20])
    live = [one for one in reversed(found) if one.state in ("booked", "arrived")]
    return live + [one for one in found if one not in live]


def within(actor: Actor, away: Absence) -> list[Appointment]:
    """The booked appointments of the actor's desks that an absence makes impossible."""
    taken = Q(worker_id=away.resource_id) | Q(room=away.resource_id) | Q(interpreter=away.resource_id)
    taken |= Q(interpreter__person_id=away.resource_id)
    found = own_appointments(actor).filter(taken, state=Appointment.State.BOOKED)
    return list(found.filter(starts_at__lt=away.ends_at, ends_at__gt=away.starts_at)[:200])


def words_of(ids: Iterable[Any]) -> dict[Any, str]:
    """The names of workers, rooms and interpreters by id."""
    wanted = {one for one in ids if one}
    named: dict[Any, str] = dict(names_of(wanted))
    for model in (Room, Interpreter):
        named |= {one.pk: str(one) for one in model._default_manager.filter(pk__in=wanted - named.keys())}
    return named


def workers_of(found: Sequence[Appointment]) -> dict[Any, str]:
    """The names of their workers."""
    return dict(names_of({one.worker_id for one in found}))
