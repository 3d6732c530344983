"""The fast base models equal the obvious slow ones, and those of statsmodels where it has them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.forecasting.theta import ThetaModel
from statsmodels.tsa.holtwinters import Holt, SimpleExpSmoothing

from philoxenia.arrivals import members, plain

Floats = NDArray[np.float64]
HORIZON = 7
whole = st.integers(0, 5000).map(float)
cells = st.one_of(whole, whole, whole, st.just(np.nan))
panels = st.tuples(st.integers(1, 3), st.integers(2, 30)).flatmap(
    lambda shape: arrays(float, shape, elements=cells)
)
gains = st.sampled_from([0.1, 0.5, 1.0])


def check(fast: Floats, slow: list[float]) -> None:
    np.testing.assert_allclose(fast, slow, rtol=1e-8, atol=1e-6)


def at_end(values: Floats, forecast: Floats, one: object) -> None:
    """Compare a fast forecast from the last period with a slow function of (values, periods ahead)."""
    for row, series in enumerate(values):
        if not np.isnan(series).all():
            check(forecast[row, -1], [one(series.tolist(), h) for h in range(1, HORIZON + 1)])  # type: ignore[operator]


@given(panels)
def test_last_value(values: Floats) -> None:
    at_end(values, members.last_value(values, HORIZON), lambda series, h: plain.last_value(series))


@given(panels, st.sampled_from([1, 4, 12]))
def test_seasonal_last(values: Floats, season: int) -> None:
    made = members.seasonal_last(values, season, HORIZON)
    for row, series in enumerate(values):
        check(made[row, -1], [plain.seasonal_last(series.tolist(), season, h) for h in range(1, HORIZON + 1)])


@given(panels)
def test_mean_of_three(values: Floats) -> None:
    check(
        members.rolling_mean(values, 3)[:, -1], [plain.recent_mean(series.tolist(), 3) for series in values]
    )


@given(panels, gains)
def test_smoothed_level(values: Floats, gain: float) -> None:
    check(
        members.smoothed_level(values, gain)[:, -1], [plain.level(series.tolist(), gain) for series in values]
    )


@given(panels, gains, st.sampled_from([0.1, 0.4]), st.sampled_from([0.6, 0.9]))
def test_damped_trend(values: Floats, gain: float, trend_gain: float, damping: float) -> None:
    made = members.damped_trend(values, gain, trend_gain, damping, HORIZON)
    at_end(values, made, lambda series, h: plain.damped_trend(series, gain, trend_gain, damping, h))


@given(panels, gains)
def test_theta(values: Floats, gain: float) -> None:
    at_end(
        values, members.theta(values, gain, 10, HORIZON), lambda series, h: plain.theta(series, gain, 10, h)
    )


@given(panels)
def test_difference(values: Floats) -> None:
    made = members.difference(values, 5, 0.98, HORIZON)
    at_end(values, made, lambda series, h: plain.difference(series, 5, 0.98, h))


@given(panels)
@settings(max_examples=40)
def test_a_forecast_from_a_period_knows_nothing_later(values: Floats) -> None:
    cut = values.shape[1] // 2
    for method in (
        lambda z: members.damped_trend(z, 0.5, 0.1, 0.9, HORIZON),
        lambda z: members.theta(z, 0.5, 10, HORIZON),
        lambda z: members.difference(z, 5, 0.98, HORIZON),
        lambda z: members.mean_reverting(z, 5, 0.98, HORIZON),
        lambda z: members.seasonal_last(z, 12, HORIZON),
    ):
        np.testing.assert_allclose(method(values)[:, :cut], method(values[:, :cut]), rtol=1e-9, atol=1e-9)


# --- statsmodels ----------------------------------------------------------------------------------


@pytest.fixture
def walk() -> Floats:
    rng = np.random.default_rng(7)
    return 500 + np.cumsum(rng.normal(0, 20, 90))


def test_smoothed_level_is_that_of_statsmodels(walk: Floats) -> None:
    peer = SimpleExpSmoothing(walk, initialization_method="known", initial_level=walk[0])
    theirs = peer.fit(smoothing_level=0.4, optimized=False).forecast(3)
    ours = members.flat(members.smoothed_level(walk[None], 0.4), 3)[0, -1]
    # Ours starts as a running mean; after ninety values the start has faded.
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)


def test_damped_trend_is_that_of_statsmodels(walk: Floats) -> None:
    peer = Holt(
        walk, damped_trend=True, initialization_method="known", initial_level=walk[0], initial_trend=0.0
    )
    fitted = peer.fit(smoothing_level=0.8, smoothing_trend=0.2, damping_trend=0.8, optimized=False)
    ours = members.damped_trend(walk[None], 0.8, 0.2, 0.8, 5)[0, -1]
    np.testing.assert_allclose(ours, fitted.forecast(5), rtol=1e-6)


def test_theta_is_that_of_statsmodels_without_shrinkage(walk: Floats) -> None:
    fitted = ThetaModel(walk, period=1, deseasonalize=False, use_test=False).fit(use_mle=False)
    gain = float(fitted.params["alpha"])
    ours = members.theta(walk[None], gain, 0.0, 4)[0, -1]
    np.testing.assert_allclose(ours, fitted.forecast(4, theta=2).to_numpy(), rtol=2e-3)


def test_difference_is_near_the_arima_of_statsmodels(walk: Floats) -> None:
    rng = np.random.default_rng(3)
    change = np.zeros(400)
    for t in range(1, 400):
        change[t] = 0.6 * change[t - 1] + rng.normal(0, 5)
    series = 1000 + np.cumsum(change)
    theirs = ARIMA(series, order=(1, 1, 0)).fit().forecast(6)
    ours = members.difference(series[None], 0.0, 1.0, 6)[0, -1]
    np.testing.assert_allclose(ours - series[-1], theirs - series[-1], rtol=0.03)
