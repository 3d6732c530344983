"""What somebody can work out who adds and subtracts everything that is published.

For a hidden figure the attacker solves two programs, its least and its largest value given all that is known
(Fischetti and Salazar 2001, "Solving the cell suppression problem"). A figure whose least is its largest is
*recoverable*. Programs are solved in whole people where counts are whole: a linear relaxation
alone can miss what whole numbers give away. Owns programs; who knows what is for the caller to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse.csgraph import connected_components

from philoxenia.disclosure.types import DisclosureError, Floats, Known

_CLOSE = 1e-6
_UNBOUNDED, _INFEASIBLE = 3, 2
_SECONDS = 10.0


class ContradictionError(DisclosureError):
    """Figures that no counts give at once: they are of different people, or of different days."""


@dataclass(frozen=True)
class Part:
    """Atoms that hang together through what is known, and the rows of known sums among them."""

    atoms: NDArray[np.int64]
    matrix: sparse.csr_matrix
    low: Floats
    high: Floats
    atom_low: Floats
    atom_high: Floats
    whole: bool

    def extreme(self, direction: Floats, sign: float) -> tuple[float, Floats | None]:
        """The largest (sign 1) or least (-1) of a sum of this part's atoms, and atoms that reach it."""
        if not direction.any():
            return 0.0, None
        # The vertex of a linear program is mostly whole already; only where it is not is branching needed.
        value, point = self._solve(direction, sign, whole=False)
        if self.whole and point is not None and np.abs(point - np.rint(point)).max() > _CLOSE:
            return self._solve(direction, sign, whole=True)
        return value, point

    def _solve(self, direction: Floats, sign: float, whole: bool) -> tuple[float, Floats | None]:
        rows = [LinearConstraint(self.matrix, self.low, self.high)] if self.matrix.shape[0] else []
        found = milp(
            -sign * direction,
            constraints=rows,
            bounds=Bounds(self.atom_low, self.atom_high),
            integrality=np.full(len(direction), int(whole)),
            options={"time_limit": _SECONDS, "mip_rel_gap": 0.0},
        )
        if found.status == _INFEASIBLE:
            raise ContradictionError(
                "What is published contradicts itself: no counts give all these figures at once."
            )
        if found.x is None:
            return sign * np.inf, None
        bound = found.fun if found.mip_dual_bound is None or not whole else found.mip_dual_bound
        value = -sign * float(bound)
        if whole:
            value = sign * float(np.floor(sign * value + _CLOSE))
        return value, np.asarray(found.x)


