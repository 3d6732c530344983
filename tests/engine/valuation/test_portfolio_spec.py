"""Portfolios: exact on small problems, within limits on all, with a reason for each action."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.valuation import Limits, Option, choose
from philoxenia.valuation.distribution import cvar
from philoxenia.valuation.plain import best_mean_by_trying
from philoxenia.valuation.portfolio import Aim, Prerequisite, pareto, reasons
from philoxenia.valuation.types import ValuationError

EXACT = Aim(gap=1e-9)


def option(
    name: str, value: list[float], cost: float, gains: tuple[float, float] = (1.0, 1.0), start: int = 0
) -> Option:
    costs = np.zeros((1, 2))
    costs[0, start] = cost
    return Option(name, "one", start, np.array(value, dtype=float), np.array(gains), costs)


def budget(*years: float) -> Limits:
    return Limits(budgets=np.array([years]))


def names(found: object) -> list[str]:
    return sorted(one.action for one in found.chosen)  # type: ignore[attr-defined]


def test_a_knapsack_whose_optimum_is_known() -> None:
    """Weights 12, 2, 1, 1, 4; values 4, 2, 1, 2, 10; 15 to carry: all but the first, worth 15."""
    goods = [(4, 12), (2, 2), (1, 1), (2, 1), (10, 4)]
    options = [option(f"g{i}", [value], cost) for i, (value, cost) in enumerate(goods)]
    found = choose(options, budget(15, 0), EXACT)
    assert names(found) == ["g1", "g2", "g3", "g4"]
    assert found.objective == pytest.approx(15)


@st.composite
def problems(draw: st.DrawFn) -> tuple[list[Option], Limits]:
    count = draw(st.integers(1, 7))
    numbers = st.integers(-5, 9)
    options = [
        option(
            f"a{draw(st.integers(0, 4))}",
            [float(draw(numbers)), float(draw(numbers))],
            float(draw(st.integers(0, 6))),
            (float(draw(numbers)), float(draw(numbers))),
            draw(st.integers(0, 1)),
        )
        for _ in range(count)
    ]
    limits = Limits(
        budgets=np.array([[float(draw(st.integers(0, 9))), float(draw(st.integers(0, 9)))]]),
        floors=((0, 0.0),) if draw(st.booleans()) else (),
        prerequisites=(Prerequisite("a1", "a2", draw(st.integers(0, 1))),) if draw(st.booleans()) else (),
        exclusions=(frozenset({"a0", "a3"}),) if draw(st.booleans()) else (),
    )
    return options, limits


@settings(max_examples=60)
@given(problems())
def test_no_other_portfolio_is_better(problem: tuple[list[Option], Limits]) -> None:
    options, limits = problem
    assert choose(options, limits, EXACT).objective == pytest.approx(
        best_mean_by_trying(options, limits), abs=1e-6
    )


def test_a_careful_city_chooses_otherwise() -> None:
    """The gamble has the better mean, the sure thing the better worst half."""
    options = [option("gamble", [-10.0, 40.0], 5), option("sure", [10.0, 10.0], 5)]
    assert names(choose(options, budget(5, 0), EXACT)) == ["gamble"]
    careful = choose(options, budget(5, 0), Aim("cvar", worst_share=0.5, gap=1e-9))
    assert names(careful) == ["sure"]
    assert careful.objective == pytest.approx(cvar(careful.value, 0.5))


def test_least_regret_by_hand() -> None:
    """Regrets: a (0, 30), b (20, 0), c (8, 12): c is never far from the best."""
    options = [option("a", [40.0, 0.0], 5), option("b", [20.0, 30.0], 5), option("c", [32.0, 18.0], 5)]
    found = choose(options, budget(5, 0), Aim("regret", gap=1e-9))
    assert names(found) == ["c"]
    assert found.objective == pytest.approx(12.0)


def test_a_floor_keeps_a_constituency_from_losing() -> None:
    options = [option("rich only", [9.0], 1, (10.0, -3.0)), option("shared", [5.0], 1, (2.0, 2.0))]
    assert names(choose(options, budget(1, 0), EXACT)) == ["rich only"]
    floor = Limits(budgets=np.array([[1.0, 0.0]]), floors=((1, 0.0),))
    assert names(choose(options, floor, EXACT)) == ["shared"]


def test_every_action_has_a_reason() -> None:
    options = [option("a", [9.0], 5), option("b", [7.0], 5), option("c", [1.0], 50)]
    limits = budget(5, 0)
    found = choose(options, limits, EXACT)
    told = {reason.action: reason for reason in reasons(options, limits, found, EXACT)}
    assert told["a"].is_in and told["a"].change == pytest.approx(2.0)
    assert not told["b"].is_in and told["b"].change == pytest.approx(2.0)
    assert told["b"].displaced == ("a",) and told["b"].binding == ("budget 0",)
    assert told["c"].change is None and told["c"].binding == ("budget 0",)


def test_a_front_goes_from_one_goal_to_the_other() -> None:
    options = [
        option("a", [10.0], 1, (1.0, 0.0)),
        option("b", [6.0], 1, (5.0, 0.0)),
        option("c", [1.0], 1, (9.0, 0.0)),
    ]
    front = pareto(options, budget(1, 0), np.array([1.0, 5.0, 9.0]), aim=EXACT)
    assert [(second, found.objective) for second, found in front] == [(1.0, 10.0), (5.0, 6.0), (9.0, 1.0)]


def test_limits_that_nothing_keeps_are_said() -> None:
    required = Limits(budgets=np.array([[1.0, 0.0]]), required=frozenset({"a"}))
    with pytest.raises(ValuationError, match="No choice of actions keeps all limits"):
        choose([option("a", [9.0], 5)], required)
    with pytest.raises(ValuationError, match="There is no action"):
        choose([], budget(1, 0))
    with pytest.raises(ValuationError, match="budgets has shape"):
        choose([option("a", [9.0], 5)], Limits(budgets=np.zeros((3, 3))))
