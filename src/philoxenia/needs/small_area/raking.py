"""Tables raked to margins, many areas at once, and estimates made to add up to a published total."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from philoxenia.needs.small_area.fay_herriot import SmallAreaError

Floats = NDArray[np.float64]
_ROUNDS, _CLOSE = 2000, 1e-10


def rake(seed: Floats, margins: Sequence[Floats], close: float = _CLOSE) -> Floats:
    """Tables (areas, k1, k2 ...) whose sums are the margins (areas, k1), (areas, k2) ..., near the seed.

    Iterative proportional fitting (Deming and Stephan 1940); the odds ratios of the seed are kept. Margins
    of an area are first scaled to its first margin's total. Raises `SmallAreaError` where a margin asks for
    people in a row the seed leaves empty, or where no table fits.
    """
    table = seed.astype(np.float64).copy()
    if len(margins) != table.ndim - 1 or (table < 0).any() or any((one < 0).any() for one in margins):
        raise SmallAreaError(
            f"A table of {table.ndim - 1} margins was given {len(margins)}, or one below zero."
        )
    wanted = _same_total(margins)
    for axis, margin in enumerate(wanted, start=1):
        empty = (_sums(table, axis) == 0) & (margin > 0)
        if empty.any():
            raise SmallAreaError(
                f"Margin {axis} counts people where the seed has none: give the seed a start."
            )
    scale = max(float(wanted[0].max()), 1e-300)
    for _ in range(_ROUNDS):
        for axis, margin in enumerate(wanted, start=1):
            table *= _factors(table, axis, margin)
        if max(float(abs(_sums(table, axis) - m).max()) for axis, m in enumerate(wanted, 1)) <= close * scale:
            return table
    raise SmallAreaError(f"Raking did not settle in {_ROUNDS} rounds: no table has all these margins.")


def _same_total(margins: Sequence[Floats]) -> list[Floats]:
    total = margins[0].sum(axis=1, keepdims=True)
    scaled = [margins[0].astype(np.float64)]
    for margin in margins[1:]:
        own = margin.sum(axis=1, keepdims=True)
        scaled.append(
            np.divide(margin * total, own, out=np.zeros_like(margin, dtype=np.float64), where=own > 0)
        )
    return scaled


def _sums(table: Floats, axis: int) -> Floats:
    others = tuple(i for i in range(1, table.ndim) if i != axis)
    return np.asarray(table.sum(axis=others))


def _factors(table: Floats, axis: int, margin: Floats) -> Floats:
    sums = _sums(table, axis)
    factor = np.divide(margin, sums, out=np.zeros_like(sums), where=sums > 0)
    shape = [table.shape[0], *(table.shape[i] if i == axis else 1 for i in range(1, table.ndim))]
    return np.asarray(factor.reshape(shape))


def benchmark(rates: Floats, bases: Floats, total: float) -> Floats:
    """Rates (..., areas) moved on the logit scale by one amount: rate x base adds up to the total exactly.

    Every rate stays between 0 and 1, which a ratio would not promise. Raises `SmallAreaError` for a
    total that no rates give. The last digits are put right by a ratio of nearly one.
    """
    base = float(bases.sum())
    if not 0 < total < base:
        raise SmallAreaError(f"The areas cannot add up to {total:,.0f}: they hold {base:,.0f} in all.")
    bounded = np.clip(rates, 1e-12, 1 - 1e-12)
    odds = np.log(bounded / (1 - bounded))
    low, high = np.full(odds.shape[:-1], -60.0), np.full(odds.shape[:-1], 60.0)
    for _ in range(80):
        middle = (low + high) / 2
        above = (_logistic(odds + middle[..., None]) * bases).sum(axis=-1) > total
        high, low = np.where(above, middle, high), np.where(above, low, middle)
    moved = _logistic(odds + ((low + high) / 2)[..., None])
    return np.asarray(moved * (total / (moved * bases).sum(axis=-1, keepdims=True)))


def _logistic(odds: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-odds)))
