"""The resilience dividend: the present value with an action minus that without, in the same futures.

V_a = E over futures of sum_t (1+r)^-t [sum_g omega_g U_g(t; a) - C_t(a)]; dividend = V_with - V_without
(Bond et al. 2017, RAND RR-2129-RF, Resilience Dividend Valuation Model). It may be negative.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from philoxenia.valuation.types import PILLARS, Floats, Outcomes, UnitValue, ValuationError
from philoxenia.valuation.worth import Drawn, discount_factors, present_worth


@dataclass(frozen=True)
class Dividend:
    """What an action brings, discounted, in every future.

    `gains`: (F, C, P) money by constituency and pillar; `costs`: (F, U) additional money by funder. Dividends
    over the same futures, constituencies and funders can be added and taken from each other.
    """

    constituencies: tuple[str, ...]
    funders: tuple[str, ...]
    gains: Floats
    costs: Floats

    def __post_init__(self) -> None:
        wanted = (len(self.costs), len(self.constituencies), len(PILLARS))
        if self.gains.shape != wanted or self.costs.shape[1:] != (len(self.funders),):
            raise ValuationError(
                f"gains has shape {self.gains.shape} and costs {self.costs.shape}; {wanted} and "
                f"({wanted[0]}, {len(self.funders)} funders) are needed."
            )

    def __add__(self, other: "Dividend") -> "Dividend":
        """Both together, future by future."""
        self._check_like(other)
        return replace(self, gains=self.gains + other.gains, costs=self.costs + other.costs)

    def __sub__(self, other: "Dividend") -> "Dividend":
        """What this one brings more than the other, future by future."""
        self._check_like(other)
        return replace(self, gains=self.gains - other.gains, costs=self.costs - other.costs)

    def with_gains(self, extra: Floats) -> "Dividend":
        """The same with gains (F, C, P) from outside the model added, each in its pillar."""
        if extra.shape != self.gains.shape:
            raise ValuationError(f"Extra gains have shape {extra.shape}; {self.gains.shape} is needed.")
        return replace(self, gains=self.gains + extra)

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

    def _check_like(self, other: "Dividend") -> None:
        for name in ("constituencies", "funders"):
            if getattr(self, name) != getattr(other, name):
                raise ValuationError(f"The dividends differ in {name}: they cannot be added.")
        if len(self.gains) != len(other.gains):
            raise ValuationError(
                f"The dividends have {len(self.gains)} and {len(other.gains)} futures; they must be the same."
            )


def distribution_weights(incomes: Mapping[str, float], median: float, elasticity: float) -> dict[str, float]:
    """omega_g = (median income / income of g)^elasticity (HM Treasury, Green Book, A3; elasticity 1.3).

    `incomes`: equivalised income by constituency, in the unit of `median`, all above zero.
    """
    poor = [name for name, income in (*incomes.items(), ("the median", median)) if not income > 0]
    if poor:
        raise ValuationError(f"The income of {', '.join(poor)} is not above zero: no weight can be formed.")
    return {name: (median / income) ** elasticity for name, income in incomes.items()}


def dividend(
    with_action: Outcomes,
    without: Outcomes,
    values: Sequence[UnitValue],
    rate: float,
    drawn: Drawn | None = None,
) -> Dividend:
    """The dividend of an action in every future; future f must be the same state of the world in both.

    `drawn`: unit values by future (see `worth.prices`); the same draw is used with and without.
    """
    _check_same(with_action, without)
    factors = discount_factors(without.amounts.shape[1], rate)
    return Dividend(
        without.constituencies,
        without.funders,
        present_worth(with_action, values, rate, drawn) - present_worth(without, values, rate, drawn),
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
