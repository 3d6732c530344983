"""The question of this capability: how many may come, period by period, and how sure is that."""

from collections.abc import Sequence

import numpy as np
import polars as pl

from philoxenia.arrivals.combination import Workbench, blend
from philoxenia.arrivals.fan import Calibrated, Fan, calibrated
from philoxenia.arrivals.history import panels_of
from philoxenia.arrivals.learnt import learnt
from philoxenia.arrivals.paths import sample_paths
from philoxenia.arrivals.types import Floats, ForecastError, ForecastResult, Key, Panel
from philoxenia.reference import Parameters, default_parameters

LEVELS = (50, 80, 95)


def forecast(
    history: pl.DataFrame,
    horizon: int = 12,
    levels: Sequence[float] = LEVELS,
    seed: int = 1,
    *,
    signal: pl.DataFrame | None = None,
    paths: int = 1000,
    parameters: Parameters | None = None,
) -> ForecastResult:
    """Forecast every group of a history by a combination of models with calibrated intervals.

    `history` has time and value, and maybe measure and group; periods are months, quarters or years. `signal`
    is an upstream series (time, value, maybe group). Forecasts and `paths` futures are in the units of the
    value, for `horizon` periods after the last one of each measure. Raises `ForecastError` when no group can
    be forecast, `HistoryError` when the history is refused. Method and sources: README.md of this folder.
    """
    check_request(horizon, levels)
    chosen = parameters or default_parameters()
    panels, told = panels_of(history, chosen, signal)
    if not panels:
        raise ForecastError("No group can be forecast. " + " ".join(told.sentences))
    frames, futures, said = [], dict[Key, Floats](), list(told.sentences)
    for index, panel in enumerate(panels):
        bench = Workbench(panel, horizon, chosen, learnt(panel.frequency, chosen))
        made = calibrated(bench, blend(bench, bench.members))
        fan = made.fan(panel.periods - 1)
        frames.append(_frame(panel, fan, levels))
        drawn = sample_paths(made, fan, paths, seed + index)
        futures |= {(panel.measure, group): drawn[row] for row, group in enumerate(panel.groups)}
        said += _break_notes(made)
    table = pl.concat(frames).sort("measure", "group", "time")
    last = panels[0]
    times = tuple(last.time(last.periods + step) for step in range(horizon))
    return ForecastResult(table, futures, times, tuple(said), told.left_out)


def check_request(horizon: int, levels: Sequence[float]) -> None:
    """Refuse a horizon or levels that make no sense."""
    if horizon < 1:
        raise ForecastError(f"A horizon of {horizon} periods cannot be forecast. Ask for one or more.")
    wrong = [level for level in levels if not 1 <= level <= 99.5]
    if wrong or not levels:
        raise ForecastError(
            f"A level of {wrong[0] if wrong else 'nothing'} is not a share in percent from 1 to 99.5. "
            "Write 50,80,95."
        )


def level_name(level: float) -> str:
    """How a level is written in column names: 80, or 99.5."""
    return f"{level:g}"


def _frame(panel: Panel, fan: Fan, levels: Sequence[float]) -> pl.DataFrame:
    series, horizon = fan.centre.shape
    times = [panel.time(panel.periods + step) for step in range(horizon)]
    columns = {
        "measure": [panel.measure] * (series * horizon),
        "group": np.repeat(panel.groups, horizon).tolist(),
        "time": times * series,
        "mean": fan.mean().ravel(),
        "median": fan.median().ravel(),
    }
    for level in levels:
        lower, upper = fan.bounds(level / 100)
        columns[f"lower_{level_name(level)}"] = lower.ravel()
        columns[f"upper_{level_name(level)}"] = upper.ravel()
    return pl.DataFrame(columns)


def _break_notes(made: Calibrated) -> list[str]:
    found = [made.bench.panel.time(int(column)) for column in np.flatnonzero(made.pool.breaks)]
    if not found:
        return []
    weight = made.bench.parameters["arrivals.break_weight"]
    name = f" of {made.bench.panel.measure!r}" if made.bench.panel.measure else ""
    when = f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else found[0]
    return [
        f"Most series{name} jumped at once in {when}. How far forecasts missed then counts {weight:.0%} of "
        "what other misses count when the width of the bands is learnt."
    ]
