"""What a reviewer does: answer, take back. Permission, transaction and trail in one place; no name in any
of it.
"""

from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.linkage import policies
from philoxenia_web.linkage.models.runs import Decision, ReviewPair
from philoxenia_web.linkage.refusals import NotPossible
from philoxenia_web.linkage.review import queries
from philoxenia_web.linkage.review.deciding import can_take_back, outcome_of

Answer, Outcome = Decision.Answer, ReviewPair.Outcome


def answer(
    actor: Actor, agreement_id: UUID, pair_id: UUID, *, version: int, said: str, key: UUID
) -> ReviewPair:
    """Write down what one reviewer says about a pair. The same key, or the same answer, again changes
    nothing.

    Raises `NotPossible` where the pair was decided, changed or answered otherwise meanwhile.
    """
    if said not in Answer.values:
        raise NotPossible(_("Choose one of the answers."))
    with transaction.atomic():
        pair = _locked(actor, agreement_id, pair_id)
        if _is_known(actor, pair, said, key):
            return pair
        _check_open(pair, version)
        made = Decision.objects.create(
            pair=pair, reviewer_id=actor.person_id, answer=said, key=key, pair_version=version
        )
        audit.record(actor, "linkage.answer", pair, after={"answer": made.answer})
        _settle(actor, pair)
    return pair


def take_back(actor: Actor, agreement_id: UUID, pair_id: UUID) -> ReviewPair:
    """Take one's own answer back as long as nobody else has answered. Twice is once."""
    with transaction.atomic():
        pair = _locked(actor, agreement_id, pair_id)
        own = queries.own_answer(actor, pair)
        if own is None:
            return pair
        if not can_take_back(pair, own, queries.others_answered(actor, pair)):
            raise NotPossible(
                _(
                    "Somebody else has answered this pair since, so your answer stands. A later run asks "
                    "again."
                )
            )
        Decision.objects.filter(pk=own.pk).update(undone_at=Now())
        audit.record(actor, "linkage.take_back", pair, before={"answer": own.answer})
    return pair


def _locked(actor: Actor, agreement_id: UUID, pair_id: UUID) -> ReviewPair:
    agreement = queries.agreement_for(actor, agreement_id)
    policies.check_live(agreement)
    pair = ReviewPair.objects.select_for_update(no_key=True).filter(pk=pair_id, agreement=agreement).first()
    if pair is None:
        raise Http404
    return pair


def _is_known(actor: Actor, pair: ReviewPair, said: str, key: UUID) -> bool:
    """Whether this answer was written down before."""
    sent = Decision.objects.filter(key=key).first()
    own = queries.own_answer(actor, pair)
    if sent is not None and (sent.pair_id != pair.pk or sent.reviewer_id != actor.person_id):
        raise NotPossible(_("This form was sent before for another pair. Open the pair again."))
    if sent is not None and sent.undone_at is not None:
        raise NotPossible(_("You took this answer back. Open the pair again to answer it anew."))
    if own is not None and own.answer != said:
        raise NotPossible(
            _("You have answered this pair already: “%(answer)s”. Take that back first to change it.")
            % {"answer": own.get_answer_display()}
        )
    return own is not None


def _check_open(pair: ReviewPair, version: int) -> None:
    if pair.outcome != Outcome.OPEN:
        raise NotPossible(
            _("This pair was decided meanwhile; your answer was not needed and nothing was changed.")
        )
    if pair.version != version:
        raise NotPossible(
            _(
                "The lists were linked again after you opened this pair, and its evidence changed. Your "
                "answer was "
                "not kept: look at it again."
            )
        )


def _settle(actor: Actor, pair: ReviewPair) -> None:
    """Decide the pair where the answers do."""
    answers = pair.decisions.filter(undone_at=None).values_list("answer", flat=True)
    outcome = outcome_of(answers)
    if outcome == Outcome.OPEN:
        return
    pair.outcome, pair.version = outcome, pair.version + 1
    ReviewPair.objects.filter(pk=pair.pk).update(outcome=outcome, decided_at=Now(), version=pair.version)
    audit.record(actor, "linkage.decide", pair, after={"outcome": outcome})
