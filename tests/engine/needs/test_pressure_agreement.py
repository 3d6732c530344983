"""The fast arrays equal the obvious loops of plain.py."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.needs.composite import IndicatorMatrix, scores
from philoxenia.needs.exposure import weighted_quantile
from philoxenia.needs.plain import plain_percentile, plain_score, plain_weighted_quantile
from philoxenia.needs.scaling import SCALES, between_limits, percentile
from philoxenia.reference import default_parameters

FEW = {**default_parameters(), "needs.sensitivity_draws": 50, "needs.minimum_weight_share": 0.0}
FIGURE = st.integers(-20, 20).map(float)
COLUMNS = st.integers(1, 5)


@given(st.lists(FIGURE, min_size=1, max_size=20))
def test_percentiles(values):
    assert percentile(np.array([values]), FEW)[0] == pytest.approx(plain_percentile(values))


@given(st.lists(FIGURE, min_size=1, max_size=20), st.floats(0.1, 50), st.floats(-50, 50))
def test_every_scale_lies_in_its_bounds_and_ignores_the_unit(values, factor, shift):
    for scale in SCALES:
        scaled = scale(np.array([values]), FEW)
        assert scaled.min() >= 0 and scaled.max() <= 100
        # Rounded, so that the change of unit breaks no ties.
        other = np.round(np.array([values]) * round(factor, 3) + round(shift, 3), 9)
        assert scale(other, FEW) == pytest.approx(scaled, abs=1e-6)


def test_between_limits_cuts_outliers():
    values = np.array([[*range(100), 10_000.0]])
    assert between_limits(values, FEW)[0, 50] == pytest.approx(50, abs=1)
    assert between_limits(values, FEW)[0, -1] == 100


@given(
    table=st.integers(1, 4).flatmap(
        lambda width: st.lists(
            st.lists(st.none() | FIGURE, min_size=width, max_size=width), min_size=1, max_size=8
        )
    ),
    weights=st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.0]), min_size=4, max_size=4),
)
def test_stated_scores(table, weights):
    values = np.array([[np.nan if figure is None else figure for figure in row] for row in table])
    weight = weights[: values.shape[1]]
    names = tuple(str(number) for number in range(values.shape[1]))
    matrix = IndicatorMatrix(
        tuple(str(number) for number in range(len(table))),
        names,
        values,
        np.full(values.shape, np.nan),
        np.array(weight),
    )
    scaled: list[list[float | None]] = [[None] * len(names) for _ in table]
    for column in range(len(names)):
        known = [row for row in range(len(table)) if table[row][column] is not None]
        for row, place in zip(known, plain_percentile([table[row][column] for row in known]), strict=True):
            scaled[row][column] = place
    for found, row in zip(scores(matrix, 1, FEW).stated, scaled, strict=True):
        expected = plain_score(row, weight)
        assert np.isnan(found) if expected is None else found == pytest.approx(expected)


@given(
    st.lists(st.tuples(FIGURE, st.integers(1, 9).map(float)), min_size=1, max_size=12),
    st.sampled_from([0.1, 0.5, 0.9]),
)
def test_weighted_quantiles(rows, share):
    values, weights = zip(*rows, strict=True)
    found = weighted_quantile(np.array(values), np.array(weights), share)
    assert found == plain_weighted_quantile(values, weights, share - 1e-12)
