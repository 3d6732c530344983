"""The shipped series: forecasts stay as they were looked at, and coverage stays within what was measured."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from philoxenia.arrivals import backtest, forecast

GOLDEN = Path(__file__).with_name("shelter_forecast.csv")
BASELINES = ("last_value", "seasonal_naive", "mean_of_three")


@pytest.fixture(scope="module")
def flow(toronto: Path) -> pl.DataFrame:
    return pl.read_csv(toronto / "tables" / "shelter_flow.csv")


@pytest.fixture(scope="module")
def claims(toronto: Path) -> pl.DataFrame:
    table = pl.read_csv(toronto / "tables" / "asylum_claims.csv").filter(pl.col("office") != "all")
    named = table.select(group=pl.col("region") + " " + pl.col("office"), time="month", value="claims")
    busy = named.group_by("group").agg(pl.col("value").mean()).filter(pl.col("value") > 5)["group"]
    return named.filter(pl.col("group").is_in(busy.to_list()))


def held(history: pl.DataFrame, origin: str) -> tuple[int, int]:
    """How many of the twelve months after `origin` lay in their 80 % interval, and of how many."""
    made = forecast(history.filter(pl.col("time") <= origin), horizon=12, paths=0).forecasts
    both = made.join(history, on=["group", "time"])
    return int(((both["value"] >= both["lower_80"]) & (both["value"] <= both["upper_80"])).sum()), both.height


def test_forecast_of_intake_is_as_it_was(flow: pl.DataFrame) -> None:
    made = forecast(flow.select("group", time="month", value="newly_identified"), horizon=12).forecasts
    kept = pl.read_csv(GOLDEN)
    assert made.select("group", "time").rows() == kept.select("group", "time").rows()
    columns = [name for name in kept.columns if name not in ("group", "time")]
    np.testing.assert_allclose(
        made.select(columns).to_numpy(), kept.select(columns).to_numpy(), rtol=1e-3, atol=0.05
    )


@pytest.mark.parametrize(
    ("measure", "low", "high"),
    [
        ("newly_identified", 0.70, 0.86),
        ("returned_to_shelter", 0.72, 0.90),
        ("became_inactive", 0.74, 0.92),
        ("actively_homeless", 0.74, 0.95),
    ],
)
def test_coverage_of_flows_and_stock(measure: str, low: float, high: float, flow: pl.DataFrame) -> None:
    history = flow.select("group", time="month", value=measure)
    pooled = backtest(history, origins=48, models=[*BASELINES, "combination"]).pooled
    mine = pooled.row(by_predicate=pl.col("model") == "combination", named=True)
    assert low <= mine["coverage_80"] <= high
    best = min(pooled.filter(pl.col("model").is_in(BASELINES))["wis"])
    assert mine["wis"] <= 1.04 * best


def test_coverage_of_claims_over_all_starts(claims: pl.DataFrame) -> None:
    pooled = backtest(claims, origins=84, models=["combination"]).pooled
    assert 0.72 <= pooled["coverage_80"][0] <= 0.86


def test_starts_after_the_border_closed_in_2020_keep_coverage(claims: pl.DataFrame) -> None:
    # Mid-2021 starts cannot know that the border opens; from the end of 2021 on it has.
    shut = [held(claims, origin) for origin in ("2021-03", "2021-06", "2021-09")]
    opened = [held(claims, origin) for origin in ("2021-12", "2022-03", "2022-06", "2022-09", "2022-12")]
    share = [sum(inside for inside, _ in part) / sum(count for _, count in part) for part in (shut, opened)]
    assert share[1] >= 0.76
    whole = [*shut, *opened]
    assert sum(inside for inside, _ in whole) / sum(count for _, count in whole) >= 0.62
