"""Demand behind intake that capacity held down: simulated with known truth, estimated, compared."""

import numpy as np
import polars as pl
import pytest
from made_series import months
from numpy.typing import NDArray

from philoxenia.arrivals import HistoryError, estimate_demand, forecast_demand

Floats = NDArray[np.float64]
PERIODS = 96
SPELL = slice(50, 80)


def simulated(seed: int, driver: Floats | None = None) -> tuple[Floats, Floats, pl.DataFrame]:
    """True demand, recorded intake cut by a cap in `SPELL`, and the capacity table that goes with it."""
    rng = np.random.default_rng(seed)
    level = 40 + np.cumsum(rng.normal(0, 0.7, PERIODS)) + (0 if driver is None else driver)
    demand = np.round(((level + rng.normal(0, 0.8, PERIODS)) / 2) ** 2)
    cap = np.full(PERIODS, np.inf)
    cap[SPELL] = np.quantile(demand[SPELL], 0.35)
    full = demand >= cap
    occupied = np.where(full, 99.0, 80.0)
    capacity = pl.DataFrame(
        {"time": months(PERIODS), "capacity": np.full(PERIODS, 100.0), "occupied": occupied}
    )
    return demand, np.minimum(demand, np.floor(cap)), capacity


def table(values: Floats) -> pl.DataFrame:
    return pl.DataFrame({"time": months(PERIODS), "value": values})


@pytest.fixture(scope="module")
def trials() -> list[tuple[Floats, Floats, pl.DataFrame]]:
    out = []
    for seed in range(25):
        demand, recorded, capacity = simulated(seed)
        out.append((demand, recorded, estimate_demand(table(recorded), capacity, seed=seed).frame))
    return out


def test_intervals_hold_the_true_demand(trials: list[tuple[Floats, Floats, pl.DataFrame]]) -> None:
    held = [
        ((demand >= frame["lower_80"].to_numpy() - 1) & (demand <= frame["upper_80"].to_numpy() + 1))[
            frame["held_down"].to_numpy()
        ]
        for demand, _, frame in trials
    ]
    share = float(np.concatenate(held).mean())
    # Neighbouring months hang together: about five independent spells' worth a trial.
    assert 0.70 <= share <= 0.90


def test_the_estimate_is_nearer_the_truth_than_what_was_recorded(
    trials: list[tuple[Floats, Floats, pl.DataFrame]],
) -> None:
    estimated = np.mean(
        [np.abs(frame["demand"].to_numpy() - demand)[SPELL].mean() for demand, _, frame in trials]
    )
    taken_as_is = np.mean([(demand - recorded)[SPELL].mean() for demand, recorded, _ in trials])
    assert estimated < 0.75 * taken_as_is


def test_where_there_was_room_demand_is_what_was_recorded(
    trials: list[tuple[Floats, Floats, pl.DataFrame]],
) -> None:
    for _, recorded, frame in trials[:5]:
        free = ~frame["held_down"].to_numpy()
        np.testing.assert_allclose(frame["demand"].to_numpy()[free], recorded[free], atol=1e-6)


def test_demand_is_never_below_what_was_recorded(trials: list[tuple[Floats, Floats, pl.DataFrame]]) -> None:
    for _, recorded, frame in trials:
        assert (frame["lower_80"].to_numpy() >= recorded - 1e-6).all()


def test_an_upstream_signal_sharpens_a_long_spell() -> None:
    errors: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(12):
        rng = np.random.default_rng(500 + seed)
        driver = np.cumsum(rng.normal(0, 1.2, PERIODS))
        demand, recorded, _ = simulated(seed, 0.8 * (driver - driver.mean()))
        signal = pl.DataFrame(
            {"time": months(PERIODS), "value": np.round(((driver - driver.min() + 30) / 2) ** 2)}
        )
        for with_signal in (True, False):
            frame = estimate_demand(
                table(np.where(np.arange(PERIODS) >= 60, np.minimum(recorded, recorded[60]), recorded)),
                binding_from=months(PERIODS)[60],
                signal=signal if with_signal else None,
            ).frame
            errors[with_signal].append(float(np.abs(frame["demand"].to_numpy() - demand)[60:].mean()))
    assert np.mean(errors[True]) < 0.85 * np.mean(errors[False])


def test_both_are_forecast_and_the_assumptions_are_said() -> None:
    _, recorded, capacity = simulated(3)
    estimate = estimate_demand(table(recorded), capacity)
    made = forecast_demand(estimate, horizon=6, paths=400)
    assert made.forecasts["measure"].unique().to_list() == ["estimated demand"]
    assert made.forecasts["time"].to_list() == [
        "2023-01",
        "2023-02",
        "2023-03",
        "2023-04",
        "2023-05",
        "2023-06",
    ]
    assert (made.forecasts["lower_80"] <= made.forecasts["median"]).all()
    assert made.paths["estimated demand", "all"].shape == (400, 6)
    assert any("at least what was recorded" in sentence for sentence in made.notes)


def test_the_state_is_carried_until_the_next_record_but_not_for_ever() -> None:
    values = np.full(PERIODS, 100.0) + np.random.default_rng(1).normal(0, 3, PERIODS).round()
    capacity = pl.DataFrame({"time": ["2016-01"], "capacity": [100.0], "occupied": [99.0]})
    flags = estimate_demand(table(values), capacity).frame.filter(pl.col("held_down"))["time"].to_list()
    assert flags == months(PERIODS)[12:25]


def test_a_capacity_table_without_its_columns_is_refused() -> None:
    with pytest.raises(HistoryError, match="occupied"):
        estimate_demand(
            table(np.arange(PERIODS, dtype=float)), pl.DataFrame({"time": ["2016-01"], "capacity": [1.0]})
        )
