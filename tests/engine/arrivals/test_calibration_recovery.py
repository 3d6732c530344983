"""On series whose rule is known, intervals hold what they say; a closed border does not wreck them."""

import numpy as np
import polars as pl
import pytest
from made_series import long_table, months, seasonal, wandering, years
from numpy.typing import NDArray

from philoxenia.arrivals import backtest, forecast

Floats = NDArray[np.float64]


def share_held(values: Floats, ahead: int, times: list[str]) -> tuple[float, int]:
    """Share of the last `ahead` values of each series in the 80 % interval forecast from those before."""
    cut = values.shape[1] - ahead
    made = forecast(long_table(values[:, :cut], times[:cut]), horizon=ahead, paths=0).forecasts
    truth = pl.Series(values[:, cut:].ravel())
    return float(((truth >= made["lower_80"]) & (truth <= made["upper_80"])).mean()), len(truth)  # type: ignore[arg-type]


@pytest.mark.parametrize("periods", [8, 20, 84])
@pytest.mark.parametrize(("step", "noise"), [(0.15, 0.05), (0.05, 0.25), (0.3, 0.3)])
def test_many_series_at_once(periods: int, step: float, noise: float) -> None:
    # Independent series: the share held is binomial but for errors along one series; 200 series settle it.
    values = wandering(np.random.default_rng(periods), 200, periods + 4, step, noise)
    share, _ = share_held(values, 4, months(periods + 4))
    # Eight values cannot show how calm series are: what other panels taught errs on the wide side.
    assert 0.73 <= share <= (0.93 if periods == 8 else 0.87)


def test_few_series_over_many_origins() -> None:
    shares = []
    for seed in range(12):
        values = wandering(np.random.default_rng(100 + seed), 4, 96, 0.1, 0.15)
        shares.append(share_held(values, 12, months(96))[0])
    assert 0.70 <= float(np.mean(shares)) <= 0.90


def test_yearly_series_with_fat_tails() -> None:
    rng = np.random.default_rng(5)
    level = rng.uniform(3, 9, (150, 1)) + np.cumsum(0.35 * rng.standard_t(3, (150, 24)), axis=1)
    values = rng.poisson(np.exp(np.clip(level, 0, 13))).astype(float)
    share, _ = share_held(values, 3, years(24))
    assert 0.74 <= share <= 0.88


def test_seasonal_series() -> None:
    share, _ = share_held(seasonal(np.random.default_rng(6), 60, 96), 12, months(96))
    assert 0.72 <= share <= 0.92


def test_counts_near_zero_are_held_at_least_as_often_as_said() -> None:
    values = np.random.default_rng(7).poisson(1.5, (100, 60)).astype(float)
    share, _ = share_held(values, 6, months(60))
    assert share >= 0.76


def closed_border(rng: np.random.Generator, series: int) -> Floats:
    """Ninety-six months, of which 63 to 68 fall to a twentieth."""
    values = wandering(rng, series, 96, 0.04, 0.08)
    values[:, 63:69] = np.floor(values[:, 63:69] / 20)
    return values


def test_after_a_border_closed_and_opened_again_intervals_still_hold() -> None:
    values = closed_border(np.random.default_rng(8), 40)
    share, _ = share_held(values, 12, months(96))
    assert 0.75 <= share <= 0.99
    made = forecast(long_table(values[:, :84], months(84)), horizon=12).forecasts
    truth = pl.Series(values[:, 84:].ravel())
    assert ((made["median"] - truth).abs() / truth).median() < 0.25  # type: ignore[operator]


def test_a_closed_border_is_found_and_said() -> None:
    notes = forecast(long_table(closed_border(np.random.default_rng(9), 10), months(96))).notes
    assert any("2020-04" in note for note in notes)


def test_the_combination_is_no_worse_than_the_best_baseline() -> None:
    ratios = []
    for seed, (step, noise) in enumerate([(0.15, 0.02), (0.02, 0.25), (0.08, 0.12)]):
        values = wandering(np.random.default_rng(seed), 20, 84, step, noise)
        scores = dict(
            backtest(long_table(values, months(84)), origins=24).pooled.select("model", "wis").iter_rows()
        )
        ratios.append(
            scores["combination"]
            / min(scores[name] for name in ("last_value", "seasonal_naive", "mean_of_three"))
        )
    assert max(ratios) < 1.02
    assert float(np.mean(ratios)) < 1.0
