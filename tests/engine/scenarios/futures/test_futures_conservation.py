"""People, homes, capacity and money: what enters is somewhere, in every future, month and plan."""

from dataclasses import replace

import numpy as np
import pytest
from tests.engine.scenarios.futures.plans import plans_for

from philoxenia.scenarios.futures import Model, Outcomes, Rule, sample_futures, simulate_plain
from philoxenia.scenarios.futures.draws import draws_of
from philoxenia.scenarios.futures.made_up import made_up_city

# The kernel is compiled once: by one process, not by each.
pytestmark = pytest.mark.xdist_group("futures")


@pytest.fixture(scope="module")
def city() -> Model:
    return made_up_city(districts=2, months=13, seed=4)


@pytest.fixture(scope="module", params=list(Rule))
def outcomes(city: Model, request: pytest.FixtureRequest) -> Outcomes:
    return simulate_plain(city, sample_futures(city, 2, seed=2), plans_for(city), rule=request.param)


def by_month(outcomes: Outcomes, name: str) -> np.ndarray:
    return outcomes.by_month[:, :, :, outcomes.month_measure(name)]


def test_people_who_come_stay_or_leave(city: Model, outcomes: Outcomes) -> None:
    began = city.homes_months.sum() + city.shelter_months.sum() + city.waiting_months.sum()
    expected = began + np.cumsum(by_month(outcomes, "arrivals") - by_month(outcomes, "left_city"), axis=2)
    np.testing.assert_allclose(by_month(outcomes, "people"), expected, rtol=1e-9)


def test_nobody_is_counted_twice(outcomes: Outcomes) -> None:
    homes, shelter = by_month(outcomes, "in_homes"), by_month(outcomes, "in_shelter")
    waiting = by_month(outcomes, "waiting")
    people = by_month(outcomes, "people")
    # Those who stop waiting are counted as waiting in their last month, and in homes or gone at its end.
    assert (homes + shelter <= people * (1 + 1e-9)).all()
    assert (people <= (homes + shelter + waiting) * (1 + 1e-9)).all()


def test_shelters_hold_no_more_than_their_places(city: Model, outcomes: Outcomes) -> None:
    design = sample_futures(city, 2, seed=2)
    draws = draws_of(city, design)
    places = city.shelter.places * draws.places[:, None] * draws.drivers[:, :, 3]
    without = by_month(outcomes, "in_shelter")[outcomes.plan("without")]
    assert (without <= places * (1 + 1e-9)).all()


def test_homes_are_lived_in_or_vacant(city: Model) -> None:
    calm = replace(city, shocks=())
    found = simulate_plain(calm, sample_futures(calm, 2, seed=1), {"without": ()})
    per_home = calm.homes.persons_per_home
    spare = by_month(found, "vacant_homes") - by_month(found, "without_own_home") / per_home
    lived_in = by_month(found, "in_homes") / per_home
    began = calm.homes.vacant.sum() + calm.in_homes.sum() / per_home
    built = calm.homes.added.sum() * np.arange(1, len(calm.months) + 1)
    np.testing.assert_allclose(spare + lived_in, np.broadcast_to(began + built, spare.shape), rtol=1e-9)


def test_demand_is_served_given_up_or_waits(city: Model) -> None:
    plain = replace(city, shocks=())
    found = simulate_plain(plain, sample_futures(plain, 2, seed=1), {"without": ()})
    draws = draws_of(plain, sample_futures(plain, 2, seed=1))
    for row, service in enumerate(plain.services):
        served, unmet, queue, idle = (
            by_month(found, f"{kind}.{service.name}")[0] for kind in ("served", "unmet", "queue", "idle")
        )
        capacity = service.capacity.sum() * draws.capacities[:, row][:, None]
        np.testing.assert_allclose(served + idle, np.broadcast_to(capacity, served.shape), rtol=1e-9)
        before = np.concatenate([np.zeros((2, 1)), queue[:, :-1]], axis=1)
        asked = served + unmet + queue - before
        assert (asked > 0).all()
        rates = service.rates.max() * draws.rates[:, row][:, None]
        assert (asked <= by_month(found, "people")[0] * rates * (1 + 1e-9)).all()


def test_districts_and_groups_add_up_to_the_same(outcomes: Outcomes) -> None:
    years = np.einsum("y,afygm->afm", outcomes.discount, outcomes.by_group)
    districts = outcomes.by_district.sum(axis=(2, 3))
    np.testing.assert_allclose(districts, years, rtol=1e-9, atol=1e-9)
    whole = outcomes.by_month.sum(axis=2)[:, :, : len(outcomes.measures)]
    np.testing.assert_allclose(whole, outcomes.by_group.sum(axis=(2, 3)), rtol=1e-9, atol=1e-9)


def test_a_subsidy_costs_what_its_exits_cost(city: Model, outcomes: Outcomes) -> None:
    cost = outcomes.cost("subsidy")
    more = outcomes.by_group[outcomes.plan("subsidy")] - outcomes.by_group[outcomes.plan("without")]
    assert (cost.sum(axis=1) > 0).all()
    assert (outcomes.cost("without") == 0).all()
    # Exits a lever brings about are at least those that come on top: others find fewer homes and leave later.
    assert more[:, :, :, outcomes.measure("exits_to_homes")].sum() > 0


def test_a_plan_without_levers_is_the_plan_without(city: Model) -> None:
    design = sample_futures(city, 2, seed=5)
    alone = simulate_plain(city, design, {"without": ()})
    beside = simulate_plain(city, design, plans_for(city))
    np.testing.assert_array_equal(alone.by_group[0], beside.by_group[beside.plan("without")])
