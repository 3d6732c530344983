"""Levers of one action share their luck; what changes nothing still costs; fewer services may suffice."""

import numpy as np
import pytest
from tests.engine.scenarios.futures.plans import EVERY_KIND

from philoxenia.scenarios.futures import (
    FuturesError,
    Lever,
    LeverKind,
    Method,
    Model,
    Outcomes,
    Rule,
    Span,
    sample_futures,
    simulate,
)
from philoxenia.scenarios.futures.made_up import made_up_city
from philoxenia.scenarios.futures.restriction import restricted, services_touched

# The kernel is compiled once: by one process, not by each.
pytestmark = pytest.mark.xdist_group("futures")

UNSURE = Span(0.5, 1.0, 1.5)


@pytest.fixture(scope="module")
def city() -> Model:
    return made_up_city(districts=3, months=15, seed=4)


def test_levers_of_one_action_have_one_luck_in_every_plan(city: Model) -> None:
    beds = Lever("beds", LeverKind.CAPACITY, 10, "shelter", effect=UNSURE, action="welcome house")
    clinic = Lever("clinic", LeverKind.CAPACITY, 5, "clinic", effect=UNSURE, action="welcome house")
    alone = Lever("alone", LeverKind.CAPACITY, 10, "shelter", effect=UNSURE)
    plans = {"both": (beds, clinic), "one": (clinic,), "alone": (alone,)}
    found = simulate(city, sample_futures(city, 6, seed=1), plans)
    both = found.strength["both"]
    np.testing.assert_array_equal(both[:, 0], both[:, 1])
    np.testing.assert_array_equal(found.strength["one"][:, 0], both[:, 1])
    assert not np.allclose(found.strength["alone"], both[:, :1])
    np.testing.assert_allclose(found.design["lever.welcome house.effect"], both[:, 0, 0] / 12)
    assert "lever.beds.effect" not in found.design.columns


def test_luck_with_two_ranges_is_told_by_the_wider(city: Model) -> None:
    certain = Lever("sure", LeverKind.NOTHING, 0, action="fair")
    unsure = Lever("unsure", LeverKind.NOTHING, 0, action="fair", effect=UNSURE)
    found = simulate(city, sample_futures(city, 3, seed=1), {"plan": (certain, unsure)})
    np.testing.assert_allclose(found.design["lever.fair.effect"] * 12, found.strength["plan"][:, 1, 0])


def test_a_lever_of_nothing_changes_nothing_and_costs(city: Model) -> None:
    festival = Lever(
        "festival", LeverKind.NOTHING, 3, ramp=4, lead=2, duration=8, cost_once=100.0, cost_per_month=10.0
    )
    found = simulate(city, sample_futures(city, 2, seed=1), {"without": (), "festival": (festival,)})
    np.testing.assert_array_equal(found.by_group[1], found.by_group[0])
    np.testing.assert_array_equal(found.by_month[1], found.by_month[0])
    # A quarter, two, three, then whole months until eight have passed.
    np.testing.assert_allclose(found.strength["festival"], [[[0.25 + 0.5 + 0.75 + 5, 0]]] * 2)
    np.testing.assert_allclose(found.cost("festival"), [[165.0, 0]] * 2)
    assert found.strength["without"].shape == (2, 0, 2)


def test_strength_stops_where_the_horizon_does(city: Model) -> None:
    late = Lever("late", LeverKind.NOTHING, 0, start=13)
    found = simulate(city, sample_futures(city, 1), {"late": (late,)})
    np.testing.assert_array_equal(found.strength["late"], [[[0, 2]]])


def gain(found: Outcomes, measure: str) -> np.ndarray:
    column = found.measure(measure)
    return found.by_group[1, ..., column] - found.by_group[0, ..., column]


@pytest.mark.parametrize("rule", list(Rule))
def test_with_minus_without_is_exact_among_the_services_touched(city: Model, rule: Rule) -> None:
    levers = tuple(lever for lever in EVERY_KIND if lever.target == "clinic")
    assert len({lever.kind for lever in levers}) == 3
    assert services_touched(levers) == ("clinic",)
    plans = {"without": (), "clinic": levers}
    design = sample_futures(city, 4, seed=2, method=Method.SOBOL)
    whole = simulate(city, design, plans, rule=rule)
    part = simulate(restricted(city, ["clinic"]), design, plans, rule=rule)
    for measure in whole.measures:
        if measure in part.measures:
            np.testing.assert_array_equal(gain(part, measure), gain(whole, measure))
            there, here = part.by_district[..., part.measure(measure)], whole.measure(measure)
            np.testing.assert_array_equal(there, whole.by_district[..., here])
        else:
            assert not gain(whole, measure).any()
    assert gain(part, "unmet.clinic").any()
    np.testing.assert_array_equal(part.costs["clinic"], whole.costs["clinic"])


@pytest.mark.parametrize("lever", [lever for lever in EVERY_KIND if lever.target in ("", "shelter", "homes")])
def test_what_moves_people_needs_the_whole_model(lever: Lever) -> None:
    assert services_touched((EVERY_KIND[2], lever)) is None


def test_no_service_at_all_is_enough_for_what_changes_none(city: Model) -> None:
    assert services_touched((Lever("festival", LeverKind.NOTHING, 0),)) == ()
    found = simulate(restricted(city, ()), sample_futures(city, 2), {"without": ()})
    assert found.measures == ("waiting", "in_shelter", "in_homes", "exits_to_homes")


def test_a_service_that_is_not_there_is_named(city: Model) -> None:
    with pytest.raises(FuturesError, match="no service 'moon'; there is: clinic"):
        restricted(city, ["moon", "clinic"])
