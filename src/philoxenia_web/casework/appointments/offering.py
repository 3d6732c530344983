"""What a desk offers for appointments: rooms, interpreters, hours, absences. A supervisor keeps them."""

import datetime
from collections.abc import Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, can, check_can
from philoxenia_web.casework.models.appointments import Absence, Hours, Interpreter, Room
from philoxenia_web.casework.policies import CASEWORK, SUPERVISE
from philoxenia_web.casework.queries import colleagues
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.directory.city import city

Offered = TypeVar("Offered", Room, Interpreter)


def keep_room(actor: Actor, organisation_id: UUID, room_id: UUID | None, said: dict[str, Any]) -> Room:
    """Write down a room or change one. `said` are its columns with key and version."""
    return _keep(actor, Room, organisation_id, room_id, said, "keep_room")


def keep_interpreter(
    actor: Actor, organisation_id: UUID, interpreter_id: UUID | None, said: dict[str, Any]
) -> Interpreter:
    """Write down an interpreter or change one."""
    person_id = said.get("person_id")
    if person_id and person_id not in dict(colleagues(organisation_id)):
        raise NotPossible(_("This is no colleague of the desk."))
    return _keep(actor, Interpreter, organisation_id, interpreter_id, said, "keep_interpreter")


def _keep(
    actor: Actor,
    model: type[Offered],
    organisation_id: UUID,
    row_id: UUID | None,
    said: dict[str, Any],
    verb: str,
) -> Offered:
    check_can(actor, SUPERVISE, organisation_id)
    columns = {name: value for name, value in said.items() if name not in ("key", "version")}
    with transaction.atomic():
        if row_id is None:
            known = model._default_manager.filter(key=said["key"], organisation=organisation_id).first()
            if known is not None:
                return known
            row = model(organisation_id=organisation_id, key=said["key"], version=0)
        else:
            row = own(actor, model, row_id)
            row = model._default_manager.select_for_update(no_key=True).get(pk=row.pk)
            if row.version != said["version"]:
                raise Conflict({}, row.version)
        for name, value in columns.items():
            setattr(row, name, value)
        row.version += 1
        _saved(row)
        audit.record(actor, f"casework.{verb}", row, organisation_id=organisation_id)
    return row


def _saved(row: Room | Interpreter) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as refused:
        raise NotPossible(_("There is one of this name already. Choose another.")) from refused


def own(actor: Actor, model: type[Offered], row_id: UUID) -> Offered:
    """A room or interpreter of a team the actor looks after. Raises `Http404` for every other."""
    row = model._default_manager.filter(pk=row_id).first()
    if row is None or not can(actor, SUPERVISE, row.organisation_id):
        raise Http404
    return row


def resource_of(actor: Actor, resource_id: UUID) -> tuple[UUID, str]:
    """The organisation and name of a worker, room or interpreter whose hours the actor may set.

    A caseworker sets their own; a supervisor those of the team. Raises `Http404` for every other.
    """
    for model in (Room, Interpreter):
        row = model._default_manager.filter(pk=resource_id).first()
        if row is not None and can(actor, SUPERVISE, row.organisation_id):
            return row.organisation_id, str(row)
    for place in sorted(actor.organisations):
        may = can(actor, SUPERVISE, place) or (can(actor, CASEWORK, place) and resource_id == actor.person_id)
        if may and (name := dict(colleagues(place)).get(resource_id)):
            return place, name
    raise Http404


def hours_as_seen(organisation_id: UUID, resource_id: UUID) -> str:
    """The hours of a week as one line, for the page that changes them."""
    rows = Hours.objects.filter(organisation=organisation_id, resource_id=resource_id)
    told = sorted((row.weekday, row.begins, row.ends) for row in rows)
    return " ".join(f"{day}/{begins:%H:%M}-{ends:%H:%M}" for day, begins, ends in told)


def set_hours(
    actor: Actor,
    resource_id: UUID,
    spans: Sequence[tuple[int, datetime.time, datetime.time]],
    seen: str | None = None,
) -> None:
    """The hours of a week in the place of those before; appointments that lie outside stay as they are.

    Raises `Conflict` where the hours are not those that were `seen` any more, None where nobody saw any.
    """
    organisation_id, _name = resource_of(actor, resource_id)
    with transaction.atomic():
        _one_after_the_other(resource_id)
        now = hours_as_seen(organisation_id, resource_id)
        if seen is not None and seen != now:
            raise Conflict({"hours": (seen, now, "")})
        Hours.objects.filter(organisation=organisation_id, resource_id=resource_id).delete()
        Hours.objects.bulk_create(
            Hours(
                organisation_id=organisation_id,
                resource_id=resource_id,
                weekday=day,
                begins=begins,
                ends=ends,
            )
            for day, begins, ends in spans
        )
        told = {"resource": str(resource_id), "days": sorted({day for day, _begins, _ends in spans})}
        audit.record(actor, "casework.keep_hours", after=told, organisation_id=organisation_id)


def _one_after_the_other(resource_id: UUID) -> None:
    """Rows that are not there yet cannot be locked: who sets the same hours waits here."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"hours {resource_id}"])


def add_absence(
    actor: Actor, resource_id: UUID, first: datetime.date, last: datetime.date, key: UUID
) -> Absence:
    """Whole days on which somebody is away or a room is closed. The same key again is once."""
    organisation_id, _name = resource_of(actor, resource_id)
    zone = city().zone
    with transaction.atomic():
        row, made = Absence.objects.get_or_create(
            key=key,
            defaults={
                "organisation_id": organisation_id,
                "resource_id": resource_id,
                "starts_at": datetime.datetime.combine(first, datetime.time(), zone),
                "ends_at": datetime.datetime.combine(
                    last + datetime.timedelta(days=1), datetime.time(), zone
                ),
            },
        )
        if made:
            audit.record(actor, "casework.keep_absence", row, organisation_id=organisation_id)
    return row


def drop_absence(actor: Actor, absence_id: UUID) -> UUID:
    """Take an absence back; whose it was."""
    row = Absence.objects.filter(pk=absence_id).first()
    if row is None:
        raise Http404
    resource_of(actor, row.resource_id)
    with transaction.atomic():
        audit.record(actor, "casework.drop_absence", row, organisation_id=row.organisation_id)
        row.delete()
    return row.resource_id
