"""The queue as one reviewer sees it: what is open for them, what they said, how far all are."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import Http404

from philoxenia_web.accounts.access import Actor
from philoxenia_web.linkage import queries as agreements
from philoxenia_web.linkage.models.agreements import Agreement
from philoxenia_web.linkage.models.runs import Decision, ReviewPair
from philoxenia_web.linkage.policies import REVIEW
from philoxenia_web.registry import actions as registry

Outcome = ReviewPair.Outcome


@dataclass(frozen=True)
class Progress:
    """How far the review of an agreement is. `mine` waits for this reviewer, `said` they have answered."""

    total: int
    decided: int
    mine: int
    said: int

    @property
    def open(self) -> int:
        """Pairs that are not decided."""
        return self.total - self.decided


def agreement_for(actor: Actor, agreement_id: UUID) -> Agreement:
    """The agreement, where the actor reviews under it; otherwise it is not found."""
    return agreements.agreement_for(actor, agreement_id, REVIEW)


def progress_of(agreement: Agreement, actor: Actor | None = None) -> Progress:
    """Counts for everybody; with an actor also those of this reviewer. One query each."""
    counted = agreement.pairs.exclude(outcome=Outcome.GONE).aggregate(
        total=Count("pk"), decided=Count("pk", filter=~Q(outcome=Outcome.OPEN))
    )
    mine = open_for(actor, agreement).count() if actor else 0
    said = _own(actor).filter(pair__agreement=agreement).count() if actor else 0
    return Progress(counted["total"], counted["decided"], mine, said)


def open_for(actor: Actor, agreement: Agreement) -> QuerySet[ReviewPair]:
    """Open pairs this reviewer has not answered, those worth most first."""
    said = Exists(_own(actor).filter(pair=OuterRef("pk")))
    return agreement.pairs.filter(~said, outcome=Outcome.OPEN).order_by("-worth", "pk")


def next_pair(actor: Actor, agreement: Agreement, after: UUID | None = None) -> UUID | None:
    """The next pair for this reviewer, after one they pass over; from the beginning again at the end."""
    waiting = open_for(actor, agreement)
    passed = agreement.pairs.filter(pk=after).first() if after else None
    found = None
    if passed is not None:
        behind = Q(worth__lt=passed.worth) | Q(worth=passed.worth, pk__gt=passed.pk)
        found = waiting.filter(behind).values_list("pk", flat=True).first()
    return found or waiting.values_list("pk", flat=True).first()


def pair_for(actor: Actor, agreement_id: UUID, pair_id: UUID) -> ReviewPair:
    """A pair that is open to this reviewer, or that they answered; no other pair is theirs to look at."""
    agreement = agreement_for(actor, agreement_id)
    said = Exists(_own(actor).filter(pair=OuterRef("pk")))
    pair = agreement.pairs.filter(Q(outcome=Outcome.OPEN) | said, pk=pair_id).select_related("run").first()
    if pair is None:
        raise Http404
    return pair


def own_answer(actor: Actor, pair: ReviewPair) -> Decision | None:
    """What this reviewer said about a pair."""
    return _own(actor).filter(pair=pair).first()


def others_answered(actor: Actor, pair: ReviewPair) -> int:
    """How many others have answered; what they said is not told."""
    live = pair.decisions.filter(undone_at=None).exclude(answer=Decision.Answer.AWAY)
    return live.exclude(reviewer=actor.person_id).count()


def said_by(actor: Actor, agreement: Agreement) -> QuerySet[Decision]:
    """What this reviewer answered, the last first."""
    return _own(actor).filter(pair__agreement=agreement).select_related("pair")


def evidence_of(pair: ReviewPair) -> dict[str, object]:
    """What is sealed of a pair. Raises `KeyGone` after the agreement's end."""
    content = registry.unseal(pair.agreement_id, bytes(pair.sealed), name=place_of(pair.pk))
    return dict(json.loads(content))


def place_of(pair_id: UUID) -> str:
    """Binds a pair's bytes to it."""
    return f"linkage/pair/{pair_id}"


def decided(agreement: Agreement) -> QuerySet[ReviewPair]:
    """Pairs that reviewers agreed are one person or two: what the next run holds to."""
    return agreement.pairs.filter(outcome__in=[Outcome.SAME, Outcome.DIFFERENT])


def _own(actor: Actor) -> QuerySet[Decision]:
    return Decision.objects.filter(reviewer=actor.person_id, undone_at=None)
