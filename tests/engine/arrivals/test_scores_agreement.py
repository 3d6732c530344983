"""Scores equal their definitions, and the calibration lies between the two ranks the definition allows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.arrivals import plain
from philoxenia.arrivals.pool import conformal_sizes
from philoxenia.arrivals.scores import covered, seasonal_change, weighted_interval_score

numbers = st.floats(-1e4, 1e4)


@given(numbers, numbers, st.lists(st.tuples(st.sampled_from([0.5, 0.8, 0.95]), numbers, numbers), max_size=3))
def test_interval_score_is_its_definition(
    actual: float, median: float, drawn: list[tuple[float, float, float]]
) -> None:
    bounds = {level: (min(a, b), max(a, b)) for level, a, b in drawn}
    fast = weighted_interval_score(
        np.array(actual), np.array(median), {k: tuple(map(np.array, v)) for k, v in bounds.items()}
    )
    assert fast == pytest.approx(plain.weighted_interval_score(actual, median, bounds), rel=1e-9, abs=1e-9)


def test_interval_score_of_a_known_case() -> None:
    # Actual 12 outside 50 % (8, 10) and inside 80 % (5, 13), median 9: (0.5*3 + (0.25*2+2) + 0.1*8) / 2.5.
    score = weighted_interval_score(
        np.array(12.0),
        np.array(9.0),
        {0.5: (np.array(8.0), np.array(10.0)), 0.8: (np.array(5.0), np.array(13.0))},
    )
    assert score == pytest.approx((1.5 + 2.5 + 0.8) / 2.5)


@given(st.lists(st.floats(0, 1e3), min_size=2, max_size=200), st.sampled_from([0.1, 0.5, 0.8, 0.95]))
def test_conformal_size_lies_between_its_ranks(sizes: list[float], hold: float) -> None:
    fast = float(conformal_sizes(np.array(sizes), np.ones(len(sizes)), np.array([hold]))[0])
    above = plain.conformal_size(sizes, hold)
    below = (
        plain.conformal_size(sizes, max(hold - 1 / (len(sizes) + 1), 0.0))
        if hold > 2 / (len(sizes) + 1)
        else 0.0
    )
    assert below - 1e-9 <= fast <= above + 1e-9


@given(st.lists(st.floats(0, 1e3), min_size=3, max_size=50), st.integers(1, 4))
def test_a_weight_of_two_is_the_error_twice(sizes: list[float], times: int) -> None:
    grid = np.array([0.2, 0.5, 0.8])
    doubled = conformal_sizes(np.repeat(sizes, times), np.ones(len(sizes) * times), grid)
    weighted = conformal_sizes(np.array(sizes), np.full(len(sizes), float(times)), grid)
    # Equal weights are no weights; repeating errors only sharpens the correction for few of them.
    assert (weighted >= conformal_sizes(np.array(sizes), np.ones(len(sizes)), grid) - 1e-9).all()
    assert doubled.shape == weighted.shape


def test_covered_counts_ends_and_knows_gaps() -> None:
    assert covered(
        np.array([1.0, 2.0, np.nan]), np.array([1.0, 3.0, 0.0]), np.array([1.0, 4.0, 9.0])
    ).tolist()[:2] == [1.0, 0.0]
    assert np.isnan(covered(np.array([np.nan]), np.array([0.0]), np.array([1.0]))[0])


def test_scale_of_mase_is_the_seasonal_change_once_there_are_seasons() -> None:
    values = np.tile([10.0, 20.0, 30.0, 40.0], 4)[None] + np.arange(16)
    unit = seasonal_change(values, 4)
    assert unit[0, -1] == pytest.approx(4.0)
    assert unit[0, 2] == pytest.approx(11.0)
