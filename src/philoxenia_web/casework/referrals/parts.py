"""Referrals on a person's page, on their own page, in what they take along, and in what is erased."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.actions.ending import ends_with_a_case
from philoxenia_web.casework.desk.parts import Part, Shown, add_part
from philoxenia_web.casework.models.referrals import Emergency, Referral
from philoxenia_web.casework.referrals import queries
from philoxenia_web.casework.referrals.closing import close_protected, close_without_consent, end_with_case
from philoxenia_web.casework.referrals.sending import PURPOSE
from philoxenia_web.casework.referrals.words import SIGNS
from philoxenia_web.registry.mine.parts import OwnPart, add_own_part
from philoxenia_web.registry.people.protecting import on_protected
from philoxenia_web.registry.rights.consents import on_withdrawn
from philoxenia_web.registry.rights.parts import Eraser, ExportPart, add_eraser, add_export, add_last_use


def register() -> None:
    """Called when the app starts."""
    title, page = gettext_lazy("Referrals"), "casework/referrals/part.html"
    add_part(Part(25, "referrals", title, page, _of_person, tables=(Referral,)))
    add_own_part(
        OwnPart(20, gettext_lazy("Where you were referred to"), "casework/referrals/own_part.html", _own)
    )
    add_export(ExportPart(name="referrals", title=gettext_lazy("Referrals"), rows=_rows))
    add_eraser(Eraser(name="referrals", holds=_holds, erase=_erase))
    add_last_use(_last_use)
    on_withdrawn(_consent_withdrawn)
    on_protected(close_protected)
    ends_with_a_case(end_with_case)


def _of_person(shown: Shown) -> dict[str, Any] | None:
    ids = [shown.record.id, *shown.record.merged_ids]
    rows = queries.of_person(shown.actor, ids) if shown.has(Referral) else []
    for row in rows:
        row.sign = SIGNS[row.state]  # type: ignore[attr-defined]
    return {"referrals": rows, "case": shown.case}


def _own(resident_id: UUID) -> dict[str, Any] | None:
    rows = queries.own(resident_id)
    return {"referrals": rows} if rows else None


def _rows(resident_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "kind": row.kind,
            "from": str(row.sender),
            "to": str(row.receiver),
            "need": row.need_code,
            "passed": row.fields,
            "state": row.state,
            "reason": row.reason,
            "outcome": row.outcome,
            "sent_at": row.sent_at.isoformat(),
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in queries.own(resident_id)
    ]


def _holds(resident_id: UUID) -> list[str]:
    live = Referral.objects.filter(resident=resident_id, ended_at=None).exists()
    return [_("A referral is on its way. Withdraw or finish it first.")] if live else []


def _erase(actor: Actor, resident_id: UUID) -> None:
    Referral.objects.filter(resident=resident_id).delete()
    Emergency.objects.filter(resident=resident_id).delete()


def _last_use(residents: list[UUID]) -> dict[UUID, date]:
    found = (
        Referral.objects.filter(resident__in=residents).values("resident_id").annotate(last=Max("changed_at"))
    )
    return {row["resident_id"]: row["last"].date() for row in found}


def _consent_withdrawn(actor: Actor, resident_id: UUID, purpose: str, organisation_id: UUID) -> None:
    if purpose == PURPOSE:
        close_without_consent(resident_id, organisation_id)
