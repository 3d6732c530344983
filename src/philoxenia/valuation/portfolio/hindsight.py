"""What could have been reached in each future, had it been known: the measure of regret.

Owns the best of each future; the portfolio that regrets least is chosen elsewhere.
"""

import numpy as np

from philoxenia.valuation.portfolio.goals import Mean, Regret
from philoxenia.valuation.portfolio.search import Search
from philoxenia.valuation.portfolio.solver import Cut, Effort, best_under
from philoxenia.valuation.types import Floats


class Hindsight:
    """The best portfolio of a future among those that keep the limits `search` has."""

    def __init__(self, search: Search, gap: float) -> None:
        self._search, self._gap = search, gap

    def exact(self, known: list[Floats], effort: Effort) -> Regret:
        """Every future solved on its own. What is found is added to `known`."""
        values = self._search.values
        unknown = Regret(
            values, (np.stack(known) @ values).max(axis=0), np.zeros(values.shape[1], dtype=bool)
        )
        for future in range(values.shape[1]):
            self._prove(unknown, future, known, effort)
        return unknown

    def searched(self, known: list[Floats]) -> Regret:
        """The best of portfolios that local search improved for a future each; nothing is proven yet.

        Regret is then measured against portfolios that exist, and may be understated a little.
        """
        values = self._search.values
        for future in range(values.shape[1]):
            column = values[:, future : future + 1]
            start = known[int((np.stack(known) @ column[:, 0]).argmax())]
            own = Search(column, self._search.actions, self._search.rows)
            found = own.improved(start, Mean(column))
            if found is not start:
                known.append(found)
        best = (np.stack(known) @ values).max(axis=0)
        return Regret(values, best, np.zeros(values.shape[1], dtype=bool))

    def proven(self, goal: Regret, value: Floats, known: list[Floats], effort: Effort) -> Regret:
        """The same measure, exact in the future that a portfolio worth `value` regrets most; `goal` itself
        where it is exact there already or no effort is left."""
        sharper = Regret(self._search.values, goal.best.copy(), goal.proven.copy())
        while effort.left and not sharper.proven[future := sharper.worst(value)]:
            self._prove(sharper, future, known, effort)
        return sharper if (sharper.proven != goal.proven).any() else goal

    def _prove(self, goal: Regret, future: int, known: list[Floats], effort: Effort) -> None:
        slope, best = self._search.values[:, future], float(goal.best[future])
        least = best - 0.01 * abs(best)
        found = best_under([Cut(slope, 0.0)], self._search.rows, least, gap=self._gap, effort=effort)
        if found.taken is not None:
            known.append(found.taken)
            goal.best[future] = max(best, float(found.taken @ slope))
        goal.proven[future] = True
