"""What a rule of eligibility may say, and its reading from JSON or TOML.

A rule is {"all": [...]}, {"any": [...]}, {"not": ...} or a condition on a question: {"question": id, and one
of "is", "in", "at_least", "at_most"}. Every fault is a sentence that names the place in the rule.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from philoxenia.directory.eligibility.questions import Question, QuestionError, Value, question
from philoxenia.vocabulary import PhiloxeniaError

TESTS = ("is", "in", "at_least", "at_most")
_OF_KIND = {"yes_no": ("is",), "choice": ("is", "in"), "number": ("is", "at_least", "at_most")}
# A rule deeper or wider than this is a mistake or an attack, not a rule of a service.
_DEEPEST = 8
_MOST = 200


class RuleError(PhiloxeniaError):
    """A rule that cannot be evaluated; the message names the place, what is wrong and what is allowed."""

    exit_code = 3


@dataclass(frozen=True)
class Condition:
    """One question held against a value. `value` is a tuple for `in`."""

    question: str
    test: str
    value: Value | tuple[str, ...]


@dataclass(frozen=True)
class AllOf:
    """Holds where every part holds."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True)
class AnyOf:
    """Holds where at least one part holds."""

    parts: tuple["Rule", ...]


@dataclass(frozen=True)
class NotOf:
    """Holds where its part does not."""

    part: "Rule"


Rule = Condition | AllOf | AnyOf | NotOf


def read_rule(raw: object) -> Rule:
    """The rule that JSON or TOML wrote. Raises `RuleError` with the place of the first fault."""
    rule = _read(raw, "rule", 0)
    if sum(1 for _ in conditions(rule)) > _MOST:
        raise RuleError(f"rule: it has more than {_MOST} conditions. Split it into several checks.")
    return rule


def conditions(rule: Rule) -> Iterator[Condition]:
    """Every condition of a rule, in its order."""
    if isinstance(rule, Condition):
        yield rule
        return
    for part in (rule.part,) if isinstance(rule, NotOf) else rule.parts:
        yield from conditions(part)


def _read(raw: object, place: str, depth: int) -> Rule:
    if depth > _DEEPEST:
        raise RuleError(
            f"{place}: the rule is nested more than {_DEEPEST} deep. Split it into several checks."
        )
    if not isinstance(raw, Mapping):
        raise RuleError(f"{place}: expected all, any, not or question in braces; found {_short(raw)}.")
    if "question" in raw:
        return _condition(raw, place)
    if len(raw) != 1 or (key := next(iter(raw))) not in ("all", "any", "not"):
        found = ", ".join(map(str, raw)) or "nothing"
        raise RuleError(f"{place}: expected exactly one of all, any, not or question; found {_short(found)}.")
    if key == "not":
        return NotOf(_read(raw["not"], f"{place}.not", depth + 1))
    parts = _parts(raw[key], f"{place}.{key}", depth + 1)
    return AllOf(parts) if key == "all" else AnyOf(parts)


def _parts(raw: object, place: str, depth: int) -> tuple[Rule, ...]:
    if not isinstance(raw, (list, tuple)) or not raw:
        raise RuleError(f"{place}: expected a list with at least one rule; found {_short(raw)}.")
    if len(raw) > _MOST:
        raise RuleError(f"{place}: more than {_MOST} rules in one list. Split it into several checks.")
    return tuple(_read(part, f"{place}[{number}]", depth) for number, part in enumerate(raw, start=1))


def _condition(raw: Mapping[Any, Any], place: str) -> Condition:
    name, tests = raw["question"], [key for key in raw if key != "question"]
    try:
        asked = question(name if isinstance(name, str) else _short(name))
    except QuestionError as fault:
        raise RuleError(f"{place}: {fault}") from fault
    allowed = _OF_KIND[asked.kind]
    if len(tests) != 1 or tests[0] not in allowed:
        found = ", ".join(map(str, tests)) or "nothing"
        raise RuleError(f"{place}: {asked.id} needs one of {', '.join(allowed)}; found {_short(found)}.")
    return Condition(asked.id, tests[0], _value(asked, tests[0], raw[tests[0]], place))


def _value(asked: Question, test: str, value: Any, place: str) -> Value | tuple[str, ...]:
    if test == "in":
        if isinstance(value, (list, tuple)) and value and all(asked.takes(one) for one in value):
            return tuple(value)
    elif asked.takes(value):
        return value  # type: ignore[no-any-return]
    raise RuleError(f"{place}: {asked.id} {test} {_allowed(asked, test)}; found {_short(value)}.")


def _allowed(asked: Question, test: str) -> str:
    if asked.kind == "yes_no":
        return "takes true or false"
    if asked.kind == "number":
        return f"takes a whole number from {asked.lowest} to {asked.highest}"
    several = "takes a list of" if test == "in" else "takes one of"
    return f"{several} {', '.join(code for code, _ in asked.choices)}"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
