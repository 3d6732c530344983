"""Records of single people: every combination of keys belongs to at least k of them."""

from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.disclosure import DisclosureError
from philoxenia.disclosure.microdata import anonymised, group_sizes, k_anonymity

KEYS = ("district_id", "age", "language")
records = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from(["0", "1", "2", None]), st.sampled_from("xyz")),
    min_size=5,
    max_size=60,
).map(lambda rows: pl.DataFrame(rows, schema=dict.fromkeys(KEYS, pl.String), orient="row"))
AGES = ({"0": "young", "1": "young", "2": "old"}, dict.fromkeys("012", "any"))


@settings(max_examples=20)
@given(records, st.integers(2, 5))
def test_counts_are_those_of_counting_by_hand(frame: pl.DataFrame, k: int) -> None:
    alike = Counter(frame.rows())
    found = k_anonymity(frame, KEYS, k)
    assert found.least == min(alike.values())
    assert found.below == sum(n for n in alike.values() if n < k)
    assert group_sizes(frame, KEYS).to_list() == [alike[row] for row in frame.rows()]


@settings(max_examples=20)
@given(records, st.integers(2, 5))
def test_recoded_and_blanked_records_are_k_anonymous(frame: pl.DataFrame, k: int) -> None:
    found = anonymised(frame, KEYS, k, hierarchies={"age": AGES})
    alike = Counter(found.frame.rows())
    assert min(alike.values()) >= k
    assert found.anonymity.holds
    assert found.frame.height == frame.height
    for before, after in zip(frame["district_id"], found.frame["district_id"], strict=True):
        assert after in (before, None)


def test_records_that_are_alike_already_stay_as_they_are() -> None:
    frame = pl.DataFrame({"district_id": ["a"] * 5, "age": ["1"] * 5, "language": ["x"] * 5})
    found = anonymised(frame, KEYS, 5, hierarchies={"age": AGES})
    assert found.frame.equals(frame)
    assert set(found.levels.values()) == {0}


def test_a_group_whose_members_share_a_secret_is_not_diverse() -> None:
    frame = pl.DataFrame(
        {"district_id": ["a"] * 5 + ["b"] * 5, "need": ["food"] * 5 + ["food", "work"] + ["food"] * 3}
    )
    found = k_anonymity(frame, ["district_id"], 5, sensitive=["need"], different=2)
    assert found.not_diverse == {"need": 5}
    assert not found.holds


def test_what_cannot_be_hidden_is_told() -> None:
    few = pl.DataFrame({"district_id": ["a"], "age": ["1"], "language": ["x"]})
    with pytest.raises(DisclosureError, match="too few"):
        anonymised(few, KEYS, 5)
    with pytest.raises(DisclosureError, match="no column 'sex'"):
        k_anonymity(few, ["sex"])
