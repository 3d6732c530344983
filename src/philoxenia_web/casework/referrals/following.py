"""What the sender does after sending, and time: answers, reminders, withdrawing, lost on the way."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.casework.models.referrals import Referral, ReferralWord, SharingAgreement
from philoxenia_web.casework.policies import CASEWORK
from philoxenia_web.casework.referrals.agreements import binds
from philoxenia_web.casework.referrals.closing import close_under, close_without_consent, end
from philoxenia_web.casework.referrals.mails import tell_receiver, tell_sender
from philoxenia_web.casework.referrals.policies import is_sender
from philoxenia_web.casework.referrals.saying import add_words
from philoxenia_web.casework.referrals.sending import PURPOSE
from philoxenia_web.casework.referrals.times import late, overdue
from philoxenia_web.casework.referrals.writing import kept, now, step
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights.consents import consent

WITHDRAWALS = ("no_consent", "not_needed", "elsewhere", "mistake")
_A_BATCH = 500


def sent(actor: Actor, referral_id: UUID) -> Referral:
    """A referral of the actor's team, locked. Raises `Http404` for every other."""
    row = (
        Referral.objects.select_for_update(no_key=True, of=("self",))
        .select_related("agreement", "sender", "receiver")
        .filter(pk=referral_id)
        .first()
    )
    if row is None or not is_sender(actor, row, CASEWORK):
        raise Http404
    return row


def answer(actor: Actor, referral_id: UUID, based_on: int, words: str) -> Referral:
    """The sender answers what the receiver asked; the receiver has its whole time again."""
    if not words.strip():
        raise NotPossible(_("Write the answer."))
    with visiting(actor):
        row = sent(actor, referral_id)
        answered = step(row, "answer", based_on)
        said = add_words(actor, row, ReferralWord.Kind.ANSWER, words, row.sender_id)
        if not (answered or said):
            return row
        row.waiting_since = now()
        kept(actor, "answer_about_referral", row, place=row.sender_id)
        tell_receiver(row)
    return row


def chase(actor: Actor, referral_id: UUID, based_on: int, words: str = "") -> Referral:
    """Remind the receiver of what is lost on the way; the clock starts again, the count stays."""
    with visiting(actor):
        row = sent(actor, referral_id)
        chased = step(row, "chase", based_on)
        said = add_words(actor, row, ReferralWord.Kind.REMINDER, words, row.sender_id)
        if not (chased or said):
            return row
        if chased:
            row.chased_at = row.waiting_since = now()
            row.times_chased += 1
        kept(actor, "chase_referral", row, {"times": row.times_chased}, row.sender_id)
        tell_receiver(row)
    return row


def withdraw(actor: Actor, referral_id: UUID, based_on: int, reason: str) -> Referral:
    """Take it back; the receiver sees nothing any more."""
    if reason not in WITHDRAWALS:
        raise NotPossible(_("Say why it is withdrawn."))
    with visiting(actor):
        row = sent(actor, referral_id)
        if not step(row, "withdraw", based_on):
            if row.reason != reason:
                raise Conflict({"reason": (None, row.reason, reason)}, row.version)
            return row
        row.reason = reason
        end(row)
        kept(actor, "withdraw_referral", row, {"reason": reason}, row.sender_id)
        tell_receiver(row)
    return row


VERBS = {"answer": answer, "chase": chase, "withdraw": withdraw}


# --- what time does ---------------------------------------------------------------------------------------


def lapse_due() -> int:
    """Move what waited too long to where the sender sees it as lost on the way. How many. Twice is once."""
    moved = 0
    for referral_id in _waiting():
        with visiting(SYSTEM):
            row = _locked(referral_id)
            if row is None or not late(row, now()):
                continue
            step(row, "lapse")
            row.lapsed_at = now()
            kept(SYSTEM, "lapse_referral", row, place=row.sender_id)
            tell_sender(row)
        moved += 1
    return moved


def _waiting() -> list[UUID]:
    with visiting(SYSTEM):
        found = Referral.objects.filter(overdue(now()), ended_at=None).order_by("waiting_since", "pk")
        return list(found.values_list("pk", flat=True)[:_A_BATCH])


def _locked(referral_id: UUID) -> Referral | None:
    rows = Referral.objects.select_for_update(no_key=True, of=("self",), skip_locked=True).select_related(
        "agreement"
    )
    return rows.filter(pk=referral_id, ended_at=None).first()


def close_what_ended() -> int:
    """Withdraw what rests on an agreement that is over, or on consent that ran out. How many."""
    with visiting(SYSTEM):
        live = Referral.objects.filter(ended_at=None)
        rows = list(SharingAgreement.objects.filter(pk__in=live.values("agreement")))
        pairs = set(live.values_list("resident_id", "sender_id"))
        without = [(who, place) for who, place in pairs if consent(who, PURPOSE, place) is None]
    closed = sum(close_under(row.pk) for row in rows if not binds(row))
    return closed + sum(close_without_consent(who, place) for who, place in without)
