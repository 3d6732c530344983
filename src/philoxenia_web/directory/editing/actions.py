"""Writing records by hand: permission, transaction, order of changes and trail in one place.

The trail names the fields that changed, never their values: what a place says may have to be erased later.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.datasets.queries import package
from philoxenia_web.directory import following
from philoxenia_web.directory.editing import shapes
from philoxenia_web.directory.editing.merging import Draft, changed_fields
from philoxenia_web.directory.editing.outdating import forget, outdate, outdate_rows, table_of
from philoxenia_web.directory.editing.policies import LOOK_AFTER, check_edit
from philoxenia_web.directory.editing.records import record_for, services_of
from philoxenia_web.directory.editing.refusals import Conflict, NotPossible
from philoxenia_web.directory.editing.silence import check_silent
from philoxenia_web.directory.models import Location, Organization, Service, ServiceAtLocation
from philoxenia_web.directory.texts import TRANSLATED
from philoxenia_web.ui.late import Late

_places = Late("philoxenia.exchange.places")
_polars = Late("polars")

# Who says what was written here.
BY_HAND = "Directory editors"


@dataclass(frozen=True)
class Saved:
    """What a write came to."""

    record_id: UUID
    version: int
    changed: tuple[str, ...]


def save(actor: Actor, table: str, record_id: UUID, based_on: int, draft: Mapping[str, Any]) -> Saved:
    """Write what a person changed. Raises `Conflict` with what the record says now where somebody else wrote
    it since; the same change sent twice is written once.
    """
    with transaction.atomic():
        record = locked(actor, table, record_id)
        now = shapes.read(record)
        changed = changed_fields(now, draft)
        if changed and record.version != based_on:
            raise Conflict(
                _("Somebody else changed this record while you were writing. Nothing of yours is lost."),
                now,
                record.version,
            )
        if changed:
            _write(actor, record, draft, changed, "directory.edit")
        return Saved(record.pk, record.version, tuple(changed))


def locked(actor: Actor, table: str, record_id: UUID) -> Any:
    """A record the actor may edit, held until the transaction ends."""
    record_for(actor, table, record_id)
    record = shapes.SHAPES[table].model._default_manager.select_for_update(no_key=True).get(pk=record_id)
    check_edit(actor, _owner(record))
    return record


def _owner(record: models.Model) -> Organization | None:
    return record if isinstance(record, Organization) else record.organization  # type: ignore[attr-defined]


def _write(actor: Actor, record: Any, draft: Mapping[str, Any], changed: list[str], action: str) -> None:
    _check_place(record, draft, changed)
    shapes.write_fields(record, draft, changed)
    if isinstance(record, Location) and {"latitude", "longitude"} & set(changed):
        record.district_id = _district(record)
        changed = [*changed, "district_id"]
    gone = shapes.write_parts(record, draft, changed)
    outdate(record, changed)
    for part in shapes.shape_of(record).parts:
        if part.name in changed:
            manager = getattr(record, part.name)
            forget(table_of(manager.model()), gone)
            if table_of(manager.model()) in TRANSLATED:
                outdate_rows(manager.all())
    finish(actor, record, changed, action)


def _district(place: Location) -> str:
    """The district a place lies in; '' outside the city, and where its point is not known."""
    if place.latitude is None or place.longitude is None:
        return ""
    city = _places.read_places(settings.ENVIRONMENT.city)
    points = _polars.Series([place.longitude]), _polars.Series([place.latitude])
    return city.locate(*points)[0] or ""


def _check_place(record: Any, draft: Mapping[str, Any], changed: list[str]) -> None:
    if isinstance(record, Location) and record.confidential and changed:
        raise NotPossible(_("This place is confidential: nothing about it is kept or can be written."))
    check_silent(isinstance(record, Service) and record.confidential, [draft[name] for name in changed])


def finish(actor: Actor, record: Any, changed: list[str], action: str, reason: str = "") -> None:
    """The end of every write: version, what imports must leave alone, order of changes, trail."""
    record.version += 1
    record.last_modified = timezone.now()
    record.held = sorted({*record.held, *changed})
    record.save()
    following.note(services_of(record))
    audit.record(
        actor,
        action,
        record,
        after={"fields": sorted(changed), "version": record.version},
        organisation_id=_member(record),
        reason=reason,
    )


def _member(record: models.Model) -> UUID | None:
    owner = _owner(record)
    return owner.member_id if owner else None


def create(actor: Actor, table: str, key: UUID, draft: Draft, organization: Organization | None) -> Saved:
    """A new record with the id `key`, so that the same form sent twice makes one."""
    shape = shapes.SHAPES[table]
    with transaction.atomic():
        check_edit(actor, organization)
        there = shape.model._default_manager.filter(pk=key).first()
        if there is not None:
            record_for(actor, table, key)
            return Saved(key, there.version, ())  # type: ignore[attr-defined]
        owner = {} if table == "organization" else {"organization": organization}
        record: Any = shape.model._default_manager.create(pk=key, source=BY_HAND, version=0, **owner)
        changed = changed_fields(shapes.empty(shape), draft)
        _write(actor, record, draft, changed, "directory.create")
        return Saved(record.pk, record.version, tuple(changed))


def give_at(actor: Actor, service_id: UUID, location_id: UUID) -> None:
    """The service is given at this place."""
    with transaction.atomic():
        service: Service = locked(actor, "service", service_id)
        location: Location = locked(actor, "location", location_id)
        if service.confidential or location.confidential:
            raise NotPossible(_("Where a confidential service is given is never written down."))
        ServiceAtLocation.objects.get_or_create(service=service, location=location)
        finish(actor, service, ["service_at_locations"], "directory.give_at")


def leave(actor: Actor, service_id: UUID, location_id: UUID) -> None:
    """The service is not given at this place any more."""
    with transaction.atomic():
        service: Service = locked(actor, "service", service_id)
        if service.service_at_locations.filter(location_id=location_id).delete()[0]:
            finish(actor, service, ["service_at_locations"], "directory.leave")


def set_member(actor: Actor, organization_id: UUID, based_on: int, member_id: UUID | None) -> None:
    """Say which organisation that signs in here this is: its partners may then edit its services."""
    check_can(actor, LOOK_AFTER)
    with transaction.atomic():
        record: Organization = locked(actor, "organization", organization_id)
        if record.member_id == member_id:
            return
        check_version(record, based_on)
        record.member_id = member_id
        finish(actor, record, ["member"], "directory.set_member")


def withdraw(actor: Actor, service_id: UUID, based_on: int, reason: str) -> None:
    """Take a service out of everything that is shown; its record stays."""
    _turn(actor, service_id, based_on, Service.Status.INACTIVE, "directory.withdraw", reason)


def bring_back(actor: Actor, service_id: UUID, based_on: int, reason: str) -> None:
    """Show a withdrawn service again."""
    _turn(actor, service_id, based_on, Service.Status.ACTIVE, "directory.bring_back", reason)


def _turn(actor: Actor, service_id: UUID, based_on: int, to: str, action: str, reason: str) -> None:
    if len(reason.strip()) < 5:
        raise NotPossible(_("Say why: those who look after the record later will read it."))
    with transaction.atomic():
        service: Service = locked(actor, "service", service_id)
        if service.status == to:
            return
        check_version(service, based_on)
        service.status = to
        finish(actor, service, ["status"], action, reason.strip())


def check_version(record: Any, based_on: int) -> None:
    """Raise `Conflict` where the record was written since it was shown."""
    if record.version != based_on:
        said = _("Somebody else changed this record meanwhile. Look at it as it is now, then decide.")
        raise Conflict(said, shapes.read(record), record.version)


def confirm(
    actor: Actor, service_id: UUID, based_on: int, by: str, today: date, until: date | None = None
) -> None:
    """Somebody who knows has looked at the record, and it is right as it is."""
    with transaction.atomic():
        service: Service = locked(actor, "service", service_id)
        check_version(service, based_on)
        mark_checked(actor, service, by, today, until)


def mark_checked(actor: Actor, service: Service, by: str, today: date, until: date | None = None) -> None:
    """Write who checked a locked record and until when that counts."""
    service.checked_on, service.checked_by = today, by[:200]
    fresh_days = int(package().parameters["directory.check_after_days"])
    service.check_by = until or today + timedelta(days=fresh_days)
    finish(actor, service, ["checked_on", "checked_by", "check_by"], "directory.confirm")
