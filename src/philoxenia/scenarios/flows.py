"""Sample paths of the shelter flow lined up with its history, by group.

Owns what a flow is when its forecast is missing or held down; ignores districts and services.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.reference import Parameters
from philoxenia.scenarios.rates import triangular
from philoxenia.scenarios.stock import Flows, drawn_residuals, leave_shares, residuals
from philoxenia.scenarios.types import (
    EXITS,
    INTAKE,
    RETURNS,
    STOCK,
    CityInputs,
    Floats,
    LoadError,
    Paths,
)
from philoxenia.vocabulary import parse_period

_RECENT_MONTHS = 12


@dataclass(frozen=True)
class ShelterFlows:
    """Flows of the groups that share the shelters, the stock they start from, and whether the groups tell
    newcomers (first) from others."""

    groups: tuple[str, ...]
    split: bool
    start: Floats
    flows: Flows


def checked_paths(paths: Paths, times: tuple[str, ...]) -> int:
    """Number of futures. Refuses paths of unlike shape and paths that are not numbers throughout."""
    if not paths:
        raise LoadError("There are no paths: load needs the forecast of one series at least.")
    shapes = {array.shape for array in paths.values()}
    if len(shapes) != 1 or next(iter(shapes))[1:] != (len(times),):
        raise LoadError(f"All paths must be (paths, {len(times)}), for {len(times)} times; found {shapes}.")
    for key, array in paths.items():
        if not np.isfinite(array).all():
            raise LoadError(f"The paths of {key} hold numbers that are not finite.")
    return int(next(iter(shapes))[0])


def path(paths: Paths, measure: str, group: str) -> Floats | None:
    """Paths of one series as (H, P), never below zero; None where it is not forecast."""
    found = paths.get((measure, group))
    return None if found is None else np.maximum(np.ascontiguousarray(found.T, dtype=np.float64), 0.0)


def shelter_flows(
    paths: Paths,
    times: tuple[str, ...],
    inputs: CityInputs,
    demand: pl.DataFrame | None,
    rng: np.random.Generator,
    notes: list[str],
) -> ShelterFlows | None:
    """The flows of the shelter system, by newcomers and others where both are forecast, else together.

    `demand` (group, time, recorded, estimated_p10, estimated_p50, estimated_p90): people who came, had there
    been room. Forecasts of recorded intake are raised by what it says of the last year.
    """
    history = _before(inputs.shelter_flow, times[0])
    if history is None:
        notes.append("No shelter flow table: the need for shelter is not computed.")
        return None
    groups = _groups(paths, history, inputs, notes)
    if not groups:
        return None
    _note_hole(history, times[0], notes)
    intake = np.stack([_must(paths, INTAKE, group) for group in groups])
    raised = np.stack([_unmet(demand, group, intake.shape[2], rng, notes) for group in groups])
    return _flows(paths, groups, history, intake * raised[:, None, :], inputs.parameters, rng, notes)


def _groups(paths: Paths, history: pl.DataFrame, inputs: CityInputs, notes: list[str]) -> tuple[str, ...]:
    """Newcomers and others where both can be followed, else everybody, else none."""
    stocked = set(history.drop_nulls(STOCK)["group"].to_list())
    named = inputs.groups

    def followed(group: str) -> bool:
        return (INTAKE, group) in paths and group in stocked

    if followed(named.newcomers) and followed(named.others):
        return (named.newcomers, named.others)
    if not followed(named.everybody):
        notes.append(
            f"No forecast of {INTAKE!r} for {named.everybody!r}, or no {STOCK!r} to start from: the need for "
            "shelter is not computed."
        )
        return ()
    notes.append("The shelter flow does not tell newcomers from others: need for shelter is given for all.")
    return (named.everybody,)


def _note_hole(history: pl.DataFrame, first: str, notes: list[str]) -> None:
    last = max(parse_period(month) for month in history["month"].unique().to_list())
    if parse_period(first) - last > 1:
        notes.append(
            f"The shelter flow ends in {last} and the forecast begins in {first}: people in shelter are "
            f"taken to be as many as in {last}."
        )


def _unmet(
    demand: pl.DataFrame | None, group: str, futures: int, rng: np.random.Generator, notes: list[str]
) -> Floats:
    """Factor (P,) from recorded intake to demand, drawn from the range of the estimate."""
    rows = (
        None if demand is None else demand.filter(pl.col("group") == group).sort("time").tail(_RECENT_MONTHS)
    )
    if rows is None or rows.is_empty() or not float(rows["recorded"].sum() or 0) > 0:
        notes.append(
            f"Recorded intake of {group!r} is read as demand; where shelters are full it is a lower bound."
        )
        return np.ones(futures)
    recorded = float(rows["recorded"].sum())
    low, middle, high = (
        max(float(rows[f"estimated_{level}"].sum()) / recorded, 1.0) for level in ("p10", "p50", "p90")
    )
    return triangular(rng.random(futures), low, middle, high)


def _flows(
    paths: Paths,
    groups: tuple[str, ...],
    history: pl.DataFrame,
    intake: Floats,
    parameters: Parameters,
    rng: np.random.Generator,
    notes: list[str],
) -> ShelterFlows:
    recorded = {name: _recorded(history, groups, name) for name in (INTAKE, *RETURNS, *EXITS, STOCK)}
    exits_past = recorded[EXITS[0]] + recorded[EXITS[1]]
    net = recorded[INTAKE] + recorded[RETURNS[0]] + recorded[RETURNS[1]] - exits_past
    before = recorded[STOCK][:, :-1]
    share = np.divide(exits_past[:, 1:], before, out=np.full_like(before, np.nan), where=before > 0)
    start = _last_known(recorded[STOCK])
    returns = _returns(paths, groups, recorded, intake.shape, notes)
    recent_months = int(parameters["scenarios.residual_months"])
    unexplained = residuals(recorded[STOCK], net)[:, -recent_months:]
    residual = drawn_residuals(unexplained, intake.shape[1], intake.shape[2], rng)
    exits = _exits(paths, groups, notes)
    leave = np.broadcast_to(np.nan_to_num(_recent_mean(share))[:, None, None], intake.shape)
    if exits is not None:
        # Forecasts of exits do not know the stock, so last year's share of it counts beside them.
        weight = parameters["scenarios.exit_forecast_weight"]
        leave = weight * leave_shares(start, intake + returns + residual, exits) + (1 - weight) * leave
    return ShelterFlows(groups, len(groups) > 1, start, Flows(intake, returns, leave, residual))


def _returns(
    paths: Paths,
    groups: tuple[str, ...],
    recorded: dict[str, Floats],
    shape: tuple[int, ...],
    notes: list[str],
) -> Floats:
    total = np.zeros(shape)
    for measure in RETURNS:
        for row, group in enumerate(groups):
            forecast = path(paths, measure, group)
            if forecast is None:
                notes.append(f"{measure!r} of {group!r} is not forecast: its mean of the last year is used.")
                total[row] += np.nan_to_num(_recent_mean(recorded[measure])[row])
            else:
                total[row] += forecast
    return total


def _exits(paths: Paths, groups: tuple[str, ...], notes: list[str]) -> Floats | None:
    keys = [(measure, group) for group in groups for measure in EXITS]
    if any(key not in paths for key in keys):
        notes.append(
            "Exits from shelter are not forecast: the share leaving in a month of the last year is used."
        )
        return None
    return np.stack([_must(paths, EXITS[0], group) + _must(paths, EXITS[1], group) for group in groups])


def _must(paths: Paths, measure: str, group: str) -> Floats:
    found = path(paths, measure, group)
    if found is None:
        raise LoadError(f"There are no paths of {measure!r} for {group!r}.")
    return found


def _before(table: pl.DataFrame | None, first: str) -> pl.DataFrame | None:
    if table is None:
        return None
    start = parse_period(first)
    months = [month for month in table["month"].unique().to_list() if parse_period(month) < start]
    earlier = table.filter(pl.col("month").is_in(months))
    return None if earlier.is_empty() else earlier


def _recorded(history: pl.DataFrame, groups: tuple[str, ...], measure: str) -> Floats:
    months = sorted({parse_period(month) for month in history["month"].to_list()})
    out = np.full((len(groups), months[-1] - months[0] + 1), np.nan)
    if measure not in history.columns:
        return out
    for month, group, value in history.select("month", "group", measure).iter_rows():
        if group in groups and value is not None:
            out[groups.index(group), parse_period(month) - months[0]] = value
    return out


def _recent_mean(values: Floats) -> Floats:
    recent = values[:, -_RECENT_MONTHS:]
    counted = np.isfinite(recent).sum(axis=1)
    mean = np.full(len(recent), np.nan)
    np.divide(np.nansum(recent, axis=1), counted, out=mean, where=counted > 0)
    return mean


def _last_known(stock: Floats) -> Floats:
    known = np.isfinite(stock)
    last = stock.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    return np.asarray(stock[np.arange(len(stock)), last], dtype=np.float64)
