"""People are neither lost nor made: what arrives is somewhere, and districts add up to the city."""

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.scenarios.small_city import any_city

from philoxenia.scenarios import load_and_gaps
from philoxenia.scenarios.case import build_case
from philoxenia.scenarios.settlement import drawn_shares, homes_after_shelter, settled, shares

seeds = st.integers(0, 2**32 - 1)
SOME = settings(max_examples=40, deadline=None)


@SOME
@given(seeds)
def test_everybody_who_arrived_is_in_shelter_in_a_home_or_has_left(seed: int) -> None:
    paths, times, inputs = any_city(np.random.default_rng(seed))
    case = build_case(paths, times, inputs, seed, [])
    arrived = np.cumsum(case.entries.to_shelter + case.entries.to_homes, axis=0)[-len(times) :]
    cohorts = case.people.cohorts
    somewhere = cohorts.in_shelter.sum(axis=0) + cohorts.in_homes.sum(axis=0) + cohorts.left
    np.testing.assert_allclose(somewhere, arrived, rtol=1e-9, atol=1e-9)


@SOME
@given(seeds)
def test_people_allocated_to_districts_are_the_people_there_are(seed: int) -> None:
    rng = np.random.default_rng(seed)
    districts, horizon, futures = rng.integers(1, 30, 3)
    shelter = shares(rng.gamma(0.5, 1, districts))
    homes = drawn_shares(shares(rng.gamma(0.5, 1, districts)), float(rng.gamma(2, 50)), int(futures), rng)
    homes = homes_after_shelter(shelter, homes, rng.random())
    in_shelter, in_homes = rng.gamma(2, 1000, (2, horizon, futures))
    allocated = settled(in_shelter, in_homes, shelter, homes).sum(axis=0)
    np.testing.assert_allclose(allocated, in_shelter + in_homes, rtol=1e-9)


@SOME
@given(seeds)
def test_mean_demand_of_districts_and_constituencies_adds_up(seed: int) -> None:
    rng = np.random.default_rng(seed)
    paths, times, inputs = any_city(rng)
    one_future = {key: array[:1] for key, array in paths.items()}
    result = load_and_gaps(one_future, times, inputs, seed)
    keys = ["service", "time"]
    by_district = result.load.group_by([*keys, "population"]).agg(pl.col("demand_p50", "gap_p50").sum())
    both = result.totals.join(by_district, on=[*keys, "population"], suffix="_districts")
    np.testing.assert_allclose(both["demand_p50"], both["demand_p50_districts"], rtol=1e-9, atol=1e-9)
    local = both.filter(pl.col("local_gap_p50").is_not_null())
    np.testing.assert_allclose(local["local_gap_p50"], local["gap_p50_districts"], rtol=1e-9, atol=1e-9)
    for column in ("demand_p50", "gap_p50", "local_gap_p50"):
        wide = result.totals.pivot("population", index=keys, values=column).drop_nulls()
        if {"newcomers", "long_term_residents"} <= set(wide.columns):
            parts = wide["newcomers"] + wide["long_term_residents"]
            np.testing.assert_allclose(parts, wide["all_residents"], rtol=1e-9, atol=1e-9)


@SOME
@given(seeds)
def test_bands_are_in_order_and_gaps_lie_between_none_and_demand(seed: int) -> None:
    paths, times, inputs = any_city(np.random.default_rng(seed))
    result = load_and_gaps(paths, times, inputs, seed)
    for frame in (result.load, result.totals):
        for what in ("demand", "gap"):
            rows = frame.drop_nulls(f"{what}_p50")
            assert (rows[f"{what}_p10"] <= rows[f"{what}_p50"]).all()
            assert (rows[f"{what}_p50"] <= rows[f"{what}_p90"]).all()
            assert (rows[f"{what}_p10"] >= 0).all()
        known = frame.drop_nulls("gap_p90")
        assert (known["gap_p90"] <= known["demand_p90"] * (1 + 1e-9)).all()
