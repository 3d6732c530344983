"""Sample paths are futures that agree with the intervals."""

import numpy as np
import polars as pl
import pytest
from made_series import long_table, months, wandering

from philoxenia.arrivals import ForecastResult, forecast


@pytest.fixture(scope="module")
def result() -> ForecastResult:
    rng = np.random.default_rng(1)
    shared = np.cumsum(rng.normal(0, 0.3, 90))
    values = wandering(rng, 6, 90, 0.05, 0.05) * np.exp(shared)
    return forecast(long_table(np.round(values), months(90)), horizon=12, paths=2000)


def test_there_is_a_path_for_each_group_and_period(result: ForecastResult) -> None:
    assert set(result.paths) == {("", f"g{row:03d}") for row in range(6)}
    assert result.paths["", "g000"].shape == (2000, 12)
    assert result.times[0] == "2022-07"


def test_quantiles_of_paths_are_the_bounds(result: ForecastResult) -> None:
    for (_, group), paths in result.paths.items():
        rows = result.forecasts.filter(pl.col("group") == group)
        for column, share in (("lower_80", 0.1), ("median", 0.5), ("upper_80", 0.9)):
            np.testing.assert_allclose(np.quantile(paths, share, axis=0), rows[column], rtol=0.03, atol=1.0)
        np.testing.assert_allclose(paths.mean(axis=0), rows["mean"], rtol=0.03)


def test_neighbouring_periods_move_together_more_than_distant_ones(result: ForecastResult) -> None:
    correlation = np.corrcoef(result.paths["", "g001"].T)
    assert correlation[5, 6] > 0.6
    assert correlation[5, 6] > correlation[0, 11]


def test_groups_that_missed_together_move_together(result: ForecastResult) -> None:
    one, other = (result.paths["", group][:, 3] for group in ("g000", "g004"))
    assert np.corrcoef(one, other)[0, 1] > 0.3


def test_groups_on_their_own_do_not() -> None:
    values = wandering(np.random.default_rng(2), 6, 90, 0.1, 0.1)
    made = forecast(long_table(values, months(90)), paths=2000)
    one, other = (made.paths["", group][:, 3] for group in ("g000", "g004"))
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.25
