"""What every write of a referral shares: a lock, the machine of its kind, the version, the trail."""

from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.vocabulary.states import Machine, StepError
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.models.referrals import Emergency, Referral, SharingAgreement
from philoxenia_web.casework.referrals.states import AGREEMENT, BY_KIND, EMERGENCY
from philoxenia_web.casework.refusals import Conflict, NotPossible

Stated = TypeVar("Stated", Referral, SharingAgreement, Emergency)


def machine_of(row: Referral | SharingAgreement | Emergency) -> Machine:
    """The machine its state moves in."""
    if isinstance(row, Referral):
        return BY_KIND[row.kind]
    return AGREEMENT if isinstance(row, SharingAgreement) else EMERGENCY


def step(row: Stated, verb: str, based_on: int | None = None) -> bool:
    """Take a step. False where it was taken already; raises `Conflict` or `NotPossible`.

    `based_on` is the version the page showed; None where no page did, as in jobs.
    """
    machine = machine_of(row)
    if based_on is not None and row.version != based_on:
        wanted = {one.after for one in machine.steps if one.verb == verb}
        if row.version > based_on and row.state in wanted:
            return False
        raise Conflict({"state": (None, row.state, next(iter(wanted), ""))}, row.version)
    try:
        row.state = machine.after(row.state, verb)
    except StepError as refusal:
        raise NotPossible(
            _("This cannot be done in the state it is in now. Load the page again.")
        ) from refusal
    return True


def kept(
    actor: Actor, verb: str, row: Stated, after: dict[str, Any] | None = None, place: UUID | None = None
) -> Stated:
    """Write a changed row with its next version, and the trail: ids and codes alone."""
    row.version, row.changed_at = row.version + 1, timezone.now()
    row.save()
    note(actor, verb, row, {"state": row.state} | (after or {}), place)
    return row


def note(actor: Actor, verb: str, row: Model, after: dict[str, Any], place: UUID | None = None) -> None:
    """A row of the trail."""
    plain = {
        name: value if isinstance(value, str | int | list) else str(value) for name, value in after.items()
    }
    audit.record(actor, f"casework.{verb}", row, after=plain, organisation_id=place)


def now() -> datetime:
    """The moment a step is taken."""
    return timezone.now()
