"""How the forecasts would have done: the same computation at past origins, beside the three baselines.

Every model, baselines included, gets intervals calibrated in the same way from its own past errors.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl

from philoxenia.arrivals.combination import Workbench, ahead, blend, members_of, models_of
from philoxenia.arrivals.fan import Calibrated, calibrated
from philoxenia.arrivals.forecasting import LEVELS, check_request, level_name
from philoxenia.arrivals.history import panels_of
from philoxenia.arrivals.learnt import learnt
from philoxenia.arrivals.scores import covered, seasonal_change, weighted_interval_score
from philoxenia.arrivals.types import BacktestResult, Floats, ForecastError, Panel
from philoxenia.reference import Parameters, default_parameters

POOLED = "(all groups)"


def backtest(
    history: pl.DataFrame,
    horizon: int = 12,
    levels: Sequence[float] = LEVELS,
    origins: int = 24,
    *,
    signal: pl.DataFrame | None = None,
    models: Sequence[str] | None = None,
    parameters: Parameters | None = None,
) -> BacktestResult:
    """Score forecasts made at the last `origins` periods that leave a whole horizon to compare with.

    MASE (Hyndman and Koehler 2006), WAPE, weighted interval score and coverage for every group and model: the
    three baselines, the families of models, the combination. Where the history is too short for a whole
    horizon, origins with a part of it are used. Raises `ForecastError` when nothing can be compared.
    """
    check_request(horizon, levels)
    chosen = parameters or default_parameters()
    panels, told = panels_of(history, chosen, signal)
    parts = [part for panel in panels for part in _scored(panel, horizon, levels, origins, models, chosen)]
    if not parts:
        raise ForecastError("No group is long enough to look back on. " + " ".join(told.sentences))
    values = pl.concat(parts)
    frame = _summary(values, ["measure", "group", "model"], horizon, levels)
    pooled = _summary(
        values.with_columns(group=pl.lit(POOLED)), ["measure", "group", "model"], horizon, levels
    )
    return BacktestResult(frame, pooled, told.sentences)


def past_origins(panel: Panel, horizon: int, origins: int, fewest: int) -> list[int]:
    """Columns of the periods from which to look back, the oldest first."""
    whole = list(range(fewest - 1, panel.periods - horizon))
    partly = list(range(fewest - 1, panel.periods - 1))
    return (whole or partly)[-origins:]


def _scored(
    panel: Panel,
    horizon: int,
    levels: Sequence[float],
    origins: int,
    models: Sequence[str] | None,
    p: Parameters,
) -> list[pl.DataFrame]:
    bench = Workbench(panel, horizon, p, learnt(panel.frequency, p))
    columns = past_origins(panel, horizon, origins, int(p["arrivals.fewest_points"]))
    apart = blend(bench, bench.members).disagreement
    parts = []
    for model in models_of(bench):
        if models is None or model in models:
            made = calibrated(bench, replace(blend(bench, members_of(bench, model)), disagreement=apart))
            parts += [_one_origin(panel, model, made, origin, levels, p) for origin in columns]
    return parts


def _one_origin(
    panel: Panel, model: str, made: Calibrated, origin: int, levels: Sequence[float], p: Parameters
) -> pl.DataFrame:
    """Scores of every series and period ahead seen from one origin, as long rows."""
    fan, bench = made.fan(origin), made.bench
    actual = ahead(panel.values, bench.horizon)[:, origin]
    enough = bench.known[:, origin] >= p["arrivals.fewest_points"]
    actual = np.where(enough[:, None], actual, np.nan)
    bounds = {level / 100: fan.bounds(level / 100) for level in levels}
    unit = seasonal_change(panel.values, panel.frequency.per_year)[:, origin]
    error = np.abs(actual - fan.median())
    columns: dict[str, Floats] = {
        "error": error,
        "actual": np.abs(actual),
        "scaled": np.divide(error, unit[:, None], out=np.full(error.shape, np.nan), where=unit[:, None] > 0),
        "wis": weighted_interval_score(actual, fan.median(), bounds),
    }
    columns |= {level_name(level): covered(actual, *bounds[level / 100]) for level in levels}
    frame = pl.DataFrame({name: part.ravel() for name, part in columns.items()})
    return frame.with_columns(
        measure=pl.lit(panel.measure),
        group=pl.Series(np.repeat(panel.groups, actual.shape[1])),
        model=pl.lit(model),
        origin=pl.lit(origin),
    ).filter(pl.col("error").is_not_nan())


def _summary(values: pl.DataFrame, keys: list[str], horizon: int, levels: Sequence[float]) -> pl.DataFrame:
    return (
        values.group_by(keys, maintain_order=True)
        .agg(
            origins=pl.col("origin").n_unique().cast(pl.Int64),
            horizon=pl.lit(horizon, dtype=pl.Int64),
            mase=pl.col("scaled").fill_nan(None).mean(),
            wape=pl.when(pl.col("actual").sum() > 0).then(pl.col("error").sum() / pl.col("actual").sum()),
            wis=pl.col("wis").mean(),
            **{f"coverage_{level_name(level)}": pl.col(level_name(level)).mean() for level in levels},
            n=pl.len().cast(pl.Int64),
        )
        .sort(keys[:2], maintain_order=True)
    )
