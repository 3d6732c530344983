"""The step that says who may come: forecasts, sample paths and how they would have done.

Owns which series meets which signal, and the common months over which paths of all series run together.
"""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.arrivals import ForecastError, backtest, forecast
from philoxenia.exchange import City
from philoxenia.vocabulary import Frequency, Period, parse_period
from philoxenia.workflows.series import history_of, signal_of
from philoxenia.workflows.steps import Outcome

Floats = NDArray[np.float64]
_LEVELS = (50, 80, 95)


def find_arrivals(city: City, horizon: int, seed: int) -> Outcome:
    """Forecasts of every series that city.toml names, as frames and arrays of one outcome."""
    history, missing = history_of(city)
    frames: dict[str, list[pl.DataFrame]] = {"forecasts": [], "backtest": []}
    arrays: dict[str, Floats] = {}
    notes = list(missing)
    for number, ((measure,), rows) in enumerate(history.group_by("measure", maintain_order=True)):
        signal = signal_of(city, str(measure))
        try:
            result = forecast(
                rows, horizon, _LEVELS, seed + 1000 * number, signal=signal, parameters=city.parameters
            )
            looked_back = backtest(rows, horizon, _LEVELS, signal=signal, parameters=city.parameters)
        except ForecastError as problem:
            notes.append(f"{measure}: {problem}")
            continue
        frames["forecasts"].append(result.forecasts)
        frames["backtest"] += [looked_back.frame, looked_back.pooled]
        arrays |= {f"{measure}|{group}": paths for (measure, group), paths in result.paths.items()}
        notes += result.notes
    joined = {name: pl.concat(parts) for name, parts in frames.items() if parts}
    return Outcome({"history": history, **joined}, arrays, tuple(dict.fromkeys(notes)))


def paths_of(arrivals: Outcome) -> tuple[tuple[str, ...], dict[tuple[str, str], Floats]]:
    """The months that all series are forecast for, and each series' paths over them.

    Counts by quarter or year are spread evenly over their months. A series that ended before the others
    begin is left out.
    """
    if "forecasts" not in arrivals.frames:
        return (), {}
    monthly = {
        key: _by_month(periods[0], arrivals.arrays["|".join(key)])
        for key, periods in _periods(arrivals.frames["forecasts"]).items()
    }
    start = max(first for first, _ in monthly.values())
    running = {
        key: (first, paths) for key, (first, paths) in monthly.items() if first + paths.shape[1] > start
    }
    length = min(first + paths.shape[1] - start for first, paths in running.values())
    paths = {key: paths[:, start - first :][:, :length] for key, (first, paths) in running.items()}
    return tuple(str(Period(Frequency.MONTH, start + step)) for step in range(length)), paths


def _by_month(first: Period, paths: Floats) -> tuple[int, Floats]:
    """The ordinal of the first month, and paths by month."""
    months = Frequency.MONTH.per_year // first.frequency.per_year
    return first.ordinal * months, np.repeat(paths / months, months, axis=1)


def _periods(forecasts: pl.DataFrame) -> dict[tuple[str, str], list[Period]]:
    grouped = forecasts.sort("measure", "group", "time").group_by("measure", "group", maintain_order=True)
    return {
        (str(measure), str(group)): [parse_period(time) for time in rows["time"]]
        for (measure, group), rows in grouped
    }
