"""The shapes that forecasting hands around. Owns names and columns; ignores how a forecast is made."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.vocabulary import Frequency, Period, PhiloxeniaError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Key = tuple[str, str]

HISTORY_SCHEMA = {"measure": pl.String, "group": pl.String, "time": pl.String, "value": pl.Float64}
BASELINES = ("last_value", "seasonal_naive", "mean_of_three")
COMBINATION = "combination"


class ForecastError(PhiloxeniaError):
    """A forecast cannot be made of these series; the message says which and what would help."""

    exit_code = 5


class HistoryError(PhiloxeniaError):
    """The history is refused; the message names the group, the period and how to mend it."""

    exit_code = 3


@dataclass(frozen=True)
class Panel:
    """Series of one measure side by side: `values` is (series, periods), NaN where nothing was recorded.

    `signal` is an upstream series for each series, one column a period, and may be longer or shorter by
    `signal_lead` periods than the values.
    """

    measure: str
    groups: tuple[str, ...]
    frequency: Frequency
    first: int
    values: Floats
    signal: Floats | None = None
    signal_lead: int = 0

    @property
    def periods(self) -> int:
        return int(self.values.shape[1])

    def time(self, column: int) -> str:
        """The period of a column in ISO form; columns beyond the last are the future."""
        return str(Period(self.frequency, self.first + column))


@dataclass(frozen=True)
class ForecastResult:
    """`forecasts`: measure, group, time, mean, median, lower_L and upper_L for each level L.

    `paths` holds for each (measure, group) possible futures as (paths, horizon). Sentences for the reader:
    `notes`, and `left_out` those of them that tell of series not forecast. Ids stand between quotes.
    """

    forecasts: pl.DataFrame
    paths: Mapping[Key, Floats]
    times: tuple[str, ...]
    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class BacktestResult:
    """`frame`: measure, group, model, origins, horizon, mase, wape, wis, coverage_L, n. `pooled`: the same
    over all groups.
    """

    frame: pl.DataFrame
    pooled: pl.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """One sentence: what the intervals held, and the interval score against the best of the baselines."""
        scores = self.pooled.group_by("model").agg(pl.col("wis").mean(), pl.col("n").sum())
        wis = {model: score for model, score, _ in scores.iter_rows()}
        best = min((name for name in BASELINES if name in wis), key=lambda name: wis[name], default="")
        if COMBINATION not in wis or not best or not wis[best]:
            return "There are no baselines to compare with."
        mine = self.pooled.filter(pl.col("model") == COMBINATION)
        levels = [name.removeprefix("coverage_") for name in mine.columns if name.startswith("coverage_")]
        held = ", ".join(
            f"{mine[f'coverage_{level}'].to_numpy().mean():.0%} for {level} %" for level in levels
        )
        return (
            f"Of {mine['n'].sum():,} past values the intervals held {held}; the interval score is "
            f"{wis[COMBINATION] / wis[best]:.2f} of the best baseline's ({best.replace('_', ' ')})."
        )


@dataclass(frozen=True)
class DemandEstimate:
    """`frame`: group, time, recorded, held_down, demand (median), lower_80, upper_80 of demand.

    `draws` holds for each group possible courses of demand as (draws, periods); `assumptions` are sentences.
    """

    frame: pl.DataFrame
    draws: Mapping[str, Floats]
    times: tuple[str, ...]
    assumptions: tuple[str, ...]
