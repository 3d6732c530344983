"""Robustness, boxes of failure, triggers, and what it would be worth to know."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from philoxenia.valuation import best_box, find_boxes, find_trigger, robustness
from philoxenia.valuation.discovery import (
    Box,
    PrimSettings,
    covers,
    described,
    find_several,
    quasi_p,
    trajectory,
)
from philoxenia.valuation.information import (
    evpi_of_one_normal_project,
    expected_value_of_perfect_information,
    switching_values,
    tornado,
    value_of_knowing,
)
from philoxenia.valuation.robustness import thresholds_met
from philoxenia.valuation.triggers import NEVER, judge_trigger, rolling_mean
from philoxenia.valuation.types import ValuationError

RNG = np.random.default_rng(20)
DRAWN = {name: RNG.random(4000) for name in "abc"}


def test_measures_of_robustness_by_hand() -> None:
    table = robustness(["safe", "bold"], np.array([[1.0, 1.0, 1.0], [9.0, 0.0, -3.0]]), worst_share=1 / 3)
    rows = {row["plan"]: row for row in table.iter_rows(named=True)}
    assert (rows["bold"]["mean"], rows["bold"]["rank"]) == (2.0, 1)
    assert (rows["bold"]["maximin"], rows["bold"]["cvar"]) == (-3.0, pytest.approx(-3.0))
    assert (rows["safe"]["largest_regret"], rows["bold"]["largest_regret"]) == (8.0, 4.0)
    assert (rows["safe"]["satisficing"], rows["bold"]["satisficing"]) == (1.0, pytest.approx(1 / 3))
    assert robustness(["a", "b"], np.eye(2), worst_share=0.5, rank_by="maximin")["rank"].to_list() == [1, 1]
    with pytest.raises(ValuationError, match="not by 'luck'"):
        robustness(["a"], np.ones((1, 2)), worst_share=0.5, rank_by="luck")


def test_all_thresholds_must_be_met() -> None:
    found = thresholds_met({"x": np.array([[1.0, 3.0]]), "y": np.array([[5.0, 0.0]])}, {"x": 1.0, "y": 1.0})
    assert found.tolist() == [[1.0, 0.0]]


def test_a_box_that_was_put_there_is_found() -> None:
    failed = (DRAWN["a"] > 0.7) & (DRAWN["b"] < 0.4)
    box = best_box(find_boxes(DRAWN, failed), least_density=0.9)
    assert set(box.limits) == {"a", "b"}
    assert box.limits["a"][0] == pytest.approx(0.7, abs=0.03)
    assert box.limits["b"][1] == pytest.approx(0.4, abs=0.03)
    assert box.coverage > 0.95 and box.density > 0.9
    assert max(quasi_p(box, DRAWN, failed).values()) < 1e-6


def test_an_uncertainty_that_means_nothing_is_left_alone_or_told_by_its_quasi_p() -> None:
    failed = DRAWN["a"] > 0.8
    box = best_box(find_boxes(DRAWN, failed), least_density=0.8)
    assert all(p > 0.001 for name, p in quasi_p(box, DRAWN, failed).items() if name != "a")


def test_the_trail_trades_coverage_for_density() -> None:
    table = trajectory(find_boxes(DRAWN, (DRAWN["a"] > 0.7) & (DRAWN["b"] < 0.4)))
    assert table["coverage"][0] == 1.0 and table["mass"][0] == 1.0
    assert table["density"].max() > 0.95
    assert (table["mass"] >= PrimSettings().least_mass - 1e-12).all()


def test_boxes_need_both_kinds_of_future() -> None:
    with pytest.raises(ValuationError, match="fails in every future"):
        find_boxes(DRAWN, np.ones(4000, dtype=bool))
    with pytest.raises(ValuationError, match="a has 4000 futures, the failures 3"):
        find_boxes({"a": DRAWN["a"]}, np.array([True, False, True]))


def test_a_rise_before_failure_becomes_a_trigger() -> None:
    """Intake doubles in month 12 where the plan fails, in month 20: eight months' warning."""
    indicator = 100.0 + RNG.normal(0.0, 2.0, (400, 36))
    fails_at = np.where(np.arange(400) < 100, 20, NEVER)
    indicator[:100, 12:] += 100.0
    found = find_trigger(indicator, fails_at, lead=6, window=1)
    assert 110 < found.threshold < 200
    assert (found.caught, found.false_alarms, found.warning_months) == (1.0, 0.0, 8.0)
    late = judge_trigger(indicator, fails_at, found.threshold, lead=9, window=1)
    assert (late.caught, late.late) == (0.0, 1.0)
    assert found.latest_start == 14


def test_a_rolling_mean_by_hand() -> None:
    assert rolling_mean(np.array([[1.0, 2.0, 3.0, 6.0]]), 2).tolist() == [[1.0, 1.5, 2.5, 4.5]]


def test_evpi_of_the_published_case() -> None:
    assert evpi_of_one_normal_project(-3.0, 5.0) == pytest.approx(0.84336, abs=1e-5)


def test_evpi_from_futures_comes_to_the_same() -> None:
    drawn = np.random.default_rng(3).normal(-3.0, 5.0, 400_000)
    found = expected_value_of_perfect_information(np.vstack([np.zeros_like(drawn), drawn]))
    assert found == pytest.approx(0.84336, abs=0.02)


