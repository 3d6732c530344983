"""Whether a rule holds for a person's answers: yes, no, or not known yet, with what decided it.

Kleene's strong logic of three values (1938): a missing answer is not a no, and a rule is decided as soon as
no further answer can change it. `eligibility.js` does the same on the device; one table of cases holds both.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from philoxenia.directory.eligibility.questions import Value, question
from philoxenia.directory.eligibility.rules import AllOf, AnyOf, Condition, NotOf, Rule

YES, NO, UNKNOWN = "yes", "no", "unknown"
_OPPOSITE = {YES: NO, NO: YES, UNKNOWN: UNKNOWN}


@dataclass(frozen=True)
class Reason:
    """A condition that decided, and whether it holds."""

    condition: Condition
    holds: bool


@dataclass(frozen=True)
class Evaluation:
    """`answer` is yes, no or unknown; `open` are the questions that can still decide it, in order.

    It is a hint for a person; whoever offers the service decides.
    """

    answer: str
    open: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


def evaluate(rule: Rule, answers: Mapping[str, object]) -> Evaluation:
    """The rule for these answers (question id to value). Values that are no answer count as not given."""
    if isinstance(rule, Condition):
        return _condition(rule, answers)
    if isinstance(rule, NotOf):
        inner = evaluate(rule.part, answers)
        return Evaluation(_OPPOSITE[inner.answer], inner.open, inner.reasons)
    return _several(rule, [evaluate(part, answers) for part in rule.parts])


def _several(rule: AllOf | AnyOf, found: list[Evaluation]) -> Evaluation:
    # One part with `deciding` decides; otherwise every part must have spoken.
    deciding = NO if isinstance(rule, AllOf) else YES
    decided = [one for one in found if one.answer == deciding]
    if decided:
        return Evaluation(deciding, reasons=_reasons(decided))
    if any(one.answer == UNKNOWN for one in found):
        return Evaluation(UNKNOWN, tuple(dict.fromkeys(name for one in found for name in one.open)))
    return Evaluation(_OPPOSITE[deciding], reasons=_reasons(found))


def _reasons(found: list[Evaluation]) -> tuple[Reason, ...]:
    return tuple(dict.fromkeys(reason for one in found for reason in one.reasons))


def _condition(rule: Condition, answers: Mapping[str, object]) -> Evaluation:
    value = answers.get(rule.question)
    if not question(rule.question).takes(value):
        return Evaluation(UNKNOWN, (rule.question,))
    holds = _holds(rule, value)  # type: ignore[arg-type]
    return Evaluation(YES if holds else NO, reasons=(Reason(rule, holds),))


def _holds(rule: Condition, value: Value) -> bool:
    if rule.test == "in":
        return value in rule.value  # type: ignore[operator]
    if rule.test == "at_least":
        return value >= rule.value  # type: ignore[operator]
    if rule.test == "at_most":
        return value <= rule.value  # type: ignore[operator]
    return value == rule.value
