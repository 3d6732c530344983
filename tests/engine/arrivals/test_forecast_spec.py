"""What a forecast is and promises."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_series import long_table, months, seasonal, wandering, years

from philoxenia.arrivals import ForecastError, HistoryError, backtest, forecast

BOUNDS = ["lower_95", "lower_80", "lower_50", "median", "upper_50", "upper_80", "upper_95"]


@pytest.fixture(scope="module")
def history() -> pl.DataFrame:
    return long_table(wandering(np.random.default_rng(1), 5, 72, 0.08, 0.1), months(72))


def test_every_group_gets_every_period_after_the_last_in_iso_form(history: pl.DataFrame) -> None:
    made = forecast(history, horizon=3).forecasts
    assert made.columns[:5] == ["measure", "group", "time", "mean", "median"]
    assert made.filter(pl.col("group") == "g000")["time"].to_list() == ["2021-01", "2021-02", "2021-03"]
    assert made["group"].n_unique() == 5


@pytest.mark.parametrize(
    ("times", "first"),
    [
        ([f"Q{q} {year}" for year in range(2015, 2025) for q in (1, 2, 3, 4)], "2025-Q1"),
        (years(40, 1980), "2020"),
        ([f"{year}-12-31" for year in range(1990, 2020)], "2020"),
        ([f"{m:02d}/{year}" for year in range(2020, 2024) for m in range(1, 13)], "2024-01"),
    ],
)
def test_the_period_is_recognised(times: list[str], first: str) -> None:
    values = wandering(np.random.default_rng(2), 2, len(times), 0.1, 0.1)
    assert forecast(long_table(values, times), horizon=2).forecasts["time"][0] == first


def test_wider_levels_hold_narrower_ones(history: pl.DataFrame) -> None:
    bounds = forecast(history).forecasts.select(BOUNDS).to_numpy()
    assert (np.diff(bounds, axis=1) >= -1e-9).all()


def test_intervals_widen_with_the_periods_ahead(history: pl.DataFrame) -> None:
    made = forecast(history, horizon=12).forecasts.with_columns(width=pl.col("upper_80") - pl.col("lower_80"))
    by_group = made.group_by("group", maintain_order=True).agg(
        pl.col("width").first(), last=pl.col("width").last()
    )
    assert (by_group["last"] > by_group["width"]).all()


def test_counts_are_never_foreseen_below_zero() -> None:
    values = np.random.default_rng(3).poisson(0.7, (4, 60)).astype(float)
    made = forecast(long_table(values, months(60))).forecasts
    assert made.select(pl.min_horizontal(pl.all().exclude("measure", "group", "time"))).min().item() >= 0


def test_balances_may_be_negative() -> None:
    values = np.random.default_rng(4).normal(-50, 20, (2, 48))
    made = forecast(long_table(values, months(48))).forecasts
    assert made["upper_80"].max() < 60  # type: ignore[operator]
    assert made["median"].max() < 0  # type: ignore[operator]


def test_units_do_not_matter_for_what_is_not_a_count() -> None:
    values = np.round(wandering(np.random.default_rng(5), 3, 60, 0.1, 0.1)) + 1 / 3
    small, large = (forecast(long_table(values * factor, months(60))).forecasts for factor in (1.0, 1000.0))
    np.testing.assert_allclose(small["upper_95"] * 1000, large["upper_95"], rtol=1e-9)


def test_the_same_seed_gives_the_same_result(history: pl.DataFrame) -> None:
    first, again, other = forecast(history, seed=4), forecast(history, seed=4), forecast(history, seed=5)
    assert first.forecasts.equals(again.forecasts)
    key = ("", "g001")
    np.testing.assert_array_equal(first.paths[key], again.paths[key])
    assert not np.array_equal(first.paths[key], other.paths[key])


def test_the_order_of_rows_does_not_matter(history: pl.DataFrame) -> None:
    shuffled = history.sample(fraction=1, shuffle=True, seed=1)
    assert forecast(history).forecasts.equals(forecast(shuffled).forecasts)


def test_a_look_back_is_the_forecast_that_would_have_been_made() -> None:
    values = wandering(np.random.default_rng(6), 4, 60, 0.1, 0.1)
    cut = 48
    then = forecast(long_table(values[:, :cut], months(cut)), horizon=6).forecasts
    actual = pl.Series(values[:, cut : cut + 6].ravel())
    inside = ((actual >= then["lower_80"]) & (actual <= then["upper_80"])).mean()
    looked_back = backtest(long_table(values[:, : cut + 6], months(cut + 6)), horizon=6, origins=1)
    mine = looked_back.pooled.row(by_predicate=pl.col("model") == "combination", named=True)
    assert mine["coverage_80"] == pytest.approx(inside)
    assert mine["wape"] == pytest.approx((actual - then["median"]).abs().sum() / actual.sum())


def test_a_look_back_shows_the_baselines_and_every_family(history: pl.DataFrame) -> None:
    frame = backtest(history, horizon=6, origins=12).frame
    assert set(frame["model"]) == {
        "last_value", "seasonal_naive", "mean_of_three", "ets", "theta", "arima", "combination",
    }  # fmt: skip
    assert frame.columns == [
        "measure", "group", "model", "origins", "horizon", "mase", "wape", "wis",
        "coverage_50", "coverage_80", "coverage_95", "n",
    ]  # fmt: skip
    assert (frame["origins"] == 12).all()
    assert (frame["n"] == 72).all()


def test_measures_are_calibrated_apart() -> None:
    rng = np.random.default_rng(8)
    calm, wild = wandering(rng, 3, 60, 0.02, 0.02), wandering(rng, 3, 60, 0.3, 0.3)
    tables = [
        long_table(values, months(60)).with_columns(measure=pl.lit(name))
        for name, values in (("calm", calm), ("wild", wild))
    ]
    together = forecast(pl.concat(tables)).forecasts.filter(pl.col("measure") == "calm").drop("measure")
    alone = forecast(tables[0].drop("measure")).forecasts.drop("measure")
    assert together.equals(alone)


def test_a_season_is_foreseen() -> None:
    values = seasonal(np.random.default_rng(9), 3, 96)
    made = forecast(long_table(values[:, :84], months(84)), horizon=12).forecasts
    truth = pl.Series(values[:, 84:].ravel())
    assert ((made["median"] - truth).abs() / truth).mean() < 0.12  # type: ignore[operator]


def test_a_gap_at_the_end_widens_the_first_interval() -> None:
    values = wandering(np.random.default_rng(10), 6, 60, 0.1, 0.1)
    late = values.copy()
    late[0, -3:] = np.nan
    full, gapped = (forecast(long_table(v, months(60)), horizon=1).forecasts for v in (values, late))
    relative = [((f["upper_80"] - f["lower_80"]) / f["median"])[0] for f in (full, gapped)]
    assert relative[1] > relative[0]


def test_what_cannot_be_forecast_is_said_and_the_rest_is_forecast() -> None:
    values = wandering(np.random.default_rng(11), 3, 40, 0.1, 0.1)
    values[1, :37] = np.nan
    values[2, 20:] = np.nan
    result = forecast(long_table(values, months(40)))
    assert result.forecasts["group"].unique().to_list() == ["g000"]
    assert any("'g001' has 3 values, fewer than 4" in note for note in result.notes)
    assert any("'g002' ends in 2016-08" in note for note in result.notes)
    assert [note.split()[2] for note in result.left_out] == ["'g001'", "'g002'"]


def test_missing_periods_are_said() -> None:
    values = wandering(np.random.default_rng(12), 2, 40, 0.1, 0.1)
    values[0, 10:12] = np.nan
    result = forecast(long_table(values, months(40)))
    assert any("'g000' lacks 2 periods (first 2015-11)" in note for note in result.notes)
    assert not result.left_out


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"time": ["2020-01", "2020-01"], "value": [1.0, 2.0]}, "2 values for 2020-01"),
        ({"time": ["2020-01", "2020-Q1"], "value": [1.0, 2.0]}, "mixes"),
        ({"time": ["soon", "later"], "value": [1.0, 2.0]}, "is not a month"),
        ({"time": ["2020-01"], "value": [None]}, "no value"),
        ({"month": ["2020-01"], "value": [1.0]}, "time is not there"),
    ],
)
def test_a_history_that_makes_no_sense_is_refused_with_a_sentence(
    rows: dict[str, list[object]], words: str
) -> None:
    with pytest.raises(HistoryError, match=words):
        forecast(pl.DataFrame(rows))


def test_nothing_to_forecast_is_an_error_that_says_why() -> None:
    with pytest.raises(ForecastError, match="has 2 values, fewer than 4"):
        forecast(pl.DataFrame({"time": ["2020-01", "2020-02"], "value": [1.0, 2.0]}))


@pytest.mark.parametrize("levels", [[0], [100], [80, 101], []])
def test_levels_are_shares(levels: list[float], history: pl.DataFrame) -> None:
    with pytest.raises(ForecastError, match="level"):
        forecast(history, levels=levels)


@given(
    st.lists(st.integers(0, 20000), min_size=4, max_size=40),
    st.sampled_from(["month", "year"]),
    st.integers(1, 15),
)
@settings(max_examples=60, deadline=None)
def test_any_counts_give_finite_ordered_bounds(values: list[int], kind: str, horizon: int) -> None:
    times = months(len(values)) if kind == "month" else years(len(values))
    table = pl.DataFrame({"time": times, "value": [float(v) for v in values]})
    made = forecast(table, horizon=horizon, paths=10)
    bounds = made.forecasts.select(BOUNDS).to_numpy()
    assert np.isfinite(bounds).all()
    assert (np.diff(bounds, axis=1) >= -1e-6 * (1 + np.abs(bounds[:, 1:]))).all()
    assert (bounds >= 0).all()


def test_many_groups_of_one_kind_are_told_together() -> None:
    values = wandering(np.random.default_rng(13), 12, 40, 0.1, 0.1)
    values[:, 20] = np.nan
    notes = forecast(long_table(values, months(40)), paths=0).notes
    assert len(notes) == 6
    assert notes[-1] == "The same holds for 7 more groups."


def test_a_signal_of_one_group_speaks_of_that_group_alone() -> None:
    rng = np.random.default_rng(14)
    signal = np.cumsum(rng.normal(0, 8, 90)) + 300
    values = wandering(rng, 3, 84, 0.1, 0.1)
    values[1] = rng.poisson(2 * signal[:84])
    upstream = pl.DataFrame({"time": months(90), "value": np.round(signal)})
    named = upstream.with_columns(group=pl.lit("g001"))
    plain, with_signal = (forecast(long_table(values, months(84)), signal=given) for given in (None, named))
    truth = pl.Series(2 * signal[84:])
    errors = [
        (result.forecasts.filter(pl.col("group") == "g001")["median"][:6] - truth).abs().mean()
        for result in (plain, with_signal)
    ]
    assert errors[1] < errors[0]  # type: ignore[operator]
    others = [result.forecasts.filter(pl.col("group") == "g002")["median"] for result in (plain, with_signal)]
    np.testing.assert_allclose(others[0], others[1], rtol=0.02)
