"""Rates of exit fitted to a city's own shelter flow, and how far they strayed from such a fit before.

Owns estimating; ignores districts. Exits of a month are read as a share of the people in shelter at its
start, the same identity as `scenarios.stock`.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.reference import Parameters
from philoxenia.scenarios.futures.types import Floats, Span
from philoxenia.scenarios.types import EXITS, STOCK

_LEAST_MONTHS = 36
_AHEAD = 12
# Exits never stop for a whole horizon: some rate is left in the worst of futures.
_MOST_STRAYED = 0.95


@dataclass(frozen=True)
class ExitFit:
    """Shares of people in shelter who leave in a month, to homes and out of sight, by group; `factor`: range
    of later rates to homes relative to such a fit, None where the flow is too short to say. `monthly`: single
    months relative to the year around them, mean one."""

    to_homes: tuple[float, ...]
    to_elsewhere: tuple[float, ...]
    factor: Span | None
    monthly: Floats


def fit_exits(flow: pl.DataFrame, groups: tuple[str, ...], parameters: Parameters) -> ExitFit:
    """Fit the last `futures.exit_fit_months` of a shelter flow (month, group, moved_to_housing,
    became_inactive, actively_homeless): sum of exits over sum of people at the start of each month."""
    window = int(parameters["futures.exit_fit_months"])
    series = [_series(flow, group) for group in groups]
    homes = tuple(_rate(moved[-window:], before[-window:]) for moved, _, before in series)
    elsewhere = tuple(_rate(inactive[-window:], before[-window:]) for _, inactive, before in series)
    return ExitFit(homes, elsewhere, _spread(series, window), _monthly(series))


def _series(flow: pl.DataFrame, group: str) -> tuple[Floats, Floats, Floats]:
    rows = flow.filter(pl.col("group") == group).sort("month").drop_nulls([*EXITS, STOCK])
    moved, inactive, stock = (rows[name].cast(pl.Float64).to_numpy() for name in (*EXITS, STOCK))
    return moved[1:], inactive[1:], stock[:-1]


def _rate(exits: Floats, before: Floats) -> float:
    people = float(before.sum())
    return float(exits.sum()) / people if people > 0 else 0.0


def _monthly(series: list[tuple[Floats, Floats, Floats]]) -> Floats:
    """Rates of single months relative to the year around each, both groups together; one where unknown."""
    moved = np.sum([one[0] for one in series], axis=0)
    before = np.sum([one[2] for one in series], axis=0)
    half = _AHEAD // 2
    around = range(half, len(moved) - half)
    if len(around) < _AHEAD or moved.sum() <= 0:
        return np.ones(1)
    year = [_rate(moved[m - half : m + half + 1], before[m - half : m + half + 1]) for m in around]
    single = moved[half : len(moved) - half] / np.maximum(before[half : len(moved) - half], 1.0)
    factors = single / np.maximum(np.array(year), 1e-9)
    return np.asarray(factors / factors.mean(), dtype=np.float64)


def _spread(series: list[tuple[Floats, Floats, Floats]], window: int) -> Span | None:
    """Rates of the year after, relative to the fit before, at every month that has both: a triangle around
    one with their root mean square deviation from one, as far up as down.

    Not their range: a triangle from 1/w to w has its mean above one, and foresaw too many exits.
    """
    moved = np.sum([one[0] for one in series], axis=0)
    before = np.sum([one[2] for one in series], axis=0)
    if len(moved) < max(_LEAST_MONTHS, window + _AHEAD):
        return None
    fitted = [
        _rate(moved[end : end + _AHEAD], before[end : end + _AHEAD])
        / max(_rate(moved[end - window : end], before[end - window : end]), 1e-9)
        for end in range(window, len(moved) - _AHEAD + 1)
    ]
    strayed = float(np.sqrt(np.mean((np.array(fitted) - 1) ** 2)))
    # The standard deviation of a triangle from 1 - h to 1 + h is h over the root of six.
    half = min(strayed * np.sqrt(6), _MOST_STRAYED)
    return Span(1 - half, 1.0, 1 + half)
