"""What a budget buys best: which actions, at which size, from which year, with a proof of how good that is.

Cutting planes (Kelley 1960): a mixed-integer program with few cuts bounds the aim from above, local search
finds portfolios, each of which gives another cut, until bound and best meet. Exact where the effort allows;
the gap that is left is told. Values of actions add up: what two bring together must be an option of its own.
"""

from collections.abc import Sequence

import numpy as np

from philoxenia.valuation.portfolio.blocking import blocking_limits
from philoxenia.valuation.portfolio.goals import Cvar, Goal, Mean, Regret
from philoxenia.valuation.portfolio.hindsight import Hindsight
from philoxenia.valuation.portfolio.rows import Rows, rows_of
from philoxenia.valuation.portfolio.search import Search, best_few
from philoxenia.valuation.portfolio.solver import Cut, Effort, best_under
from philoxenia.valuation.portfolio.types import Aim, Limits, Option, Portfolio
from philoxenia.valuation.types import Floats, ValuationError

# Options times futures up to which the programs alone are quick, and what local search may look at beyond.
_SMALL, _SEARCHED = 20_000, 2e7
_CUTS_AT_FIRST, _STARTS, _SHARPENED = 40, 5, 40
# Early programs need not be solved exactly: many rough ones find more cuts than few exact ones.
_FIRST_STEP, _FUTURES_NEAR = 0.1, 40
# A first look at the mean is for candidates only; it need not be exact.
_ROUGH = 0.02


def choose(options: Sequence[Option], limits: Limits, aim: Aim | None = None) -> Portfolio:
    """The best portfolio. Raises `ValuationError` where not even an empty one keeps the limits, with the
    limits that stand against it."""
    return Chooser(options, limits, aim or Aim()).best()


