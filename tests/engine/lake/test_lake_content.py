"""One content, one hash: however it is chunked or encoded, and never for two contents."""

from datetime import date
from decimal import Decimal

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.lake import content_hash

CELLS = st.none() | st.text(max_size=4)
NUMBERS = st.none() | st.floats(width=32)


@given(st.lists(st.tuples(CELLS, NUMBERS), min_size=1, max_size=8), st.integers(1, 7))
def test_chunks_do_not_matter(rows, cut):
    frame = pl.DataFrame(rows, schema={"a": pl.String, "b": pl.Float64}, orient="row")
    pieces = pl.concat([frame.head(cut), frame.slice(cut)], rechunk=False)
    assert content_hash(pieces) == content_hash(frame)


@given(st.lists(CELLS, min_size=1, max_size=6), st.lists(CELLS, min_size=1, max_size=6))
def test_two_contents_have_two_hashes(first, second):
    one, two = (pl.DataFrame({"a": pl.Series(cells, dtype=pl.String)}) for cells in (first, second))
    assert (content_hash(one) == content_hash(two)) == (first == second)


def test_letters_that_move_between_cells_are_another_content():
    assert content_hash(pl.DataFrame({"a": ["ab", "c"]})) != content_hash(pl.DataFrame({"a": ["a", "bc"]}))
    assert content_hash(pl.DataFrame({"a": ["", "x"]})) != content_hash(pl.DataFrame({"a": [None, "x"]}))


def test_names_types_and_order_matter():
    frame = pl.DataFrame({"a": [1, 2], "b": [3, 4]})
    others = [
        frame.rename({"a": "c"}),
        frame.cast({"a": pl.Float64}),
        frame.select("b", "a"),
        frame.reverse(),
    ]
    assert len({content_hash(frame), *map(content_hash, others)}) == 5


def test_encodings_and_forms_of_zero_do_not():
    plain = pl.DataFrame({"a": ["x", "y", "x"]})
    assert content_hash(plain.cast(pl.Categorical)) == content_hash(plain)
    assert content_hash(pl.DataFrame({"a": [-0.0]})) == content_hash(pl.DataFrame({"a": [0.0]}))


def test_every_flat_type_has_a_hash():
    frame = pl.DataFrame(
        {
            "day": [date(2024, 1, 2), None],
            "flag": [True, None],
            "blob": [b"\x00\x01", None],
            "money": [Decimal("1.20"), None],
            "large": pl.Series([2**63 + 5, None], dtype=pl.UInt64),
            "nothing": [None, None],
        }
    )
    hashes = {content_hash(frame.select(name)) for name in frame.columns}
    assert len(hashes) == 6
    assert content_hash(frame) != content_hash(frame.fill_null(strategy="forward"))
