"""The small language of a spec: what it says, what it gives where answers are missing, what it refuses."""

import polars as pl
import pytest

from philoxenia.needs.profiles.language import compiled
from philoxenia.needs.profiles.types import ExpressionError

SURVEY = pl.DataFrame(
    {
        "age": [3.0, 17.0, 40.0, None],
        "rooms": [1.0, 0.0, 2.0, 2.0],
        "tenure": ["rents", "none", "owns", None],
        "needs": ["food water", "shelter;food", "", None],
        "works": [True, False, None, True],
        "a b": [1.0, 2.0, 3.0, 4.0],
        "غرفة": [1.0, 1.0, 2.0, 2.0],
    }
)


def value(text: str) -> list:
    found = compiled(text, SURVEY.schema)
    return SURVEY.select(found.expr.alias("v"), pl.int_range(pl.len()).alias("_"))["v"].to_list()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("age < 18", [True, True, False, None]),
        ("age / rooms", [3.0, None, 20.0, None]),
        ("1 + 2 * 3 - -4", [11.0] * 4),
        ("not (age < 18 or works)", [False, False, None, False]),
        ("age >= 18 and tenure = 'owns'", [False, False, True, None]),
        ("tenure in ('rents', 'none')", [True, True, False, None]),
        ("tenure not in ('rents')", [False, True, True, None]),
        ("has(needs, 'food')", [True, True, False, None]),
        ("has(needs, 'foo')", [False, False, False, None]),
        ("known(age)", [True, True, True, False]),
        ("first(age, 99)", [3.0, 17.0, 40.0, 99.0]),
        ("if(age < 18, 1, 0)", [1.0, 1.0, 0.0, None]),
        ("count(age < 18, works)", [2.0, 1.0, None, None]),
        ("max(age, rooms)", [3.0, 17.0, 40.0, 2.0]),
        ("`a b` + غرفة", [2.0, 3.0, 5.0, 6.0]),
        ("abs(0 - rooms) = rooms", [True, True, True, True]),
        ("sqrt(rooms - 1)", [0.0, None, 1.0, 1.0]),
        ("true", [True] * 4),
        ("works != false", [True, False, None, True]),
    ],
)
def test_what_it_says(text: str, expected: list) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it is empty"),
        ("age <", "missing at its end"),
        ("age < 'x'", "a number is compared with a text"),
        ("tenure < 'x'", "orders numbers"),
        ("tenur = 1", r"at sign 1, the survey has no column 'tenur'. Did you mean 'tenure'"),
        ("age < 18 )", r"'\)' was not expected"),
        ("(age < 18", r"'\)' was expected"),
        ("age ; 3", "at sign 5, ';' means nothing here"),
        ("__import__('os')", "no function '__import__'"),
        ("age.__class__", "no column 'age.__class__'"),
        ("eval('1')", "no function 'eval'"),
        ("age and works", "join truths, not a number"),
        ("tenure + 1", "reckon with numbers, not with a text"),
        ("if(age, 1, 0)", r"if\(\): it takes a truth"),
        ("has(age, 'x')", r"has\(\): it takes a text, not a number"),
        ("count()", "takes 1 or more"),
        ("in (1)", "'in' was not expected"),
        ("(" * 60 + "age" + ")" * 60, "too deep"),
        ("age + " * 600 + "1", "longer than 2000"),
        ("'open", "means nothing here"),
    ],
)
def test_what_it_refuses_and_where(text: str, said: str) -> None:
    with pytest.raises(ExpressionError, match=said):
        compiled(text, SURVEY.schema)


def test_a_kind_that_does_not_fit_is_told_with_a_way_out() -> None:
    with pytest.raises(ExpressionError, match=r"gives a number, where a truth is needed. Write `age = 1`."):
        compiled("age", SURVEY.schema, "truth")


def test_it_tells_which_columns_it_reads() -> None:
    assert compiled("age < 18 or tenure = 'owns'", SURVEY.schema).columns == {"age", "tenure"}
