"""Sample paths and recorded months as arrays: shelter flows by group, and arrivals since the census.

Owns lining up paths with history month by month; ignores districts and services.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.scenarios.cohorts import Entries, staying_share
from philoxenia.scenarios.months import monthly_counts
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
from philoxenia.vocabulary import Period, parse_period

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
    paths: Paths, times: tuple[str, ...], inputs: CityInputs, rng: np.random.Generator, notes: list[str]
) -> ShelterFlows | None:
    """The flows of the shelter system, by newcomers and others where both are forecast, else together."""
    history = _before(inputs.shelter_flow, times[0])
    if history is None:
        notes.append("No shelter flow table: the need for shelter is not computed.")
        return None
    named = inputs.groups
    both = (named.newcomers, named.others)
    recorded = set(history["group"].to_list())
    groups = both if all((INTAKE, g) in paths and g in recorded for g in both) else (named.everybody,)
    if any((INTAKE, group) not in paths or group not in recorded for group in groups):
        notes.append(
            f"No forecast of {INTAKE!r} for {named.everybody!r}: the need for shelter is not computed."
        )
        return None
    if len(groups) == 1:
        notes.append(
            "The shelter flow does not tell newcomers from others: need for shelter is given for all."
        )
    residual_months = int(inputs.parameters["scenarios.residual_months"])
    return _flows(paths, groups, history, residual_months, rng, notes)


def _flows(
    paths: Paths,
    groups: tuple[str, ...],
    history: pl.DataFrame,
    residual_months: int,
    rng: np.random.Generator,
    notes: list[str],
) -> ShelterFlows:
    intake = np.stack([_must(paths, INTAKE, group) for group in groups])
    recorded = {name: _recorded(history, groups, name) for name in (INTAKE, *RETURNS, *EXITS, STOCK)}
    exits_past = recorded[EXITS[0]] + recorded[EXITS[1]]
    net = recorded[INTAKE] + recorded[RETURNS[0]] + recorded[RETURNS[1]] - exits_past
    before = recorded[STOCK][:, :-1]
    share = np.divide(exits_past[:, 1:], before, out=np.full_like(before, np.nan), where=before > 0)
    start = _last_known(recorded[STOCK])
    returns = _returns(paths, groups, recorded, intake.shape, notes)
    unexplained = residuals(recorded[STOCK], net)[:, -residual_months:]
    residual = drawn_residuals(unexplained, intake.shape[1], intake.shape[2], rng)
    exits = _exits(paths, groups, notes)
    if exits is None:
        recent = np.nan_to_num(_recent_mean(share))
        leave = np.broadcast_to(recent[:, None, None], intake.shape)
    else:
        leave = leave_shares(start, intake + returns + residual, exits)
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
    if not known.any(axis=1).all():
        raise LoadError(f"The shelter flow holds no {STOCK!r} to start from. Give the last month's number.")
    last = stock.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    return np.asarray(stock[np.arange(len(stock)), last], dtype=np.float64)


def arrival_entries(
    paths: Paths,
    times: tuple[str, ...],
    inputs: CityInputs,
    seeking: Floats | None,
    notes: list[str],
) -> Entries:
    """Arrivals after the census year, recorded then forecast (T, P): into shelters, and straight into homes.

    `seeking` (H, P): newcomers who seek shelter. Total arrivals, where the city's share of them is given,
    count into homes beyond those that come by the shelters.
    """
    first, census = parse_period(times[0]), parse_period(f"{inputs.profile_year}-12")
    since = [census + step for step in range(1, first - census)]
    futures = next(iter(paths.values())).shape[0]
    group = inputs.groups.newcomers
    flow = None if seeking is None else inputs.shelter_flow
    intake_past = _series(flow, since, INTAKE, group)
    stock_past = _series(flow, since, STOCK, group)
    stock_before = _series(flow, [census], STOCK, group)
    intake_ahead = np.zeros((len(times), futures)) if seeking is None else _must(paths, INTAKE, group)
    stock_ahead = np.zeros((len(times), futures)) if seeking is None else seeking
    intake = np.concatenate([_wide(intake_past, futures), intake_ahead])
    stock = np.concatenate([_wide(stock_past, futures), stock_ahead])
    total = _total_arrivals(paths, since, inputs, intake.shape, notes)
    return Entries(
        to_shelter=intake,
        to_homes=np.maximum(total - intake, 0.0),
        stay=staying_share(_wide(stock_before, futures)[0], intake, stock),
    )


def _total_arrivals(
    paths: Paths, since: list[Period], inputs: CityInputs, shape: tuple[int, ...], notes: list[str]
) -> Floats:
    named = inputs.total_arrivals
    share = inputs.parameters["scenarios.total_arrivals_share"] if named.share is None else named.share
    ahead = path(paths, named.measure, named.group)
    if ahead is None:
        return np.zeros(shape)
    if share == 0:
        notes.append(
            f"The forecast of {named.measure} ({named.group}) is not turned into arrivals here, since the "
            "city's share of it is not known: set scenarios.total_arrivals_share."
        )
        return np.zeros(shape)
    past = _series(inputs.arrivals_history, since, "arrivals", None)
    return share * np.concatenate([_wide(past, shape[1]), ahead])


def _series(table: pl.DataFrame | None, months: list[Period], measure: str, group: str | None) -> Floats:
    values = np.zeros(len(months))
    if table is None or not months:
        return values
    rows = table if group is None else table.filter(pl.col("group") == group)
    for month, count in monthly_counts(rows.select("month", measure).iter_rows()).items():
        if 0 <= month - months[0] < len(months):
            values[month - months[0]] = count
    return values


def _wide(values: Floats, futures: int) -> Floats:
    return np.repeat(values[:, None], futures, axis=1)
