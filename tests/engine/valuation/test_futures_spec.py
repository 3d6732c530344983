"""Robustness, boxes of failure, triggers, and what it would be worth to know."""

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from SALib.analyze import rbd_fast
from scipy.stats import qmc

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
from philoxenia.valuation.triggers import NEVER, find_tested_trigger, judge_trigger, rolling_mean
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


def test_three_plans_by_every_measure_worked_by_hand() -> None:
    """Definitions of McPhail et al. (2018), table 2: the best in each future is 8, 6, 7 and 4, so that A is
    behind by 0, 4, 6, 3; B by 4, 1, 3, 0; C by 7, 0, 0, 6."""
    values = np.array([[8.0, 2.0, 1.0, 1.0], [4.0, 5.0, 4.0, 4.0], [1.0, 6.0, 7.0, -2.0]])
    met = values >= 4
    table = robustness(["A", "B", "C"], values, met, worst_share=0.5, rank_by="largest_regret")
    rows = {row.pop("plan"): row for row in table.iter_rows(named=True)}
    expected = {
        "A": (3.0, 1.0, 6.0, 3.25, 0.25, 1.0, 2),
        "B": (4.25, 4.0, 4.0, 2.0, 1.0, 4.0, 1),
        "C": (3.0, -2.0, 7.0, 3.25, 0.5, -0.5, 3),
    }
    for plan, numbers in expected.items():
        assert tuple(rows[plan].values()) == pytest.approx(numbers), plan
    for measure, best in (("mean", "B"), ("maximin", "B"), ("mean_regret", "B"), ("satisficing", "B")):
        assert robustness(["A", "B", "C"], values, met, worst_share=0.5, rank_by=measure)["plan"][0] == best


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


def test_a_trigger_is_judged_on_futures_it_was_not_chosen_on() -> None:
    """Noise looks like a sign where the threshold was chosen, and is none elsewhere; a real sign is both."""
    hindsight, unseen = [], []
    for seed in range(12):
        random = np.random.default_rng(seed)
        fails_at = np.where(np.arange(40) < 16, 20, NEVER)
        noise = random.normal(0.0, 1.0, (40, 36))
        hindsight.append(find_trigger(noise, fails_at, lead=3, window=6).skill)
        unseen.append(find_tested_trigger(noise, fails_at, lead=3, window=6).skill)
    assert np.mean(hindsight) > np.mean(unseen)
    assert min(hindsight) >= 0 > min(unseen), "with hindsight noise never harms, elsewhere it does"
    sign = noise + 9.0 * ((fails_at != NEVER)[:, None] & (np.arange(36) >= 12))
    found = find_tested_trigger(sign, fails_at, lead=3, window=1)
    assert found.skill > 0.9 and found.warning_months == 8.0


def test_a_longer_lead_time_leaves_less_that_can_be_caught() -> None:
    """The sign comes 8 months before: an action that takes 8 is in time, one that takes 9 is not."""
    fails_at = np.where(np.arange(80) % 2 == 0, 20, NEVER)
    sign = np.where((fails_at != NEVER)[:, None] & (np.arange(36) >= 12), 10.0, 0.0)
    in_time, too_late = (find_tested_trigger(sign, fails_at, lead=lead, window=1) for lead in (8, 9))
    assert (in_time.caught, in_time.latest_start) == (1.0, 12)
    assert (too_late.caught, too_late.latest_start) == (0.0, 11)
    with pytest.raises(ValuationError, match="at least two futures that fail and two that do not"):
        find_tested_trigger(sign[:3], fails_at[:3], lead=1, window=1)


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


def ishigami(n: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """sin x1 + 7 sin2 x2 + 0.1 x3^4 sin x1 on [-pi, pi]^3 (Ishigami and Homma 1990)."""
    points = qmc.LatinHypercube(d=3, rng=np.random.default_rng(6)).random(n)
    x1, x2, x3 = np.pi * (2 * points.T - 1)
    drawn = {"x1": x1, "x2": x2, "x3": x3}
    return drawn, np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)


def shares_of(net: np.ndarray, drawn: dict[str, np.ndarray]) -> dict[str, float]:
    table = tornado(net, drawn)
    return dict(zip(table["name"], table["share_of_variance"], strict=True))


def test_shares_of_variance_are_the_published_ones() -> None:
    """First-order indices of the Ishigami function: 0.3139, 0.4424, 0 (Saltelli et al. 2008)."""
    drawn, net = ishigami(4000)
    found = shares_of(net, drawn)
    assert [found[name] for name in ("x1", "x2", "x3")] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.025)


def test_shares_of_variance_are_those_of_salib() -> None:
    """From the same futures, by random balance designs (Tarantola et al. 2006)."""
    drawn, net = ishigami(2000)
    problem = {"num_vars": 3, "names": list(drawn), "bounds": [[-np.pi, np.pi]] * 3}
    theirs = rbd_fast.analyze(problem, np.column_stack(list(drawn.values())), net, seed=1, num_resamples=10)
    found = shares_of(net, drawn)
    assert [found[name] for name in drawn] == pytest.approx(list(theirs["S1"]), abs=0.04)


def test_what_drives_nothing_has_no_share_though_futures_are_few() -> None:
    """A spline bends to noise: with 200 futures it would show four hundredths where there is nothing."""
    random = np.random.default_rng(8)
    shares = [shares_of(random.normal(size=200), {"x": random.random(200)})["x"] for _ in range(100)]
    assert np.mean(shares) < 0.015


def test_knowing_one_of_two_normal_numbers_is_worth_what_theory_says() -> None:
    """Net benefit -1 + 3 x + 2 z, both standard normal: knowing x, E[benefit | x] is normal around -1 with
    deviation 3, so that its value is that of a project known perfectly (Raiffa and Schlaifer 1961)."""
    random = np.random.default_rng(9)
    x, z = random.normal(size=(2, 20_000))
    net = -1.0 + 3 * x + 2 * z
    table = value_of_knowing(np.vstack([np.zeros_like(net), net]), {"x": x, "z": z})
    worth = dict(zip(table["name"], table["evppi"], strict=True))
    assert worth["x"] == pytest.approx(evpi_of_one_normal_project(-1.0, 3.0), abs=0.03)
    assert worth["z"] == pytest.approx(evpi_of_one_normal_project(-1.0, 2.0), abs=0.03)
    together = expected_value_of_perfect_information(np.vstack([np.zeros_like(net), net]))
    assert together == pytest.approx(evpi_of_one_normal_project(-1.0, 13**0.5), abs=0.03)


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
    found = find_several(DRAWN, failed, least_density=0.5)
    assert len(found) >= 2 and min(box.density for box in found) >= 0.5
    assert max(box.coverage for box in found) < 0.8 < sum(box.coverage for box in found)
    together = np.logical_or.reduce([covers(box, DRAWN) for box in found])
    assert failed[together].sum() / failed.sum() == pytest.approx(sum(box.coverage for box in found))
    assert together.mean() == pytest.approx(sum(box.mass for box in found))
    assert len(find_several(DRAWN, DRAWN["a"] > 0.8, least_density=0.9)) == 1
    with pytest.raises(ValuationError, match="fails in no future"):
        find_several(DRAWN, np.zeros(4000, dtype=bool), least_density=0.9)
