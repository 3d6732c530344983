"""Unit values that differ by future, benefits outside the model, and the same money by district and group."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from philoxenia.valuation import Outcomes, dividend
from philoxenia.valuation.distribution import dividend_table, losers
from philoxenia.valuation.dividend import Dividend
from philoxenia.valuation.grouping import district_dividend, rolled_up
from philoxenia.valuation.plain import dividend_of
from philoxenia.valuation.types import PILLARS, Floats, Pillar, UnitValue, ValuationError
from philoxenia.valuation.worth import discount_factors, draw_values, extra_gains, prices

WAITING = UnitValue("waiting", "person-months", -900.0, -1500.0, -300.0, Pillar.AVOIDED_LOSS, "assumption")
HOME = UnitValue("exits_to_homes", "people", 4000.0, 1000.0, 6000.0, Pillar.UNLOCKED_POTENTIAL, "assumption")
VISITS = UnitValue("served.clinic", "visits", 50.0, 50.0, 50.0, Pillar.CO_BENEFIT, "assumption")
VALUES = (WAITING, HOME, VISITS)
MEASURES = tuple(value.measure for value in VALUES)
CELLS = ("newcomer_men", "newcomer_men.homeless", "long_term_men", "long_term_men.homeless")
RATE = 0.035


def outcomes(seed: int, futures: int = 12) -> Outcomes:
    random = np.random.default_rng(seed)
    amounts = random.gamma(2.0, 50.0, (futures, 3, len(CELLS), len(MEASURES)))
    return Outcomes(CELLS, MEASURES, ("city",), amounts, random.gamma(2.0, 900.0, (futures, 3, 1)))


@given(st.integers(0, 10_000))
def test_drawn_values_price_each_future_on_its_own(seed: int) -> None:
    with_action, without = outcomes(seed, 3), outcomes(seed + 1, 3)
    drawn = draw_values(VALUES, 3, seed)
    found = dividend(with_action, without, VALUES, RATE, drawn)
    for future in range(3):
        plain = dividend_of(with_action, without, VALUES, RATE, future, drawn)
        for c, cell in enumerate(CELLS):
            for p, pillar in enumerate(PILLARS):
                assert found.gains[future, c, p] == pytest.approx(
                    plain[cell, pillar.value], rel=1e-9, abs=1e-6
                )


def test_the_likely_values_drawn_everywhere_are_the_default() -> None:
    likely = {value.measure: np.full(12, value.value) for value in VALUES}
    array = np.repeat(prices(MEASURES, VALUES)[None], 12, axis=0)
    for drawn in (likely, array, array[0]):
        found = dividend(outcomes(1), outcomes(2), VALUES, RATE, drawn)
        np.testing.assert_allclose(found.gains, dividend(outcomes(1), outcomes(2), VALUES, RATE).gains)


def test_values_are_drawn_within_their_range_and_one_more_changes_no_other() -> None:
    drawn = draw_values(VALUES, 20_000, 7)
    assert set(drawn) == {"waiting", "exits_to_homes"}, "a certain value is not drawn"
    for value in (WAITING, HOME):
        found = drawn[value.measure]
        assert value.low <= found.min() and found.max() <= value.high
        assert found.mean() == pytest.approx((value.low + value.value + value.high) / 3, rel=1e-3)
        below = (value.value - value.low) / (value.high - value.low)
        assert (found < value.value).mean() == pytest.approx(below, abs=1e-3)
    assert (draw_values((HOME,), 20_000, 7)["exits_to_homes"] == drawn["exits_to_homes"]).all()
    assert (draw_values((HOME,), 20_000, 8)["exits_to_homes"] != drawn["exits_to_homes"]).any()


@pytest.mark.parametrize(
    ("drawn", "said"),
    [
        ({"rain": np.ones(12)}, "rain is drawn by future but has 0 unit values"),
        ({"waiting": np.ones(11)}, "drawn for 11 futures; the outcomes have 12"),
        ({"waiting": np.ones(12), "served.clinic": np.ones(3)}, "different numbers of futures"),
        (np.ones((12, 2, 3)), "Prices have shape"),
    ],
)
def test_draws_that_do_not_fit_are_refused(drawn: dict[str, Floats] | Floats, said: str) -> None:
    with pytest.raises(ValuationError, match=said):
        dividend(outcomes(1), outcomes(2), VALUES, RATE, drawn)


def test_a_measure_with_two_values_asks_for_prices_by_pillar() -> None:
    twice = (*VALUES, UnitValue("waiting", "", 1.0, 0.0, 2.0, Pillar.CO_BENEFIT, "assumption"))
    with pytest.raises(ValuationError, match="has 2 unit values"):
        prices(MEASURES, twice, {"waiting": np.ones(4)})


def test_benefits_outside_the_model_come_on_top_in_their_pillar() -> None:
    money = np.zeros((12, 3, 4))
    money[:, :, 0] = 100.0
    found = dividend(outcomes(1), outcomes(2), VALUES, RATE)
    more = found.with_gains(extra_gains({Pillar.CO_BENEFIT: money}, RATE))
    added = more.by_pillar - found.by_pillar
    worth = 100 * (1 + 1 / 1.035 + 1 / 1.035**2)
    np.testing.assert_allclose(added, np.tile([0.0, 0.0, worth], (12, 1)), atol=1e-9)
    np.testing.assert_allclose(more.net, found.net + worth)
    with pytest.raises(ValuationError, match="Extra gains have shape"):
        found.with_gains(np.ones((1, 4, 3)))
    with pytest.raises(ValuationError, match="each must be"):
        extra_gains({Pillar.CO_BENEFIT: np.ones((2, 3))}, RATE)


def test_dividends_are_added_and_taken_from_each_other() -> None:
    a, b = (dividend(outcomes(seed), outcomes(9), VALUES, RATE) for seed in (1, 2))
    np.testing.assert_allclose((a + b).net, a.net + b.net)
    np.testing.assert_allclose((a + b - b).gains, a.gains)
    np.testing.assert_allclose((a - b).costs, a.costs - b.costs)
    with pytest.raises(ValuationError, match="differ in funders"):
        a + Dividend(CELLS, ("donor",), a.gains, a.costs)


MEMBERS = {
    "newcomers": CELLS[:2],
    "long_term_residents": CELLS[2:],
    "homeless_people": (CELLS[1], CELLS[3]),
    "men": CELLS,
}


@given(st.integers(0, 10_000))
def test_constituencies_are_sums_of_cells(seed: int) -> None:
    found = dividend(outcomes(seed), outcomes(seed + 1), VALUES, RATE)
    seen = rolled_up(found, MEMBERS)
    by_name = dict(zip(seen.constituencies, seen.by_constituency.T, strict=True))
    scale = np.abs(found.gains).sum()
    assert np.abs(by_name["newcomers"] + by_name["long_term_residents"] - found.gross).max() <= 1e-12 * scale
    assert np.abs(by_name["men"] - found.gross).max() <= 1e-12 * scale
    cells = found.by_constituency
    np.testing.assert_allclose(by_name["homeless_people"], cells[:, 1] + cells[:, 3])
    np.testing.assert_allclose(seen.gains.sum(axis=2), seen.by_constituency)


def test_constituencies_that_overlap_stand_in_tables_without_changing_totals() -> None:
    found = dividend(outcomes(1), outcomes(2), VALUES, RATE)
    seen = rolled_up(found, MEMBERS)
    table = dividend_table(found, seen)
    assert table.filter(kind="constituency")["name"].to_list() == list(MEMBERS)
    assert table.filter(kind="net").equals(dividend_table(found).filter(kind="net"))
    assert set(losers(seen, often=-1.0)["name"]) == set(MEMBERS)
    with pytest.raises(ValuationError, match="made of women, which"):
        rolled_up(found, {"women": ["women"]})
    with pytest.raises(ValuationError, match="counted twice"):
        rolled_up(found, {"men": [CELLS[0], CELLS[0]]})


def by_district(one: Outcomes, seed: int) -> Floats:
    """(F, 5, 2, M), discounted: every cell's units spread over five districts at random."""
    factors = discount_factors(3, RATE)
    cells = np.einsum("fycm,y->fcm", one.amounts, factors)
    halves = np.stack([cells[:, :2].sum(axis=1), cells[:, 2:].sum(axis=1)], axis=1)
    shares = np.random.default_rng(seed).dirichlet(np.ones(5), size=(len(cells), 2, len(MEASURES)))
    return np.moveaxis(shares * halves[..., None], 3, 1)


