"""The step that says who may come: forecasts, sample paths and how they would have done.

Owns which series meets which signal, how many periods make the months asked for, and the common months over
which paths of several series run together.
"""

from collections.abc import Collection

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.arrivals import backtest, forecast
from philoxenia.exchange import City
from philoxenia.vocabulary import Frequency, Period, PhiloxeniaError, parse_period
from philoxenia.vocabulary.periods import parse_periods
from philoxenia.workflows.demand_step import find_demand
from philoxenia.workflows.series import history_of, signal_of, unheard_signals
from philoxenia.workflows.steps import Outcome, array_name

Floats = NDArray[np.float64]
_LEVELS = (50, 80, 95)
_NO_FORECASTS = pl.DataFrame(schema={"measure": pl.String, "group": pl.String, "time": pl.String})


def find_arrivals(city: City, months: int, seed: int) -> Outcome:
    """Forecasts of every series that city.toml names, for `months` ahead of the latest record of any.

    A series whose records end up to `months` earlier is forecast to the same month, so that all can be
    compared; a series by quarter or year for as many periods as hold these months.
    """
    history, missing = history_of(city)
    frames: dict[str, list[pl.DataFrame]] = {"forecasts": [], "backtest": []}
    arrays: dict[str, Floats] = {}
    notes, left_out = list(unheard_signals(city, history)), list(missing)
    series = [(str(measure), rows) for (measure,), rows in history.group_by("measure", maintain_order=True)]
    latest = max((_month_after(rows) for _, rows in series), default=0)
    for number, (measure, rows) in enumerate(series):
        signal = signal_of(city, measure)
        try:
            ahead, looked = _horizons(rows, months, latest)
            result = forecast(
                rows, ahead, _LEVELS, seed + 1000 * number, signal=signal, parameters=city.parameters
            )
            looked_back = backtest(rows, looked, _LEVELS, signal=signal, parameters=city.parameters)
        except PhiloxeniaError as problem:
            left_out.append(f"{measure!r}: {problem}")
            continue
        frames["forecasts"].append(result.forecasts)
        frames["backtest"] += [looked_back.frame, looked_back.pooled]
        arrays |= {array_name(*key): paths for key, paths in result.paths.items()}
        notes += [note for note in result.notes if note not in result.left_out]
        left_out += result.left_out
    demand = find_demand(city, history, seed)
    joined = {name: pl.concat(parts) for name, parts in frames.items() if parts}
    return Outcome(
        {"history": history, **joined, **demand.frames},
        arrays,
        tuple(dict.fromkeys((*notes, *demand.notes))),
        tuple(dict.fromkeys((*left_out, *demand.left_out))),
    )


def _month_after(rows: pl.DataFrame) -> int:
    """The ordinal of the month after the last record; 0 where the times cannot be read."""
    try:
        last = max(parse_periods(rows["time"].to_list()))
    except PhiloxeniaError:
        return 0
    return (last.ordinal + 1) * _months_in(last)


def _horizons(rows: pl.DataFrame, months: int, latest: int) -> tuple[int, int]:
    """Periods to forecast, and periods to look back: enough to hold the months, one at least."""
    each = _months_in(parse_periods(rows["time"].to_list())[0])
    behind = latest - _month_after(rows)
    wanted = months + behind if behind <= months else months
    return -(-wanted // each), -(-months // each)


def _months_in(period: Period) -> int:
    return Frequency.MONTH.per_year // period.frequency.per_year


def paths_of(
    arrivals: Outcome, used: Collection[tuple[str, str]]
) -> tuple[tuple[str, ...], dict[tuple[str, str], Floats], tuple[str, ...]]:
    """The months that the `used` series are all forecast for, each series' paths over them, and sentences.

    Counts by quarter or year are spread evenly over their months. A series that ended before the others
    begin is left out, and said so.
    """
    monthly = {
        key: _by_month(periods[0], arrivals.arrays[array_name(*key)])
        for key, periods in _periods(arrivals.frames.get("forecasts", _NO_FORECASTS)).items()
        if key in used
    }
    start = max((first for first, _ in monthly.values()), default=0)
    ends = {key: first + paths.shape[1] for key, (first, paths) in monthly.items()}
    running = {key: monthly[key] for key, end in ends.items() if end > start}
    length = min((ends[key] - start for key in running), default=0)
    paths = {key: paths[:, start - first :][:, :length] for key, (first, paths) in running.items()}
    notes = [
        f"The records of {measure!r} ({group!r}) end too early to be carried into the months of the others: "
        "load does not use them."
        for measure, group in sorted(monthly.keys() - running.keys())
    ]
    return tuple(str(Period(Frequency.MONTH, start + step)) for step in range(length)), paths, tuple(notes)


def _by_month(first: Period, paths: Floats) -> tuple[int, Floats]:
    """The ordinal of the first month, and paths by month."""
    months = _months_in(first)
    return first.ordinal * months, np.repeat(paths / months, months, axis=1)


def _periods(forecasts: pl.DataFrame) -> dict[tuple[str, str], list[Period]]:
    grouped = forecasts.sort("measure", "group", "time").group_by("measure", "group", maintain_order=True)
    return {
        (str(measure), str(group)): [parse_period(time) for time in rows["time"]]
        for (measure, group), rows in grouped
    }
