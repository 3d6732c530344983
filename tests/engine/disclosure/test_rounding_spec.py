"""What rounding promises: every figure a multiple, every total the sum of what is shown, under one secret."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.disclosure import DisclosureError, rounded

SECRET = bytes(range(32))
KEYS = ("district_id", "need")
grids = st.lists(st.lists(st.integers(0, 30), min_size=4, max_size=4), min_size=2, max_size=6)


def table(counts: list[list[int]]) -> pl.DataFrame:
    rows = [(f"d{i}", f"n{j}", n) for i, line in enumerate(counts) for j, n in enumerate(line)]
    return pl.DataFrame(rows, schema=["district_id", "need", "people"], orient="row")


@pytest.mark.parametrize("how", ["nearest", "random", "balanced", "controlled"])
@settings(max_examples=15)
@given(counts=grids)
def test_cells_go_to_a_neighbouring_multiple_and_totals_are_their_sums(
    how: str, counts: list[list[int]]
) -> None:
    found = rounded(table(counts), KEYS, seed=SECRET, kept=[("need",), ()], how=how)
    cells = found.filter(margin="district_id x need")
    assert (found["shown"] % 5 == 0).all()
    assert ((cells["shown"] - cells["people"]).abs() < 5).all()
    assert cells.filter(people=0)["shown"].sum() == 0
    assert found.filter(margin="")["shown"].item() == cells["shown"].sum()
    by_need = cells.group_by("need", maintain_order=True).agg(pl.col("shown").sum())["shown"]
    assert found.filter(margin="need")["shown"].to_list() == by_need.to_list()


@settings(max_examples=15)
@given(counts=grids)
def test_controlled_rounding_keeps_each_margin_within_one_multiple(counts: list[list[int]]) -> None:
    kept = [("district_id",), ("need",), ()]
    found = rounded(table(counts), KEYS, seed=SECRET, kept=kept, how="controlled")
    assert ((found["shown"] - found["people"]).abs() < 5).all()


def test_balanced_totals_stay_nearer_than_those_of_cells_rounded_each_by_itself() -> None:
    counts = np.random.default_rng(3).integers(1, 40, (60, 12)).tolist()
    error = {}
    for how in ("random", "balanced"):
        found = rounded(table(counts), KEYS, seed=SECRET, kept=[("need",), ("district_id",)], how=how)
        margins = found.filter(pl.col("margin") != "district_id x need")
        error[how] = float((margins["shown"] - margins["people"]).abs().mean())
    assert error["balanced"] < 0.6 * error["random"]


def test_the_same_secret_gives_the_same_figures_and_another_does_not() -> None:
    cells = table([[1, 2, 3, 4]] * 8)
    first, again = (rounded(cells, KEYS, seed=SECRET)["shown"].to_list() for _ in range(2))
    other = rounded(cells, KEYS, seed=b"another secret of the office....")["shown"].to_list()
    assert first == again != other


def test_random_rounding_is_right_on_average() -> None:
    cells = pl.DataFrame({"cell": [str(i) for i in range(4000)], "people": [2] * 4000})
    found = rounded(cells, ["cell"], seed=SECRET, how="random")
    assert found["shown"].mean() == pytest.approx(2, abs=0.15)


def test_a_seed_that_could_be_guessed_is_refused() -> None:
    with pytest.raises(DisclosureError, match="16 random ones"):
        rounded(table([[1, 2, 3, 4]]), KEYS, seed=b"2026")
