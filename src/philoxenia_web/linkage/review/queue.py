"""Which pairs wait for a reviewer: filled when a run is done, from what its process sealed.

A pair belongs to the agreement, not to one run: what reviewers said stays when the lists are linked again,
as long as both records are as they were.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now

from philoxenia_web.linkage.models.runs import Decision, ReviewPair, Run
from philoxenia_web.linkage.review.deciding import outcome_of

Outcome = ReviewPair.Outcome
# A pair may be new, known with the same evidence, known with other evidence, or known with other records'
# content.
NEW, KNOWN, WEIGHED, CHANGED = "new", "known", "weighed", "changed"


@dataclass(frozen=True)
class Asked:
    """A doubtful pair as a run found it; `state` is how it stands to the pair of this id."""

    pair_id: UUID
    sealed: bytes
    worth: float
    state: str


def fill(run: Run, asked: Sequence[Asked]) -> None:
    """Make the queue of an agreement what this run found doubtful."""
    ReviewPair.objects.bulk_create(
        ReviewPair(id=one.pair_id, agreement_id=run.agreement_id, run=run, sealed=one.sealed, worth=one.worth)
        for one in asked
        if one.state == NEW
    )
    for one in asked:
        if one.state != NEW:
            _ask_again(run, one)
    left = ReviewPair.objects.filter(agreement_id=run.agreement_id, outcome=Outcome.OPEN)
    left.exclude(run=run).update(outcome=Outcome.GONE, version=F("version") + 1)


def _ask_again(run: Run, asked: Asked) -> None:
    pair = ReviewPair.objects.select_for_update(no_key=True).filter(pk=asked.pair_id).first()
    if pair is None:
        return
    if asked.state == CHANGED:
        # They spoke of other contents: nobody's answer may be carried over.
        pair.decisions.filter(undone_at=None).update(undone_at=Now())
        pair.outcome, pair.decided_at = Outcome.OPEN, None
    elif pair.outcome == Outcome.GONE:
        pair.outcome = outcome_of(_answers(pair))
    pair.run, pair.worth = run, asked.worth
    if asked.state != KNOWN:
        pair.sealed, pair.version = asked.sealed, pair.version + 1
    pair.save()


def _answers(pair: ReviewPair) -> list[str]:
    return list(Decision.objects.filter(pair=pair, undone_at=None).values_list("answer", flat=True))
