"""Which further figures must be hidden, so that no hidden one can be worked out from those that stay open.

For a hidden figure, a linear program looks for the cheapest change of the atoms that moves it by the width
asked for and leaves every open figure as it is; open figures the change must touch are hidden too (Kelly,
Golden and Assad 1992; the same search as in Statistics Canada's CONFID). The changed atoms prove that an
attacker cannot tell them from the true ones. Owns that search; which figures are small is `sensitive`'s.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from philoxenia.disclosure.types import DisclosureError, Figures, Flags, Floats

_CLOSE = 1e-6
# Hidden figures cost almost nothing to touch again; nothing at all would let changes run in circles.
_FREE = 1e-4
# Among figures of as many cells the smaller one goes first.
_BY_VALUE = 0.05
_SECONDS = 20.0
# Beyond so many atoms a change is first looked for among the cheapest categories of each key.
_ALL_AT_ONCE, _CATEGORIES, _ROOM = 150, 8, 4.0
# Opening figures again asks for many programs: tables of up to so many atoms, and so many figures.
_SLIMMED, _OPENED_AT_MOST = 1000, 40


class Search:
    """Hides further figures of one table. `least` is the smallest value an attacker grants a hidden atom."""

    def __init__(
        self,
        figures: Figures,
        least: float,
        keys: Sequence[str],
        *,
        whole: bool,
        ceiling: Floats | None = None,
        fixed: Flags | None = None,
    ) -> None:
        self.figures, self.whole = figures, whole
        self.values = figures.values
        self.count = len(figures.atoms)
        self.margins = figures.members[self.count :]
        self.movable = figures.atoms >= least if least > 0 else np.ones(self.count, dtype=bool)
        self._codes = np.column_stack(
            [figures.rows[key][: self.count].cast(pl.String).rank("dense").to_numpy() for key in keys]
        )
        self._down = np.maximum(figures.atoms - least, 0.0)
        self._up = np.full(self.count, np.inf) if ceiling is None else ceiling - figures.atoms
        self._fixed = np.zeros(len(self.values), dtype=bool) if fixed is None else fixed
        self._low, self._high = self.values.copy(), self.values.copy()
        self._moves: list[Floats] = []
        # A total costs more than a cell, whatever their values: priced by value, a city's totals go first.
        cells = np.maximum(np.asarray(figures.members.sum(axis=1)).ravel(), 1.0)
        self._cost = cells * (1.0 + _BY_VALUE * np.log1p(self.values))

    def hide(self, sensitive: Flags, widths: Floats) -> Flags:
        """All figures to hide: the sensitive ones and what protects them.

        `widths` is how wide the attacker's interval of each sensitive figure must be at least; other hidden
        figures get one that holds more than one value. Raises `DisclosureError` where figures that must stay
        open (`fixed`) give a sensitive one away.
        """
        hidden = sensitive.copy()
        while (failing := self._failing(hidden, sensitive, widths)).size:
            for figure in failing[np.argsort(-self.values[failing], kind="stable")]:
                asked = widths[figure] if sensitive[figure] else 1.0
                if self._high[figure] - self._low[figure] < asked - _CLOSE:
                    self._protect(int(figure), float(asked), hidden)
        return self._slimmed(hidden, sensitive, np.where(sensitive, widths, 1.0))

    def _slimmed(self, hidden: Flags, sensitive: Flags, asked: Floats) -> Flags:
        """Open again, largest first, what is not needed any more: later figures hide earlier ones too."""
        if self.count > _SLIMMED:
            return hidden
        extra = np.flatnonzero(hidden & ~sensitive)
        for figure in extra[np.argsort(-self.values[extra], kind="stable")][:_OPENED_AT_MOST]:
            trial = hidden.copy()
            trial[figure] = False
            if self._holds(trial, asked):
                hidden = trial
        return hidden

    def _holds(self, hidden: Flags, asked: Floats) -> bool:
        """Whether every hidden figure is safe with these and no more hidden."""
        places = np.flatnonzero(hidden)
        moves = np.array([move for move in self._moves if not np.any(move[~hidden])])
        spread = np.zeros(len(places))
        if len(moves):
            seen = moves[:, places]
            spread = np.maximum(seen.max(axis=0), 0) - np.minimum(seen.min(axis=0), 0)
        for at in np.flatnonzero(spread < asked[places] - _CLOSE):
            figure, width = int(places[at]), float(asked[places[at]])
            if not any(self._moved(figure, up, width - up, hidden) for up in _splits(width, self.whole)):
                return False
        return True

    def _moved(self, figure: int, up: float, down: float, hidden: Flags) -> bool:
        found = []
        for sign, size in ((1, up), (-1, down)):
            if size:
                found.append(self._exact_change(figure, size, sign, hidden, more=False))
                if found[-1] is None:
                    return False
        self._moves += [self._move(change) for change in found if change is not None]
        return True

    def _failing(self, hidden: Flags, sensitive: Flags, widths: Floats) -> NDArray[np.int64]:
        asked = np.where(sensitive, widths, 1.0)
        return np.flatnonzero(hidden & (self._high - self._low < asked - _CLOSE))

    def _protect(self, figure: int, width: float, hidden: Flags) -> None:
        for up in _splits(width, self.whole):
            changes = [
                self._exact_change(figure, size, sign, hidden)
                for sign, size in ((1, up), (-1, width - up))
                if size
            ]
            if all(change is not None for change in changes):
                for change in changes:
                    self._learn(change, hidden)
                return
        raise DisclosureError(
            f"No choice of hidden figures protects {self._named(figure)}: figures that stay open give it "
            "away. Publish fewer margins, or larger groups."
        )

    def _move(self, change: Floats) -> Floats:
        moved = np.asarray(self.figures.members @ change)
        return np.where(np.abs(moved) > _CLOSE, moved, 0.0)

    def _exact_change(
        self, figure: int, size: float, sign: int, hidden: Flags, *, more: bool = True
    ) -> Floats | None:
        """A change in whole people where counts are whole: by branching only where the vertex is not."""
        held = self._fixed & ~hidden if more else ~hidden
        near = self._near(figure, hidden) if more else np.ones(self.count, dtype=bool)
        change = self._change(figure, size, sign, hidden, near, held)
        if change is None and not near.all():
            near = np.ones(self.count, dtype=bool)
            change = self._change(figure, size, sign, hidden, near, held)
        if change is None or not self.whole:
            return change
        if np.abs(change - np.rint(change)).max() > _CLOSE:
            change = self._change(figure, size, sign, hidden, near, held, whole=True)
        return None if change is None else np.rint(change)

    def _near(self, figure: int, hidden: Flags) -> Flags:
        """Atoms among which a change is looked for first: those of the cheapest few categories of each key,
        taken along the lines through the figure."""
        if self.count <= _ALL_AT_ONCE:
            return np.ones(self.count, dtype=bool)
        members = self.figures.members
        own = members.indices[members.indptr[figure] : members.indptr[figure + 1]]
        cost = np.where(hidden[: self.count], _FREE, 1.0) * self._cost[: self.count]
        cost = np.where(self.movable, cost, np.inf)
        centre = self._codes[own[np.argmin(cost[own])]]
        near = np.ones(self.count, dtype=bool)
        for key in range(self._codes.shape[1]):
            others = np.delete(np.arange(self._codes.shape[1]), key)
            line = np.flatnonzero((self._codes[:, others] == centre[others]).all(axis=1))
            line = line[np.argsort(cost[line], kind="stable")]
            # Small cells cost little but cannot give people away: some that can must be there as well.
            roomy = line[self._down[line] >= _ROOM][: _CATEGORIES // 2]
            chosen = self._codes[[*line[:_CATEGORIES], *roomy], key]
            near &= np.isin(self._codes[:, key], [*chosen, centre[key]])
        return near

    def _learn(self, change: Floats | None, hidden: Flags) -> None:
        if change is None:
            return
        moved = self._move(change)
        self._moves.append(moved)
        hidden |= np.abs(moved) > _CLOSE
        self._low = np.minimum(self._low, self.values + moved)
        self._high = np.maximum(self._high, self.values + moved)

    def _change(
        self,
        figure: int,
        size: float,
        sign: int,
        hidden: Flags,
        near: Flags,
        held: Flags,
        *,
        whole: bool = False,
    ) -> Floats | None:
        """The cheapest change of atoms that moves one figure by `size`, or None where there is none."""
        atoms = np.flatnonzero(near & self.movable & ~held[: self.count])
        margins = self.margins[:, atoms]
        rows = np.flatnonzero(np.diff(margins.indptr))
        cost = np.where(hidden, _FREE * self._cost, self._cost)
        program = _Program(margins[rows], cost[atoms], cost[self.count + rows])
        places = program.places(figure, self.count, atoms, rows)
        if places is None:
            return None
        low, high = program.bounds(self._up[atoms], self._down[atoms], held[self.count + rows])
        there, back = places if sign > 0 else places[::-1]
        if high[there] < size:
            return None
        low[there] = high[there] = size
        high[back] = 0.0
        found = program.solve(low, high, whole)
        if found is None:
            return None
        change = np.zeros(self.count)
        change[atoms] = found[: len(atoms)] - found[len(atoms) : 2 * len(atoms)]
        return change

    def _named(self, figure: int) -> str:
        row = self.figures.rows.row(figure, named=True)
        told = (f"{name} {value}" for name, value in row.items() if name != "margin" and value is not None)
        return ", ".join(told) or "the total"


def _splits(width: float, whole: bool) -> list[float]:
    """Ways to share a width between more and fewer; all of it upwards is tried first."""
    return [width - step for step in range(int(width) + 1)] if whole else [width, width / 2, 0.0]


class _Program:
    """Variables: atoms up, atoms down, margins up, margins down; margins change by what their atoms do."""

    def __init__(self, margins: sparse.csr_matrix, atom_cost: Floats, margin_cost: Floats) -> None:
        self._m, self._n = margins.shape
        self._cost = np.concatenate([atom_cost, atom_cost, margin_cost, margin_cost])
        own = sparse.identity(self._m, format="csr")
        self._rows = sparse.hstack([margins, -margins, -own, own], format="csr")

    def bounds(self, up: Floats, down: Floats, held: Flags) -> tuple[Floats, Floats]:
        """Bounds of all variables: atoms by their room, margins that must stay by nothing."""
        margin = np.where(held, 0.0, np.inf)
        high = np.concatenate([up, down, margin, margin])
        return np.zeros_like(high), high

    def places(
        self, figure: int, count: int, atoms: NDArray[np.int64], rows: NDArray[np.int64]
    ) -> tuple[int, int] | None:
        """Where a figure's increase and decrease stand among the variables; None where it cannot move."""
        if figure < count:
            at = np.flatnonzero(atoms == figure)
            return (int(at[0]), self._n + int(at[0])) if at.size else None
        at = np.flatnonzero(rows == figure - count)
        first = 2 * self._n
        return (first + int(at[0]), first + self._m + int(at[0])) if at.size else None

    def solve(self, low: Floats, high: Floats, whole: bool) -> Floats | None:
        """The cheapest solution, or None where there is none."""
        found = milp(
            self._cost,
            constraints=[LinearConstraint(self._rows, 0.0, 0.0)] if self._m else [],
            bounds=Bounds(low, high),
            integrality=np.full(len(low), int(whole)),
            options={"time_limit": _SECONDS},
        )
        return None if found.x is None else np.asarray(found.x)
