"""A department's own casework as a list of people under an agreement of linkage (contract `people`).

Of each person it says what they agreed to (`casework/consent_purposes.csv`: names, birth, needs) and no more.
The list is in memory until it is sealed; no name stands in a file, a log or the trail.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, Denied
from philoxenia_web.casework.actions.needs import LIVE
from philoxenia_web.casework.models.cases import Case, CaseNeed
from philoxenia_web.casework.office.policies import HAND_IN_CASEWORK, handing_in
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.linkage import queries as linkage
from philoxenia_web.linkage.policies import MANAGE, refusal_of
from philoxenia_web.registry import receiving
from philoxenia_web.registry.people import listing
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import consents

if TYPE_CHECKING:
    from philoxenia_web.linkage.models import Agreement
    from philoxenia_web.registry.models import PersonList

PURPOSE, REASON, FILE_NAME = "linkage", "import", "casework.csv"
COLUMNS = ("record_id", "full_name", "birth_date", "needs", "synthetic")


@dataclass(frozen=True)
class HandedIn:
    """The list, and how many people are in it and were left out; the counts are None where it was there."""

    list: "PersonList"
    people: int | None = None
    restricted: int | None = None
    not_agreed: int | None = None


def open_to(actor: Actor) -> list[tuple["Agreement", UUID, str]]:
    """Agreements in force under which the actor may hand casework in, and for which department."""
    places = handing_in(actor)
    if not places:
        return []
    return [
        (one, party.organisation_id, str(party.organisation))
        for one in linkage.agreements_for(actor, MANAGE)
        if not refusal_of(one)
        for party in one.parties.all()
        if party.organisation_id in places
    ]


def hand_in(actor: Actor, agreement_id: UUID, key: UUID, organisation_id: UUID | None = None) -> HandedIn:
    """Seal and send the list of a department; its check begins. The same key again gives the same list.

    Raises `Denied`, `Http404` for an agreement of others, `NotPossible` where nobody agreed, `KeyGone`.
    """
    agreement, place = _place(actor, agreement_id, organisation_id)
    with visiting(actor, place):
        if (known := receiving.begun(actor, agreement_id, key)) is not None:
            return HandedIn(known)
        cases = _cases(place)
        plain = listing.unrestricted(actor, [one.resident_id for one in cases if not one.restricted])
        agreed = consents.agreed(plain, PURPOSE, place)
        kept = [one for one in cases if one.resident_id in agreed]
        if not kept:
            raise NotPossible(_("Nobody with an open case agreed to be counted with other lists."))
        content = _content(actor, kept, agreement.needs)
        try:
            one = _sent(actor, agreement_id, place, content, key)
        except IntegrityError:
            # The same form was sent twice at once: the other one made it.
            if (known := receiving.begun(actor, agreement_id, key)) is None:
                raise
            return HandedIn(known)
        left_out = len(cases) - len(plain)
        told = HandedIn(one, len(kept), left_out, len(plain) - len(kept))
        _note(actor, told)
    return told


def _place(actor: Actor, agreement_id: UUID, organisation_id: UUID | None) -> tuple["Agreement", UUID]:
    places = handing_in(actor)
    if not places:
        raise Denied(_("You may not do this: %(what)s.") % {"what": HAND_IN_CASEWORK.words})
    agreement = linkage.agreement_for(actor, agreement_id, MANAGE)
    if refusal := refusal_of(agreement):
        raise NotPossible(refusal)
    own = [one.organisation_id for one in agreement.parties.all() if one.organisation_id in places]
    if organisation_id is None and len(own) == 1:
        return agreement, own[0]
    if organisation_id not in own:
        raise Http404
    return agreement, organisation_id


def _cases(organisation_id: UUID) -> list[Case]:
    """Live cases of the department, a person each."""
    found = Case.objects.filter(organisation=organisation_id).exclude(state=Case.State.CLOSED)
    return list(found.order_by("number"))


def _content(actor: Actor, cases: list[Case], agreed_needs: Iterable[str]) -> bytes:
    """The list as CSV. Its number of a person is the case's: one that no other department knows."""
    needs = _needs(cases, agreed_needs)
    people = {one.id: one for one in listing.listed(actor, [one.resident_id for one in cases], REASON)}
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(COLUMNS)
    for case in cases:
        if (one := people.get(case.resident_id)) is not None:
            lacks = ";".join(needs.get(case.pk, ()))
            rows.writerow(
                (f"{case.number:09d}", one.name, one.born, lacks, "true" if one.synthetic else "false")
            )
    return written.getvalue().encode()


def _needs(cases: list[Case], agreed: Iterable[str]) -> Mapping[UUID, list[str]]:
    """Open needs of the person of each case that the agreement names; not those of others at home."""
    whose = {one.pk: one.resident_id for one in cases}
    rows = CaseNeed.objects.filter(case__in=list(whose), state__in=LIVE, need__in=list(agreed))
    found: dict[UUID, list[str]] = defaultdict(list)
    for case_id, resident_id, need in rows.order_by("need").values_list("case_id", "resident_id", "need"):
        if whose[case_id] == resident_id:
            found[case_id].append(need)
    return found


def _sent(actor: Actor, agreement_id: UUID, place: UUID, content: bytes, key: UUID) -> "PersonList":
    offered = receiving.Offered(agreement_id, place, FILE_NAME, len(content), key)
    one = receiving.begin(actor, offered)
    receiving.send(one, content)
    return receiving.finish(actor, agreement_id, one.pk)


def _note(actor: Actor, told: HandedIn) -> None:
    after = {"people": told.people, "restricted": told.restricted, "not_agreed": told.not_agreed}
    audit.record(actor, "casework.hand_in", told.list, after=after, organisation_id=told.list.organisation_id)
