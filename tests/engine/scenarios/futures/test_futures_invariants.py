"""What no city, plan, rule or shock may break: people, money, capacity and homes, with levers on."""

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engine.scenarios.futures.plans import EVERY_KIND

from philoxenia.scenarios.futures import Lever, Method, Model, Outcomes, Rule, sample_futures, simulate
from philoxenia.scenarios.futures.draws import Draws, draws_of
from philoxenia.scenarios.futures.levers import LeverArrays, lever_arrays
from philoxenia.scenarios.futures.made_up import made_up_city
from philoxenia.scenarios.futures.types import DRIVERS

# The kernel is compiled once: by one process, not by each.
pytestmark = pytest.mark.xdist_group("futures")

FUTURES = 3


@dataclass(frozen=True)
class Run:
    """A city simulated with levers, and what was drawn for it."""

    city: Model
    levers: LeverArrays
    draws: Draws
    found: Outcomes

    def month(self, name: str, plan: str = "plan") -> np.ndarray:
        return self.found.by_month[self.found.plan(plan), :, :, self.found.month_measure(name)]


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """Any few levers of every kind, in any small city, under any rule and way of drawing."""
    city = made_up_city(draw(st.integers(1, 4)), draw(st.integers(2, 26)), draw(st.integers(0, 10_000)))
    chosen: list[Lever] = draw(st.lists(st.sampled_from(EVERY_KIND), unique_by=lambda lever: lever.name))
    seed, method = draw(st.integers(0, 999)), draw(st.sampled_from(list(Method)))
    design = sample_futures(city, FUTURES, seed, method)
    levers = tuple(lever for lever in chosen if lever.target in {"", "shelter", "homes", "clinic", "waste"})
    rule = draw(st.sampled_from(list(Rule)))
    found = simulate(city, design, {"without": (), "plan": levers}, rule=rule, chunk=draw(st.integers(1, 3)))
    return Run(city, lever_arrays(city, design, levers), draws_of(city, design), found)


def added(run: Run, target: int) -> np.ndarray:
    """Capacity (F, T, D) that levers add to a service, to shelters or to homes."""
    rows = (run.levers.kind == 0) & (run.levers.target == target)
    return np.einsum("flt,ld->ftd", run.levers.strength[:, rows], run.levers.vector[rows])


@settings(max_examples=25, deadline=None)
@given(run=runs())
def test_nothing_is_lost_and_nothing_comes_of_itself(run: Run) -> None:
    for plan in run.found.plans:
        people_hold(run, plan)
    capacity_holds(run)
    shelters_hold(run)
    money_holds(run)
    sums_hold(run.found)


def people_hold(run: Run, plan: str) -> None:
    """Who was here or came, and has not left, is here."""
    began = run.city.homes_months.sum() + run.city.shelter_months.sum() + run.city.waiting_months.sum()
    expected = began + np.cumsum(run.month("arrivals", plan) - run.month("left_city", plan), axis=1)
    np.testing.assert_allclose(run.month("people", plan), expected, rtol=1e-9)
    assert (run.found.by_group >= -1e-9).all()


def capacity_holds(run: Run) -> None:
    """Served and idle are the capacity, that of levers included; nobody is served twice."""
    pace = run.draws.drivers[:, :, DRIVERS.index("capacity")]
    for row, service in enumerate(run.city.services):
        usual = service.capacity * (run.draws.capacities[:, row, None] * pace)[:, :, None]
        room = np.maximum(usual + added(run, row), 0.0).sum(axis=2)
        served, idle = run.month(f"served.{service.name}"), run.month(f"idle.{service.name}")
        np.testing.assert_allclose(served + idle, room, rtol=1e-9)


