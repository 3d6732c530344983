"""The fast path gives what the obvious slow version gives, for cities nobody thought of."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.scenarios.small_city import any_city

from philoxenia.scenarios.case import build_case
from philoxenia.scenarios.catchment import shared_capacity
from philoxenia.scenarios.cohorts import Entries, track
from philoxenia.scenarios.gaps import quantiles
from philoxenia.scenarios.load import load_and_gaps
from philoxenia.scenarios.plain import (
    plain_cohorts,
    plain_load,
    plain_quantile,
    plain_shared_capacity,
    plain_stock,
    plain_triangular,
)
from philoxenia.scenarios.rates import triangular
from philoxenia.scenarios.stock import Flows, shelter_stock

unit = st.floats(0, 1)
seeds = st.integers(0, 2**32 - 1)
FEW = settings(max_examples=40, deadline=None)


@given(unit, st.floats(0, 10), st.floats(0, 10), st.floats(0, 10))
def test_a_triangular_range(quantile: float, a: float, b: float, c: float) -> None:
    low, mode, high = sorted((a, b, c))
    fast = triangular(np.array([quantile]), low, mode, high)[0]
    assert np.isclose(fast, plain_triangular(quantile, low, mode, high), rtol=1e-9, atol=1e-12)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), unit)
def test_a_quantile(values: list[float], level: float) -> None:
    fast = quantiles(np.array(values), (level,))[0]
    assert np.isclose(fast, plain_quantile(values, level), rtol=1e-9, atol=1e-6)
    assert np.isclose(fast, np.quantile(values, level), rtol=1e-9, atol=1e-6)


@FEW
@given(seeds, st.integers(1, 3), st.integers(1, 5), st.integers(1, 4))
def test_people_who_seek_shelter(seed: int, groups: int, horizon: int, futures: int) -> None:
    rng = np.random.default_rng(seed)
    shape = (groups, horizon, futures)
    flows = Flows(
        intake=rng.gamma(2, 50, shape),
        returns=rng.gamma(2, 10, shape),
        leave_share=rng.random(shape),
        residual=rng.normal(0, 20, shape),
    )
    start, places = rng.gamma(2, 200, groups), rng.gamma(2, 300, futures)
    fast = shelter_stock(start, flows, places, 0.4)
    for at, seeking in plain_stock(start, flows, places, 0.4).items():
        assert np.isclose(fast.seeking[at], seeking, rtol=1e-9, atol=1e-9)
    assert (fast.in_shelter.sum(axis=0) <= places + 1e-9).all()


@FEW
@given(seeds, st.integers(1, 8), st.integers(1, 3), st.integers(1, 6))
def test_arrivals_by_months_since_arrival(seed: int, horizon: int, futures: int, oldest: int) -> None:
    rng = np.random.default_rng(seed)
    entries = Entries(*rng.gamma(2, 50, (2, horizon, futures)), rng.random((horizon, futures)))
    last = int(rng.integers(1, horizon + 1))
    fast = track(entries, 0.03, oldest, last)
    slow = np.zeros((2, oldest + 1, horizon, futures))
    for (place, (since, month, future)), people in plain_cohorts(entries, 0.03).items():
        slow[int(place == "homes"), min(since, oldest), month, future] += people
    np.testing.assert_allclose(np.stack([fast.in_shelter, fast.in_homes]), slow[:, :, -last:], atol=1e-9)


@FEW
@given(seeds, st.integers(1, 8))
def test_capacity_shared_across_borders(seed: int, districts: int) -> None:
    rng = np.random.default_rng(seed)
    within = (rng.random((districts, districts)) < 0.4).astype(float)
    within = np.maximum(np.maximum(within, within.T), np.eye(districts))
    capacity, people = (
        rng.gamma(1, 10, districts),
        rng.gamma(1, 10, districts) * (rng.random(districts) < 0.8),
    )
    fast = shared_capacity(capacity, people, within)
    np.testing.assert_allclose(fast, plain_shared_capacity(capacity, list(people), within), atol=1e-9)
    assert np.isclose(fast.sum(), capacity.sum())


@settings(max_examples=25, deadline=None)
@given(seeds)
def test_load_and_gaps_of_a_whole_city(seed: int) -> None:
    paths, times, inputs = any_city(np.random.default_rng(seed))
    result = load_and_gaps(paths, times, inputs, seed)
    case = build_case(paths, times, inputs, seed, [])
    fast = {
        (row["district_id"], row["service"], row["time"], row["population"]): row
        for row in result.load.iter_rows(named=True)
    }
    compared = 0
    for service in case.services:
        if service.basis == "use" and service.name not in case.capacity:
            continue
        for (district, time, population), (demand, gaps) in plain_load(case, service, inputs).items():
            row = fast.get((district, service.name, time, population))
            if row is None:
                assert service.basis == "stock" and population != "all_residents"
                continue
            for level, slow in zip(("p10", "p50", "p90"), demand, strict=True):
                assert np.isclose(row[f"demand_{level}"], slow, rtol=1e-9, atol=1e-9), (service.name, level)
            for level, short in zip(("p10", "p50", "p90"), gaps or [None] * 3, strict=True):
                found = row[f"gap_{level}"]
                assert (found is None) is (short is None), service.name
                assert short is None or np.isclose(found, short, rtol=1e-8, atol=1e-8), (service.name, level)
            compared += 1
    assert compared == len(fast)