class Chooser:
    """Chooses among the same options under one set of limits after another.

    Cuts bound every portfolio whatever the limits, and what was found before is where the next search starts:
    asking again with one action banned is much quicker than asking anew. Regret is measured against the best
    in hindsight that `limits`, those at the start, allow.
    """

    def __init__(
        self, options: Sequence[Option], limits: Limits, aim: Aim, known: Sequence[Floats] = ()
    ) -> None:
        if not options:
            raise ValuationError("There is no action to choose from.")
        self.options, self.limits, self.aim = tuple(options), limits, aim
        self.values = np.stack([option.value for option in options])
        names = list(dict.fromkeys(option.action for option in options))
        self._actions = np.array([names.index(option.action) for option in options])
        self._effort = Effort(aim.effort)
        self.known: list[Floats] = list(known)
        self._cuts: dict[bytes, Cut] = {}
        self.goal = self._goal()

    def best(self) -> Portfolio:
        """The best portfolio under the limits at the start."""
        return self._best(self.limits)

    def under(self, limits: Limits) -> Portfolio:
        """The best portfolio under other limits, with as much effort again."""
        self._effort = Effort(self.aim.effort)
        return self._best(limits)

    def score(self, taken: Floats) -> float:
        """The aim of one portfolio, more is better."""
        return float(self.goal.score((taken @ self.values)[None])[0])

    def _goal(self) -> Goal:
        if self.aim.name == "mean":
            return Mean(self.values)
        if self.aim.name == "cvar":
            return Cvar(self.values, self.aim.worst_share)
        search = Search(self.values, self._actions, rows_of(self.options, self.limits))
        self.known.append(self._by_mean(search.rows, -np.inf)[0])
        self._hindsight = Hindsight(search, self.aim.gap)
        if self.values.size <= _SMALL:
            return self._hindsight.exact(self.known, self._effort)
        return self._hindsight.searched(self.known)

    def _best(self, limits: Limits) -> Portfolio:
        rows = rows_of(self.options, limits)
        search = Search(self.values, self._actions, rows)
        known = [one for one in map(search.repaired, self.known) if one is not None]
        if isinstance(self.goal, Mean):
            least = max(map(self.score, known), default=-np.inf)
            taken, bound = self._by_mean(rows, least)
            self.known.append(taken)
        else:
            known = known or [self._by_mean(rows, -np.inf)[0]]
            taken, bound = self._proven(self._candidate(known, search), search)
        return self._portfolio(taken, bound)

    def _by_mean(self, rows: Rows, least: float) -> tuple[Floats, float]:
        """The portfolio with the best mean, nearly so where another goal asks, and a bound on every mean."""
        gap = self.aim.gap if self.aim.name == "mean" else max(self.aim.gap, _ROUGH)
        cut = Mean(self.values).cut(self.values[0])
        answer = best_under([cut], rows, _slightly_below(least), gap=gap, effort=self._effort)
        if answer.impossible:
            raise ValuationError(blocking_limits(rows))
        if answer.taken is None:
            raise ValuationError(
                f"No portfolio was found with an effort of {self.aim.effort:g}: allow more, or fewer options."
            )
        return answer.taken, answer.bound

    def _candidate(self, known: Sequence[Floats], search: Search) -> Floats:
        """A good portfolio by local search, and cuts at the best that were seen on the way."""
        starts = best_few(known, self.score, _STARTS)
        best = max((search.improved(one, self.goal) for one in starts), key=self.score)
        if self.values.size > _SMALL:
            best = search.shaken(best, self.goal, int(np.clip(_SEARCHED / self.values.size, 5, 60)))
        for one in [*best_few(search.seen, self.score, _CUTS_AT_FIRST), best]:
            self._learn(one)
        return best

    def _proven(self, best: Floats, search: Search) -> tuple[Floats, float]:
        """The best portfolio and a bound on all: a program over the cuts, cuts at what it finds, again."""
        best = self._settled(best, search)
        score, bound, step = self.score(best), np.inf, _FIRST_STEP
        while bound - score > self.aim.gap * abs(score) + 1e-9 and self._effort.left:
            least = _slightly_below(score)
            answer = best_under(list(self._cuts.values()), search.rows, least, gap=step, effort=self._effort)
            if answer.impossible:
                return best, score
            bound = min(bound, answer.bound)
            if answer.taken is None:
                break
            better = search.improved(answer.taken, self.goal)
            new = [self._learn(one) for one in (answer.taken, better)]
            if self._sharpen(max((best, better), key=self.score)):
                # Regret is now measured more exactly: what was proven before was of another measure.
                bound = np.inf
            best = max((best, better), key=self.score)
            score = self.score(best)
            if np.isfinite(bound) and (not any(new) or bound - score < 3 * step * abs(score)):
                if step <= self.aim.gap / 2 and not any(new):
                    break
                step = max(step / 3, self.aim.gap / 2)
        return best, max(bound, score)

    def _learn(self, taken: Floats) -> bool:
        """Keep a portfolio and the cut at it; whether it is new."""
        key = taken.tobytes()
        if key in self._cuts:
            return False
        self.known.append(taken)
        self._cuts[key] = self.goal.cut(taken @ self.values)
        return True

    def _sharpen(self, taken: Floats) -> bool:
        """Find exactly what hindsight would reach in the future this portfolio regrets most; whether that
        changed the measure, and with it every cut."""
        if not isinstance(self.goal, Regret):
            return False
        sharper = self._hindsight.proven(self.goal, taken @ self.values, self.known, self._effort)
        if sharper is self.goal:
            return False
        self.goal = sharper
        best = best_few(self.known, self.score, _CUTS_AT_FIRST)
        self._cuts = {one.tobytes(): sharper.cut(one @ self.values) for one in best}
        # Futures in which a good portfolio is far behind are those in which its neighbours are furthest.
        near = sharper.cuts(taken @ self.values, _FUTURES_NEAR)
        self._cuts |= {f"future {future}".encode(): cut for future, cut in near.items()}
        return True

    def _settled(self, best: Floats, search: Search) -> Floats:
        """A good portfolio whose largest regret is exact: sharpening may move it, and another be better."""
        for _ in range(_SHARPENED):
            if not self._sharpen(best):
                break
            known = [one for one in self.known if search.rows.keeps(one)]
            best = search.improved(max(known, key=self.score), self.goal)
        self._learn(best)
        return best

    def _portfolio(self, taken: Floats, bound: float) -> Portfolio:
        chosen = tuple(option for option, is_in in zip(self.options, taken, strict=True) if is_in)
        score, first = self.score(taken), self.options[0]
        return Portfolio(
            chosen=chosen,
            value=np.asarray(taken @ self.values),
            gains=sum((option.gains for option in chosen), np.zeros_like(first.gains)),
            costs=sum((option.costs for option in chosen), np.zeros_like(first.costs)),
            objective=-score if self.aim.name == "regret" else score,
            gap=max(bound - score, 0.0) / max(abs(score), 1e-12),
        )


def _slightly_below(score: float) -> float:
    # A bound at the best itself could cut it off by rounding.
    return score - 0.01 * abs(score) if np.isfinite(score) else -np.inf
