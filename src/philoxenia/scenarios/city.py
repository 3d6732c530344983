"""What load needs, taken from a city package.

Owns which table and which setting feeds which input; ignores how tables were cleaned. Only population by
district is needed; every other table may be missing, and what follows from that is said in a sentence.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import polars as pl

from philoxenia.exchange.settings import measure_name
from philoxenia.reference import Parameters
from philoxenia.scenarios.capacity_tables import capacity_of
from philoxenia.scenarios.rates import read_services
from philoxenia.scenarios.types import CityInputs, LoadError, ShelterGroups, TotalArrivals

SHELTER_FLOW = "shelter_flow"
_NEWCOMERS = ("recent_immigrants", "external_migrants_5_years")
_AGES = {
    "age_0_4": ("age_0_4",),
    "age_5_14": ("age_5_9", "age_10_14"),
    "age_15_19": ("age_15_19",),
    "age_20_64": tuple(f"age_{first}_{first + 4}" for first in range(20, 65, 5)),
    "age_65_over": ("age_65_over",),
}


class CityTables(Protocol):
    """What load asks of a city: `philoxenia.exchange.City` has it."""

    @property
    def districts(self) -> pl.DataFrame: ...
    @property
    def tables(self) -> Mapping[str, pl.DataFrame]: ...
    @property
    def parameters(self) -> Parameters: ...
    @property
    def services(self) -> Sequence[str]: ...
    @property
    def groups(self) -> Mapping[str, Any]: ...
    @property
    def arrivals(self) -> Mapping[str, Any]: ...


def inputs_from_city(city: CityTables) -> CityInputs:
    """Inputs of load from a city package. Raises `LoadError` where no population by district is there."""
    tables, missing = city.tables, list[str]()
    if "census_profile" not in tables:
        raise LoadError("There is no table census_profile; load needs at least population by district.")
    census = tables["census_profile"].with_columns(pl.col("year").cast(pl.Int64))
    years = _census_years(census)
    newcomers = _newcomers(city, census)
    earlier = years[-2] if len(years) > 1 else None
    total, history = _total_arrivals(city)
    return CityInputs(
        profile=_profile(census, years[-1], newcomers, city.districts),
        profile_year=years[-1],
        earlier=None if earlier is None else _profile(census, earlier, newcomers, city.districts),
        earlier_year=earlier,
        shelter_flow=tables.get(SHELTER_FLOW),
        shelter_occupancy=tables.get("shelter_occupancy"),
        arrivals_history=history,
        capacity=capacity_of(tables, city.parameters, missing),
        own_rates=tables.get("service_rates"),
        services=_services(city, missing),
        groups=_shelter_groups(city),
        total_arrivals=total,
        parameters=city.parameters,
        missing=tuple(missing),
    )


def _census_years(census: pl.DataFrame) -> list[int]:
    years = census.filter(pl.col("characteristic") == "population")["year"].unique().sort().to_list()
    if not years:
        raise LoadError(
            "census_profile has no characteristic 'population'; load needs population by district."
        )
    return years


def _newcomers(city: CityTables, census: pl.DataFrame) -> str | None:
    named = city.groups.get("newcomers", {}).get("characteristic")
    known = set(census["characteristic"].unique().to_list())
    return next((name for name in (named, *_NEWCOMERS) if name in known), None)


def _profile(census: pl.DataFrame, year: int, newcomers: str | None, districts: pl.DataFrame) -> pl.DataFrame:
    wide = (
        census.filter(pl.col("year") == year)
        .with_columns(pl.col("value").cast(pl.Float64))
        .pivot("characteristic", index="district_id", values="value", aggregate_function="sum")
    )
    columns = [pl.col("population")]
    if newcomers in wide.columns:
        columns.append(pl.col(str(newcomers)).alias("newcomers"))
    if all(part in wide.columns for parts in _AGES.values() for part in parts):
        columns += [pl.sum_horizontal(parts).alias(age) for age, parts in _AGES.items()]
    if "median_rent" in wide.columns:
        columns.append(pl.col("median_rent"))
    centres = [name for name in ("longitude", "latitude") if name in districts.columns]
    placed = districts.select("district_id", *centres)
    return placed.join(wide.select("district_id", *columns), on="district_id", how="left").sort("district_id")


def _services(city: CityTables, missing: list[str]) -> tuple[str, ...]:
    if not city.services:
        return ()
    own = city.tables.get("service_rates")
    known = [service.name for service in read_services(own)]
    for name in city.services:
        if name not in known:
            missing.append(f"{name!r}: no rate is given, so no load; add rows to a table service_rates.")
    added = [] if own is None else own["service"].unique(maintain_order=True).to_list()
    return tuple(dict.fromkeys([*(name for name in city.services if name in known), *added]))


def _shelter_groups(city: CityTables) -> ShelterGroups:
    usual = ShelterGroups()
    for series in city.arrivals.get("series", []):
        if series.get("table") != SHELTER_FLOW:
            continue
        newcomers = series.get("newcomers", usual.newcomers)
        others = [group for group in series.get("partition", []) if group != newcomers]
        return ShelterGroups(
            newcomers, others[0] if others else usual.others, series.get("total", usual.everybody)
        )
    return usual


def _total_arrivals(city: CityTables) -> tuple[TotalArrivals, pl.DataFrame | None]:
    """The first series that is not the shelter flow. A count of a whole region needs the city's share of it
    (`city_share` of the entry, or the parameter); a count of the city's own is taken whole."""
    for series in city.arrivals.get("series", []):
        table = city.tables.get(series.get("table", ""))
        if series.get("table") == SHELTER_FLOW or table is None or series["measures"][0] not in table.columns:
            continue
        for column, value in series.get("filter", {}).items():
            table = table.filter(pl.col(column).cast(pl.String) == str(value))
        group = _everybody(series, table)
        if "group" in series:
            table = table.filter(pl.col(series["group"]) == group)
        time, measure = series.get("time", "month"), series["measures"][0]
        own = None if "region" in table.columns else 1.0
        counts = table.select(pl.col(time).alias("month"), pl.col(measure).cast(pl.Float64).alias("arrivals"))
        share = series.get("city_share", own)
        total = TotalArrivals(measure_name(series, measure), group, share, declared="city_share" in series)
        return total, counts.sort("month")
    return TotalArrivals(), None


def _everybody(series: Mapping[str, Any], table: pl.DataFrame) -> str:
    if "group" not in series:
        return "all"
    groups = [str(name) for name in table[series["group"]].unique().sort().to_list()]
    wanted = [series.get("total"), "all", *series.get("groups", []), *groups]
    return next((str(name) for name in wanted if name in groups), "all")
