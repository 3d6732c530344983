"""Which workers, rooms and interpreters could take an appointment, when they are open and when taken."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from philoxenia_web.casework.appointments.quanta import Span, Weekly, opened, span_of
from philoxenia_web.casework.appointments.slots import Resource
from philoxenia_web.casework.models.appointments import Absence, Appointment, Hours, Interpreter, Room
from philoxenia_web.casework.queries import colleagues
from philoxenia_web.directory.city import city

_TAKEN = "select resource_id, piece from casework_taken_between(%s, %s, %s, %s)"


@dataclass(frozen=True)
class Wanted:
    """What an appointment needs. `worker_ids` narrows to some; `without`: the one that is being moved."""

    organisation_id: UUID
    begins: datetime.datetime
    ends: datetime.datetime
    minutes: int
    way: str = "office"
    worker_ids: tuple[UUID, ...] = ()
    room_id: UUID | None = None
    interpreter_id: UUID | None = None
    interpreting: str = ""
    language: str = ""
    sex: str = ""
    step_free: bool = False
    quiet: bool = False
    resident_id: UUID | None = None
    without: UUID | None = None

    @property
    def window(self) -> Span:
        """The time it is looked for in."""
        return span_of(self.begins, self.ends)


@dataclass(frozen=True)
class Offered:
    """Who and what could take it, each with its spans."""

    workers: Sequence[Resource]
    rooms: Sequence[Resource] | None
    interpreters: Sequence[Resource] | None
    resident: Resource | None


def offered(wanted: Wanted) -> Offered:
    """Everything that fits but for the time, preferred first. Runs inside a visit: six queries."""
    interpreters = list(_interpreters(wanted)) if wanted.interpreting else None
    workers = _without_interpreters(_workers(wanted), interpreters)
    rooms = list(_rooms(wanted)) if wanted.way == "office" else None
    calendar = _Calendar(
        wanted,
        [
            *workers,
            *(one.pk for one in rooms or ()),
            *(one.resource_id for one in interpreters or ()),
            *([wanted.resident_id] if wanted.resident_id else []),
        ],
    )
    return Offered(
        # A worker without hours cannot be booked; a room or agency without hours is always open.
        [calendar.resource(one, one, always=False) for one in workers],
        None if rooms is None else [calendar.resource(one.pk, one.pk) for one in rooms],
        None
        if interpreters is None
        else [calendar.resource(one.pk, one.resource_id) for one in interpreters],
        calendar.resource(wanted.resident_id, wanted.resident_id) if wanted.resident_id else None,
    )


class _Calendar:
    """Hours, absences and taken pieces of some resources within a window."""

    def __init__(self, wanted: Wanted, ids: list[UUID]) -> None:
        self.window = wanted.window
        self.hours: defaultdict[UUID, list[Weekly]] = defaultdict(list)
        for row in Hours.objects.filter(resource_id__in=ids):
            self.hours[row.resource_id].append(Weekly(row.weekday, row.begins, row.ends))
        self.taken: defaultdict[UUID, list[Span]] = defaultdict(list)
        away = Absence.objects.filter(
            resource_id__in=ids, ends_at__gt=wanted.begins, starts_at__lt=wanted.ends
        )
        for row in away:
            self.taken[row.resource_id].append(span_of(row.starts_at, row.ends_at))
        with connection.cursor() as cursor:
            cursor.execute(_TAKEN, [ids, self.window.first, self.window.end, wanted.without])
            for id_, piece in cursor.fetchall():
                self.taken[id_].append(Span(piece, piece + 1))

    def resource(self, id_: UUID, taken_as: UUID, *, always: bool = True) -> Resource:
        """One resource; without any hours it is `always` open, or never."""
        hours = self.hours.get(taken_as)
        if hours is None:
            spans = (self.window,) if always else ()
        else:
            spans = tuple(opened(hours, city().zone, self.window))
        return Resource(id_, spans, tuple(self.taken[taken_as]))


def _workers(wanted: Wanted) -> list[UUID]:
    """Those asked for in their order, else all colleagues, who has fewest appointments in the time first."""
    known = [id_ for id_, _name in colleagues(wanted.organisation_id)]
    if wanted.worker_ids:
        return [one for one in wanted.worker_ids if one in known]
    booked = Appointment.objects.filter(
        worker_id__in=known, starts_at__lt=wanted.ends, ends_at__gt=wanted.begins
    )
    busy = dict(booked.values_list("worker_id").annotate(count=Count("pk")))
    return sorted(known, key=lambda one: (busy.get(one, 0), known.index(one)))


def _rooms(wanted: Wanted) -> Iterable[Room]:
    """The smallest that fits first, so that large ones stay free."""
    found = Room.objects.filter(organisation=wanted.organisation_id, active=True)
    if wanted.room_id:
        return found.filter(pk=wanted.room_id)
    if wanted.step_free:
        found = found.filter(step_free=True)
    if wanted.quiet:
        found = found.filter(quiet=True)
    if wanted.interpreting == "present":
        found = found.filter(seats__gte=3)
    return found.order_by("seats", "name")


def _interpreters(wanted: Wanted) -> Iterable[Interpreter]:
    """Own colleagues first, then agencies: what costs nothing more comes first."""
    found = Interpreter.objects.filter(Q(organisation=wanted.organisation_id) | Q(shared=True), active=True)
    if wanted.language:
        found = found.filter(languages__contains=[wanted.language])
    found = found.filter(present=True) if wanted.interpreting == "present" else found.filter(by_phone=True)
    if wanted.interpreter_id:
        found = found.filter(pk=wanted.interpreter_id)
    elif wanted.sex:
        found = found.filter(sex=wanted.sex)
    return found.order_by("agency", "label")


def _without_interpreters(workers: list[UUID], interpreters: list[Interpreter] | None) -> list[UUID]:
    """Nobody interprets for themselves: who could do either interprets, unless nobody else could talk."""
    could = {one.person_id for one in interpreters or () if one.person_id}
    others = [one for one in workers if one not in could]
    if others or not could:
        return others
    interpreters[:] = [one for one in interpreters or () if one.person_id not in workers]  # type: ignore[index]
    return workers
