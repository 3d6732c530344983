"""Arrivals since the census, recorded months and then each future: into shelters, and straight into homes.

Owns lining up records and paths month by month; ignores districts and services.
"""

import numpy as np
import polars as pl

from philoxenia.scenarios.cohorts import Entries, staying_share
from philoxenia.scenarios.flows import path
from philoxenia.scenarios.months import monthly_counts
from philoxenia.scenarios.types import INTAKE, STOCK, CityInputs, Floats, Paths, TotalArrivals
from philoxenia.vocabulary import Period, parse_period


def arrival_entries(
    paths: Paths,
    times: tuple[str, ...],
    inputs: CityInputs,
    newcomers: tuple[Floats, Floats] | None,
    notes: list[str],
) -> Entries:
    """Arrivals after the census year, recorded then forecast (T, P): into shelters, and straight into homes.

    `newcomers`: the newcomers of the shelter system, intake and people who seek shelter (H, P). Of total
    arrivals, where the city's share is given, those who do not come by the shelters go straight into homes.
    """
    first, census = parse_period(times[0]), parse_period(f"{inputs.profile_year}-12")
    since = [census + step for step in range(1, first - census)]
    futures = next(iter(paths.values())).shape[0]
    group = inputs.groups.newcomers
    flow = None if newcomers is None else inputs.shelter_flow
    intake_past = _series(flow, since, INTAKE, group)
    stock_past = _series(flow, since, STOCK, group)
    stock_before = _series(flow, [census], STOCK, group)
    nobody = np.zeros((len(times), futures))
    intake_ahead, stock_ahead = newcomers or (nobody, nobody)
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
            f"The forecast of {named.measure!r} ({named.group!r}) is not turned into arrivals here, since "
            "the city's share of it is not known: set scenarios.total_arrivals_share."
        )
        return np.zeros(shape)
    past = _series(inputs.arrivals_history, since, "arrivals", None)
    if not named.declared and (unlikely := _more_than_live_here(share * ahead, named, inputs)):
        notes.append(unlikely)
        return np.zeros(shape)
    return share * np.concatenate([_wide(past, shape[1]), ahead])


def _more_than_live_here(ahead: Floats, named: TotalArrivals, inputs: CityInputs) -> str:
    """A sentence where more are forecast in a year than live in the city: most likely another series, such as
    the border crossings of a whole country. Empty otherwise."""
    residents = float(inputs.profile["population"].sum() or 0)
    a_year = float(np.median(ahead.mean(axis=0))) * 12
    if a_year <= residents:
        return ""
    return (
        f"The forecast of {named.measure!r} ({named.group!r}) is {a_year:,.0f} a year, more than the "
        f"{residents:,.0f} people who live here, so it is not taken for people who come to stay. Write "
        "city_share of that series in city.toml (1 where all of them do come), or put the series that counts "
        "arrivals first."
    )


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
