"""The dividend: what holds for every action, and what is published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.valuation import Outcomes, dividend
from philoxenia.valuation.distribution import cvar, dividend_table, losers, summary
from philoxenia.valuation.dividend import (
    Dividend,
    distribution_weights,
    shock_split,
)
from philoxenia.valuation.plain import dividend_of, net_of
from philoxenia.valuation.types import PILLARS, Pillar, UnitValue, ValuationError
from philoxenia.valuation.worth import discount_factors

VALUES = (
    UnitValue("nights_unsheltered", "nights", -100.0, -200.0, -50.0, Pillar.AVOIDED_LOSS, "assumption"),
    UnitValue("months_in_work", "months", 2000.0, 1000.0, 3000.0, Pillar.UNLOCKED_POTENTIAL, "assumption"),
    UnitValue("visits", "visits", 4.0, 1.0, 9.0, Pillar.CO_BENEFIT, "assumption"),
)
GROUPS = ("newcomers", "long-term residents")
MEASURES = tuple(value.measure for value in VALUES)


def outcomes(seed: int, futures: int = 20, years: int = 4) -> Outcomes:
    rng = np.random.default_rng(seed)
    amounts = rng.gamma(2.0, 50.0, (futures, years, len(GROUPS), len(MEASURES)))
    return Outcomes(GROUPS, MEASURES, ("city", "donors"), amounts, rng.gamma(2.0, 900.0, (futures, years, 2)))


@given(st.integers(0, 10_000), st.integers(0, 10_000), st.floats(0.0, 0.2))
def test_it_is_the_sum_written_out(one: int, other: int, rate: float) -> None:
    with_action, without = outcomes(one, 3), outcomes(other, 3)
    found = dividend(with_action, without, VALUES, rate)
    for future in range(3):
        plain = dividend_of(with_action, without, VALUES, rate, future)
        for c, name in enumerate(GROUPS):
            for p, pillar in enumerate(PILLARS):
                expected = plain[name, pillar.value]
                assert found.gains[future, c, p] == pytest.approx(expected, rel=1e-9, abs=1e-6)
        assert found.net[future] == pytest.approx(net_of(found, future), rel=1e-9, abs=1e-6)


@given(st.integers(0, 10_000))
def test_constituencies_pillars_and_funders_add_up(seed: int) -> None:
    found = dividend(outcomes(seed), outcomes(seed + 1), VALUES, 0.035)
    scale = np.abs(found.gains).sum(axis=(1, 2)) + np.abs(found.costs).sum(axis=1)
    for parts in (found.by_constituency, found.by_pillar):
        assert np.abs(parts.sum(axis=1) - found.costs.sum(axis=1) - found.net).max() <= 1e-9 * scale.max()


def test_doing_nothing_brings_nothing() -> None:
    same = outcomes(5)
    found = dividend(same, same, VALUES, 0.035)
    assert not found.net.any()
    assert summary(found.net)["share_losing"] == 0.0


def test_a_year_later_is_worth_less_by_the_rate() -> None:
    assert discount_factors(3, 0.035).tolist() == pytest.approx([1.0, 1 / 1.035, 1 / 1.035**2])


def test_what_shocks_add_and_the_quiet_future_are_the_whole() -> None:
    on, off = (dividend(outcomes(seed), outcomes(9), VALUES, 0.035) for seed in (1, 2))
    split = shock_split(on, off)
    np.testing.assert_allclose(split.without_shocks + split.from_shocks, on.net, rtol=1e-12)


def test_green_book_weights() -> None:
    """Half the median income counts 2^1.3 = 2.46 times (Green Book, A3)."""
    weights = distribution_weights({"poor": 50.0, "middle": 100.0, "rich": 200.0}, 100.0, 1.3)
    assert weights["poor"] == pytest.approx(2.4623, abs=1e-4)
    assert weights["middle"] == 1.0
    assert weights["rich"] == pytest.approx(0.4061, abs=1e-4)


def test_weights_of_a_published_example() -> None:
    """Green Book 2018, A3.13: with an elasticity of 1, a pound to somebody with 20,000 a year is worth twice
    one to somebody with 40,000. A3.20: the lowest fifth weighs 2.5 (Fujiwara 2010) or 2.4 (2015) at 1.3, so
    that its income is 0.494 or 0.51 of the median."""
    half = distribution_weights({"a": 20_000.0, "b": 40_000.0}, 40_000.0, 1.0)
    assert half["a"] / half["b"] == pytest.approx(2.0)
    fifth = distribution_weights({"2010": 0.494, "2015": 0.51}, 1.0, 1.3)
    assert [round(fifth[year], 1) for year in ("2010", "2015")] == [2.5, 2.4]


@pytest.mark.parametrize(
    ("year", "factor"), [(1, 0.9662), (2, 0.9335), (5, 0.8420), (10, 0.7089), (20, 0.5026), (30, 0.3563)]
)
def test_discount_factors_of_the_green_book(year: int, factor: float) -> None:
    """At 3.5 % a year, as the discount tables that go with the Green Book print them (A6)."""
    assert discount_factors(31, 0.035)[year] == pytest.approx(factor, abs=5e-5)


def test_weights_of_one_change_nothing() -> None:
    found = dividend(outcomes(1), outcomes(2), VALUES, 0.035)
    np.testing.assert_allclose(found.weighted(dict.fromkeys(GROUPS, 1.0)), found.net)
    with pytest.raises(ValuationError, match="no distribution weight for long-term residents"):
        found.weighted({"newcomers": 1.0})


def test_a_loser_is_named_though_others_gain_more() -> None:
    gains = np.zeros((100, 2, 3))
    gains[:, 0, 0] = 1000.0
    gains[:30, 1, 0] = -5.0
    found = Dividend(GROUPS, ("city",), gains, np.zeros((100, 1)))
    table = losers(found, often=0.1)
    assert table["name"].to_list() == ["long-term residents"]
    assert table["share_losing"][0] == pytest.approx(0.3)
    assert table["mean_when_losing"][0] == pytest.approx(-5.0)


def test_rows_of_the_table_add_up_to_net() -> None:
    table = dividend_table(dividend(outcomes(3), outcomes(4), VALUES, 0.035))
    total = {kind: rows["mean"].sum() for (kind,), rows in table.group_by("kind")}
    assert total["constituency"] + total["funder"] == pytest.approx(total["net"])
    assert total["pillar"] == pytest.approx(total["gross"])


def test_cvar_is_the_mean_of_the_worst() -> None:
    values = np.arange(1.0, 11.0)
    assert cvar(values, 0.2) == pytest.approx(1.5)
    assert cvar(values, 0.25) == pytest.approx((1 + 2 + 0.5 * 3) / 2.5)
    assert cvar(values, 1.0) == pytest.approx(values.mean())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amounts": np.zeros((2, 3, 1, 3))}, "amounts has shape"),
        ({"costs": np.zeros((9, 4, 2))}, "costs has shape"),
        ({"costs": np.full((20, 4, 2), np.nan)}, r"nan at \(0, 0, 0\)"),
    ],
)
def test_outcomes_that_cannot_be_are_refused(change: dict[str, object], said: str) -> None:
    good = vars(outcomes(1))
    with pytest.raises(ValuationError, match=said):
        Outcomes(**(good | change))


def test_with_and_without_must_be_the_same_futures() -> None:
    with pytest.raises(ValuationError, match="common futures are needed"):
        dividend(outcomes(1, 10), outcomes(1, 11), VALUES, 0.035)
    with pytest.raises(ValuationError, match="Values are given for rain"):
        dividend(outcomes(1), outcomes(2), [UnitValue("rain", "", 1, 1, 1, Pillar.CO_BENEFIT, "x")], 0.035)
