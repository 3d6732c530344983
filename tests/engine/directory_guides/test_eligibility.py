"""Rules of eligibility: three values, sentences for faults, plain nested questions that agree with them."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.directory.eligibility import (
    RuleError,
    decision_tree,
    evaluate,
    question,
    questions,
    read_rule,
)
from philoxenia.directory.eligibility.questions import languages
from philoxenia.directory.eligibility.tree import Branch, Leaf
from philoxenia.exchange.status import header_term

CASES = json.loads((Path(__file__).parent / "eligibility_cases.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_the_table_of_cases_that_the_device_passes_too(case: dict[str, Any]) -> None:
    found = evaluate(read_rule(case["rule"]), case["answers"])
    assert (found.answer, list(found.open)) == (case["answer"], case["open"])


def test_a_no_names_the_condition_that_failed_and_no_other() -> None:
    rule = read_rule({"all": [{"question": "age", "at_least": 18}, {"question": "student", "is": True}]})
    reasons = evaluate(rule, {"age": 12, "student": True}).reasons
    assert [(one.condition.question, one.holds) for one in reasons] == [("age", False)]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("yes", "rule: expected all, any, not or question"),
        ({}, "found nothing"),
        ({"all": []}, "rule.all: expected a list with at least one rule"),
        ({"all": [{"question": "age", "at_least": "18"}]}, "rule.all[1]: age at_least takes a whole number"),
        ({"question": "age", "at_least": 18, "at_most": 20}, "age needs one of is, at_least, at_most"),
        ({"question": "student", "at_least": 1}, "student needs one of is; found at_least"),
        ({"question": "trade", "in": ["ride", "piracy"]}, "trade in takes a list of restaurant"),
        ({"question": "immigration_status", "is": True}, "There is no question 'immigration_status'"),
        ({"any": [{"question": "age", "is": 1}], "all": []}, "exactly one of all, any, not or question"),
        ({"question": {"a": 1}, "is": True}, "There is no question"),
    ],
)
def test_what_cannot_be_evaluated_is_refused_with_its_place(raw: object, sentence: str) -> None:
    with pytest.raises(RuleError) as told:
        read_rule(raw)
    assert sentence in str(told.value)


def test_an_endless_rule_is_refused_before_it_is_walked() -> None:
    rule: dict[str, object] = {"question": "student", "is": True}
    for _ in range(5000):
        rule = {"not": rule}
    with pytest.raises(RuleError, match="nested more than 8 deep"):
        read_rule(rule)
    with pytest.raises(RuleError, match="more than 200 rules in one list"):
        read_rule({"any": [{"question": "student", "is": True}] * 10_000})


def test_no_question_in_any_language_is_about_immigration_status() -> None:
    asked = [
        text
        for language in languages()
        for one in questions(language).values()
        for text in (one.id.replace("_", " "), one.text, *(words for pair in one.choices for words in pair))
    ]
    assert len(asked) > 100
    assert [(text, header_term(text)) for text in asked if header_term(text)] == []
    assert header_term("What is your immigration status?")  # the recognition would have found it


def test_every_translation_of_a_question_has_the_same_choices() -> None:
    for language in languages():
        for name, one in questions(language).items():
            assert [code for code, _ in one.choices] == [code for code, _ in question(name).choices]


# --- agreement: the nested questions lead where the rule leads ---
CONDITIONS = st.sampled_from(
    [
        {"question": "age", "at_least": 18},
        {"question": "age", "at_most": 24},
        {"question": "age", "is": 65},
        {"question": "student", "is": True},
        {"question": "alcohol", "is": False},
        {"question": "work_place", "in": ["home", "street"]},
    ]
)
RULES = st.recursive(
    CONDITIONS,
    lambda parts: st.one_of(
        st.builds(lambda one: {"not": one}, parts),
        st.builds(lambda several: {"all": several}, st.lists(parts, min_size=1, max_size=3)),
        st.builds(lambda several: {"any": several}, st.lists(parts, min_size=1, max_size=3)),
    ),
    max_leaves=6,
)
ANSWERS = st.fixed_dictionaries(
    {
        "age": st.integers(0, 120),
        "student": st.booleans(),
        "alcohol": st.booleans(),
        "work_place": st.sampled_from(["home", "shop", "street", "customers"]),
    }
)


def walk(node: Branch | Leaf, answers: dict[str, Any]) -> Leaf:
    while isinstance(node, Branch):
        value = answers[node.question]
        ways = [
            after
            for replies, after in node.replies
            for reply in replies
            if (reply.low <= value <= reply.high if reply.low is not None else reply.value == value)  # type: ignore[operator]
        ]
        assert len(ways) == 1, "every answer fits exactly one reply"
        node = ways[0]
    return node


@settings(max_examples=60, deadline=None)
@given(raw=st.lists(RULES, min_size=1, max_size=3), answers=ANSWERS)
def test_nested_questions_agree_with_the_rules(raw: list[dict[str, object]], answers: dict[str, Any]) -> None:
    rules = {f"outcome_{number}": read_rule(one) for number, one in enumerate(raw)}
    leaf = walk(decision_tree(rules), answers)
    assert dict(leaf.outcomes) == {name: evaluate(rule, answers).answer for name, rule in rules.items()}


def test_a_check_too_large_for_a_page_is_refused() -> None:
    numbers = ("age", "months_since_increase", "notice_days", "days_in_country")
    rules = {
        f"{name}_{value}": read_rule({"question": name, "at_least": value})
        for name in numbers
        for value in range(1, 9)
    }
    with pytest.raises(RuleError, match="Split it into several checks"):
        decision_tree(rules)
