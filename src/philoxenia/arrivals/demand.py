"""Demand where recorded intake is only what there was room for.

Owns estimating it and forecasting it beside recorded intake; which periods are held down is `censoring`'s
business.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.linalg import cho_solve_banded, cholesky_banded, solve_banded
from scipy.special import ndtr, ndtri

from philoxenia.arrivals.censoring import held_down
from philoxenia.arrivals.forecasting import LEVELS, forecast, level_name
from philoxenia.arrivals.history import panels_of
from philoxenia.arrivals.scale import Scale, scale_of
from philoxenia.arrivals.types import Bools, DemandEstimate, Floats, ForecastError, ForecastResult, Panel
from philoxenia.reference import Parameters, default_parameters

MEASURE = "estimated demand"


def estimate_demand(
    history: pl.DataFrame,
    capacity: pl.DataFrame | None = None,
    *,
    binding_from: str = "",
    signal: pl.DataFrame | None = None,
    seed: int = 1,
    parameters: Parameters | None = None,
) -> DemandEstimate:
    """Draw the courses demand may have taken, given recorded intake and when capacity held it down.

    `history` has time, value and maybe group; `capacity` time, capacity and occupied (see
    `censoring.held_down`). Demand is a level that wanders, plus the effect of an upstream `signal` learnt
    where capacity did not bind. It equals intake in free periods and is at least intake in held-down ones: a
    Tobit likelihood (Tobin 1958), drawn from by data augmentation (Chib 1992). Raises `ForecastError` where
    no group can be estimated.
    """
    chosen = parameters or default_parameters()
    panels, told = panels_of(history, chosen, signal)
    if not panels:
        raise ForecastError("Demand cannot be estimated for any group. " + " ".join(told.sentences))
    frames, draws, shares = [], dict[str, Floats](), []
    for number, panel in enumerate(panels):
        flags = held_down(panel.first, panel.periods, panel.frequency, chosen, capacity, binding_from)
        courses = _courses(panel, flags, np.random.default_rng([seed, number]), chosen)
        draws |= dict(zip(panel.groups, courses, strict=True))
        frames.append(_frame(panel, flags, courses))
        shares.append(flags.mean())
    times = tuple(panels[0].time(column) for column in range(panels[0].periods))
    said = _assumptions(float(np.mean(shares)), signal is not None, chosen)
    return DemandEstimate(pl.concat(frames).sort("group", "time"), draws, times, (*said, *told.sentences))


def forecast_demand(
    estimate: DemandEstimate,
    horizon: int = 12,
    levels: Sequence[float] = LEVELS,
    seed: int = 1,
    *,
    paths: int = 1000,
    parameters: Parameters | None = None,
) -> ForecastResult:
    """Forecast demand from several of its possible courses; their spread is part of the intervals."""
    chosen = parameters or default_parameters()
    # Each course is forecast as a series of its own; a tab keeps their names apart from a group's.
    shortest = min(len(drawn) for drawn in estimate.draws.values())
    courses = int(min(chosen["arrivals.demand_courses"], shortest))
    rows = [
        pl.DataFrame({"group": f"{group}\t{number:04d}", "time": estimate.times, "value": drawn[place]})
        for group, drawn in estimate.draws.items()
        for number, place in enumerate(np.linspace(0, len(drawn) - 1, courses).astype(int))
    ]
    made = forecast(pl.concat(rows), horizon, levels, seed, paths=-(-paths // courses), parameters=chosen)
    futures = {
        (MEASURE, group): np.concatenate(
            [drawn for key, drawn in made.paths.items() if key[1].split("\t")[0] == group]
        )
        for group in estimate.draws
    }
    parts = [_summary(group, drawn, made.times, levels) for (_, group), drawn in futures.items()]
    return ForecastResult(pl.concat(parts).sort("group", "time"), futures, made.times, estimate.assumptions)


def _summary(group: str, futures: Floats, times: Sequence[str], levels: Sequence[float]) -> pl.DataFrame:
    columns = {
        "measure": [MEASURE] * len(times),
        "group": [group] * len(times),
        "time": list(times),
        "mean": futures.mean(axis=0),
        "median": np.median(futures, axis=0),
    }
    for level in levels:
        columns[f"lower_{level_name(level)}"] = np.quantile(futures, 0.5 - level / 200, axis=0)
        columns[f"upper_{level_name(level)}"] = np.quantile(futures, 0.5 + level / 200, axis=0)
    return pl.DataFrame(columns)


def _assumptions(share: float, with_signal: bool, parameters: Parameters) -> list[str]:
    words = [
        f"In {share:.0%} of periods recorded intake was held down by capacity: there demand is at least what "
        "was recorded, and how much more is inferred.",
        f"A period counts as held down at {parameters['arrivals.censored_occupancy']:.0%} of places filled "
        "or more, or where the city says so.",
    ]
    if with_signal:
        return [*words, "Demand is assumed to follow the upstream signal as it did while there was room."]
    return [*words, "Without an upstream signal, demand in a long held-down spell is known only from below."]


def _frame(panel: Panel, flags: Bools, courses: Floats) -> pl.DataFrame:
    series, periods = panel.values.shape
    low, middle, high = np.quantile(courses, [0.1, 0.5, 0.9], axis=1)
    return pl.DataFrame(
        {
            "group": np.repeat(panel.groups, periods).tolist(),
            "time": [panel.time(column) for column in range(periods)] * series,
            "recorded": panel.values.ravel(),
            "held_down": np.tile(flags, series),
            "demand": middle.ravel(),
            "lower_80": low.ravel(),
            "upper_80": high.ravel(),
        }
    ).with_columns(pl.col("recorded").fill_nan(None))


# --- the sampler ----------------------------------------------------------------------------------


@dataclass
class _State:
    """One series in one round of the sampler, all on the scale of modelling."""

    demand: Floats
    level: Floats
    effect: float
    noise: float
    wander: float


def _courses(panel: Panel, flags: Bools, rng: np.random.Generator, parameters: Parameters) -> Floats:
    """(series, draws, periods) courses of demand in the units of the value."""
    scale = scale_of(panel.values)
    scaled = scale.to(panel.values)
    drivers = _drivers(panel)
    return np.stack(
        [_one_series(scaled[row], flags, drivers[row], scale, rng, parameters) for row in range(len(scaled))]
    )


def _drivers(panel: Panel) -> Floats:
    """The upstream signal on its scale, its mean taken out; zero where there is none."""
    if panel.signal is None:
        return np.zeros(panel.values.shape)
    scaled = scale_of(panel.signal).to(panel.signal)[:, : panel.periods]
    padded = np.full(panel.values.shape, np.nan)
    padded[:, : scaled.shape[1]] = scaled
    known = np.maximum((~np.isnan(padded)).sum(axis=1, keepdims=True), 1)
    return np.asarray(np.nan_to_num(padded - np.nansum(padded, axis=1, keepdims=True) / known))


def _one_series(
    scaled: Floats,
    flags: Bools,
    driver: Floats,
    scale: Scale,
    rng: np.random.Generator,
    parameters: Parameters,
) -> Floats:
    rounds = int(parameters["arrivals.demand_rounds"])
    known = ~np.isnan(scaled)
    floor = np.where(known & flags, scaled, -np.inf)
    free = known & ~flags
    state, usual = _start(scaled, free, parameters)
    kept = []
    for number in range(rounds):
        _draw_demand(state, scaled, free, floor, driver, rng)
        _draw_level(state, driver, rng)
        _draw_effect(state, driver, rng)
        _draw_spreads(state, usual, driver, rng, parameters)
        if number >= rounds // 3:
            kept.append(state.demand.copy())
    return scale.back(np.array(kept))


def _start(scaled: Floats, free: Bools, parameters: Parameters) -> tuple[_State, tuple[float, float]]:
    """A first state, and the prior means of the variances of noise and of lasting changes."""
    basis = scaled[free] if free.sum() > 2 else scaled[~np.isnan(scaled)]
    change = float(np.median(np.abs(np.diff(basis)))) if len(basis) > 1 else 1.0
    variance = max((1.4826 * change) ** 2, 1e-4)
    wander = parameters["arrivals.demand_wander"] * variance
    noise = max(variance - wander, 0.2 * variance) / 2
    places = np.arange(len(scaled))
    known = ~np.isnan(scaled)
    filled = np.interp(places, places[known], scaled[known])
    return _State(filled.copy(), filled.copy(), 0.0, noise, wander), (noise, wander)


def _draw_demand(
    state: _State, scaled: Floats, free: Bools, floor: Floats, driver: Floats, rng: np.random.Generator
) -> None:
    mean, spread = state.level + state.effect * driver, np.sqrt(state.noise)
    below = ndtr((floor - mean) / spread)
    share = below + (1 - below) * rng.random(len(scaled))
    drawn = mean + spread * ndtri(np.clip(share, 1e-12, 1 - 1e-12))
    # Far above its mean a truncated normal sits at its floor.
    state.demand = np.where(free, scaled, np.maximum(drawn, floor))


def _draw_level(state: _State, driver: Floats, rng: np.random.Generator) -> None:
    """The wandering level given demand: a Gaussian with a tridiagonal precision."""
    size = len(driver)
    steps = np.full(size, 2.0)
    steps[[0, -1]] = 1.0
    band = np.zeros((2, size))
    band[0, 1:] = -1 / state.wander
    band[1] = steps / state.wander + 1 / state.noise
    upper = cholesky_banded(band)
    mean = cho_solve_banded((upper, False), (state.demand - state.effect * driver) / state.noise)
    state.level = mean + solve_banded((0, 1), upper, rng.standard_normal(size))


def _draw_effect(state: _State, driver: Floats, rng: np.random.Generator) -> None:
    """The signal's effect on demand beside its wandering level; prior N(0, 1)."""
    if not driver.any():
        return
    precision = float(driver @ driver) / state.noise + 1.0
    mean = float(driver @ (state.demand - state.level)) / state.noise / precision
    state.effect = float(mean + rng.standard_normal() / np.sqrt(precision))


def _draw_spreads(
    state: _State,
    usual: tuple[float, float],
    driver: Floats,
    rng: np.random.Generator,
    parameters: Parameters,
) -> None:
    """Variances of noise and of lasting changes: inverse gammas centred near what free periods showed."""
    weight = parameters["arrivals.demand_steadiness"]
    rest = state.demand - state.level - state.effect * driver
    moves = np.diff(state.level)
    state.noise = _inverse_gamma(rest, usual[0], weight, rng)
    state.wander = _inverse_gamma(moves, usual[1], weight, rng)


def _inverse_gamma(values: Floats, usual: float, weight: float, rng: np.random.Generator) -> float:
    return float((weight * usual + values @ values) / 2 / rng.gamma((weight + len(values)) / 2))
