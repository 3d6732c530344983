"""Reads of referrals: what a team sent, what waits in an inbox, one person's, words of a step."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Case as Choice
from django.db.models import Count, Q, QuerySet, When
from django.http import Http404

from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.models.referrals import Referral, ReferralWord
from philoxenia_web.casework.policies import CASEWORK, desks_of
from philoxenia_web.casework.referrals.policies import RECEIVE, is_receiver, is_sender, places_with
from philoxenia_web.casework.referrals.states import LOST
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.refusals import KeyGone


@dataclass(frozen=True)
class Said:
    """Words that went along with a step."""

    kind: str
    by: str
    at: datetime
    text: str


def sent_by(actor: Actor) -> QuerySet[Referral]:
    """What the actor's teams sent, the newest first."""
    found = Referral.objects.filter(sender__in=desks_of(actor))
    return found.select_related("receiver", "case").order_by("-sent_at")


def inbox(actor: Actor) -> QuerySet[Referral]:
    """What waits for the actor's organisations, what is urgent first; what ended is gone."""
    found = Referral.objects.filter(receiver__in=places_with(actor, RECEIVE), ended_at=None)
    urgent = Choice(When(urgency="today", then=0), When(urgency="soon", then=1), default=2)
    found = found.order_by(urgent, "waiting_since", "pk")
    return found.select_related("sender", "receiver", "agreement")


def lost(actor: Actor) -> QuerySet[Referral]:
    """What the actor's teams sent and is lost on the way, the longest first."""
    return sent_by(actor).filter(state__in=LOST).order_by("waiting_since")


def counted(actor: Actor) -> dict[str, int]:
    """How many the actor's teams sent are in each state."""
    found = Referral.objects.filter(sender__in=desks_of(actor)).values_list("state")
    return dict(found.annotate(count=Count("pk")).order_by())


def of_person(actor: Actor, resident_ids: list[UUID]) -> list[Referral]:
    """What was sent for one person by the actor's teams, or for a case they have now; the newest first."""
    theirs = Q(sender__in=desks_of(actor)) | Q(case__organisation__in=desks_of(actor))
    found = Referral.objects.filter(theirs, resident__in=resident_ids).select_related("receiver", "case")
    return list(found.order_by("-sent_at")[:50])


def sides_of(actor: Actor, referral_id: UUID) -> tuple[Referral, list[str]]:
    """A referral with the sides the actor is on: sender, receiver or both. Raises `Http404` for none."""
    row = Referral.objects.select_related("sender", "receiver", "agreement").filter(pk=referral_id).first()
    if row is None:
        raise Http404
    # Who has the case now follows up what was asked before they took it over.
    own_case = Case.objects.filter(pk=row.case_id, organisation__in=desks_of(actor))
    sends = is_sender(actor, row, CASEWORK) or own_case.exists()
    sides = ["sender"] * sends + ["receiver"] * is_receiver(actor, row)
    if not sides:
        raise Http404
    return row, sides


def words_of(actor: Actor, referral: Referral) -> list[Said]:
    """What both sides wrote, in order. Each look is in the trail."""
    rows = list(
        ReferralWord.objects.filter(referral=referral).select_related("organisation").order_by("made_at")
    )
    try:
        found = texts.read_texts(actor, [row.text_id for row in rows], "referral_follow_up") if rows else {}
    except KeyGone:
        # The record was protected meanwhile by another team, or erased.
        found = {}
    return [
        Said(str(row.get_kind_display()), str(row.organisation), row.made_at, found[row.text_id])
        for row in rows
        if row.text_id in found
    ]


def own(resident_id: UUID) -> list[Referral]:
    """A resident's own, for their own page; transfers too."""
    found = Referral.objects.filter(resident=resident_id).select_related("receiver", "sender")
    return list(found.order_by("-sent_at")[:100])
