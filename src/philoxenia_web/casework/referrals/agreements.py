"""Sharing agreements: which fields one organisation passes to another, for which needs, until when.

Both sign. Whoever may sign for both sides still signs twice. An agreement that is over passes nothing: what
was passed under it is closed at once.
"""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.casework.city_time import today
from philoxenia_web.casework.doubles import made_once
from philoxenia_web.casework.models.referrals import Referral, SharedField, SharingAgreement
from philoxenia_web.casework.referrals.closing import close_under
from philoxenia_web.casework.referrals.policies import AGREE, places_with, sides_of
from philoxenia_web.casework.referrals.writing import kept, note, step
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people.visits import visiting


def in_force(day: datetime.date | None = None) -> QuerySet[SharingAgreement]:
    """Agreements that bind on a day, with their two organisations."""
    day = day or today()
    found = SharingAgreement.objects.filter(state="in_force", valid_from__lte=day, valid_until__gte=day)
    return found.filter(giver__active=True, taker__active=True).select_related("giver", "taker")


def binds(agreement: SharingAgreement) -> bool:
    """Whether something may be passed under it today."""
    return agreement.state == "in_force" and agreement.valid_from <= today() <= agreement.valid_until


def given_by(giver_id: UUID, need: str = "", kind: str = "referral") -> list[SharingAgreement]:
    """What an organisation may pass today, by receiver. Cases are moved to departments alone."""
    found = in_force().filter(giver=giver_id)
    if need:
        found = found.filter(Q(needs=[]) | Q(needs__contains=[need]))
    if kind == Referral.Kind.TRANSFER:
        found = found.filter(taker__kind=Organisation.Kind.DEPARTMENT, purpose="go_on")
    return list(found.order_by("taker__name", "pk"))


def agreements_of(actor: Actor) -> QuerySet[SharingAgreement]:
    """Every agreement of the actor's organisations, the newest first."""
    mine = places_with(actor, AGREE)
    found = SharingAgreement.objects.filter(Q(giver__in=mine) | Q(taker__in=mine))
    return found.select_related("giver", "taker").order_by("-made_at")


def agreement_for(actor: Actor, agreement_id: UUID) -> SharingAgreement:
    """One of them. Raises `Http404` for every other."""
    found = agreements_of(actor).filter(pk=agreement_id).first()
    if found is None:
        raise Http404
    return found


def propose(
    actor: Actor,
    giver_id: UUID,
    taker_id: UUID,
    *,
    fields: Iterable[str],
    needs: Iterable[str],
    purpose: str,
    valid_from: datetime.date,
    valid_until: datetime.date,
    key: UUID,
) -> SharingAgreement:
    """Write an agreement down and sign it for the giver. The same key again gives the same one."""
    check_can(actor, AGREE, giver_id)
    wanted = [one for one in SharedField.values if one in set(fields)]
    if valid_until < valid_from:
        raise NotPossible(_("The last day lies before the first."))
    if giver_id == taker_id:
        raise NotPossible(_("An agreement is between two organisations."))

    def make() -> SharingAgreement:
        made = SharingAgreement.objects.create(
            key=key,
            giver_id=giver_id,
            taker_id=taker_id,
            fields=wanted,
            needs=sorted(set(needs)),
            purpose=purpose,
            valid_from=valid_from,
            valid_until=valid_until,
            proposed_by=actor.person_id,
        )
        note(actor, "propose_agreement", made, {"taker": taker_id, "fields": wanted}, giver_id)
        return made

    with visiting(actor):
        return made_once(lambda: SharingAgreement.objects.filter(key=key, giver=giver_id).first(), make)


def sign(actor: Actor, agreement_id: UUID, based_on: int) -> SharingAgreement:
    """The receiving organisation signs: from its first day on, things may be passed."""
    with visiting(actor):
        row = _held(actor, agreement_id, "taker")
        if actor is not SYSTEM and row.proposed_by == actor.person_id:
            raise NotPossible(_("Somebody else signs for the other side."))
        if row.valid_until < today():
            raise NotPossible(_("This agreement would be over already. Propose a new one."))
        if not step(row, "sign", based_on):
            return row
        row.signed_by, row.signed_at = actor.person_id, timezone.now()
        return kept(actor, "sign_agreement", row, place=row.taker_id)


def refuse(actor: Actor, agreement_id: UUID, based_on: int) -> SharingAgreement:
    """The receiving organisation does not sign."""
    with visiting(actor):
        row = _held(actor, agreement_id, "taker")
        if not step(row, "refuse", based_on):
            return row
        row.ended_at, row.ended_by = timezone.now(), actor.person_id
        return kept(actor, "refuse_agreement", row, place=row.taker_id)


def end(actor: Actor, agreement_id: UUID, based_on: int) -> SharingAgreement:
    """One side ends it: what was passed under it closes at once, and the senders see that."""
    with visiting(actor):
        row = _held(actor, agreement_id, "")
        if not step(row, "end", based_on):
            return row
        row.ended_at, row.ended_by = timezone.now(), actor.person_id
        kept(actor, "end_agreement", row, place=row.giver_id)
        close_under(row.pk)
    return row


def _held(actor: Actor, agreement_id: UUID, side: str) -> SharingAgreement:
    """An agreement of the actor's, locked; for one side where `side` names it."""
    row = SharingAgreement.objects.select_for_update(no_key=True).filter(pk=agreement_id).first()
    mine = sides_of(actor, row) if row is not None else set()
    if row is None or not mine:
        raise Http404
    if side and side not in mine:
        raise NotPossible(_("The other organisation does that."))
    return row
