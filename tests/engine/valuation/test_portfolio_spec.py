"""Portfolios: exact on small problems, within limits on all, with a reason for each action."""

import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from philoxenia.valuation import Limits, Option, choose
from philoxenia.valuation.distribution import cvar
from philoxenia.valuation.plain import best_by_trying
from philoxenia.valuation.portfolio import Aim, Prerequisite, budget_curve, pareto, reasons
from philoxenia.valuation.portfolio.solver import silent
from philoxenia.valuation.types import ValuationError

EXACT = Aim(gap=1e-9)
PETERSEN = (
    (
        (100, 600, 1200, 2400, 500, 2000),
        (
            (8, 12, 13, 64, 22, 41),
            (8, 12, 13, 75, 22, 41),
            (3, 6, 4, 18, 6, 4),
            (5, 10, 8, 32, 6, 12),
            (5, 13, 8, 42, 6, 20),
            (5, 13, 8, 48, 6, 20),
            (0, 0, 0, 0, 8, 0),
            (3, 0, 4, 0, 8, 0),
            (3, 2, 4, 0, 8, 4),
            (3, 2, 4, 8, 8, 4),
        ),
        (80, 96, 20, 36, 44, 48, 10, 18, 22, 24),
        3800.0,
    ),
    (
        (600.1, 310.5, 1800, 3850, 18.6, 198.7, 882, 4200, 402.5, 327),
        (
            (20, 5, 100, 200, 2, 4, 60, 150, 80, 40),
            (20, 7, 130, 280, 2, 8, 110, 210, 100, 40),
            (60, 3, 50, 100, 4, 2, 20, 40, 6, 12),
            (60, 8, 70, 200, 4, 6, 40, 70, 16, 20),
            (60, 13, 70, 250, 4, 10, 60, 90, 20, 24),
            (60, 13, 70, 280, 4, 10, 70, 105, 22, 28),
            (5, 2, 20, 100, 2, 5, 10, 60, 0, 0),
            (45, 14, 80, 180, 6, 10, 40, 100, 20, 0),
            (55, 14, 80, 200, 6, 10, 50, 140, 30, 40),
            (65, 14, 80, 220, 6, 10, 50, 180, 30, 50),
        ),
        (450, 540, 200, 360, 440, 480, 200, 360, 440, 480),
        8706.1,
    ),
)


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


@settings(max_examples=40)
@given(problems(), st.sampled_from(["mean", "cvar", "regret"]))
def test_no_other_portfolio_is_better(problem: tuple[list[Option], Limits], name: str) -> None:
    options, limits = problem
    aim = Aim(name, worst_share=0.4, gap=1e-9)
    found = choose(options, limits, aim)
    assert found.objective == pytest.approx(best_by_trying(options, limits, aim), abs=1e-6)
    assert found.gap <= 1e-6


def test_published_problems_with_ten_limits() -> None:
    """Problems 1 and 2 of mknap1 in the OR-Library (Petersen 1967, Management Science 13; Beasley 1990):
    choose projects within ten budgets; the best are worth 3,800 and 8,706.1."""
    for worth, weights, capacity, best in PETERSEN:
        costs = np.array(weights, dtype=float)
        options = [
            Option(f"p{i}", "one", 0, np.array([float(value)]), np.zeros(1), costs[None, :, i])
            for i, value in enumerate(worth)
        ]
        found = choose(options, Limits(budgets=np.array([capacity], dtype=float)), EXACT)
        assert found.objective == pytest.approx(best)
        assert found.gap <= 1e-9


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


def test_what_stands_against_an_action_is_told_by_name() -> None:
    options = [
        option("a", [30.0], 5),
        option("b", [7.0], 5),
        option("c", [6.0], 1, (1.0, -5.0)),
        option("d", [5.0], 1),
        option("e", [4.0], 1),
    ]
    limits = Limits(
        budgets=np.array([[6.0, 9.0]]),
        floors=((1, -3.0),),
        prerequisites=(Prerequisite("d", "b"),),
        exclusions=(frozenset({"a", "e"}),),
        funders=("city",),
        constituencies=("newcomers", "older_people"),
        first_year=2026,
    )
    found = choose(options, limits, EXACT)
    told = {reason.action: reason.binding for reason in reasons(options, limits, found, EXACT)}
    assert names(found) == ["a"]
    assert told["b"] == ("budget city 2026",)
    assert told["c"] == ("floor older_people",)
    assert told["d"] == ("needs b",)
    assert told["e"] == ("excluded by a",)


