"""Result tables: columns, order and units. Owns their shape; ignores how the numbers came about."""

from typing import Any

import numpy as np
import polars as pl

from philoxenia.scenarios.bands import CityFutures, DistrictBands, ServiceLoad, reckon
from philoxenia.scenarios.case import Shelter
from philoxenia.scenarios.demand import People
from philoxenia.scenarios.gaps import first_gap, quantiles, reached_quantiles
from philoxenia.scenarios.settlement import settled
from philoxenia.scenarios.types import Floats
from philoxenia.vocabulary import Population

_LEVELS = ("p10", "p50", "p90")

LOAD = {
    "district_id": pl.String,
    "service": pl.String,
    "time": pl.String,
    "population": pl.String,
    "demand_p10": pl.Float64,
    "demand_p50": pl.Float64,
    "demand_p90": pl.Float64,
    "capacity": pl.Float64,
    "gap_p10": pl.Float64,
    "gap_p50": pl.Float64,
    "gap_p90": pl.Float64,
    "unit": pl.String,
}
TOTALS = {
    "service": pl.String,
    "time": pl.String,
    "population": pl.String,
    "demand_mean": pl.Float64,
    "demand_p10": pl.Float64,
    "demand_p50": pl.Float64,
    "demand_p90": pl.Float64,
    "arrivals_p10": pl.Float64,
    "arrivals_p50": pl.Float64,
    "arrivals_p90": pl.Float64,
    "capacity": pl.Float64,
    "gap_mean": pl.Float64,
    "gap_p10": pl.Float64,
    "gap_p50": pl.Float64,
    "gap_p90": pl.Float64,
    "local_gap_p10": pl.Float64,
    "local_gap_p50": pl.Float64,
    "local_gap_p90": pl.Float64,
    "share_with_gap": pl.Float64,
    "unit": pl.String,
}
OUTLOOK = {
    "service": pl.String,
    "basis": pl.String,
    "scope": pl.String,
    "capacity": pl.Float64,
    "share_of_futures_with_gap": pl.Float64,
    "months_until_gap_p10": pl.Float64,
    "months_until_gap_p50": pl.Float64,
    "months_until_gap_p90": pl.Float64,
    "unit": pl.String,
}
SETTLEMENT = {
    "district_id": pl.String,
    "shelter_share": pl.Float64,
    "home_share": pl.Float64,
    "arrivals_p10": pl.Float64,
    "arrivals_p50": pl.Float64,
    "arrivals_p90": pl.Float64,
}
SHELTER_STOCK = {
    "group": pl.String,
    "time": pl.String,
    "seeking_p10": pl.Float64,
    "seeking_p50": pl.Float64,
    "seeking_p90": pl.Float64,
    "in_shelter_p10": pl.Float64,
    "in_shelter_p50": pl.Float64,
    "in_shelter_p90": pl.Float64,
}