@given(st.integers(0, 10_000), st.booleans())
def test_districts_add_up_to_constituencies(seed: int, single: bool) -> None:
    """In 64 bits as they are; from 32 bits what rounding lost is put back."""
    with_action, without = outcomes(seed), outcomes(seed + 1)
    drawn = draw_values(VALUES, 12, seed)
    found = dividend(with_action, without, VALUES, RATE, drawn)
    wanted = rolled_up(found, {name: MEMBERS[name] for name in ("newcomers", "long_term_residents")})
    there, nothing = by_district(with_action, 1), by_district(without, 2)
    if single:
        there, nothing = there.astype(np.float32), nothing.astype(np.float32)  # type: ignore[assignment]
    totals = wanted.by_constituency if single else None
    money = district_dividend(there, nothing, MEASURES, VALUES, drawn, totals)
    assert money.shape == (12, 5, 2)
    scale = np.abs(found.gains).sum(axis=(1, 2))[:, None]
    assert (np.abs(money.sum(axis=1) - wanted.by_constituency) <= 1e-9 * scale).all()


def test_districts_of_another_plan_are_not_bent_to_fit() -> None:
    there, nothing = by_district(outcomes(1), 1), by_district(outcomes(2), 2)
    with pytest.raises(ValuationError, match="more than rounding explains"):
        district_dividend(there, nothing, MEASURES, VALUES, totals=np.zeros((12, 2)))
    with pytest.raises(ValuationError, match="districts, 2 and 3 measures are needed"):
        district_dividend(there[:1], nothing, MEASURES, VALUES)
