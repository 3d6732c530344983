"""What the receiver does with a referral: opens, asks, accepts, declines, begins, finishes, takes over.

Every step locks the row, asks the machine, and sets what the receiver may see from then on.
"""

from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor, can
from philoxenia_web.casework.models.referrals import Referral, ReferralWord
from philoxenia_web.casework.policies import CASEWORK
from philoxenia_web.casework.referrals.agreements import binds
from philoxenia_web.casework.referrals.closing import end, open_view
from philoxenia_web.casework.referrals.mails import tell_sender
from philoxenia_web.casework.referrals.moving import move_case
from philoxenia_web.casework.referrals.policies import is_receiver
from philoxenia_web.casework.referrals.saying import add_words
from philoxenia_web.casework.referrals.sending import PURPOSE
from philoxenia_web.casework.referrals.writing import kept, now, step
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.people.protecting import hold_still
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights.consents import consent

DECLINES = (
    *("no_place", "not_for_us", "not_in_area", "no_language", "no_access", "known_already"),
    "too_little_known",
)


def received(actor: Actor, referral_id: UUID) -> Referral:
    """A live referral to the actor's organisation, locked. Raises `Http404` for others and for ended ones."""
    row = (
        Referral.objects.select_for_update(no_key=True, of=("self",))
        .select_related("agreement", "sender", "receiver")
        .filter(pk=referral_id)
        .first()
    )
    if row is None or not is_receiver(actor, row):
        raise Http404
    return row


def may_be_seen(row: Referral) -> bool:
    """Whether agreement, consent and time still allow the receiver to look. Asked at every look."""
    with visiting(SYSTEM):
        agreed = consent(row.resident_id, PURPOSE, row.sender_id) is not None
    return agreed and binds(row.agreement) and timezone.now() < row.visible_until


def open_it(actor: Actor, referral_id: UUID) -> Referral:
    """The receiver looks at it for the first time; later looks change nothing."""
    with visiting(actor):
        row = received(actor, referral_id)
        if row.state == Referral.State.SENT:
            step(row, "open")
            row.opened_at = row.opened_at or now()
            kept(actor, "open_referral", row, place=row.receiver_id)
    return row


def accept(actor: Actor, referral_id: UUID, based_on: int) -> Referral:
    """The receiver will help: from now on it sees who it is."""
    with visiting(actor):
        row = _answerable(actor, referral_id)
        if not step(row, "accept", based_on):
            return row
        _answered(actor, row)
        open_view(row)
        kept(actor, "accept_referral", row, place=row.receiver_id)
        tell_sender(row)
    return row


def decline(actor: Actor, referral_id: UUID, based_on: int, reason: str, words: str = "") -> Referral:
    """The receiver will not help, and says why by a code; words are sealed. It sees nothing any more."""
    if reason not in DECLINES:
        raise NotPossible(_("Say why it is declined."))
    with visiting(actor):
        row = received(actor, referral_id)
        if not step(row, "decline", based_on):
            return row
        row.reason = reason
        add_words(actor, row, ReferralWord.Kind.DECLINED, words, row.receiver_id)
        _answered(actor, row)
        end(row)
        kept(actor, "decline_referral", row, {"reason": reason}, row.receiver_id)
        tell_sender(row)
    return row


def ask(actor: Actor, referral_id: UUID, based_on: int, words: str) -> Referral:
    """The receiver needs to know more before it answers."""
    if not words.strip():
        raise NotPossible(_("Write what you need to know."))
    with visiting(actor):
        row = _answerable(actor, referral_id)
        asked = step(row, "ask", based_on)
        said = add_words(actor, row, ReferralWord.Kind.QUESTION, words, row.receiver_id)
        if not (asked or said):
            return row
        # A colleague asked something else meanwhile: both questions go to the sender.
        row.waiting_since = now() if asked else row.waiting_since
        kept(actor, "ask_about_referral", row, place=row.receiver_id)
        tell_sender(row)
    return row


def begin(actor: Actor, referral_id: UUID, based_on: int) -> Referral:
    """The person came, or was reached: help has begun."""
    with visiting(actor):
        row = _answerable(actor, referral_id)
        if not step(row, "begin", based_on):
            return row
        row.begun_at = row.waiting_since = now()
        return kept(actor, "begin_referral", row, place=row.receiver_id)


def finish(actor: Actor, referral_id: UUID, based_on: int, outcome: str, words: str = "") -> Referral:
    """What came of it. The receiver sees nothing any more; the sender sees the outcome."""
    if outcome not in Referral.Outcome.values:
        raise NotPossible(_("Say what came of it."))
    with visiting(actor):
        row = received(actor, referral_id)
        if not step(row, "finish", based_on):
            return row
        row.outcome = outcome
        add_words(actor, row, ReferralWord.Kind.OUTCOME, words, row.receiver_id)
        end(row)
        kept(actor, "finish_referral", row, {"outcome": outcome}, row.receiver_id)
        tell_sender(row)
    return row


def take_over(actor: Actor, referral_id: UUID, based_on: int) -> Referral:
    """A transfer: the case with all that hangs on it is the receiver's from now on, and nobody else's."""
    with visiting(actor):
        for whose in Referral.objects.filter(pk=referral_id).values_list("resident_id", flat=True):
            # The person before the referral, as whoever protects them.
            hold_still(whose)
        row = _answerable(actor, referral_id)
        if not can(actor, CASEWORK, row.receiver_id):
            raise NotPossible(_("A caseworker or supervisor of your team takes cases over."))
        if not step(row, "take_over", based_on):
            return row
        with visiting(SYSTEM):
            move_case(row, actor)
        _answered(actor, row)
        end(row)
        kept(actor, "take_over_case", row, {"case": row.case_id}, row.receiver_id)
        tell_sender(row)
    return row


def _answerable(actor: Actor, referral_id: UUID) -> Referral:
    """As `received`, and nothing has ended meanwhile that it rests on."""
    row = received(actor, referral_id)
    if not may_be_seen(row):
        raise NotPossible(
            _("The person's consent or the agreement has ended, so nothing more can be done here.")
        )
    return row


def _answered(actor: Actor, row: Referral) -> None:
    row.answered_at = row.waiting_since = now()
    row.answered_by = actor.person_id


VERBS: dict[str, Any] = {
    "accept": accept,
    "decline": decline,
    "ask": ask,
    "begin": begin,
    "finish": finish,
    "take_over": take_over,
}
