"""Raking keeps margins and odds ratios; benchmarking adds up to the published total to the last digits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.needs.small_area import SmallAreaError, benchmark, rake
from philoxenia.needs.small_area.plain import plain_rake


@settings(max_examples=6)
@given(st.integers(0, 10_000))
def test_raking_many_areas_is_raking_each(seed: int) -> None:
    rng = np.random.default_rng(seed)
    seeds = rng.uniform(0.5, 2, (3, 4, 3))
    truth = rng.uniform(1, 50, (3, 4, 3))
    rows, columns = truth.sum(axis=2), truth.sum(axis=1)
    found = rake(seeds, [rows, columns])
    for area in range(3):
        assert found[area] == pytest.approx(plain_rake(seeds[area], rows[area], columns[area]), rel=1e-5)
    odds = (found[:, 0, 0] * found[:, 1, 1]) / (found[:, 0, 1] * found[:, 1, 0])
    before = (seeds[:, 0, 0] * seeds[:, 1, 1]) / (seeds[:, 0, 1] * seeds[:, 1, 0])
    assert odds == pytest.approx(before)


def test_the_example_of_deming_and_stephan_by_hand() -> None:
    # Seed of ones: the raked table is the product of the margins over the total.
    rows, columns = np.array([[30.0, 70.0]]), np.array([[20.0, 80.0]])
    assert rake(np.ones((1, 2, 2)), [rows, columns])[0] == pytest.approx(np.array([[6, 24], [14, 56]]))


def test_margins_of_another_total_are_scaled_and_empty_ones_stay_empty() -> None:
    found = rake(np.ones((1, 2, 2)), [np.array([[10.0, 0.0]]), np.array([[1.0, 3.0]])])
    assert found[0] == pytest.approx(np.array([[2.5, 7.5], [0, 0]]))


def test_a_margin_the_seed_cannot_fill_is_told() -> None:
    seed = np.array([[[1.0, 1.0], [0.0, 0.0]]])
    with pytest.raises(SmallAreaError, match="seed has none"):
        rake(seed, [np.array([[5.0, 5.0]]), np.array([[5.0, 5.0]])])
    # Two cells on the diagonal cannot hold these columns.
    with pytest.raises(SmallAreaError, match="no table has all these margins"):
        rake(np.array([[[1.0, 0.0], [0.0, 1.0]]]), [np.array([[9.0, 1.0]]), np.array([[1.0, 9.0]])])


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(0.001, 0.95))
def test_benchmarked_rates_add_up_exactly_keep_their_order_and_stay_shares(seed: int, share: float) -> None:
    rng = np.random.default_rng(seed)
    rates, bases = rng.uniform(0.001, 0.9, 20), rng.uniform(1, 1e5, 20)
    total = share * bases.sum()
    found = benchmark(rates, bases, total)
    assert abs((found * bases).sum() - total) <= 1e-9 * total
    assert ((found > 0) & (found < 1)).all()
    assert (np.argsort(found, kind="stable") == np.argsort(rates, kind="stable")).all()


def test_a_total_that_is_more_than_there_are_is_told() -> None:
    with pytest.raises(SmallAreaError, match="cannot add up"):
        benchmark(np.array([0.1, 0.2]), np.array([10.0, 10.0]), 25.0)
