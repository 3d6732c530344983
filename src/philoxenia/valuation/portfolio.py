"""What a budget buys best: which actions, at which size, from which year. A mixed-integer program, by HiGHS.

Mean, CVaR (Rockafellar and Uryasev 2000, theorem 16) or least regret over futures, under yearly budgets by
funder, prerequisites, exclusions, shared capacity, and floors for constituencies. Values of actions add up:
what two actions bring together beyond that must stand in the table as an option of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack, vstack

from philoxenia.valuation.distribution import cvar
from philoxenia.valuation.types import Floats, ValuationError

AIMS = ("mean", "cvar", "regret")
# Up to so many futures times options the best choice in each future is found exactly.
_EXACT_CELLS = 20_000


@dataclass(frozen=True)
class Option:
    """One action at one size from one year. At most one option of an action is chosen.

    `value`: (F,) net dividend; `gains`: (C,) mean gain by constituency; `costs`: (U, Y) by funder and year;
    `uses`: (R, Y) of shared capacities.
    """

    action: str
    size: str
    start: int
    value: Floats
    gains: Floats
    costs: Floats
    uses: Floats = field(default_factory=lambda: np.zeros((0, 0)))


@dataclass(frozen=True)
class Prerequisite:
    """`action` may start only `years` or more after `needs` has started."""

    action: str
    needs: str
    years: int = 0


@dataclass(frozen=True)
class Limits:
    """What must hold. `budgets`: (U, Y) by funder; `capacities`: (R, Y). `floors`: least mean gain by
    constituency, as (position, amount). `exclusions`: sets of actions of which at most one is chosen.
    `required`: actions that must be in, `banned`: that must not."""

    budgets: Floats
    capacities: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    floors: tuple[tuple[int, float], ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
    exclusions: tuple[frozenset[str], ...] = ()
    required: frozenset[str] = frozenset()
    banned: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Portfolio:
    """The chosen options. `value`: (F,) of the whole; `objective` is what was maximised (regret: minimised);
    `gap` is the share by which the true optimum may be better."""

    chosen: tuple[Option, ...]
    value: Floats
    gains: Floats
    costs: Floats
    objective: float
    gap: float


@dataclass(frozen=True)
class Aim:
    """What counts: the mean, the mean of the worst `worst_share` of futures, or the least largest regret."""

    name: str = "mean"
    worst_share: float = 0.1
    gap: float = 1e-4
    seconds: float = 60.0

    def __post_init__(self) -> None:
        if self.name not in AIMS:
            raise ValuationError(f"A portfolio can aim at {', '.join(AIMS)}, not at {self.name!r}.")
        if not 0 < self.worst_share <= 1:
            raise ValuationError(f"The worst share is {self.worst_share:g}; above 0 and at most 1 is needed.")


def choose(options: Sequence[Option], limits: Limits, aim: Aim | None = None) -> Portfolio:
    """The best portfolio. Raises `ValuationError` where not even an empty one keeps the limits."""
    aim = aim or Aim()
    if not options:
        raise ValuationError("There is no action to choose from.")
    rows = _rows(options, limits)
    values = np.column_stack([option.value for option in options])
    if aim.name == "mean":
        solved = _solve(-values.mean(axis=0), rows, len(options), aim)
    elif aim.name == "cvar":
        solved = _solve(*_cvar_program(values, rows, aim), len(options), aim)
    else:
        best = _best_by_future(values, rows, aim)
        solved = _solve(*_regret_program(values, best, rows), len(options), aim)
    return _portfolio(options, solved, values, aim, rows)


@dataclass(frozen=True)
class _Rows:
    """matrix @ x <= upper, row by row."""

    matrix: csr_array
    upper: Floats


@dataclass(frozen=True)
class _Solved:
    taken: np.ndarray[tuple[int], np.dtype[np.bool_]]
    objective: float
    gap: float


def _rows(options: Sequence[Option], limits: Limits) -> _Rows:
    blocks: list[tuple[Floats, float]] = []
    blocks += _within(np.stack([o.costs for o in options]), limits.budgets, "funders and years", "budgets")
    if limits.capacities.size:
        blocks += _within(np.stack([o.uses for o in options]), limits.capacities, "capacities", "capacities")
    gains = np.stack([o.gains for o in options])
    blocks += [(-gains[:, place], -least) for place, least in limits.floors]
    actions = np.array([o.action for o in options])
    blocks += [((actions == action).astype(float), 1.0) for action in dict.fromkeys(actions.tolist())]
    blocks += [(np.isin(actions, list(group)).astype(float), 1.0) for group in limits.exclusions]
    blocks += [row for rule in limits.prerequisites for row in _prerequisite(options, actions, rule)]
    blocks += [(-(actions == action).astype(float), -1.0) for action in sorted(limits.required)]
    blocks += [((actions == action).astype(float), 0.0) for action in sorted(limits.banned)]
    return _Rows(csr_array(np.stack([row for row, _ in blocks])), np.array([upper for _, upper in blocks]))


def _within(asked: Floats, there: Floats, words: str, name: str) -> list[tuple[Floats, float]]:
    if asked.shape[1:] != there.shape:
        raise ValuationError(f"{name} has shape {there.shape}, the options have {asked.shape[1:]} {words}.")
    return [
        (asked[:, i, j], float(there[i, j]))
        for i in range(there.shape[0])
        for j in range(there.shape[1])
        if np.isfinite(there[i, j]) and asked[:, i, j].any()
    ]


def _prerequisite(
    options: Sequence[Option], actions: np.ndarray[tuple[int], np.dtype[np.str_]], rule: Prerequisite
) -> list[tuple[Floats, float]]:
    """Each option of the action is allowed only if one of the needed action starts early enough."""
    starts = np.array([option.start for option in options])
    rows = []
    for year in sorted(set(starts[actions == rule.action].tolist())):
        row = ((actions == rule.action) & (starts <= year)).astype(float)
        row -= ((actions == rule.needs) & (starts <= year - rule.years)).astype(float)
        rows.append((row, 0.0))
    return rows


def _solve(objective: Floats, rows: _Rows, binaries: int, aim: Aim) -> _Solved:
    """Minimise objective @ (x, rest) with x binary and the rest free or not below zero (see the programs)."""
    rest = objective.size - binaries
    matrix = rows.matrix
    if matrix.shape[1] < objective.size:
        matrix = csr_array(hstack([matrix, csr_array((matrix.shape[0], objective.size - matrix.shape[1]))]))
    low = np.concatenate([np.zeros(binaries), np.full(min(rest, 1), -np.inf), np.zeros(max(rest - 1, 0))])
    high = np.concatenate([np.ones(binaries), np.full(rest, np.inf)])
    scale = _scale(objective)
    found = milp(
        objective / scale,
        constraints=LinearConstraint(matrix, -np.inf, rows.upper),
        integrality=np.concatenate([np.ones(binaries), np.zeros(rest)]),
        bounds=Bounds(low, high),
        options={"mip_rel_gap": aim.gap, "time_limit": aim.seconds},
    )
    if found.x is None:
        if found.status == 2:
            raise ValuationError(
                "No choice of actions keeps all limits: loosen a budget, a floor, or what is required."
            )
        raise ValuationError(
            f"No portfolio was found in {aim.seconds:g} seconds: allow more, or fewer options."
        )
    return _Solved(found.x[:binaries] > 0.5, float(found.fun) * scale, float(found.mip_gap or 0.0))


def _scale(objective: Floats) -> float:
    # Money in millions beside shares of one: the solver wants numbers of one size.
    return float(np.abs(objective).max()) or 1.0


def _cvar_program(values: Floats, rows: _Rows, aim: Aim) -> tuple[Floats, _Rows]:
    """Maximise eta - mean(z) / share with z_f >= eta - value of f; variables x, eta, z (all futures)."""
    futures, count = values.shape
    objective = np.concatenate([np.zeros(count), [-1.0], np.full(futures, 1 / (aim.worst_share * futures))])
    short = hstack([csr_array(-values), csr_array(np.ones((futures, 1))), -_identity(futures)])
    return objective, _stacked(rows, csr_array(short), np.zeros(futures))


def _regret_program(values: Floats, best: Floats, rows: _Rows) -> tuple[Floats, _Rows]:
    """Minimise r with r >= best_f - value of f; variables x, r."""
    futures, count = values.shape
    objective = np.concatenate([np.zeros(count), [1.0]])
    behind = hstack([csr_array(-values), csr_array(-np.ones((futures, 1)))])
    return objective, _stacked(rows, csr_array(behind), -best)


def _identity(size: int) -> csr_array:
    return csr_array((np.ones(size), (np.arange(size), np.arange(size))), shape=(size, size))


def _stacked(rows: _Rows, more: csr_array, upper: Floats) -> _Rows:
    wide = csr_array(
        hstack([rows.matrix, csr_array((rows.matrix.shape[0], more.shape[1] - rows.matrix.shape[1]))])
    )
    return _Rows(csr_array(vstack([wide, more])), np.concatenate([rows.upper, upper]))


def _best_by_future(values: Floats, rows: _Rows, aim: Aim) -> Floats:
    """(F,): the best any portfolio could do if this future were known.

    Exact where there are few futures and options; beyond, the bound of the relaxed program, in which actions
    may be taken in part: regret is then stated a little too high, never too low.
    """
    if values.size <= _EXACT_CELLS:
        return np.array([-_solve(-row, rows, row.size, aim).objective for row in values])
    bounds = np.column_stack([np.zeros(values.shape[1]), np.ones(values.shape[1])])
    found = [
        linprog(-row / _scale(row), A_ub=rows.matrix, b_ub=rows.upper, bounds=bounds, method="highs")
        for row in values
    ]
    return np.array([-one.fun * _scale(row) for one, row in zip(found, values, strict=True)])


def _portfolio(
    options: Sequence[Option], solved: _Solved, values: Floats, aim: Aim, rows: _Rows
) -> Portfolio:
    chosen = tuple(option for option, taken in zip(options, solved.taken, strict=True) if taken)
    value = np.asarray(values[:, solved.taken].sum(axis=1))
    objective = {
        "mean": float(value.mean()),
        "cvar": cvar(value, aim.worst_share),
        "regret": solved.objective,
    }
    empty_gains, empty_costs = np.zeros_like(options[0].gains), np.zeros_like(options[0].costs)
    return Portfolio(
        chosen=chosen,
        value=value,
        gains=sum((option.gains for option in chosen), empty_gains),
        costs=sum((option.costs for option in chosen), empty_costs),
        objective=objective[aim.name],
        gap=solved.gap,
    )


@dataclass(frozen=True)
class Reason:
    """Why an action is in or out: `change` is what the objective loses if it were otherwise (None where the
    limits forbid that), `binding` which limits stand against it, `displaced` which actions would give way."""

    action: str
    is_in: bool
    change: float | None
    binding: tuple[str, ...]
    displaced: tuple[str, ...]


def reasons(
    options: Sequence[Option], limits: Limits, found: Portfolio, aim: Aim | None = None
) -> tuple[Reason, ...]:
    """A reason for every action, by solving again with it banned or required."""
    aim = aim or Aim()
    inside = {option.action for option in found.chosen}
    actions = dict.fromkeys(option.action for option in options)
    return tuple(_reason(action, options, limits, found, inside, aim) for action in actions)


def _reason(
    action: str, options: Sequence[Option], limits: Limits, found: Portfolio, inside: set[str], aim: Aim
) -> Reason:
    is_in = action in inside
    turned = frozenset({action})
    changed = (
        replace(limits, banned=limits.banned | turned)
        if is_in
        else replace(limits, required=limits.required | turned)
    )
    try:
        other = choose(options, changed, aim)
    except ValuationError:
        return Reason(action, is_in, None, _standing_against(action, options, limits), ())
    sign = -1.0 if aim.name == "regret" else 1.0
    left = {option.action for option in other.chosen}
    displaced = tuple(sorted(inside - left - turned))
    against = () if is_in else _standing_against(action, options, limits, found)
    return Reason(action, is_in, sign * (found.objective - other.objective), against, displaced)


def _standing_against(
    action: str, options: Sequence[Option], limits: Limits, found: Portfolio | None = None
) -> tuple[str, ...]:
    """Which limits the cheapest option of an action would break beside what is chosen already."""
    mine = min((o for o in options if o.action == action), key=lambda option: float(option.costs.sum()))
    spent = found.costs if found is not None else np.zeros_like(mine.costs)
    over = (mine.costs + spent > limits.budgets + 1e-9).any(axis=1)
    told = [f"budget {funder}" for funder in np.flatnonzero(over)]
    chosen = {option.action for option in found.chosen} if found is not None else set()
    told += [
        f"needs {rule.needs}"
        for rule in limits.prerequisites
        if rule.action == action and rule.needs not in chosen
    ]
    told += [
        f"excluded by {', '.join(sorted(group & chosen))}"
        for group in limits.exclusions
        if action in group and group & chosen
    ]
    gains = found.gains if found is not None else np.zeros_like(mine.gains)
    told += [
        f"floor {place}" for place, least in limits.floors if gains[place] + mine.gains[place] < least - 1e-9
    ]
    return tuple(told)


def pareto(
    options: Sequence[Option], limits: Limits, second: Floats, steps: int = 11, aim: Aim | None = None
) -> list[tuple[float, Portfolio]]:
    """Portfolios that trade the aim against a second goal, with what each brings for the second.

    `second`: (options,), for example the mean gain of one constituency. From the best for the aim to the best
    for the second goal; dominated ones are left out.
    """
    aim = aim or Aim()
    alone = [replace(o, value=np.array([worth])) for o, worth in zip(options, second, strict=True)]
    first = _total(options, second, choose(options, limits, aim))
    last = _total(options, second, choose(alone, limits, Aim(gap=aim.gap, seconds=aim.seconds)))
    levels = np.linspace(first, last, num=steps)
    found = [_at_least(options, limits, second, float(least), aim) for least in levels]
    return _undominated(found)


def _at_least(
    options: Sequence[Option], limits: Limits, second: Floats, least: float, aim: Aim
) -> tuple[float, Portfolio]:
    """The best portfolio that brings `least` for the second goal, as one more floor."""
    gained = [replace(o, gains=np.append(o.gains, worth)) for o, worth in zip(options, second, strict=True)]
    slack = 1e-9 * max(1.0, abs(least))
    bound = replace(limits, floors=(*limits.floors, (options[0].gains.size, least - slack)))
    portfolio = choose(gained, bound, aim)
    return _total(options, second, portfolio), replace(portfolio, gains=portfolio.gains[:-1])


def _total(options: Sequence[Option], worth: Floats, portfolio: Portfolio) -> float:
    kept = {(o.action, o.size, o.start) for o in portfolio.chosen}
    return float(sum(w for o, w in zip(options, worth, strict=True) if (o.action, o.size, o.start) in kept))


def _undominated(found: list[tuple[float, Portfolio]]) -> list[tuple[float, Portfolio]]:
    kept: list[tuple[float, Portfolio]] = []
    for second, portfolio in sorted(found, key=lambda one: (-one[0], -one[1].objective)):
        if not kept or portfolio.objective > kept[-1][1].objective + 1e-9:
            kept.append((second, portfolio))
    return kept[::-1]