def load_tables(
    districts: tuple[str, ...],
    times: tuple[str, ...],
    people: People,
    loads: list[ServiceLoad],
    smallest: float,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The load, totals and outlook tables, services in the order given.

    A gap below `smallest` of capacity counts in the bands but is not called a gap in shares and months.
    """
    load = [pl.DataFrame(schema=LOAD)]
    totals = [pl.DataFrame(schema=TOTALS)]
    outlook = [pl.DataFrame(schema=OUTLOOK)]
    for one in loads:
        bands, city = reckon(one, people)
        for population, band in bands.items():
            load.append(_load_rows(one, population, band, districts, times))
            totals.append(_total_rows(one, population, city, times, smallest))
        outlook.append(_outlook_row(one, city, smallest))
    return pl.concat(load), pl.concat(totals), pl.concat(outlook)


def _load_rows(
    one: ServiceLoad,
    population: Population,
    band: DistrictBands,
    districts: tuple[str, ...],
    times: tuple[str, ...],
) -> pl.DataFrame:
    rows = len(districts) * len(times)
    columns: dict[str, Any] = {
        "district_id": np.repeat(np.array(districts, dtype=object), len(times)),
        "service": one.service.name,
        "time": list(times) * len(districts),
        "population": population.value,
        "capacity": None
        if one.placed is None or not one.placed.any()
        else np.repeat(one.placed * one.middle, len(times)),
        "unit": one.service.unit,
    }
    columns |= _named("demand", band.demand.reshape(3, rows))
    columns |= _named("gap", None if band.gap is None else band.gap.reshape(3, rows))
    return _frame(columns, LOAD, rows)


def _total_rows(
    one: ServiceLoad, population: Population, city: CityFutures, times: tuple[str, ...], smallest: float
) -> pl.DataFrame:
    demand, gaps = city.demand[population], city.gap_of(population)
    local = None if city.local_gap is None else city.local_gap[population]
    columns: dict[str, Any] = {
        "service": one.service.name,
        "time": list(times),
        "population": population.value,
        "demand_mean": demand.mean(axis=1),
        "capacity": None if one.total is None else one.total * one.middle,
        "gap_mean": None if gaps is None else gaps.mean(axis=1),
        "share_with_gap": None if gaps is None else (gaps > _called_gap(one, smallest)).mean(axis=1),
        "unit": one.service.unit,
    }
    columns |= _named("demand", quantiles(demand))
    columns |= _named("arrivals", _of_arrivals(one, population))
    columns |= _named("gap", None if gaps is None else quantiles(gaps))
    columns |= _named("local_gap", None if local is None else quantiles(local))
    return _frame(columns, TOTALS, len(times))


def _called_gap(one: ServiceLoad, smallest: float) -> float:
    return smallest * (one.total or 0.0)


def _of_arrivals(one: ServiceLoad, population: Population) -> Floats | None:
    if one.service.basis == "stock":
        return None
    terms = {Population.NEWCOMERS: (one.newcomers,), Population.LONG_TERM_RESIDENTS: (one.long_term,)}
    chosen = terms.get(population, (one.newcomers, one.long_term))
    return quantiles(np.sum([term.in_shelter + term.in_homes for term in chosen], axis=0))


def _outlook_row(one: ServiceLoad, city: CityFutures, smallest: float) -> pl.DataFrame:
    columns: dict[str, Any] = {
        "service": one.service.name,
        "basis": one.service.basis,
        "scope": one.service.scope,
        "capacity": None if one.total is None else one.total * one.middle,
        "unit": one.service.unit,
    }
    if city.gap is not None:
        months = first_gap(city.gap, _called_gap(one, smallest))
        columns["share_of_futures_with_gap"] = float(np.isfinite(months).mean())
        for level, value in zip(_LEVELS, reached_quantiles(months), strict=True):
            columns[f"months_until_gap_{level}"] = float(value) if np.isfinite(value) else None
    return _frame(columns, OUTLOOK, 1)


def settlement_table(districts: tuple[str, ...], people: People) -> pl.DataFrame:
    """Where arrivals since the census live in the last month, with the shares that put them there."""
    cohorts = people.cohorts
    in_shelter, in_homes = cohorts.in_shelter[:, -1:].sum(axis=0), cohorts.in_homes[:, -1:].sum(axis=0)
    living = settled(in_shelter, in_homes, people.shelter, people.homes)[:, 0]
    columns: dict[str, Any] = {
        "district_id": np.array(districts, dtype=object),
        "shelter_share": people.shelter,
        "home_share": people.homes.mean(axis=1),
    }
    return _frame(columns | _named("arrivals", quantiles(living)), SETTLEMENT, len(districts))


def shelter_table(times: tuple[str, ...], shelter: Shelter | None) -> pl.DataFrame:
    """People seeking shelter and people in shelter on a mean night, by group and month."""
    frames = [pl.DataFrame(schema=SHELTER_STOCK)]
    if shelter is None:
        return frames[0]
    stock, nightly = shelter.stock, shelter.nightly
    for row, group in enumerate(shelter.flows.groups):
        columns: dict[str, Any] = {"group": group, "time": list(times)}
        columns |= _named("seeking", quantiles(stock.seeking[row] * nightly))
        columns |= _named("in_shelter", quantiles(stock.in_shelter[row] * nightly))
        frames.append(_frame(columns, SHELTER_STOCK, len(times)))
    return pl.concat(frames)


def _named(what: str, band: Floats | None) -> dict[str, Any]:
    return {f"{what}_{level}": None if band is None else band[row] for row, level in enumerate(_LEVELS)}


def _frame(columns: dict[str, Any], schema: dict[str, type[pl.DataType]], rows: int) -> pl.DataFrame:
    series = [_column(name, columns.get(name), kind, rows) for name, kind in schema.items()]
    return pl.DataFrame(series)


def _column(name: str, values: Any, kind: type[pl.DataType], rows: int) -> pl.Series:
    if values is None or isinstance(values, str | float | int):
        return pl.Series(name, [values], dtype=kind).new_from_index(0, rows)
    return pl.Series(name, values, dtype=kind)
