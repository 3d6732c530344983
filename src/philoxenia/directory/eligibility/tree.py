"""A check as nested plain questions, for a page that neither runs a script nor sends anything.

Numbers are asked as ranges cut where a rule cuts them; replies that lead to the same place are asked once.
The leaves are exactly what `evaluate` finds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from philoxenia.directory.eligibility.evaluating import evaluate
from philoxenia.directory.eligibility.questions import Question, Value, question
from philoxenia.directory.eligibility.rules import Rule, RuleError, conditions

# What a page of 50 KB can hold; a larger check is split by its author.
MOST_NODES = 400


@dataclass(frozen=True)
class Reply:
    """One way to answer: a yes or no, a choice, or a range of whole numbers (from `low` to `high`)."""

    value: Value
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Leaf:
    """Where every outcome is decided: its id, and yes or no."""

    outcomes: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Branch:
    """A question with its replies; several replies stand together where they lead to the same place."""

    question: str
    replies: tuple[tuple[tuple[Reply, ...], "Branch | Leaf"], ...]


def decision_tree(outcomes: Mapping[str, Rule], order: Sequence[str] = ()) -> Branch | Leaf:
    """Nested questions that decide all outcomes. Raises `RuleError` where they would be too many for a page.

    `order` names questions to be asked first; the rest follow as the rules name them.
    """
    return _Growing(outcomes, order).grow({})


class _Growing:
    def __init__(self, outcomes: Mapping[str, Rule], order: Sequence[str]) -> None:
        self.outcomes, self.nodes = outcomes, 0
        asked = [one.question for rule in outcomes.values() for one in conditions(rule)]
        self.order = tuple(dict.fromkeys([*(name for name in order if name in asked), *asked]))

    def grow(self, answers: dict[str, Value]) -> Branch | Leaf:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise RuleError(
                f"The check needs more than {MOST_NODES} nested questions, too many for one page. "
                "Split it into several checks, or ask a choice before a number."
            )
        found = {name: evaluate(rule, answers) for name, rule in self.outcomes.items()}
        still_open = {name for one in found.values() for name in one.open}
        if not still_open:
            return Leaf(tuple((name, one.answer) for name, one in found.items()))
        asked = question(next(name for name in self.order if name in still_open))
        return Branch(asked.id, self._replies(asked, answers))

    def _replies(
        self, asked: Question, answers: dict[str, Value]
    ) -> tuple[tuple[tuple[Reply, ...], Branch | Leaf], ...]:
        together: dict[Branch | Leaf, list[Reply]] = {}
        for reply in replies(asked, self.outcomes):
            after = self.grow({**answers, asked.id: reply.value})
            together.setdefault(after, []).append(reply)
        return tuple((_joined(ways), after) for after, ways in together.items())


def _joined(ways: Sequence[Reply]) -> tuple[Reply, ...]:
    """Neighbouring ranges as one."""
    joined: list[Reply] = []
    for reply in ways:
        last = joined[-1] if joined else None
        if last and last.high is not None and reply.low == last.high + 1:
            joined[-1] = Reply(last.value, last.low, reply.high)
        else:
            joined.append(reply)
    return tuple(joined)


def replies(asked: Question, outcomes: Mapping[str, Rule]) -> tuple[Reply, ...]:
    """The replies that rules can tell apart."""
    if asked.kind == "yes_no":
        return (Reply(True), Reply(False))
    if asked.kind == "choice":
        return tuple(Reply(code) for code, _ in asked.choices)
    cuts = sorted({asked.lowest, *_cuts(asked, outcomes), asked.highest + 1})
    return tuple(Reply(low, low, after - 1) for low, after in pairwise(cuts))


def _cuts(asked: Question, outcomes: Mapping[str, Rule]) -> set[int]:
    """Where a range begins: at the value, or after it."""
    found: set[int] = set()
    for rule in outcomes.values():
        for one in conditions(rule):
            if one.question == asked.id and isinstance(one.value, int):
                found |= {one.value} if one.test in ("at_least", "is") else set()
                found |= {one.value + 1} if one.test in ("at_most", "is") else set()
    return {cut for cut in found if asked.lowest < cut <= asked.highest}
