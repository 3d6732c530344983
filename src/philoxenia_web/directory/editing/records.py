"""Finding the records somebody may edit, and the services that show what a record says."""

from uuid import UUID

from django.db import models
from django.http import Http404

from philoxenia_web.accounts.access import Actor
from philoxenia_web.directory.editing.policies import editable_organizations, editable_services, sees_all
from philoxenia_web.directory.models import Location, Organization, Service


def service_for(actor: Actor, service_id: UUID) -> Service:
    """A service the actor may edit; otherwise it is not found."""
    return _one(editable_services(actor).filter(pk=service_id))


def organization_for(actor: Actor, organization_id: UUID) -> Organization:
    """An organisation the actor may edit; otherwise it is not found."""
    return _one(editable_organizations(actor).filter(pk=organization_id))


def location_for(actor: Actor, location_id: UUID) -> Location:
    """A place of which the actor may edit every service; otherwise it is not found."""
    location: Location = _one(Location.objects.filter(pk=location_id))
    if not sees_all(actor):
        owners = {one.organization_id for one in services_at(location)} | {location.organization_id} - {None}
        mine = editable_organizations(actor).filter(pk__in=owners).count()
        if not owners or mine != len(owners):
            raise Http404
    return location


def record_for(actor: Actor, table: str, record_id: UUID) -> models.Model:
    """A record of one of the three tables that people edit."""
    find = {"service": service_for, "organization": organization_for, "location": location_for}
    return find[table](actor, record_id)


def services_at(location: Location) -> list[Service]:
    """The services given at a place."""
    found = Service.objects.filter(service_at_locations__location=location)
    return list(found.select_related("organization").distinct().order_by("name"))


def services_of(record: models.Model) -> list[UUID]:
    """The services that show what a record says: they are read again when it changes."""
    if isinstance(record, Location):
        return [one.pk for one in services_at(record)]
    if isinstance(record, Organization):
        return list(record.services.values_list("pk", flat=True))
    return [record.pk]


def _one(found: "models.QuerySet[models.Model]") -> "models.Model":
    record = found.first()
    if record is None:
        raise Http404
    return record
