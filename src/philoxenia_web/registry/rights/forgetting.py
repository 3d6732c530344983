"""Being forgotten: what stands against it is said, then every app erases its own and the key is destroyed."""

import logging
from collections.abc import Sequence
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor, can, check_can
from philoxenia_web.registry.models import Consent, Resident, RightsRequest, Slip
from philoxenia_web.registry.people import erasing
from philoxenia_web.registry.people.merging import same_person
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import own, parts, requests
from philoxenia_web.registry.rights.policies import DECIDE

log = logging.getLogger(__name__)
# Why somebody is forgotten: they asked, or a rule of retention proposed it.
ASKED = "asked"


def records_of(actor: Actor, resident_id: UUID) -> list[UUID]:
    """Every record of the person, the one that is kept first. `Http404` for whom the visit does not see."""
    if not Resident.objects.filter(pk=resident_id, erased_at=None).exists():
        raise Http404
    with visiting(SYSTEM):
        return same_person(resident_id)


def check_may_forget(actor: Actor, resident_ids: Sequence[UUID]) -> None:
    """Raise unless the actor supervises the department that holds each of the person's records."""
    held = Resident.objects.filter(pk__in=resident_ids).values_list("pk", "organisation_id")
    with visiting(SYSTEM):
        holders = dict(held)
    check_can(actor, DECIDE, holders[resident_ids[0]])
    if not all(can(actor, DECIDE, place) for place in holders.values()):
        raise NotPossible(
            _(
                "A record of another department was joined with this one. Make them two again: each "
                "department then erases its own."
            )
        )


def check_asked(actor: Actor, resident_ids: Sequence[UUID]) -> None:
    """Raise `NotPossible` unless the person asked to be forgotten, and told somebody else than the actor."""
    asked = RightsRequest.objects.filter(
        resident__in=resident_ids, kind=RightsRequest.Kind.ERASE, state__in=requests.OPEN
    )
    with visiting(SYSTEM):
        told_another = any(one.asked_by != actor.person_id for one in asked)
    if not told_another:
        raise NotPossible(
            _(
                "Nobody but you has written down that the person asks for this. They ask on their own page, "
                "or a colleague writes it down: a record is erased by two people."
            )
        )


def holds(resident_ids: Sequence[UUID]) -> list[str]:
    """Why the person's records cannot be erased yet, in sentences."""
    with visiting(SYSTEM):
        return list(dict.fromkeys(said for one in resident_ids for said in parts.holds(one)))


def against(actor: Actor, resident_id: UUID) -> list[str]:
    """Everything that stands against erasing now, for the page that asks."""
    ids = records_of(actor, resident_id)
    said = []
    for check in (check_may_forget, check_asked):
        try:
            check(actor, ids)
        except NotPossible as refusal:
            said.append(str(refusal))
    return said + holds(ids)


def forget(actor: Actor, resident_id: UUID, because: str) -> None:
    """Erase a person everywhere, in one transaction. `NotPossible` where something stands against it."""
    with visiting(actor):
        ids = records_of(actor, resident_id)
        check_may_forget(actor, ids)
        if because == ASKED:
            check_asked(actor, ids)
        with visiting(SYSTEM):
            # Whoever writes about the person meanwhile waits, and then finds nobody.
            list(Resident.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk"))
            if against := holds(ids):
                raise NotPossible(" ".join(against))
            for one in ids:
                _let_go(actor, one)
        erasing.erase(actor, ids[0], because)


def forget_again() -> list[UUID]:
    """Erase, with all that hangs on them, people whom a restored backup brought back; who they are.

    Each in a transaction of its own. Nothing stands against it: they were forgotten before. Where one cannot
    be erased the others are, and it is tried again by the job; till then the key is refused.
    """
    erasing.note_all()
    done = []
    for one in erasing.brought_back():
        try:
            with visiting(SYSTEM):
                _let_go(SYSTEM, one)
                erasing.erase_again(one)
        except Exception:
            log.exception("Somebody whom a backup brought back could not be erased again yet.")
        else:
            done.append(one)
    return done


def _let_go(actor: Actor, resident_id: UUID) -> None:
    """What other apps and this one keep of one record; also where its key is gone already."""
    _answer(actor, resident_id)
    parts.erase_all(actor, resident_id)
    Slip.objects.filter(resident=resident_id).delete()
    Consent.objects.filter(resident=resident_id).delete()


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


def looks_for(resident_ids: Sequence[UUID]) -> list[own.Look]:
    """Who read of a person, for whoever serves them; the desk reads it for the person, by their own right."""
    with visiting(SYSTEM):
        return own.looks_by_day(resident_ids)
