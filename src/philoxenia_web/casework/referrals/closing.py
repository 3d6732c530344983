"""Ends of referrals that nobody of the receiver takes: the agreement ended, the consent is gone.

Whatever ends, the receiver's view ends in the same transaction.
"""

from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.casework.referrals.passing import asked_of_registry, open_fields
from philoxenia_web.casework.referrals.writing import kept, step
from philoxenia_web.registry.people import grants
from philoxenia_web.registry.people.merging import same_person
from philoxenia_web.registry.people.visits import visiting


def open_view(referral: Referral) -> None:
    """Let the receiver see what may be seen in this state, until the longest time; nothing once it ended."""
    with visiting(SYSTEM):
        if referral.ended_at is not None:
            grants.end(SYSTEM, referral.pk)
            return
        grants.give(
            SYSTEM,
            referral.resident_id,
            referral.receiver_id,
            referral.kind,
            asked_of_registry(open_fields(referral)),
            referral.visible_until,
            referral.pk,
        )


def end(referral: Referral) -> None:
    """Note the end; the receiver sees nothing from now on."""
    referral.ended_at = _clock()
    open_view(referral)


def _clock() -> Any:
    """The database's own time: its rule for who still sees the row compares with that."""
    with connection.cursor() as cursor:
        cursor.execute("select clock_timestamp()")
        return cursor.fetchone()[0]


def close_under(agreement_id: UUID) -> int:
    """Withdraw what was passed under an agreement that is over. How many."""
    return _close(Referral.objects.filter(agreement=agreement_id), "agreement_ended")


def close_without_consent(resident_id: UUID, organisation_id: UUID) -> int:
    """Withdraw what an organisation passed on of a person who does not want it any more. How many."""
    with visiting(SYSTEM):
        # Two records of one person: a no to one of them is a no to both.
        whose = same_person(resident_id)
    return _close(Referral.objects.filter(resident__in=whose, sender=organisation_id), "no_consent")


def close_protected(actor: Actor, resident_id: UUID, restricted: bool) -> None:
    """Withdraw what is asked for somebody whose record was protected: who should know is asked anew."""
    if restricted:
        _close(Referral.objects.filter(resident=resident_id), "protected")


def end_with_case(case_id: UUID) -> int:
    """Withdraw what is still asked of others for a case that closes; they see nothing more. How many."""
    return _close(Referral.objects.filter(case=case_id), "not_needed")


def _close(found: QuerySet[Referral], reason: str) -> int:
    with visiting(SYSTEM):
        live = found.filter(ended_at=None).select_for_update(no_key=True, of=("self",))
        rows = list(live.select_related("agreement"))
        for row in rows:
            step(row, "withdraw")
            row.reason = reason
            end(row)
            kept(SYSTEM, "withdraw_referral", row, {"reason": reason}, row.sender_id)
    return len(rows)
