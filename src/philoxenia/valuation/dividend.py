"""The resilience dividend: the present value with an action minus that without, in the same futures.

V_a = E over futures of sum_t (1+r)^-t [sum_g omega_g U_g(t; a) - C_t(a)]; dividend = V_with - V_without
(Bond et al. 2017, RAND RR-2129-RF, Resilience Dividend Valuation Model). It may be negative.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from philoxenia.valuation.types import PILLARS, Floats, Outcomes, UnitValue, ValuationError


@dataclass(frozen=True)
class Dividend:
    """What an action brings, discounted, in every future.

    `gains`: (F, C, P) money by constituency and pillar; `costs`: (F, U) additional money by funder.
    """

    constituencies: tuple[str, ...]
    funders: tuple[str, ...]
    gains: Floats
    costs: Floats

    @property
    def by_constituency(self) -> Floats:
        """(F, C): what each constituency gains or loses, before costs."""
        return np.asarray(self.gains.sum(axis=2))

    @property
    def by_pillar(self) -> Floats:
        """(F, P): avoided loss, unlocked potential, co-benefit; they add up to the gross dividend."""
        return np.asarray(self.gains.sum(axis=1))

    @property
    def gross(self) -> Floats:
        """(F,): the sum over constituencies, before costs."""
        return np.asarray(self.gains.sum(axis=(1, 2)))

    @property
    def net(self) -> Floats:
        """(F,): gross minus what all funders pay."""
        return np.asarray(self.gross - self.costs.sum(axis=1))

    def weighted(self, weights: Mapping[str, float]) -> Floats:
        """(F,): net with each constituency's gain multiplied by its distribution weight, costs unweighted."""
        missing = [name for name in self.constituencies if name not in weights]
        if missing:
            raise ValuationError(f"There is no distribution weight for {', '.join(missing)}.")
        factors = np.array([weights[name] for name in self.constituencies])
        return np.asarray(self.by_constituency @ factors - self.costs.sum(axis=1))


def discount_factors(years: int, rate: float) -> Floats:
    """(Y,): (1 + rate)^-t for t = 0, 1, ...; the first year is not discounted (Green Book, A6)."""
    if rate <= -1:
        raise ValuationError(f"The discount rate is {rate:g} a year; it must be above -1.")
    return np.asarray((1.0 + rate) ** -np.arange(years, dtype=np.float64))


def distribution_weights(incomes: Mapping[str, float], median: float, elasticity: float) -> dict[str, float]:
    """omega_g = (median income / income of g)^elasticity (HM Treasury, Green Book, A3; elasticity 1.3).

    `incomes`: equivalised income by constituency, in the unit of `median`, all above zero.
    """
    poor = [name for name, income in (*incomes.items(), ("the median", median)) if not income > 0]
    if poor:
        raise ValuationError(f"The income of {', '.join(poor)} is not above zero: no weight can be formed.")
    return {name: (median / income) ** elasticity for name, income in incomes.items()}


def present_worth(outcomes: Outcomes, values: Sequence[UnitValue], rate: float) -> Floats:
    """(F, C, P): discounted worth of what happens; a measure without a value counts nothing."""
    place = {measure: index for index, measure in enumerate(outcomes.measures)}
    unknown = [value.measure for value in values if value.measure not in place]
    if unknown:
        raise ValuationError(f"Values are given for {', '.join(unknown)}, which the outcomes do not hold.")
    prices = np.zeros((len(outcomes.measures), len(PILLARS)))
    for value in values:
        prices[place[value.measure], PILLARS.index(value.pillar)] += value.value
    factors = discount_factors(outcomes.amounts.shape[1], rate)
    total = np.einsum("fycm,y->fcm", outcomes.amounts, factors, optimize=True)
    return np.asarray(total @ prices)


def dividend(with_action: Outcomes, without: Outcomes, values: Sequence[UnitValue], rate: float) -> Dividend:
    """The dividend of an action in every future; future f must be the same state of the world in both."""
    _check_same(with_action, without)
    factors = discount_factors(without.amounts.shape[1], rate)
    return Dividend(
        without.constituencies,
        without.funders,
        present_worth(with_action, values, rate) - present_worth(without, values, rate),
        np.einsum("fyu,y->fu", with_action.costs - without.costs, factors),
    )


def _check_same(one: Outcomes, other: Outcomes) -> None:
    for name in ("constituencies", "measures", "funders"):
        if getattr(one, name) != getattr(other, name):
            raise ValuationError(f"With and without differ in {name}: run both with the same model.")
    if one.amounts.shape != other.amounts.shape:
        raise ValuationError(
            f"With has {one.amounts.shape[:2]} futures and years, without {other.amounts.shape[:2]}: "
            "common futures are needed."
        )


@dataclass(frozen=True)
class ShockSplit:
    """The dividend with shocks off, and what shocks add: absorption and recovery. Each (F,)."""

    without_shocks: Floats
    from_shocks: Floats


def shock_split(shocks_on: Dividend, shocks_off: Dividend) -> ShockSplit:
    """Split the net dividend (F,) into that of a quiet future and the rest; they add up to the whole.

    Both must come from the same futures, once with every shock taken out (Bond et al. 2017, chapter 3).
    """
    if shocks_on.net.shape != shocks_off.net.shape:
        raise ValuationError("With shocks and without them there must be the same futures.")
    return ShockSplit(shocks_off.net, shocks_on.net - shocks_off.net)
