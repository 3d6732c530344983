"""Many portfolios at once: along budgets from nothing to twice as much, and between two goals."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from philoxenia.valuation.portfolio.choosing import Chooser
from philoxenia.valuation.portfolio.types import Aim, Limits, Option, Portfolio
from philoxenia.valuation.types import Floats, ValuationError

SHARES = tuple(round(0.1 * step, 1) for step in range(21))


def budget_curve(
    options: Sequence[Option],
    limits: Limits,
    shares: Sequence[float] = SHARES,
    aim: Aim | None = None,
) -> list[tuple[float, Portfolio | None]]:
    """The best portfolio at each share of all budgets, in the order of `shares`; None where none keeps the
    limits. Each starts from what its neighbour with less found. The budgets as they are get all of the effort
    that `aim` gives, the others a quarter of it each."""
    aim = aim or Aim()
    if any(share < 0 for share in shares):
        raise ValuationError("A share of the budgets is below zero; 0 is nothing, 1 the budgets as they are.")
    found: dict[float, Portfolio | None] = {}
    known: list[Floats] = []
    for share in sorted(set(shares)):
        at_share = replace(limits, budgets=_scaled(limits.budgets, share))
        timed = aim if share == 1 else replace(aim, effort=aim.effort / 4)
        found[share] = _kept(options, at_share, timed, known)
    return [(share, found[share]) for share in shares]


def _scaled(budgets: Floats, share: float) -> Floats:
    # No limit stays none; a share of nothing of it is nothing.
    return np.zeros_like(budgets) if share == 0 else np.asarray(budgets * share)


def _kept(options: Sequence[Option], limits: Limits, aim: Aim, known: list[Floats]) -> Portfolio | None:
    try:
        chooser = Chooser(options, limits, aim, known)
        found = chooser.best()
    except ValuationError:
        if not options:
            raise
        return None
    chosen = {id(option) for option in found.chosen}
    known.append(np.array([id(option) in chosen for option in options], dtype=np.float64))
    return found


def pareto(
    options: Sequence[Option], limits: Limits, second: Floats, steps: int = 11, aim: Aim | None = None
) -> list[tuple[float, Portfolio]]:
    """Portfolios that trade the aim against a second goal, with what each brings for the second.

    `second`: (options,), for example the mean gain of one constituency. From the best for the aim to the best
    for the second goal; dominated ones are left out. Every limit, floors included, is kept by all.
    """
    aim = aim or Aim()
    gained = [replace(o, gains=np.append(o.gains, worth)) for o, worth in zip(options, second, strict=True)]
    alone = [replace(o, value=np.array([worth])) for o, worth in zip(options, second, strict=True)]
    chooser = Chooser(gained, limits, aim)
    first = float(chooser.best().gains[-1])
    last = _total(options, second, Chooser(alone, limits, Aim(gap=aim.gap, effort=aim.effort)).best())
    front = []
    for least in np.linspace(first, last, num=steps):
        portfolio = chooser.under(_with_floor(limits, options[0].gains.size, float(least)))
        front.append((float(portfolio.gains[-1]), _of(options, gained, portfolio)))
    return _undominated(front, -1.0 if aim.name == "regret" else 1.0)


def _with_floor(limits: Limits, place: int, least: float) -> Limits:
    slack = 1e-9 * max(1.0, abs(least))
    return replace(limits, floors=(*limits.floors, (place, least - slack)))


def _of(options: Sequence[Option], gained: Sequence[Option], portfolio: Portfolio) -> Portfolio:
    """The portfolio in terms of the options that were asked about."""
    chosen = {id(option) for option in portfolio.chosen}
    own = tuple(one for one, like in zip(options, gained, strict=True) if id(like) in chosen)
    return replace(portfolio, chosen=own, gains=portfolio.gains[:-1])


def _total(options: Sequence[Option], worth: Floats, portfolio: Portfolio) -> float:
    kept = {(o.action, o.size, o.start) for o in portfolio.chosen}
    return float(sum(w for o, w in zip(options, worth, strict=True) if (o.action, o.size, o.start) in kept))


def _undominated(found: list[tuple[float, Portfolio]], sign: float) -> list[tuple[float, Portfolio]]:
    kept: list[tuple[float, Portfolio]] = []
    for second, portfolio in sorted(found, key=lambda one: (-one[0], -sign * one[1].objective)):
        if not kept or sign * portfolio.objective > sign * kept[-1][1].objective + 1e-9:
            kept.append((second, portfolio))
    return kept[::-1]
