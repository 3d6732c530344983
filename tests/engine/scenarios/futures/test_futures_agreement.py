"""The compiled kernel gives what the loops give, whatever the city, rule, levers and shocks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.scenarios.futures.plans import plans_for

from philoxenia.scenarios.futures import Outcomes, Rule, sample_futures, simulate, simulate_plain
from philoxenia.scenarios.futures.made_up import made_up_city

# The kernel is compiled once: by one process, not by each.
pytestmark = pytest.mark.xdist_group("futures")


def same(fast: Outcomes, slow: Outcomes) -> None:
    np.testing.assert_allclose(fast.by_group, slow.by_group, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(fast.by_district, slow.by_district, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(fast.by_month, slow.by_month, rtol=1e-9, atol=1e-9)
    for plan in fast.plans:
        np.testing.assert_array_equal(fast.strength[plan], slow.strength[plan])
        np.testing.assert_allclose(fast.costs[plan], slow.costs[plan], rtol=1e-9, atol=1e-9)


@settings(max_examples=6, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    districts=st.integers(1, 4),
    months=st.integers(1, 13),
    rule=st.sampled_from(list(Rule)),
)
def test_the_kernel_agrees_with_the_loops(seed: int, districts: int, months: int, rule: Rule) -> None:
    city = made_up_city(districts, months, seed)
    design = sample_futures(city, 2, seed)
    plans = plans_for(city)
    same(simulate(city, design, plans, rule=rule), simulate_plain(city, design, plans, rule=rule))


def test_chunks_do_not_change_a_byte() -> None:
    city = made_up_city(districts=6, months=30, seed=1)
    design = sample_futures(city, 40, seed=3)
    whole = simulate(city, design, plans_for(city), chunk=40)
    parts = simulate(city, design, plans_for(city), chunk=7)
    assert whole.by_group.tobytes() == parts.by_group.tobytes()
    assert whole.by_district.tobytes() == parts.by_district.tobytes()
    assert whole.by_month.tobytes() == parts.by_month.tobytes()
    assert all(whole.costs[plan].tobytes() == parts.costs[plan].tobytes() for plan in whole.plans)
    assert all(whole.strength[plan].tobytes() == parts.strength[plan].tobytes() for plan in whole.plans)
    assert whole.design.equals(parts.design)
