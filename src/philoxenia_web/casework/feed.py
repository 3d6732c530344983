"""Cases, referrals and appointments for programs: ids, codes, states and times, in the order of changes.

No name, no text, no contact, and nothing of protected people. Whoever asks for what changed after the last
answer misses nothing: times of changes are given in the order in which changes become visible
(`hooks/following_sql.py`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet
from django.http import Http404

from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.models.cases import Case, CaseNeed
from philoxenia_web.casework.models.hooks import Modification
from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.casework.policies import CASEWORK, desks_of
from philoxenia_web.casework.referrals.policies import RECEIVE, places_with
from philoxenia_web.registry.people import reading
from philoxenia_web.registry.people.visits import visiting

_CASE = ("id", "organisation_id", "resident_id", "worker_id", "state", "outcome")
_NEED = ("id", "resident_id", "need", "severity", "state", "noted_at", "met_at", "version")
_REFERRAL = (
    *("id", "kind", "case_id", "resident_id", "need_code", "urgency", "state", "reason", "outcome"),
    *("sender_id", "receiver_id", "sent_at", "answered_at", "begun_at", "ended_at", "version"),
)
_APPOINTMENT = (
    *("id", "organisation_id", "resident_id", "case_id", "worker_id", "purpose", "way", "language"),
    *("starts_at", "ends_at", "state", "version"),
)
Things = dict[UUID, dict[str, Any]]
PERMISSIONS = {"case": CASEWORK, "referral": RECEIVE, "appointment": CASEWORK}


def changes(actor: Actor, kind: str, after: datetime | None) -> QuerySet[Modification]:
    """What changed after a moment and the actor's organisations may know of, in the order of `at`."""
    check_can(actor, PERMISSIONS[kind])
    mine = places_with(actor, PERMISSIONS[kind])
    found = Modification.objects.filter(kind=kind, organisation_id__in=mine)
    return found.filter(at__gt=after) if after else found


def entries(actor: Actor, kind: str, changed: Iterable[Modification]) -> list[dict[str, Any]]:
    """The things themselves, in that order; of what is not the actor's any more, that it is gone."""
    at = {one.object_id: one.at for one in changed}
    shown = _READ[kind](actor, _told(kind, at))
    return [shown.get(one, {"id": one, "gone": True}) | {"modified_at": at[one]} for one in at]


def entry(actor: Actor, kind: str, object_id: UUID) -> dict[str, Any]:
    """One thing. Raises `Http404` for what is not the actor's."""
    found = entries(actor, kind, changes(actor, kind, None).filter(object_id=object_id))
    if not found or "gone" in found[0]:
        raise Http404
    return found[0]


def follow_protection(_actor: Actor, resident_id: UUID, _restricted: bool) -> None:
    """What a program may know of somebody has changed: rows that did not change themselves are told anew.

    Of a referral that ended before, its receiver would learn from it that the person is protected now.
    """
    with visiting(SYSTEM):
        for model in (Case, Appointment):
            model._default_manager.filter(resident=resident_id).update(version=F("version"))
        Referral.objects.filter(resident=resident_id, ended_at=None).update(version=F("version"))


def _told(kind: str, ids: Iterable[UUID]) -> list[UUID]:
    """Those that are not of protected people; receivers themselves see neither case nor record."""
    model, restricted = _PROTECTED[kind]
    with visiting(SYSTEM):
        rows = model._default_manager.filter(pk__in=ids).exclude(restricted)
        return list(rows.values_list("pk", flat=True))


def _cases(actor: Actor, ids: list[UUID]) -> Things:
    rows = Case.objects.filter(pk__in=ids, organisation__in=desks_of(actor))
    found = {
        one["id"]: one | {"needs": []} for one in rows.values(*_CASE, "opened_at", "closed_at", "version")
    }
    read = {(one["resident_id"], one["organisation_id"]) for one in found.values()}
    # Of a household's needs those of whom nobody protects; whose they are, reads of them concern as well.
    needs = CaseNeed.objects.filter(case__in=found, resident__restricted=False).order_by("noted_at", "pk")
    for need in needs.values("case_id", *_NEED):
        case = found[need.pop("case_id")]
        case["needs"].append(need)
        read.add((need["resident_id"], case["organisation_id"]))
    _note(actor, read, ["needs"])
    return found


def _referrals(actor: Actor, ids: list[UUID]) -> Things:
    """A receiver knows no number of a record or case, and nothing of what ended."""
    sent, received = desks_of(actor), places_with(actor, RECEIVE)
    side = Q(sender__in=sent) | Q(receiver__in=received, ended_at=None)
    rows = Referral.objects.filter(side, pk__in=ids).values(*_REFERRAL)
    found, read = {}, []
    for one in rows:
        is_sender = one["sender_id"] in sent
        read.append((one["resident_id"], one["sender_id"] if is_sender else one["receiver_id"]))
        found[one["id"]] = one if is_sender else one | {"case_id": None, "resident_id": None}
    _note(actor, read, ["needs", "referrals"], "referral_follow_up")
    return found


def _appointments(actor: Actor, ids: list[UUID]) -> Things:
    rows = Appointment.objects.filter(pk__in=ids, organisation__in=desks_of(actor))
    found = {one["id"]: one for one in rows.values(*_APPOINTMENT)}
    _note(actor, ((one["resident_id"], one["organisation_id"]) for one in found.values()), ["appointments"])
    return found


def _note(
    actor: Actor, read: Iterable[tuple[UUID, UUID]], fields: list[str], reason: str = "serving_now"
) -> None:
    """A program that reads is a reader as others are: those concerned can see it, and for whom it read."""
    people: dict[UUID, set[UUID]] = defaultdict(set)
    for resident_id, place in read:
        people[place].add(resident_id)
    for place, ids in sorted(people.items()):
        reading.note(actor, "casework.read_by_program", ids, reason, fields, place=place)


_OF_CASE = Q(resident__restricted=True) | Q(case__restricted=True)
_PROTECTED: dict[str, tuple[type[Model], Q]] = {
    "case": (Case, Q(resident__restricted=True) | Q(restricted=True)),
    "referral": (Referral, _OF_CASE),
    "appointment": (Appointment, _OF_CASE),
}
_READ: dict[str, Callable[[Actor, list[UUID]], Things]] = {
    "case": _cases,
    "referral": _referrals,
    "appointment": _appointments,
}
