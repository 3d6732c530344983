"""What is known to be true of a simulated city is found again."""

import numpy as np
import polars as pl
import pytest
from tests.engine.scenarios.small_city import FLOWS, capacity, certain_rates, city, months

from philoxenia.reference import default_parameters
from philoxenia.scenarios import TotalArrivals, load_and_gaps
from philoxenia.scenarios.flows import shelter_flows
from philoxenia.scenarios.settlement import concentration, drawn_shares, shares


def test_how_firmly_settlement_holds_to_last_shares() -> None:
    rng = np.random.default_rng(1)
    for true in (200.0, 1000.0):
        before = shares(rng.gamma(2, 1, 150))
        found = [concentration(before, drawn_shares(before, true, 1, rng)[:, 0], 5, 5) for _ in range(40)]
        assert np.median(found) == pytest.approx(true, rel=0.1)


def test_shares_drift_further_in_more_years() -> None:
    before, later = shares(np.array([1.0, 2, 3])), shares(np.array([1.5, 2, 3]))
    one, four = (concentration(before, later, 5, years) + 1 for years in (1, 4))
    assert one == pytest.approx(4 * four)


def simulated_flow(leave: float, drift: float, seed: int) -> pl.DataFrame:
    """Ten years of a shelter flow with a known share leaving and a known unexplained loss."""
    rng, stock, rows = np.random.default_rng(seed), 1000.0, []
    for month in months(2014, 120):
        intake, back, leaving = rng.poisson(80), rng.poisson(20), rng.binomial(round(stock), leave)
        stock = stock + intake + back - leaving + rng.normal(drift, 5)
        rows.append((month, "all", intake, back, 0, leaving, 0, stock))
    return pl.DataFrame(rows, schema=["month", "group", *_order(), "actively_homeless"], orient="row")


def _order() -> list[str]:
    return [
        "newly_identified",
        "returned_from_housing",
        "returned_to_shelter",
        "moved_to_housing",
        "became_inactive",
    ]


def test_the_share_of_people_who_leave_shelter_and_what_the_flow_does_not_explain() -> None:
    assert set(_order()) == set(FLOWS)
    history = simulated_flow(leave=0.1, drift=-8, seed=3)
    paths = {("newly_identified", "all"): np.full((2000, 12), 80.0)}
    inputs = city([1000.0], [0.0], shelter_flow=history)
    found = shelter_flows(paths, months(2024, 12), inputs, None, np.random.default_rng(0), [])
    assert found is not None
    assert found.flows.leave_share[0, 0, 0] == pytest.approx(0.1, rel=0.05)
    assert found.flows.residual.mean() == pytest.approx(-8, abs=1.5)
    assert found.start[0] == pytest.approx(history["actively_homeless"][-1])


def test_eight_truths_in_ten_lie_between_p10_and_p90() -> None:
    rng = np.random.default_rng(5)
    parameters = default_parameters().overridden({"scenarios.total_arrivals_share": 1}, "the test")
    inputs = city(
        [5000.0, 3000.0],
        [500.0, 300.0],
        own_rates=certain_rates("classes", 0.3, population="newcomers", low="0.1", high="0.5"),
        services=("classes",),
        capacity=capacity("classes", {"": 300.0}),
        total_arrivals=TotalArrivals("registrations", "all"),
        parameters=parameters,
    )
    times = months(2024, 6)
    forecast = load_and_gaps({("registrations", "all"): rng.gamma(4, 50, (2000, 6))}, times, inputs, 1)
    expected = forecast.totals.filter(pl.col("population") == "newcomers")
    inside = []
    for seed in range(300):
        truth = load_and_gaps(
            {("registrations", "all"): rng.gamma(4, 50, (1, 6))}, times, inputs, 100 + seed
        ).totals.filter(pl.col("population") == "newcomers")["demand_p50"]
        inside.append(((truth >= expected["demand_p10"]) & (truth <= expected["demand_p90"])).mean())
    assert np.mean(inside) == pytest.approx(0.8, abs=0.05)
