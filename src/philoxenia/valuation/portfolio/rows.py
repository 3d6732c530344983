"""Limits as rows of a linear program: matrix @ x <= upper, each row with the name of what it keeps.

Every row is divided by its largest entry: money in millions stands beside ones, and a solver that forgives a
millionth would otherwise let a budget be overdrawn or find nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from philoxenia.valuation.portfolio.types import Limits, Option, Prerequisite
from philoxenia.valuation.types import Floats, ValuationError

Flags = NDArray[np.bool_]
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Rows:
    """matrix @ x <= upper for x of 0 and 1 by option; `names` says which limit a row is of."""

    matrix: Floats
    upper: Floats
    names: tuple[str, ...]

    def keeps(self, taken: Floats) -> bool:
        """Whether the options `taken` (N,) keep every limit, up to rounding."""
        return bool((self.matrix @ taken <= self.upper + _ROUNDING).all())

    def possible(self) -> Flags:
        """(N,): options that keep every budget and capacity if nothing else is taken."""
        alone = (self.matrix >= 0).all(axis=1)
        return np.asarray((self.matrix[alone] <= self.upper[alone, None] + _ROUNDING).all(axis=0))

    def without(self, names: frozenset[str]) -> "Rows":
        """The rows that are left when limits of these names are dropped."""
        kept = [i for i, name in enumerate(self.names) if name not in names]
        return Rows(self.matrix[kept], self.upper[kept], tuple(self.names[i] for i in kept))


def rows_of(options: Sequence[Option], limits: Limits) -> Rows:
    """Every limit as a row. Raises `ValuationError` where shapes do not fit."""
    named = [row for row in _all_rows(options, limits) if row[0].any() or row[1] < 0]
    if not named:
        return Rows(np.zeros((0, len(options))), np.zeros(0), ())
    matrix = np.stack([row for row, _, _ in named])
    upper = np.array([bound for _, bound, _ in named])
    scale = np.abs(matrix).max(axis=1)
    scale[scale == 0] = 1.0
    return Rows(matrix / scale[:, None], upper / scale, tuple(name for _, _, name in named))


_Row = tuple[Floats, float, str]


def _all_rows(options: Sequence[Option], limits: Limits) -> Iterator[_Row]:
    costs = np.stack([option.costs for option in options])
    yield from _within(costs, limits.budgets, "budget", limits.funders, limits.first_year)
    if limits.capacities.size:
        uses = np.stack([option.uses for option in options])
        yield from _within(uses, limits.capacities, "capacity", limits.resources, limits.first_year)
    gains = np.stack([option.gains for option in options])
    for place, least in limits.floors:
        yield -gains[:, place], -least, f"floor {name_at(limits.constituencies, place)}"
    actions = np.array([option.action for option in options])
    for action in dict.fromkeys(actions.tolist()):
        yield _of(actions, {action}), 1.0, f"one option of {action}"
    for group in limits.exclusions:
        yield _of(actions, group), 1.0, f"exclusion of {', '.join(sorted(group))}"
    for rule in limits.prerequisites:
        yield from _prerequisite(options, actions, rule)
    for action in sorted(limits.required):
        yield -_of(actions, {action}), -1.0, f"required {action}"
    for action in sorted(limits.banned):
        yield _of(actions, {action}), 0.0, f"banned {action}"


def name_at(names: tuple[str, ...], place: int) -> str:
    """The name at a position, or the position where there are no names."""
    return names[place] if place < len(names) else str(place)


def _of(actions: NDArray[np.str_], named: set[str] | frozenset[str]) -> Floats:
    return np.isin(actions, list(named)).astype(np.float64)


def _within(
    asked: Floats, there: Floats, kind: str, names: tuple[str, ...], first_year: int
) -> Iterator[_Row]:
    if asked.shape[1:] != there.shape:
        raise ValuationError(
            f"The {kind} has shape {there.shape}, the options have {asked.shape[1:]} by name and year."
        )
    for i, j in np.ndindex(there.shape):
        # What no choice can overdraw binds nothing and would only slow the search.
        if np.isfinite(there[i, j]) and np.maximum(asked[:, i, j], 0).sum() > there[i, j]:
            yield asked[:, i, j], float(there[i, j]), f"{kind} {name_at(names, i)} {first_year + j}"


def _prerequisite(options: Sequence[Option], actions: NDArray[np.str_], rule: Prerequisite) -> Iterator[_Row]:
    """Each option of the action is allowed only if one of the needed action starts early enough."""
    starts = np.array([option.start for option in options])
    for year in sorted(set(starts[actions == rule.action].tolist())):
        row = ((actions == rule.action) & (starts <= year)).astype(np.float64)
        row -= ((actions == rule.needs) & (starts <= year - rule.years)).astype(np.float64)
        yield row, 0.0, f"{rule.action} needs {rule.needs}"
