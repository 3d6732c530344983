"""Being forgotten: what stands against it is said, then every app erases its own and the key is destroyed."""

from uuid import UUID

from django.http import Http404

from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.registry.models import Consent, Resident, RightsRequest, Slip
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import own, parts, requests
from philoxenia_web.registry.rights.policies import DECIDE


def check_may_forget(actor: Actor, resident_id: UUID) -> None:
    """Raise unless the actor supervises the department that holds the record."""
    holder = Resident.objects.filter(pk=resident_id).values_list("organisation_id", flat=True).first()
    if holder is None:
        raise Http404
    check_can(actor, DECIDE, holder)


def holds(resident_id: UUID) -> list[str]:
    """Why the record cannot be erased yet, in sentences."""
    with visiting(SYSTEM):
        return parts.holds(resident_id)


def forget(actor: Actor, resident_id: UUID, because: str) -> None:
    """Erase a person everywhere, in one transaction. `NotPossible` where something stands against it."""
    with visiting(actor):
        check_may_forget(actor, resident_id)
        with visiting(SYSTEM):
            # Whoever writes about the person meanwhile waits, and then finds nobody.
            Resident.objects.select_for_update(no_key=True).get(pk=resident_id)
            if against := parts.holds(resident_id):
                raise NotPossible(" ".join(against))
            _answer(actor, resident_id)
            parts.erase_all(actor, resident_id)
            Slip.objects.filter(resident=resident_id).delete()
            Consent.objects.filter(resident=resident_id).delete()
        records.erase(actor, resident_id, because)


def _answer(actor: Actor, resident_id: UUID) -> None:
    """What was asked for is done by this; that it was asked stays, without words."""
    found = RightsRequest.objects.select_for_update(no_key=True, of=("self",)).filter(resident=resident_id)
    for one in found:
        if one.state in requests.OPEN:
            requests.move(actor, one, "answer", keep_words=False)
    found.update(text_id=None, answer_id=None)


def same_number(typed: str, number: str) -> bool:
    """Whether a typed number is the record's, however it is spaced."""
    digits = "".join(one for one in typed if one.isdigit())
    return bool(digits) and digits == "".join(one for one in number if one.isdigit())


def looks_for(actor: Actor, resident_id: UUID) -> list[own.Look]:
    """Who read of a person, for whoever serves them; the desk reads it for the person, by their own right."""
    with visiting(SYSTEM):
        return own.looks(resident_id, 500)
