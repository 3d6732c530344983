"""Why residents are read of, and the rows that say so: one in the trail, one that the resident is shown."""

from collections.abc import Iterable
from functools import cache, partial
from uuid import UUID

from django.utils.translation import gettext as _

from philoxenia.reference import reference_table
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import Reading, Resident
from philoxenia_web.registry.people.visits import AT_DESKS, WITH_RESIDENTS, keep_reading
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
) -> None:
    """Write who read which fields of whom, and why: never what they hold."""
    ids = sorted(set(resident_ids))
    if ids:
        keep_reading(partial(_write, actor, action, ids, check_reason(reason), sorted(fields), text_id))


def _write(
    actor: Actor, action: str, ids: list[UUID], reason: str, fields: list[str], text_id: UUID | None
) -> None:
    place = place_of(actor)
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


def place_of(actor: Actor) -> UUID | None:
    """The organisation for which an actor works with residents; the first by number of several."""
    desks = sorted(place for place, role in actor.memberships if role in AT_DESKS)
    others = sorted(place for place, role in actor.memberships if role in WITH_RESIDENTS)
    return next(iter(desks or others), None)