def test_what_was_asked_for_is_its_own_reason() -> None:
    limits = Limits(budgets=np.array([[9.0, 9.0]]), required=frozenset({"a"}), banned=frozenset({"b"}))
    options = [option("a", [-1.0], 5), option("b", [7.0], 5)]
    told = reasons(options, limits, choose(options, limits, EXACT), EXACT)
    assert [(one.is_in, one.change, one.binding) for one in told] == [
        (True, None, ("required a",)),
        (False, None, ("banned b",)),
    ]


def test_more_money_never_buys_less() -> None:
    random = np.random.default_rng(4)
    options = [
        option(f"a{i}", random.normal(3.0, 2.0, 20).tolist(), float(random.integers(1, 9))) for i in range(8)
    ]
    for name in ("mean", "cvar"):
        curve = budget_curve(options, budget(15, 0), (2.0, 0.0, 0.5, 1.0), Aim(name, gap=1e-9))
        assert [share for share, _ in curve] == [2.0, 0.0, 0.5, 1.0]
        by_share = {share: one for share, one in curve if one is not None}
        assert by_share[0.0].costs.sum() == 0 and not by_share[0.0].chosen
        objectives = [by_share[share].objective for share in sorted(by_share)]
        assert objectives == sorted(objectives)
        alone = choose(options, budget(7.5, 0), Aim(name, gap=1e-9))
        assert by_share[0.5].objective == pytest.approx(alone.objective)
    must = Limits(budgets=np.array([[15.0, 0.0]]), required=frozenset({"a0"}))
    assert budget_curve(options, must, (0.0,)) == [(0.0, None)]


def test_the_solver_leaves_standard_output_alone(capfd: pytest.CaptureFixture[str]) -> None:
    with silent():
        os.write(1, b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();\n")
        os.write(1, b"said by somebody else\n")
    assert capfd.readouterr().out == "said by somebody else\n"


def test_a_front_keeps_the_floors() -> None:
    options = [
        option("a", [10.0], 1, (1.0, 0.0)),
        option("b", [6.0], 1, (5.0, -4.0)),
        option("c", [1.0], 1, (4.0, 2.0)),
    ]
    limits = Limits(budgets=np.array([[1.0, 0.0]]), floors=((1, 0.0),))
    front = pareto(options, limits, np.array([1.0, 5.0, 4.0]), aim=EXACT)
    assert [(second, names(found)) for second, found in front] == [(1.0, ["a"]), (4.0, ["c"])]


def test_the_limit_that_stands_in_the_way_is_named() -> None:
    options = [option("a", [9.0], 5, (1.0, -2.0)), option("b", [7.0], 5)]
    limits = Limits(budgets=np.array([[6.0, 0.0]]), required=frozenset({"a", "b"}), funders=("the province",))
    with pytest.raises(ValuationError, match="the budget the province"):
        choose(options, limits)
    floor = Limits(
        budgets=np.array([[60.0, 0.0]]),
        required=frozenset({"a"}),
        floors=((1, 5.0),),
        constituencies=("children", "women"),
    )
    with pytest.raises(ValuationError, match=r"loosen the floor women\."):
        choose(options, floor)


def test_limits_that_nothing_keeps_are_said() -> None:
    required = Limits(budgets=np.array([[1.0, 0.0]]), required=frozenset({"a"}))
    with pytest.raises(ValuationError, match="No choice of actions keeps all limits"):
        choose([option("a", [9.0], 5)], required)
    with pytest.raises(ValuationError, match="There is no action"):
        choose([], budget(1, 0))
    with pytest.raises(ValuationError, match="The budget has shape"):
        choose([option("a", [9.0], 5)], Limits(budgets=np.zeros((3, 3))))
