"""In which futures does a plan fail? Boxes of uncertainties found by patient rule induction (PRIM).

Friedman and Fisher (1999), "Bump hunting in high-dimensional data"; for scenarios Bryant and Lempert (2010),
"Thinking inside the box". Owns the boxes and their measures; ignores why a future counts as a failure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import binomtest

from philoxenia.valuation.types import Floats, ValuationError

Flags = NDArray[np.bool_]
Limits = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Box:
    """Futures with every uncertainty between its limits. Only restricted uncertainties are in `limits`.

    `coverage`: share of all failures inside; `density`: share of futures inside that fail; `mass`: share of
    all futures inside.
    """

    limits: Limits
    coverage: float
    density: float
    mass: float


@dataclass(frozen=True)
class PrimSettings:
    """Share of futures peeled and pasted in one step, and the least share a box may hold."""

    peel_share: float = 0.05
    paste_share: float = 0.05
    least_mass: float = 0.05

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not 0 < value < 0.5:
                raise ValuationError(f"{name} is {value:g}; it must lie between 0 and 0.5.")


def find_boxes(
    design: Mapping[str, Floats], failed: Flags, settings: PrimSettings | None = None
) -> list[Box]:
    """The trail from all futures to the smallest box, pasted at its end: coverage is traded for density.

    `design`: (F,) by uncertainty; `failed`: (F,). Raises `ValuationError` where none or all fail.
    """
    settings = settings or PrimSettings()
    _check(design, failed)
    names = list(design)
    points = np.column_stack([np.asarray(design[name], dtype=np.float64) for name in names])
    search = _Search(points, np.asarray(failed, dtype=bool), settings)
    trail = [search.whole]
    while (smaller := search.peeled(trail[-1])) is not None:
        trail.append(smaller)
    while (larger := search.pasted(trail[-1])) is not None:
        trail.append(larger)
    return [_box(names, points, search.failed, limits, trail[0]) for limits in trail]


def best_box(boxes: Sequence[Box], least_density: float) -> Box:
    """The box that covers most failures among those dense enough; the densest where none is."""
    dense = [box for box in boxes if box.density >= least_density]
    if not dense:
        return max(boxes, key=lambda box: (box.density, box.coverage))
    return max(dense, key=lambda box: (box.coverage, box.density))


def trajectory(boxes: Sequence[Box]) -> pl.DataFrame:
    """One row a box: `step`, `coverage`, `density`, `mass`, `restricted` (how many uncertainties)."""
    rows = [
        {
            "step": step,
            "coverage": b.coverage,
            "density": b.density,
            "mass": b.mass,
            "restricted": len(b.limits),
        }
        for step, b in enumerate(boxes)
    ]
    return pl.DataFrame(rows)


def _check(design: Mapping[str, Floats], failed: Flags) -> None:
    if not design:
        raise ValuationError("There is no uncertainty to look for a box in.")
    for name, drawn in design.items():
        if np.shape(drawn) != np.shape(failed):
            raise ValuationError(f"{name} has {np.size(drawn)} futures, the failures {np.size(failed)}.")
        if not np.isfinite(drawn).all():
            raise ValuationError(f"{name} holds values that are not finite numbers.")
    if not np.any(failed) or np.all(failed):
        which = "every future" if np.all(failed) else "no future"
        raise ValuationError(f"The plan fails in {which}: there is no boundary to find.")


class _Search:
    """Peeling and pasting over one set of points."""

    def __init__(self, points: Floats, failed: Flags, settings: PrimSettings) -> None:
        self.points, self.failed, self.settings = points, failed, settings
        self.whole = np.column_stack([points.min(axis=0), points.max(axis=0)])

    def peeled(self, limits: Floats) -> Floats | None:
        """The limits after the best peel; None where none is worth while or the box is small enough."""
        inside = _inside(self.points, limits)
        choices = [self._peel(limits, inside, axis, end) for axis in range(len(limits)) for end in (1, 0)]
        return self._best(choices, inside, least=self.settings.least_mass)

    def pasted(self, limits: Floats) -> Floats | None:
        """The limits after the best paste; None where no paste raises the share that fails."""
        inside = _inside(self.points, limits)
        restricted = np.flatnonzero((limits != self.whole).any(axis=1))
        choices = [self._paste(limits, int(axis), end) for axis in restricted for end in (0, 1)]
        return self._best(choices, inside, least=0.0)

    def _peel(self, limits: Floats, inside: Flags, axis: int, end: int) -> Floats:
        share = self.settings.peel_share
        cut = _between_values(self.points[inside, axis], 1 - share if end else share)
        changed = limits.copy()
        changed[axis, end] = cut
        return changed

    def _paste(self, limits: Floats, axis: int, end: int) -> Floats:
        """Widen one side by the share `paste_share` of the futures beyond it."""
        beyond = limits.copy()
        beyond[axis] = (
            (limits[axis, 1], self.whole[axis, 1]) if end else (self.whole[axis, 0], limits[axis, 0])
        )
        values = self.points[_inside(self.points, beyond), axis]
        changed = limits.copy()
        changed[axis, end] = self.whole[axis, end]
        if values.size:
            share = self.settings.paste_share
            changed[axis, end] = _between_values(values, share if end else 1 - share)
        return changed

    def _best(self, choices: Sequence[Floats], inside: Flags, least: float) -> Floats | None:
        """The choice that raises the share that fails most for each future added or taken (lenient rule)."""
        count, share = int(inside.sum()), float(self.failed[inside].mean())
        found, best = None, 0.0
        for limits in choices:
            now = _inside(self.points, limits)
            size = int(now.sum())
            if size == count or size < least * self.failed.size:
                continue
            gain = (float(self.failed[now].mean()) - share) / abs(size - count) if size else 0.0
            if gain > best:
                found, best = limits, gain
        return found


def _inside(points: Floats, limits: Floats) -> Flags:
    return np.asarray(((points >= limits[:, 0]) & (points <= limits[:, 1])).all(axis=1))


def _between_values(values: Floats, share: float) -> float:
    """A cut between two different values next to the quantile, so that equal values stay on one side."""
    ordered = np.sort(values)
    place = (ordered.size - 1) * share
    lower, upper = int(np.floor(place)), int(np.ceil(place))
    if share > 0.5:
        while lower > 0 and ordered[lower] == ordered[upper]:
            lower -= 1
    else:
        while upper < ordered.size - 1 and ordered[lower] == ordered[upper]:
            upper += 1
    return float((ordered[lower] + ordered[upper]) / 2)


def _box(names: Sequence[str], points: Floats, failed: Flags, limits: Floats, whole: Floats) -> Box:
    inside = _inside(points, limits)
    restricted = {
        name: (float(limits[i, 0]), float(limits[i, 1]))
        for i, name in enumerate(names)
        if (limits[i] != whole[i]).any()
    }
    return Box(
        limits=restricted,
        coverage=float(failed[inside].sum() / failed.sum()),
        density=float(failed[inside].mean()) if inside.any() else 0.0,
        mass=float(inside.mean()),
    )


def quasi_p(box: Box, design: Mapping[str, Floats], failed: Flags) -> dict[str, float]:
    """By restricted uncertainty: the chance of at least so many failures inside if its limit meant nothing.

    Binomial, with the share that fails in the box without that limit (Bryant and Lempert 2010, section 3.3).
    """
    within = {
        name: (np.asarray(design[name]) >= low) & (np.asarray(design[name]) <= high)
        for name, (low, high) in box.limits.items()
    }
    everywhere = np.ones(np.shape(failed), dtype=bool)
    inside = np.logical_and.reduce([everywhere, *within.values()])
    if not inside.any():
        return dict.fromkeys(within, 1.0)
    found = {}
    for name in within:
        others = [held for other, held in within.items() if other != name]
        share = float(failed[np.logical_and.reduce([everywhere, *others])].mean())
        test = binomtest(int(failed[inside].sum()), int(inside.sum()), share, alternative="greater")
        found[name] = float(test.pvalue)
    return found