class Attacker:
    """One body of knowledge, cut into parts that tell nothing of one another."""

    def __init__(self, known: Known) -> None:
        self.known = known
        fixed = known.atom_high - known.atom_low <= _CLOSE
        useful = np.isfinite(known.low) | np.isfinite(known.high)
        self._fixed = np.where(fixed, known.atom_low, 0.0)
        rows, free = known.members[useful], np.flatnonzero(~fixed)
        # What fixed atoms add to a sum is known: the rest of the sum is what bounds the others.
        settled = rows @ self._fixed
        empty = np.diff(rows[:, free].indptr) == 0
        self._settled_fits = bool(
            np.all(settled[empty] >= known.low[useful][empty] - _CLOSE)
            and np.all(settled[empty] <= known.high[useful][empty] + _CLOSE)
        )
        self._parts = list(
            _parts(known, rows[:, free], free, known.low[useful] - settled, known.high[useful] - settled)
        )

    def interval(self, target: sparse.csr_matrix) -> tuple[float, float]:
        """The least and the largest value of one figure (a row over all atoms), for all that is known."""
        return self._extreme(target, -1.0), self._extreme(target, 1.0)

    def spreads(self, targets: sparse.csr_matrix, asked: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        """Low and high for each target; exact only where the last array says so.

        A point that gives one target its extreme also tells something of the others: those that have been
        seen `asked` apart are not solved for, and their true interval is at least as wide as what was
        seen.
        """
        count = targets.shape[0]
        low, high = np.full(count, np.inf), np.full(count, -np.inf)
        exact = np.zeros(count, dtype=bool)
        one_part = self._alone(targets)
        for place in range(count):
            if high[place] - low[place] >= asked[place]:
                continue
            exact[place] = True
            for sign in (-1.0, 1.0):
                total = self.settled(targets[place])
                for part, direction in self.parts_of(targets[place]):
                    value, point = part.extreme(direction, sign)
                    total += value
                    self._seen(part, point, targets, one_part, exact, (low, high))
                if sign < 0:
                    low[place] = total
                else:
                    high[place] = total
        return low, high, exact

    def _alone(self, targets: sparse.csr_matrix) -> NDArray[np.int64]:
        """The part in which a target lies whole, -1 where it touches several or none."""
        owner = np.full(targets.shape[1], -1, dtype=np.int64)
        for number, part in enumerate(self._parts):
            owner[part.atoms] = number
        found = np.full(targets.shape[0], -1, dtype=np.int64)
        for place in range(targets.shape[0]):
            touched = owner[targets.indices[targets.indptr[place] : targets.indptr[place + 1]]]
            numbers = np.unique(touched[touched >= 0])
            found[place] = numbers[0] if len(numbers) == 1 else -1
        return found

    def _seen(
        self,
        part: Part,
        point: Floats | None,
        targets: sparse.csr_matrix,
        one_part: NDArray[np.int64],
        exact: NDArray[np.bool_],
        bounds: tuple[Floats, Floats],
    ) -> None:
        if point is None:
            return
        number = next(i for i, one in enumerate(self._parts) if one is part)
        others = np.flatnonzero((one_part == number) & ~exact)
        if not others.size:
            return
        atoms = self._fixed.copy()
        atoms[part.atoms] = np.rint(point) if part.whole else point
        values = targets[others] @ atoms
        low, high = bounds
        low[others] = np.minimum(low[others], values)
        high[others] = np.maximum(high[others], values)

    def feasible(self) -> bool:
        """Whether any counts at all give everything that is known."""
        try:
            for part in self._parts:
                part.extreme(np.ones(len(part.atoms)), -1.0)
        except ContradictionError:
            return False
        return bool(np.all(self.known.atom_low <= self.known.atom_high + _CLOSE)) and self._settled_fits

    def parts_of(self, target: sparse.csr_matrix) -> Iterator[tuple[Part, Floats]]:
        """The parts a figure touches, and its weights in each."""
        dense = target.toarray().ravel()
        for part in self._parts:
            direction = dense[part.atoms]
            if direction.any():
                yield part, direction

    def settled(self, target: sparse.csr_matrix) -> float:
        """What of a figure lies in atoms that are known."""
        return float((target @ self._fixed)[0])

    def _extreme(self, target: sparse.csr_matrix, sign: float) -> float:
        parts = self.parts_of(target)
        return self.settled(target) + sum(part.extreme(direction, sign)[0] for part, direction in parts)


def intervals(known: Known, targets: sparse.csr_matrix) -> tuple[Floats, Floats]:
    """The least and the largest value of each target (rows over atoms) given what is known."""
    attacker = Attacker(known)
    found = [attacker.interval(targets[place]) for place in range(targets.shape[0])]
    low, high = (np.array([pair[side] for pair in found], dtype=np.float64) for side in (0, 1))
    return low, high


def _parts(
    known: Known, matrix: sparse.csr_matrix, free: NDArray[np.int64], low: Floats, high: Floats
) -> Iterator[Part]:
    both_ways = sparse.bmat([[None, matrix], [matrix.T, None]], format="csr")
    label = connected_components(both_ways, directed=False)[1][matrix.shape[0] :]
    _, label = np.unique(label, return_inverse=True)
    count = int(label.max(initial=-1)) + 1
    order = np.argsort(label, kind="stable")
    edges = np.searchsorted(label[order], np.arange(count + 1))
    by_column = matrix.tocsc()
    for number in range(count):
        members = order[edges[number] : edges[number + 1]]
        part = by_column[:, members].tocsr()
        rows = np.flatnonzero(np.diff(part.indptr))
        atoms = free[members]
        yield Part(
            atoms=atoms,
            matrix=part[rows],
            low=low[rows],
            high=high[rows],
            atom_low=known.atom_low[atoms],
            atom_high=known.atom_high[atoms],
            whole=known.whole,
        )
