"""Cases, referrals and appointments for programs: ids, codes, states and times, in the order of changes.

No name, no text, no contact. Whoever asks for what changed after the last answer misses nothing: numbers of
changes are given in the order in which changes become visible (`hooks/changes_sql.py`).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404

from philoxenia_web.accounts.access import Actor, check_can
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.models.cases import Case, CaseNeed
from philoxenia_web.casework.models.hooks import Modification
from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.casework.policies import CASEWORK, desks_of
from philoxenia_web.casework.referrals.policies import RECEIVE, places_with
from philoxenia_web.registry.people import reading

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
PERMISSIONS = {"case": CASEWORK, "referral": RECEIVE, "appointment": CASEWORK}


def changes(actor: Actor, kind: str, after: datetime | None) -> QuerySet[Modification]:
    """What changed after a moment and the actor's organisations may know of; `number` is its order."""
    check_can(actor, PERMISSIONS[kind])
    mine = places_with(actor, PERMISSIONS[kind])
    found = Modification.objects.filter(kind=kind, organisations__overlap=mine)
    return found.filter(at__gt=after) if after else found


def entries(actor: Actor, kind: str, changed: Iterable[Modification]) -> list[dict[str, Any]]:
    """The things themselves, in that order; what is not the actor's any more is left out."""
    at = {one.object_id: one.at for one in changed}
    shown = {"case": _cases, "referral": _referrals, "appointment": _appointments}[kind](actor, list(at))
    return [shown[one] | {"modified_at": at[one]} for one in at if one in shown]


def entry(actor: Actor, kind: str, object_id: UUID) -> dict[str, Any]:
    """One thing. Raises `Http404` for what is not the actor's."""
    found = changes(actor, kind, None).filter(object_id=object_id)
    shown = entries(actor, kind, found)
    if not shown:
        raise Http404
    return shown[0]


def _cases(actor: Actor, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = Case.objects.filter(pk__in=ids, organisation__in=desks_of(actor))
    found = {
        one["id"]: one | {"needs": []} for one in rows.values(*_CASE, "opened_at", "closed_at", "version")
    }
    for need in CaseNeed.objects.filter(case__in=found).order_by("noted_at", "pk").values("case_id", *_NEED):
        found[need.pop("case_id")]["needs"].append(need)
    _note(actor, found.values(), ["needs"])
    return found


def _referrals(actor: Actor, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """A receiver knows no number of a record or case, and nothing of what ended."""
    sent, received = desks_of(actor), places_with(actor, RECEIVE)
    side = Q(sender__in=sent) | Q(receiver__in=received, ended_at=None)
    found = {}
    for one in Referral.objects.filter(side, pk__in=ids).values(*_REFERRAL):
        if one["sender_id"] not in sent:
            one |= {"case_id": None, "resident_id": None}
        found[one["id"]] = one
    _note(actor, found.values(), ["needs", "referrals"])
    return found


def _appointments(actor: Actor, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    rows = Appointment.objects.filter(pk__in=ids, organisation__in=desks_of(actor))
    found = {one["id"]: one for one in rows.values(*_APPOINTMENT)}
    _note(actor, found.values(), ["appointments"])
    return found


def _note(actor: Actor, rows: Iterable[dict[str, Any]], fields: list[str]) -> None:
    """A program that reads is a reader as others are: those concerned can see it."""
    read = {one["resident_id"] for one in rows if one["resident_id"]}
    reading.note(actor, "casework.read_by_program", read, "serving_now", fields)
