"""When a pair is decided: two who agree, or the third who breaks a tie."""

from collections import Counter
from collections.abc import Iterable

from philoxenia_web.linkage.models.runs import AGREEING, MOST_ANSWERS, Decision, ReviewPair

Answer, Outcome = Decision.Answer, ReviewPair.Outcome

_OUTCOMES = {
    Answer.SAME: Outcome.SAME,
    Answer.DIFFERENT: Outcome.DIFFERENT,
    Answer.UNSURE: Outcome.UNSURE,
}


def outcome_of(answers: Iterable[str]) -> ReviewPair.Outcome:
    """What the answers of different reviewers come to.

    Two equal ones decide. Three that all differ leave the pair undecided for good: it is not linked, and
    not counted as different either. Who stays away has not answered.
    """
    given = Counter(Answer(one) for one in answers if one != Answer.AWAY)
    if not given:
        return Outcome.OPEN
    answer, times = given.most_common(1)[0]
    if times >= AGREEING:
        return _OUTCOMES[answer]
    return Outcome.UNSURE if given.total() >= MOST_ANSWERS else Outcome.OPEN


def can_take_back(pair: ReviewPair, own: Decision | None, others: int) -> bool:
    """Whether an answer may be taken back: nobody else has answered since, and nothing is decided.

    `others` is how many other reviewers have answered the pair.
    """
    if own is None or own.undone_at is not None or pair.outcome != Outcome.OPEN:
        return False
    return own.answer == Answer.AWAY or others == 0
