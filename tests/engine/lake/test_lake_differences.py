"""What changed between two states of a table, against an obvious slow answer."""

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.lake.differences import difference

BEFORE = pl.DataFrame({"id": ["a", "b", "c"], "n": [1, 2, None], "t": ["x", "y", "z"]})


def test_nothing_changed_is_told_so() -> None:
    found = difference(BEFORE, BEFORE, ["id"])
    assert (found.added, found.removed, found.changed, found.same) == (0, 0, 0, 3)
    assert found.cells.is_empty()


def test_added_removed_and_changed_rows_are_told_apart() -> None:
    after = pl.DataFrame({"id": ["b", "c", "d"], "n": [5, None, 4], "t": ["y", "z", "w"]})
    found = difference(BEFORE, after, ["id"])
    assert (found.added, found.removed, found.changed, found.same) == (1, 1, 1, 1)
    assert found.by_column == (("n", 1),)
    assert found.cells.rows() == [
        ("added", "d", "", None, "4, w"),
        ("removed", "a", "", "1, x", None),
        ("changed", "b", "n", "2", "5"),
    ]


def test_columns_that_came_and_went_are_named() -> None:
    after = BEFORE.rename({"t": "u"})
    found = difference(BEFORE, after, ["id"])
    assert (found.columns_added, found.columns_removed) == (("u",), ("t",))
    assert found.same == 3


def test_an_empty_cell_filled_is_a_change() -> None:
    found = difference(BEFORE, BEFORE.with_columns(pl.col("n").fill_null(0)), ["id"])
    assert found.cells.rows() == [("changed", "c", "n", None, "0")]


def test_without_a_key_whole_rows_are_compared() -> None:
    after = BEFORE.with_columns(n=pl.Series([1, 9, None]))
    found = difference(BEFORE, after, [])
    assert (found.added, found.removed, found.changed) == (1, 1, 0)


ROWS = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 2)), max_size=12)


@given(before=ROWS, after=ROWS)
def test_counts_agree_with_counting_by_hand(
    before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    def numbered(rows: list[tuple[str, int]]) -> dict[tuple[str, int], int]:
        seen: dict[str, int] = {}
        named = {}
        for name, value in rows:
            seen[name] = seen.get(name, -1) + 1
            named[(name, seen[name])] = value
        return named

    old, new = numbered(before), numbered(after)
    schema = {"id": pl.String, "n": pl.Int64}
    found = difference(
        pl.DataFrame(before, schema, orient="row"), pl.DataFrame(after, schema, orient="row"), ["id"]
    )
    shared = old.keys() & new.keys()
    assert found.added == len(new.keys() - old.keys())
    assert found.removed == len(old.keys() - new.keys())
    assert found.changed == sum(old[one] != new[one] for one in shared)