def shelters_hold(run: Run) -> None:
    """Nobody is in a place that is not there."""
    usual = run.city.shelter.places * run.draws.places[:, None]
    places = usual * run.draws.drivers[:, :, DRIVERS.index("capacity")]
    more = added(run, len(run.city.services)).sum(axis=2)
    assert (run.month("in_shelter") <= np.maximum(places + more, 0.0) * (1 + 1e-9) + 1e-9).all()


def money_holds(run: Run) -> None:
    """What a plan costs is what its levers were to cost, and more only for exits they brought about."""
    fixed, costs = run.levers.spent.sum(axis=2), run.found.costs["plan"].sum(axis=2)
    paid_by_exit = run.levers.per_exit.any(axis=(0, 2))
    np.testing.assert_allclose(costs[:, ~paid_by_exit], fixed[:, ~paid_by_exit], rtol=1e-9)
    assert (costs >= fixed * (1 - 1e-9)).all()
    assert not run.found.cost("without").any()
    # Each exit is paid for once, and each month after, at most as many months as there are.
    once, monthly = run.levers.per_exit[:, :, 0], run.levers.per_exit[:, :, 1]
    exits = run.month("exits_to_homes").sum(axis=1)[:, None]
    at_most = exits * (once + monthly * len(run.city.months))
    assert (costs - fixed <= at_most * (1 + 1e-9) + 1e-6).all()


def sums_hold(found: Outcomes) -> None:
    """Districts, groups and months add up to the same."""
    years = np.einsum("y,afygm->afm", found.discount, found.by_group)
    np.testing.assert_allclose(found.by_district.sum(axis=(2, 3)), years, rtol=1e-9, atol=1e-9)
    months = found.by_month.sum(axis=2)[:, :, : len(found.measures)]
    np.testing.assert_allclose(months, found.by_group.sum(axis=(2, 3)), rtol=1e-9, atol=1e-9)


def test_homes_that_levers_add_are_lived_in_or_vacant() -> None:
    city = made_up_city(3, 14, seed=4)
    design = sample_futures(city, FUTURES, seed=2)
    levers = (EVERY_KIND[1],)
    run = Run(
        city,
        lever_arrays(city, design, levers),
        draws_of(city, design),
        simulate(city, design, {"without": (), "plan": levers}),
    )
    per_home = city.homes.persons_per_home

    def homes(plan: str) -> np.ndarray:
        spare = run.month("vacant_homes", plan) - run.month("without_own_home", plan) / per_home
        return spare + run.month("in_homes", plan) / per_home

    # Homes that a flood takes are gone with and without.
    more = added(run, len(city.services) + 1).sum(axis=2)
    assert more[:, -1].min() > 0
    built = homes("plan") - homes("without")
    strikes = run.draws.drivers[:, :, DRIVERS.index("displaced")].cumsum(axis=1) > 0
    np.testing.assert_allclose(built[~strikes], more[~strikes], rtol=1e-6, atol=1e-6)


def test_sobol_gives_the_same_bytes_whatever_the_chunks() -> None:
    city = made_up_city(4, 13, seed=3)
    plans = {"without": (), "flats": (EVERY_KIND[1],)}
    design = sample_futures(city, 16, seed=6, method=Method.SOBOL)
    again = sample_futures(city, 16, seed=6, method=Method.SOBOL)
    whole, parts = simulate(city, design, plans), simulate(city, again, plans, chunk=5)
    assert whole.by_district.tobytes() == parts.by_district.tobytes()
    assert whole.by_month.tobytes() == parts.by_month.tobytes()
    assert whole.strength["flats"].tobytes() == parts.strength["flats"].tobytes()


def test_threads_do_not_change_a_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    city = made_up_city(4, 13, seed=3)
    design, plans = sample_futures(city, 40, seed=6), {"without": ()}
    found = []
    for threads in (1, 3):
        monkeypatch.setattr("philoxenia.scenarios.futures.kernel_cores._settings.NUMBA_NUM_THREADS", threads)
        found.append(simulate(city, design, plans).by_group.tobytes())
    assert found[0] == found[1]
