"""The bincount over cells says what sets of needs say, person by person, and so does every engine."""

import math
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from philoxenia.needs.overlap import Overlap, cells, lattice, overlap, plain

CODES = ("housing", "work", "language", "health")
PEOPLE = st.lists(
    st.tuples(st.sampled_from(["newcomers", "long_term_residents", None]), st.sets(st.sampled_from(CODES))),
    min_size=1,
    max_size=40,
)


def listed(people: list[tuple[str | None, set[str]]]) -> pl.DataFrame:
    rows = {
        "population": [group for group, _ in people],
        "needs": ["; ".join(sorted(needs)) for _, needs in people],
        "weight": [1.0 + number % 3 for number in range(len(people))],
    }
    return pl.DataFrame(rows, schema={"population": pl.String, "needs": pl.String, "weight": pl.Float64})


def flagged(people: list[tuple[str | None, set[str]]]) -> pl.DataFrame:
    flags = {code: [code in needs for _, needs in people] for code in CODES}
    return (
        listed(people)
        .drop("needs")
        .with_columns(**{k: pl.Series(v, dtype=pl.Boolean) for k, v in flags.items()})
    )


@settings(max_examples=40)
@given(PEOPLE)
def test_every_table_is_as_sets_of_needs_say(people: list[tuple[str | None, set[str]]]) -> None:
    found = overlap(listed(people), CODES, by=("population",))
    for group in {name for name, _ in people}:
        some = [frozenset(needs) for name, needs in people if name == group]
        mine = found.of(population=group or "unknown")
        exact = {
            frozenset(filter(None, text.split(";"))): n
            for text, n in mine.exclusive().select("needs", "people").iter_rows()
        }
        assert exact == plain.exclusive(some)
        wide = mine.inclusive(sizes=range(5))
        at_least = {
            frozenset(filter(None, text.split(";"))): n
            for text, n in wide.select("needs", "people").iter_rows()
        }
        assert at_least == plain.inclusive(some, CODES)
        assert set(wide["base"]) == {len(some)}
        for a, b, value in mine.lift().select("a", "b", "lift").iter_rows():
            slow = plain.lift(some, a, b)
            assert value is None if slow is None else math.isclose(value, slow, rel_tol=1e-12)


@settings(max_examples=15)
@given(PEOPLE)
def test_text_and_columns_and_engines_give_the_same_cells(people: list[tuple[str | None, set[str]]]) -> None:
    for weight in (None, "weight"):
        first = overlap(flagged(people), CODES, ("population",), weight).cells
        for frame in (listed(people), listed(people).lazy(), flagged(people).lazy()):
            assert_frame_equal(overlap(frame, CODES, ("population",), weight).cells, first)


def test_duckdb_gives_the_same_cells() -> None:
    random = np.random.default_rng(3)
    people = [
        (["newcomers", None, ""][number % 3], {c for c in CODES if random.random() < 0.4})
        for number in range(300)
    ]
    for made in (listed(people), flagged(people)):
        relation: Any = duckdb.sql("SELECT * FROM made")
        for weight in (None, "weight"):
            here = overlap(made, CODES, ("population",), weight).cells
            assert_frame_equal(overlap(relation, CODES, ("population",), weight).cells, here)


def test_slices_and_sparse_cells_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(8)
    people = [
        ("newcomers" if random.random() < 0.5 else None, {c for c in CODES if random.random() < 0.3})
        for _ in range(200)
    ]
    whole = overlap(flagged(people), CODES, ("population",), "weight").cells
    monkeypatch.setattr(cells, "_ROWS_AT_ONCE", 7)
    assert_frame_equal(overlap(flagged(people), CODES, ("population",), "weight").cells, whole)
    monkeypatch.setattr(cells, "_DENSE_CELLS", 4)
    assert_frame_equal(overlap(flagged(people), CODES, ("population",), "weight").cells, whole)
    monkeypatch.setattr(lattice, "_NUMBERS_AT_ONCE", 1)
    found = overlap(flagged(people), CODES, ("population",))
    apart = pl.concat(
        [found.of(population=name).inclusive(("population",)) for name in ("newcomers", "unknown")]
    )
    assert_frame_equal(found.inclusive(("population",)), apart)


@given(st.lists(st.integers(0, 50), min_size=16, max_size=16))
def test_the_zeta_transform_sums_over_supersets(counts: list[int]) -> None:
    fast = lattice.zeta(np.array([counts], dtype=float), 4)[0]
    for mask in range(16):
        assert fast[mask] == sum(counts[other] for other in range(16) if other & mask == mask)


def test_choosing_some_needs_is_counting_only_those() -> None:
    random = np.random.default_rng(5)
    people = [("newcomers", {c for c in CODES if random.random() < 0.4}) for _ in range(120)]
    some = ("language", "housing")
    chosen = overlap(listed(people), CODES, ("population",)).chosen(some)
    assert_frame_equal(chosen.cells, overlap(flagged(people), some, ("population",)).cells)
    assert isinstance(chosen, Overlap)
