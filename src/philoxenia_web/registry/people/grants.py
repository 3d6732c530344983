"""Who outside the desk may see a resident, what of them, and until when."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.registry.models import Grant, Resident
from philoxenia_web.registry.people.permissions import desks_of
from philoxenia_web.registry.people.shapes import FIELDS
from philoxenia_web.registry.people.visits import WITH_RESIDENTS, visiting, visiting_resident

# What a grant can name; each further one is a field of the record.
ALL = frozenset({*FIELDS, "birth_year", "household", "number"})


def give(
    actor: Actor,
    resident_id: UUID,
    organisation_id: UUID,
    kind: str,
    fields: frozenset[str],
    until: datetime | None,
    source_id: UUID,
    person_id: UUID | None = None,
) -> None:
    """Let an organisation see these fields until a time, or one person of it alone (`person_id`).

    Of the same source what is said last holds.
    """
    if unknown := fields - ALL:
        raise ValueError(f"A grant has no field {', '.join(sorted(unknown))}.")
    with visiting(actor):
        grant, _made = Grant.objects.update_or_create(
            source_id=source_id,
            resident_id=resident_id,
            organisation_id=organisation_id,
            defaults={
                "kind": Grant.Kind(kind),
                "fields": sorted(fields),
                "until": until,
                "person_id": person_id,
                "given_by": actor.person_id,
                "ended_at": None,
            },
        )
        after = {"kind": kind, "fields": sorted(fields), "until": until.isoformat() if until else None}
        audit.record(actor, "registry.grant", grant, after=after, organisation_id=organisation_id)


def end(actor: Actor, source_id: UUID) -> None:
    """End what follows from a referral, case or emergency. Twice is once."""
    with visiting(actor):
        _end(actor, Grant.objects.filter(source_id=source_id, ended_at=None))


def fields_for(actor: Actor, resident_id: UUID) -> frozenset[str]:
    """Which fields the actor may see: all at a desk that sees the person, else what live grants name."""
    with visiting(actor):
        row = Resident.objects.filter(pk=resident_id, erased_at=None).first()
        return fields_of(actor, row, desks_of(actor)) if row else frozenset()


def fields_of(actor: Actor, row: Resident, desks: frozenset[UUID]) -> frozenset[str]:
    """The same for a row that the visit sees, where the actor's desks are known already."""
    return fields_of_each(actor, [row], desks)[row.pk]


def fields_of_each(
    actor: Actor, rows: Iterable[Resident], desks: frozenset[UUID]
) -> dict[UUID, frozenset[str]]:
    """The same for several; one question for all who are seen by a grant alone."""
    found = {row.pk: ALL if _whole(actor, row, desks) else frozenset[str]() for row in rows}
    asked = [number for number, fields in found.items() if not fields]
    for grant in live(actor, asked) if asked else ():
        found[grant.resident_id] |= frozenset(grant.fields)
    return found


def _whole(actor: Actor, row: Resident, desks: frozenset[UUID]) -> bool:
    own = visiting_resident() == row.pk
    return actor is SYSTEM or own or row.organisation_id in desks or bool(desks and not row.restricted)


def live(actor: Actor, resident_ids: Iterable[UUID]) -> QuerySet[Grant]:
    """Grants of these residents to the actor, or to the actor's organisations, that hold now."""
    places = [place for place, role in actor.memberships if role in WITH_RESIDENTS]
    lasting = Q(until=None) | Q(until__gt=timezone.now())
    theirs = Q(person_id=None) | Q(person_id=actor.person_id)
    return Grant.objects.filter(
        lasting, theirs, resident_id__in=resident_ids, organisation_id__in=places, ended_at=None
    )


def end_foreign(actor: Actor, row: Resident) -> None:
    """End what others than the holder were granted of a record, within a visit of SYSTEM."""
    given = Grant.objects.filter(resident=row, ended_at=None)
    _end(actor, given.exclude(organisation_id=row.organisation_id))


def _end(actor: Actor, given: Iterable[Grant]) -> None:
    for grant in given:
        grant.ended_at = timezone.now()
        grant.save(update_fields=["ended_at"])
        audit.record(actor, "registry.end_grant", grant, organisation_id=grant.organisation_id)
