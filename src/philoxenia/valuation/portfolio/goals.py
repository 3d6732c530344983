"""The three aims as concave functions of a portfolio: a score, and a cut that no portfolio lies above.

Each is min over some set of q @ values, so that a subgradient at one portfolio bounds all others (Kelley
1960; for CVaR Kuenzi-Bay and Mayer 2006). `values` is (N, F), the value of each option in each future.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from philoxenia.valuation.portfolio.solver import Cut
from philoxenia.valuation.types import Floats


class Goal(Protocol):
    """What is maximised."""

    def score(self, values: Floats) -> Floats:
        """(K,) of portfolios worth `values` (K, F)."""

    def cut(self, value: Floats) -> Cut:
        """A bound on every portfolio that is exact at the one worth `value` (F,)."""


class Mean:
    """The mean over futures: one cut says all."""

    def __init__(self, values: Floats) -> None:
        self._slope = values.mean(axis=1)

    def score(self, values: Floats) -> Floats:
        """(K,) means."""
        return np.asarray(values.mean(axis=1))

    def cut(self, value: Floats) -> Cut:
        """The mean itself."""
        return Cut(self._slope, 0.0)


class Cvar:
    """The mean of the worst share of futures, the last one counted in part."""

    def __init__(self, values: Floats, share: float) -> None:
        self._values = values
        futures = values.shape[1]
        count = share * futures
        self._whole = int(count)
        weights = np.zeros(min(self._whole + 1, futures))
        weights[: self._whole] = 1.0
        if self._whole < futures:
            weights[self._whole] = count - self._whole
        self._weights = weights / count

    def score(self, values: Floats) -> Floats:
        """(K,) means of the worst."""
        size = self._weights.size
        if size < values.shape[1]:
            values = np.partition(values, size - 1, axis=1)[:, :size]
        # All but the last weigh the same, so that only the last need be in its place.
        return np.asarray(values @ self._weights)

    def cut(self, value: Floats) -> Cut:
        """The mean over the futures that are worst for this portfolio."""
        worst = np.argsort(value, kind="stable")[: self._weights.size]
        return Cut(np.asarray(self._values[:, worst] @ self._weights), 0.0)


class Regret:
    """Minus the largest distance from `best` (F,), what a portfolio could reach if the future were known.

    `proven`: (F,) whether nothing better than `best` exists in that future; elsewhere it was only looked for.
    """

    def __init__(self, values: Floats, best: Floats, proven: NDArray[np.bool_]) -> None:
        self._values, self.best, self.proven = values, best, proven

    def score(self, values: Floats) -> Floats:
        """(K,) minus largest regrets."""
        return np.asarray((values - self.best).min(axis=1))

    def worst(self, value: Floats) -> int:
        """The future in which a portfolio is furthest behind."""
        return int((value - self.best).argmin())

    def cut(self, value: Floats) -> Cut:
        """The regret of that future."""
        future = self.worst(value)
        return Cut(self._values[:, future], -float(self.best[future]))

    def cuts(self, value: Floats, count: int) -> dict[int, Cut]:
        """The regret of the `count` futures in which a portfolio is furthest behind, by future."""
        worst = np.argsort(value - self.best, kind="stable")[:count]
        return {int(f): Cut(self._values[:, f], -float(self.best[f])) for f in worst}
