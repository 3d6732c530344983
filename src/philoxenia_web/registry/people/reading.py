"""Why residents are read of, and the rows that say so: one in the trail, one that the resident is shown."""

from collections.abc import Iterable
from functools import cache, partial
from uuid import UUID

from django.utils.translation import gettext as _

from philoxenia.reference import reference_table
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import Reading, Resident
from philoxenia_web.registry.people.visits import AT_DESKS, WITH_RESIDENTS, keep_reading, visited_place
from philoxenia_web.registry.refusals import NotPossible


@cache
def reasons() -> tuple[str, ...]:
    """Codes of the reasons there are."""
    return tuple(reference_table("casework/reading_reasons")["code"])


def check_reason(reason: str) -> str:
    """The reason. Raises `NotPossible` for one that is not in the table."""
    if reason not in reasons():
        raise NotPossible(_("Say for what reason you read of this person: choose one of the list."))
    return reason


def note(
    actor: Actor,
    action: str,
    resident_ids: Iterable[UUID],
    reason: str,
    fields: Iterable[str],
    text_id: UUID | None = None,
    place: UUID | None = None,
) -> None:
    """Write who read which fields of whom, for which organisation (`place`) and why: never what they hold."""
    ids = sorted(set(resident_ids))
    check_reason(reason)
    for where, some in _by_place(actor, ids, place):
        keep_reading(partial(_write, actor, action, some, reason, sorted(fields), text_id, where))


def _write(
    actor: Actor,
    action: str,
    ids: list[UUID],
    reason: str,
    fields: list[str],
    text_id: UUID | None,
    place: UUID | None,
) -> None:
    one = Resident(pk=ids[0]) if len(ids) == 1 else None
    after: dict[str, object] = {"fields": fields}
    if one is None:
        after["residents"] = [str(each) for each in ids]
    audit.record(actor, action, one, after=after, organisation_id=place, reason=reason)
    Reading.objects.bulk_create(
        Reading(
            resident_id=each,
            person_id=actor.person_id,
            organisation_id=place,
            reason=reason,
            fields=fields,
            text_id=text_id,
        )
        for each in ids
    )


def place_of(actor: Actor, holder: UUID | None = None) -> UUID | None:
    """The organisation for which an actor works now: the visit's, their only one, or else the record's."""
    told, mine = _known(actor), _places(actor)
    return told or (holder if holder in mine else next(iter(mine), None))


def _known(actor: Actor) -> UUID | None:
    """What the visit says, where the actor works there."""
    told = visited_place()
    return told if told and works_at(actor, told) else None


def works_at(actor: Actor, place: UUID) -> bool:
    """Whether the actor works with residents there."""
    return any(place == one and role in WITH_RESIDENTS for one, role in actor.memberships)


def _places(actor: Actor) -> list[UUID]:
    desks = sorted({place for place, role in actor.memberships if role in AT_DESKS})
    return desks or sorted({place for place, role in actor.memberships if role in WITH_RESIDENTS})


def _by_place(actor: Actor, ids: list[UUID], place: UUID | None) -> list[tuple[UUID | None, list[UUID]]]:
    """Whom somebody read for which organisation: of several the one that holds the record, else each."""
    told, mine = place or _known(actor), _places(actor)
    if not ids:
        return []
    if told or len(mine) < 2:
        return [(told or next(iter(mine), None), ids)]
    holders = dict(Resident.objects.filter(pk__in=ids).values_list("pk", "organisation_id"))
    found: dict[UUID | None, list[UUID]] = {}
    for one in ids:
        for where in [holders[one]] if holders.get(one) in mine else mine:
            found.setdefault(where, []).append(one)
    return list(found.items())
