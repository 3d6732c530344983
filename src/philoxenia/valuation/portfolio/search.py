"""Good portfolios quickly: change one action at a time while it helps, then shake and try again.

Owns candidates, not proof: how far from the optimum they may be is said by the bounds in `choosing.py`.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from philoxenia.valuation.portfolio.goals import Goal
from philoxenia.valuation.portfolio.rows import Rows
from philoxenia.valuation.types import Floats

_ROUNDING = 1e-9
_REPAIRS = 30


class Search:
    """Local search over portfolios (N,) of 0 and 1; at most one option of an action is taken.

    `values`: (N, F). Every improvement goes into `seen`, from which bounds are made.
    """

    def __init__(self, values: Floats, actions: NDArray[np.int64], rows: Rows) -> None:
        self.values, self.actions, self.rows = values, actions, rows
        self._columns = np.ascontiguousarray(rows.matrix.T)
        self._allowed = rows.possible()
        self.seen: list[Floats] = []

    def improved(self, taken: Floats, goal: Goal) -> Floats:
        """The best portfolio that single changes lead to: an action put in, out, or at another option."""
        score = float(goal.score((taken @ self.values)[None])[0])
        while True:
            into, out = self._changes(taken)
            if not into.size:
                return taken
            scores = goal.score(self._changed(taken @ self.values, self.values, into, out))
            place = int(scores.argmax())
            if scores[place] <= score + _ROUNDING * abs(score):
                return taken
            taken, score = _moved(taken, int(into[place]), int(out[place])), float(scores[place])
            self.seen.append(taken)

    def _changes(self, taken: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Options to put `into` and take `out` (-1 for none) such that every limit is kept."""
        inside = np.flatnonzero(taken)
        of_action = np.full(int(self.actions.max()) + 1, -1)
        of_action[self.actions[inside]] = inside
        candidates = np.flatnonzero(self._allowed & (taken == 0))
        into = np.concatenate([candidates, np.full(inside.size, -1)])
        out = np.concatenate([of_action[self.actions[candidates]], inside])
        used = self._columns.T @ taken
        after = self._changed(used, self._columns, into, out)
        kept = (after <= self.rows.upper + _ROUNDING).all(axis=1)
        return into[kept], out[kept]

    @staticmethod
    def _changed(base: Floats, columns: Floats, into: NDArray[np.int64], out: NDArray[np.int64]) -> Floats:
        more = np.where((into >= 0)[:, None], columns[into], 0.0)
        return np.asarray(base + more - np.where((out >= 0)[:, None], columns[out], 0.0))

    def shaken(self, taken: Floats, goal: Goal, tries: int) -> Floats:
        """The best found by taking some actions out and improving again; the same tries every time."""
        random = np.random.default_rng(0)
        best, score = taken, float(goal.score((taken @ self.values)[None])[0])
        for _ in range(tries):
            start = self.repaired(self._thinned(best, random))
            if start is None:
                continue
            found = self.improved(start, goal)
            reached = float(goal.score((found @ self.values)[None])[0])
            if reached >= score:
                best, score = found, reached
        return best

    def _thinned(self, taken: Floats, random: np.random.Generator) -> Floats:
        inside = np.flatnonzero(taken)
        if not inside.size:
            return taken
        gone = random.permutation(inside)[: int(random.integers(1, max(2, min(6, inside.size))))]
        thinner = taken.copy()
        thinner[gone] = 0.0
        return thinner

    def repaired(self, taken: Floats) -> Floats | None:
        """The portfolio with options taken out until every limit is kept; None where that does not help."""
        mended = taken.copy()
        for _ in range(_REPAIRS):
            broken = self.rows.matrix @ mended > self.rows.upper + _ROUNDING
            if not broken.any():
                return mended
            blame = np.where(mended > 0, (self.rows.matrix[broken] > 0).sum(axis=0), 0)
            if not blame.any():
                return None
            mended[int(blame.argmax())] = 0.0
        return None


def _moved(taken: Floats, into: int, out: int) -> Floats:
    changed = taken.copy()
    if out >= 0:
        changed[out] = 0.0
    if into >= 0:
        changed[into] = 1.0
    return changed


def best_few(portfolios: Sequence[Floats], score: Callable[[Floats], float], count: int) -> list[Floats]:
    """The `count` best portfolios, each once."""
    different = {one.tobytes(): one for one in portfolios}
    return sorted(different.values(), key=score, reverse=True)[:count]
