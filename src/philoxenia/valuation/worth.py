"""What outcomes are worth in money: unit values, likely or drawn by future, and discounting.

Owns prices and present worth; ignores plans and who is compared with whom.
"""

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np

from philoxenia.valuation.types import PILLARS, Floats, Outcomes, Pillar, UnitValue, ValuationError

# By measure the value drawn in every future (F,), or the prices themselves (F, M, P) or (M, P).
Drawn = Mapping[str, Floats] | Floats


def discount_factors(years: int, rate: float) -> Floats:
    """(Y,): (1 + rate)^-t for t = 0, 1, ...; the first year is not discounted (Green Book, A6)."""
    if rate <= -1:
        raise ValuationError(f"The discount rate is {rate:g} a year; it must be above -1.")
    return np.asarray((1.0 + rate) ** -np.arange(years, dtype=np.float64))


def prices(measures: Sequence[str], values: Sequence[UnitValue], drawn: Drawn | None = None) -> Floats:
    """(M, P) money a unit by measure and pillar, or (F, M, P) where some are `drawn` by future.

    A measure without a value counts nothing. Where a measure has several values, each with its pillar, what
    is drawn must be given as (F, M, P): one number by measure would not say which is meant.
    """
    if drawn is not None and not isinstance(drawn, Mapping):
        return _given_prices(drawn, len(measures))
    place = {measure: index for index, measure in enumerate(measures)}
    unknown = [value.measure for value in values if value.measure not in place]
    if unknown:
        raise ValuationError(f"Values are given for {', '.join(unknown)}, which the outcomes do not hold.")
    likely = np.zeros((len(measures), len(PILLARS)))
    for value in values:
        likely[place[value.measure], PILLARS.index(value.pillar)] += value.value
    if not drawn:
        return likely
    return _with_drawn(likely, place, values, drawn)


def _given_prices(drawn: Floats, measures: int) -> Floats:
    given = np.asarray(drawn, dtype=np.float64)
    if given.ndim not in (2, 3) or given.shape[-2:] != (measures, len(PILLARS)):
        raise ValuationError(
            f"Prices have shape {given.shape}; (futures, {measures} measures, {len(PILLARS)}) is needed."
        )
    return given


def _with_drawn(
    likely: Floats, place: Mapping[str, int], values: Sequence[UnitValue], drawn: Mapping[str, Floats]
) -> Floats:
    futures = {name: np.size(numbers) for name, numbers in drawn.items()}
    if len(set(futures.values())) > 1:
        raise ValuationError(f"Values are drawn for different numbers of futures: {futures}.")
    found = np.repeat(likely[None], next(iter(futures.values())), axis=0)
    for measure, numbers in drawn.items():
        own = [value for value in values if value.measure == measure]
        if len(own) != 1:
            raise ValuationError(
                f"{measure} is drawn by future but has {len(own)} unit values; exactly one is needed."
            )
        found[:, place[measure], PILLARS.index(own[0].pillar)] = numbers
    return found


def draw_values(values: Sequence[UnitValue], futures: int, seed: int) -> dict[str, Floats]:
    """By measure (F,): values between low and high, likeliest at `value`, triangular; only uncertain ones.

    One draw in each of `futures` equal slices of probability (Latin hypercube, McKay et al. 1979). A measure
    has a stream of its own, so that one more value leaves the others as they were.
    """
    return {
        value.measure: _triangular(value, _slices(value.measure, futures, seed))
        for value in values
        if value.low < value.high
    }


def _slices(name: str, futures: int, seed: int) -> Floats:
    own = int.from_bytes(hashlib.sha256(f"unit_value.{name}".encode()).digest()[:8], "big")
    random = np.random.default_rng([seed, own])
    return np.asarray((random.permutation(futures) + random.random(futures)) / futures)


def _triangular(value: UnitValue, quantile: Floats) -> Floats:
    low, likely, high = value.low, value.value, value.high
    if not low <= likely <= high:
        raise ValuationError(f"{value.measure}: {likely:g} does not lie between {low:g} and {high:g}.")
    turn = (likely - low) / (high - low)
    rising = low + np.sqrt(quantile * (high - low) * (likely - low))
    falling = high - np.sqrt((1 - quantile) * (high - low) * (high - likely))
    return np.asarray(np.where(quantile < turn, rising, falling))


def present_worth(
    outcomes: Outcomes, values: Sequence[UnitValue], rate: float, drawn: Drawn | None = None
) -> Floats:
    """(F, C, P): discounted worth of what happens, at the values `drawn` by future or at the likely ones."""
    factors = discount_factors(outcomes.amounts.shape[1], rate)
    total = np.einsum("fycm,y->fcm", outcomes.amounts, factors, optimize=True)
    return priced(total, prices(outcomes.measures, values, drawn))


def priced(amounts: Floats, price: Floats) -> Floats:
    """(F, N, P): amounts (F, N, M) at prices (M, P), or (F, M, P) by future."""
    if price.ndim == 3 and len(price) != len(amounts):
        raise ValuationError(f"Values are drawn for {len(price)} futures; the outcomes have {len(amounts)}.")
    return np.asarray(amounts @ price)


def extra_gains(amounts: Mapping[Pillar, Floats], rate: float) -> Floats:
    """(F, C, P): benefits outside the model, from money (F, Y, C) by pillar, discounted."""
    if not amounts:
        raise ValuationError("There is no benefit to discount.")
    shapes = {np.shape(money) for money in amounts.values()}
    if len(shapes) > 1 or len(next(iter(shapes))) != 3:
        raise ValuationError(
            f"Benefits have the shapes {sorted(shapes)}; each must be (futures, years, constituencies)."
        )
    futures, years, cells = next(iter(shapes))
    found = np.zeros((futures, cells, len(PILLARS)))
    factors = discount_factors(years, rate)
    for pillar, money in amounts.items():
        found[:, :, PILLARS.index(pillar)] = np.einsum("fyc,y->fc", money, factors)
    return found