def test_knowing_what_does_not_matter_is_worth_nothing() -> None:
    net = 4 * DRAWN["a"] - 2.0
    table = value_of_knowing(np.vstack([np.zeros(4000), net]), DRAWN)
    worth = dict(zip(table["name"], table["share_of_evpi"], strict=True))
    assert worth["a"] == pytest.approx(1.0, abs=0.02)
    assert worth["b"] < 0.05 and worth["c"] < 0.05


def test_drivers_of_a_known_sum() -> None:
    """net = 3a + b: shares of variance 9/10 and 1/10; from the first to the ninth decile 2.4 and 0.8."""
    table = tornado(3 * DRAWN["a"] + DRAWN["b"], DRAWN)
    rows = {row["name"]: row for row in table.iter_rows(named=True)}
    assert table["name"].to_list()[:2] == ["a", "b"]
    assert rows["a"]["swing"] == pytest.approx(2.4, abs=0.1)
    assert rows["a"]["share_of_variance"] == pytest.approx(0.9, abs=0.03)
    assert rows["c"]["share_of_variance"] < 0.01


def test_at_its_switching_value_the_mean_is_zero() -> None:
    benefit, cost = RNG.gamma(2.0, 10.0, 500), np.full(500, -30.0)
    table = switching_values(benefit + cost, {"value": benefit, "cost": cost}, {"value": 2.0, "cost": 30.0})
    rows = {row["name"]: row for row in table.iter_rows(named=True)}
    assert (benefit * rows["value"]["switching"] / 2.0 + cost).mean() == pytest.approx(0.0, abs=1e-9)
    assert (benefit + cost * rows["cost"]["switching"] / 30.0).mean() == pytest.approx(0.0, abs=1e-9)


def test_the_trail_is_that_of_the_published_method() -> None:
    """Boxes that EMA workbench 2.5.3 finds on the same futures (benchmarks/boxes.py compares all of them)."""
    random = np.random.default_rng(0)
    x = random.random((1500, 4))
    failed = (x[:, 0] > 0.6) & (x[:, 2] < 0.5)
    failed ^= random.random(1500) < 0.05
    boxes = find_boxes({name: x[:, i] for i, name in enumerate("abcd")}, failed)
    assert len(boxes) == 49
    peeled, pasted = boxes[35], boxes[48]
    assert (peeled.coverage, peeled.density, peeled.mass) == pytest.approx(
        (0.66667, 0.96266, 0.16067), abs=1e-5
    )
    assert (pasted.coverage, pasted.density, pasted.mass) == pytest.approx(
        (0.71264, 0.96498, 0.17133), abs=1e-5
    )
    assert pasted.limits["c"] == pytest.approx((0.00038, 0.49164), abs=1e-5)


GOLDEN = Path(__file__).parent / "golden"


def test_boxes_of_the_published_case_are_those_of_the_published_program() -> None:
    """882 futures of Bryant and Lempert (2010) as EMA workbench ships them; its boxes, its quasi-p values,
    and its second box once the first is taken out (written by `benchmarks/boxes.py --golden`)."""
    shipped = pl.read_csv(GOLDEN / "bryant_lempert_2010.csv")
    told = json.loads((GOLDEN / "bryant_lempert_2010.json").read_text(encoding="utf-8"))
    failed = shipped["failed"].to_numpy() > 0
    design = {name: shipped[name].to_numpy() for name in shipped.columns[:-1]}
    settings = PrimSettings(peel_share=0.1)
    boxes = find_boxes(design, failed, settings)
    np.testing.assert_allclose([measures(box) for box in boxes], told["trail"], rtol=1e-12)
    box = boxes[told["selected"]]
    assert {name: list(limits) for name, limits in box.limits.items()} == told["limits"]
    words = described(box, design, failed)
    for row in words.iter_rows(named=True):
        sides = (row["quasi_p_low"], row["quasi_p_high"])
        found = [-1.0 if side is None else side for side in sides]
        assert found == pytest.approx(told["quasi_p"][row["name"]], rel=1e-9)
        assert (row["low_at_edge"], row["high_at_edge"]) == tuple(side is None for side in sides)
    second = find_boxes(design, failed, settings, among=~covers(box, design))
    np.testing.assert_allclose([measures(one) for one in second], told["second_trail"], rtol=1e-12)


def measures(box: Box) -> list[float]:
    return [box.coverage, box.density, box.mass]


def test_a_plan_that_fails_in_two_ways_has_two_boxes() -> None:
    failed = ((DRAWN["a"] > 0.8) & (DRAWN["b"] > 0.5)) | ((DRAWN["a"] < 0.3) & (DRAWN["c"] < 0.3))
    found = find_several(DRAWN, failed, least_density=0.85)
    assert len(found) >= 2 and min(box.density for box in found) >= 0.85
    assert max(box.coverage for box in found) < 0.7 < sum(box.coverage for box in found)
    together = np.logical_or.reduce([covers(box, DRAWN) for box in found])
    assert failed[together].sum() / failed.sum() == pytest.approx(sum(box.coverage for box in found))
    assert together.mean() == pytest.approx(sum(box.mass for box in found))
    assert len(find_several(DRAWN, DRAWN["a"] > 0.8, least_density=0.9)) == 1
    with pytest.raises(ValuationError, match="fails in no future"):
        find_several(DRAWN, np.zeros(4000, dtype=bool), least_density=0.9)
