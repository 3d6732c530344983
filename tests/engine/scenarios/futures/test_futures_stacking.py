"""Plans that touch services only, simulated in one pass, are what they are one by one."""

import numpy as np
import pytest
from tests.engine.scenarios.futures.plans import EVERY_KIND

from philoxenia.scenarios.futures import FuturesError, Lever, LeverKind, Rule, sample_futures, simulate
from philoxenia.scenarios.futures.made_up import made_up_city
from philoxenia.scenarios.futures.restriction import restricted
from philoxenia.scenarios.futures.stacking import simulate_services

# The kernel is compiled once: by one process, not by each.
pytestmark = pytest.mark.xdist_group("futures")

HOURS, ANNEXE, SORTING, CARD, BUS = (EVERY_KIND[row] for row in (2, 3, 4, 8, 9))
FAIR = Lever("fair", LeverKind.NOTHING, 0, cost_once=10.0)
PLANS = {
    "without": (),
    "hours": (HOURS,),
    "clinic in all ways": (HOURS, CARD, BUS),
    "sorting": (SORTING,),
    "two services": (ANNEXE, SORTING, FAIR),
    "fair": (FAIR,),
}


@pytest.mark.parametrize("rule", list(Rule))
def test_one_pass_gives_the_bytes_of_one_by_one(rule: Rule) -> None:
    city = made_up_city(districts=3, months=15, seed=4)
    design = sample_futures(city, 11, seed=2)
    apart = simulate(restricted(city, ["clinic", "school", "waste"]), design, PLANS, rule=rule)
    together = simulate_services(city, design, PLANS, rule=rule, chunk=4)
    assert (together.plans, together.measures, together.units) == (apart.plans, apart.measures, apart.units)
    assert (together.month_measures, together.levers) == (apart.month_measures, apart.levers)
    for name in ("by_group", "by_district", "by_month"):
        np.testing.assert_array_equal(getattr(together, name), getattr(apart, name))
    for plan in PLANS:
        np.testing.assert_array_equal(together.costs[plan], apart.costs[plan])
        np.testing.assert_array_equal(together.strength[plan], apart.strength[plan])
    assert together.design.equals(apart.design)


def test_services_that_no_plan_touches_are_left_out() -> None:
    city = made_up_city(districts=2, months=3, seed=4)
    found = simulate_services(city, sample_futures(city, 2), {"without": (), "sorting": (SORTING,)})
    assert {name.partition(".")[2] for name in found.measures} == {"", "waste"}


def test_a_plan_that_moves_people_is_named() -> None:
    city = made_up_city(districts=2, months=3, seed=4)
    with pytest.raises(FuturesError, match="'beds' moves people: simulate it with the whole model"):
        simulate_services(city, sample_futures(city, 2), {"beds": (EVERY_KIND[0],)})
