"""From a panel to calibrated distributions of what is to come, at every origin.

Joins the point forecast, the spread, the pool and the adaptive update. At each origin only values up to that
origin are used, so that a backtest and a forecast are the same computation.
"""

from dataclasses import dataclass

import numpy as np

from philoxenia.arrivals.adaptive import LEVELS, adapted, next_misses
from philoxenia.arrivals.combination import Blend, Workbench
from philoxenia.arrivals.pool import Calibration, Pool, calibrate, pool_errors
from philoxenia.arrivals.scale import Scale
from philoxenia.arrivals.spread import Spread, spread_of
from philoxenia.arrivals.types import Floats


@dataclass(frozen=True)
class Fan:
    """The distribution of series x horizon at one origin: median `centre`, and sizes of errors at
    probabilities.
    """

    scale: Scale
    centre: Floats
    spread: Floats
    grid: Floats
    sizes: Floats
    aimed: Floats

    def size(self, probability: Floats) -> Floats:
        """Half-width in spreads of the interval that holds `probability`."""
        return np.interp(adapted(probability, self.aimed), self.grid, self.sizes)

    def bounds(self, level: float) -> tuple[Floats, Floats]:
        """Bounds of the central interval of a level between 0 and 1: (series, horizon) each."""
        half = self.spread * self.size(np.array(level))
        return self.scale.back(self.centre - half), self.scale.back(self.centre + half)

    def median(self) -> Floats:
        return self.scale.back(self.centre)

    def quantiles(self, probability: Floats) -> Floats:
        """Values at probabilities that broadcast against (series, horizon)."""
        sided = np.sign(probability - 0.5) * self.size(np.abs(2 * probability - 1))
        return self.scale.back(self.centre + self.spread * sided)

    def mean(self) -> Floats:
        """Mean of the distribution, from a hundred equally likely values."""
        likely = (np.arange(100) + 0.5) / 100
        return np.asarray(self.quantiles(likely[:, None, None]).mean(axis=0))


@dataclass(frozen=True)
class Calibrated:
    """A panel's forecasts at all origins, ready to be read at any of the calibrated ones."""

    bench: Workbench
    centre: Floats
    spread: Spread
    pool: Pool
    grid: Floats
    calibrations: dict[int, Calibration]
    aimed: dict[int, Floats]

    def fan(self, origin: int) -> Fan:
        """The distribution seen from the end of period `origin`."""
        at = self.calibrations[origin]
        size = self.spread.size[:, origin] * at.growth
        return Fan(self.bench.scale, self.centre[:, origin], size, self.grid, at.sizes, self.aimed[origin])


def calibrated(bench: Workbench, point: Blend) -> Calibrated:
    """Calibrate forecasts at all origins, walking forward in time."""
    spread = spread_of(bench, point.centre, point.disagreement)
    pool = pool_errors(bench, spread.error)
    grid, usual = bench.learnt.grid, bench.learnt.sizes
    result = Calibrated(bench, point.centre, spread, pool, grid, {}, {})
    aim = 1 - LEVELS
    for origin in range(bench.panel.periods):
        missed = _missed(result, origin)
        aim = aim if missed is None else next_misses(aim, missed, bench.parameters)
        result.calibrations[origin] = calibrate(pool, origin, grid, usual, bench.parameters)
        result.aimed[origin] = aim
    return result


def _missed(so_far: Calibrated, period: int) -> Floats | None:
    """Shares of misses, for each of `LEVELS`, among forecasts whose value became known in `period`."""
    shares = []
    for h in range(1, min(so_far.bench.horizon, period) + 1):
        made = period - h
        size = np.abs(so_far.spread.error[:, made, h - 1])
        size = size[~np.isnan(size)]
        if len(size):
            at = so_far.calibrations[made]
            half = at.growth[h - 1] * np.interp(adapted(LEVELS, so_far.aimed[made]), so_far.grid, at.sizes)
            shares.append((size[:, None] > half).mean(axis=0))
    return np.mean(shares, axis=0) if shares else None
