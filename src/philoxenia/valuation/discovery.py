"""In which futures does a plan fail? Boxes of uncertainties found by patient rule induction (PRIM).

Friedman and Fisher (1999), "Bump hunting in high-dimensional data"; for scenarios Bryant and Lempert (2010),
"Thinking inside the box". Owns the boxes and their measures; ignores why a future counts as a failure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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
    design: Mapping[str, Floats],
    failed: Flags,
    settings: PrimSettings | None = None,
    *,
    among: Flags | None = None,
) -> list[Box]:
    """The trail from all futures to the smallest box, pasted at its end: coverage is traded for density.

    `design`: (F,) by uncertainty; `failed`: (F,). `among`: (F,) the futures that are searched, where boxes
    found before cover others; coverage and mass are shares of all. Raises `ValuationError` where none or all
    fail.
    """
    settings = settings or PrimSettings()
    among = np.ones(np.shape(failed), dtype=bool) if among is None else among
    _check(design, failed, among)
    names = list(design)
    points = np.column_stack([np.asarray(design[name], dtype=np.float64) for name in names])
    search = _Search(points, np.asarray(failed, dtype=bool), among, settings)
    trail = [search.whole]
    while (smaller := search.peeled(trail[-1])) is not None:
        trail.append(smaller)
    while (larger := search.pasted(trail[-1])) is not None:
        trail.append(larger)
    return [search.box(names, limits) for limits in trail]


def find_several(
    design: Mapping[str, Floats],
    failed: Flags,
    least_density: float,
    count: int = 3,
    settings: PrimSettings | None = None,
) -> list[Box]:
    """Up to `count` boxes, each among the futures that those before do not cover: a plan can fail in several
    ways. The first is always told; a further one only where it is dense enough."""
    among = np.ones(np.shape(failed), dtype=bool)
    found: list[Box] = []
    while len(found) < count and failed[among].any() and not failed[among].all():
        box = best_box(find_boxes(design, failed, settings, among=among), least_density)
        if found and box.density < least_density:
            break
        found.append(box)
        among = among & ~covers(box, design)
    if not found:
        _check(design, failed, among)
    return found


def covers(box: Box, design: Mapping[str, Floats]) -> Flags:
    """(F,): futures with every uncertainty between the limits of a box."""
    size = np.shape(next(iter(design.values())))
    held = [
        (np.asarray(design[name]) >= low) & (np.asarray(design[name]) <= high)
        for name, (low, high) in box.limits.items()
    ]
    return np.asarray(np.logical_and.reduce([np.ones(size, dtype=bool), *held]))


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


def _check(design: Mapping[str, Floats], failed: Flags, among: Flags) -> None:
    if not design:
        raise ValuationError("There is no uncertainty to look for a box in.")
    for name, drawn in design.items():
        if np.shape(drawn) != np.shape(failed):
            raise ValuationError(f"{name} has {np.size(drawn)} futures, the failures {np.size(failed)}.")
        if not np.isfinite(drawn).all():
            raise ValuationError(f"{name} holds values that are not finite numbers.")
    if not np.any(failed[among]) or np.all(failed[among]):
        which = "every future" if np.all(failed) else "no future"
        raise ValuationError(f"The plan fails in {which}: there is no boundary to find.")


class _Search:
    """Peeling and pasting over one set of points, of which those `among` are searched."""

    def __init__(self, points: Floats, failed: Flags, among: Flags, settings: PrimSettings) -> None:
        self.points, self.failed, self.among, self.settings = points, failed, among, settings
        self.whole = np.column_stack([points.min(axis=0), points.max(axis=0)])

    def peeled(self, limits: Floats) -> Floats | None:
        """The limits after the best peel; None where none is worth while or the box is small enough."""
        inside = self.inside(limits)
        choices = [self._peel(limits, inside, axis, end) for axis in range(len(limits)) for end in (1, 0)]
        return self._best(choices, inside)

    def pasted(self, limits: Floats) -> Floats | None:
        """The limits after the best paste; None where no paste raises the share that fails."""
        restricted = np.flatnonzero((limits != self.whole).any(axis=1))
        choices = [self._paste(limits, int(axis), end) for axis in restricted for end in (0, 1)]
        return self._best(choices, self.inside(limits))

    def inside(self, limits: Floats) -> Flags:
        """(F,): searched futures between the limits."""
        within = ((self.points >= limits[:, 0]) & (self.points <= limits[:, 1])).all(axis=1)
        return np.asarray(self.among & within)

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
        values = self.points[self.inside(beyond), axis]
        changed = limits.copy()
        changed[axis, end] = self.whole[axis, end]
        if values.size:
            share = self.settings.paste_share
            changed[axis, end] = _between_values(values, share if end else 1 - share)
        return changed

    def _best(self, choices: Sequence[Floats], inside: Flags) -> Floats | None:
        """The choice that raises the share that fails most for each future added or taken (lenient rule).

        Of equal ones the one that restricts fewer uncertainties; None where the best makes too small a box.
        """
        count, share = int(inside.sum()), float(self.failed[inside].mean())
        found, best, size_of_best = None, (0.0, 0), 0
        for limits in choices:
            now = self.inside(limits)
            size = int(now.sum())
            if size == count:
                continue
            gain = (float(self.failed[now].mean()) - share) / abs(size - count) if size else 0.0
            free = int((limits == self.whole).all(axis=1).sum())
            if gain > 0 and (gain, free) > best:
                found, best, size_of_best = limits, (gain, free), size
        return found if size_of_best >= self.settings.least_mass * self.failed.size else None

    def box(self, names: Sequence[str], limits: Floats) -> Box:
        """The box between limits, with its measures."""
        inside = self.inside(limits)
        restricted = {
            name: (float(limits[i, 0]), float(limits[i, 1]))
            for i, name in enumerate(names)
            if (limits[i] != self.whole[i]).any()
        }
        return Box(
            limits=restricted,
            coverage=float(self.failed[inside].sum() / self.failed.sum()),
            density=float(self.failed[inside].mean()) if inside.any() else 0.0,
            mass=float(inside.mean()),
        )


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


def described(
    box: Box, design: Mapping[str, Floats], failed: Flags, *, among: Flags | None = None
) -> pl.DataFrame:
    """What a box says, one row a restricted uncertainty, for words: `name`, `low`, `high`, `low_at_edge`,
    `high_at_edge` (no future lies beyond: that side restricts nothing), `quasi_p_low`, `quasi_p_high` (of one
    side alone; null at the edge), `quasi_p` (of both). The surest first."""
    among = np.ones(np.shape(failed), dtype=bool) if among is None else among
    both = quasi_p(box, design, failed, among=among)
    rows = []
    for name, (low, high) in box.limits.items():
        least, most = float(np.min(design[name])), float(np.max(design[name]))
        sides = [
            None if at_edge else _quasi_p_without(box, name, open_side, design, failed, among)
            for at_edge, open_side in ((low <= least, (least, high)), (high >= most, (low, most)))
        ]
        rows.append((name, low, high, low <= least, high >= most, *sides, both[name]))
    return pl.DataFrame(rows, schema=_DESCRIBED, orient="row").sort("quasi_p", "name")


_DESCRIBED = {
    "name": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "low_at_edge": pl.Boolean,
    "high_at_edge": pl.Boolean,
    "quasi_p_low": pl.Float64,
    "quasi_p_high": pl.Float64,
    "quasi_p": pl.Float64,
}


def quasi_p(
    box: Box, design: Mapping[str, Floats], failed: Flags, *, among: Flags | None = None
) -> dict[str, float]:
    """By restricted uncertainty: the chance of at least so many failures inside if its limits meant nothing.

    Binomial, with the share that fails in the box without them (Bryant and Lempert 2010, section 3.3).
    """
    among = np.ones(np.shape(failed), dtype=bool) if among is None else among
    everything = (-np.inf, np.inf)
    return {name: _quasi_p_without(box, name, everything, design, failed, among) for name in box.limits}


def _quasi_p_without(
    box: Box,
    name: str,
    instead: tuple[float, float],
    design: Mapping[str, Floats],
    failed: Flags,
    among: Flags,
) -> float:
    inside = covers(box, design) & among
    if not inside.any():
        return 1.0
    wider = replace(box, limits={**box.limits, name: instead})
    share = float(failed[covers(wider, design) & among].mean())
    test = binomtest(int(failed[inside].sum()), int(inside.sum()), share, alternative="greater")
    return float(test.pvalue)
