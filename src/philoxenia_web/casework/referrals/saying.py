"""Words that go along with a step: sealed for both organisations, never overwritten, each kept once."""

from uuid import UUID

from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.models.referrals import Referral, ReferralWord
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.refusals import KeyGone


def add_words(actor: Actor, referral: Referral, kind: str, words: str, place: UUID) -> bool:
    """Seal what the organisation `place` wrote along with a step, for both organisations. Twice is once."""
    if not words.strip() or words.strip() in _said(actor, referral, kind, place):
        return False
    other = referral.receiver_id if place == referral.sender_id else referral.sender_id
    try:
        text_id = texts.keep_text(
            actor, referral.resident_id, f"referral_{kind}", words.strip(), place, shared_with=(other,)
        )
    except KeyGone as gone:
        # Protected meanwhile, so closed for the receiver.
        raise NotPossible(_("The record is closed for you now. Send it without words.")) from gone
    ReferralWord.objects.create(
        referral=referral, kind=kind, text_id=text_id, organisation_id=place, by=actor.person_id
    )
    return True


def said_the_same(actor: Actor, referral: Referral, kind: str, words: str, place: UUID) -> bool:
    """Whether exactly these words went along already."""
    said = _said(actor, referral, kind, place)
    return words.strip() in said if words.strip() else not said


def _said(actor: Actor, referral: Referral, kind: str, place: UUID) -> set[str]:
    rows = ReferralWord.objects.filter(referral=referral, kind=kind, organisation=place)
    ids = list(rows.values_list("text_id", flat=True))
    return set(texts.read_texts(actor, ids, "referral_follow_up").values()) if ids else set()
