"""What one person asks of each service: rates by population, age and months since arrival, with ranges.

Owns reading `service_rates.csv` and a city's own rows; ignores how many people there are.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from philoxenia.reference import reference_table
from philoxenia.scenarios.types import AGE_GROUPS, Floats, LoadError
from philoxenia.vocabulary import Population

ANY_AGE = "all"
LAST_MONTH = 10_000
BASES = ("stock", "norm", "use", "floor")
SCOPES = ("city", "district")

_REQUIRED = ("service", "rate")
_DEFAULTS = {
    "basis": "norm",
    "scope": "city",
    "reach_km": "0",
    "population": Population.ALL_RESIDENTS.value,
    "age_group": ANY_AGE,
    "months_from": "",
    "months_to": "",
    "low": "",
    "high": "",
    "unit": "units",
    "description": "",
    "source": "given by the city",
    "date": "",
}


@dataclass(frozen=True)
class Rate:
    """Units one person of this population, age and time since arrival asks for; a person needs the sum
    of the rows that fit."""

    population: str
    age_group: str
    months_from: int
    months_to: int
    rate: float
    low: float
    high: float

    def drawn(self, quantile: Floats) -> Floats:
        """The rate at quantiles 0..1 of its triangular range."""
        return triangular(quantile, self.low, self.rate, self.high)


@dataclass(frozen=True)
class Service:
    """One service: its unit, how its demand is reckoned (`basis`), where its capacity counts (`scope`).

    Basis `norm`: people times a rate. `use`: people times relative use, scaled so that today's residents
    ask for what is given today. `stock`: from the shelter flow. `floor`: a minimum, never a city's norm.
    """

    name: str
    basis: str
    scope: str
    reach_km: float
    unit: str
    rates: tuple[Rate, ...]

    def rates_of(self, population: Population) -> tuple[Rate, ...]:
        """Rows of one population; those of all residents where it has none of its own."""
        own = tuple(rate for rate in self.rates if rate.population == population)
        return own or tuple(rate for rate in self.rates if rate.population == Population.ALL_RESIDENTS)

    @cached_property
    def ages(self) -> tuple[str, ...]:
        """Age groups the rows tell apart."""
        return tuple(age for age in AGE_GROUPS if any(rate.age_group == age for rate in self.rates))


def triangular(quantile: Floats, low: float, mode: float, high: float) -> Floats:
    """Quantiles of the triangular distribution on [low, high]; a range of no width is a constant."""
    if high <= low:
        return np.full_like(quantile, mode)
    turn = (mode - low) / (high - low)
    rising = low + np.sqrt(quantile * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - quantile) * (high - low) * (high - mode))
    return np.where(quantile < turn, rising, falling)


def read_services(own: pl.DataFrame | None = None) -> tuple[Service, ...]:
    """Services whose load is computed: the reference rows, with a city's own rows in place of a service's.

    Raises `LoadError` with the row and the rule it breaks.
    """
    return tuple(service for service in _services(own) if service.basis != "floor")


def floor_needs(people: float) -> pl.DataFrame:
    """Emergency minima (UNHCR, Sphere, WHO) for a number of people: service, needed, its range, unit, source.

    They say what nobody may fall below, and stand apart from what a city normally gives.
    """
    rows = reference_table("service_rates").filter(pl.col("basis") == "floor")
    needed = [(pl.col(column).cast(pl.Float64) * people) for column in ("rate", "low", "high")]
    names = ("needed", "needed_low", "needed_high")
    return rows.select(
        "service",
        *(value.alias(name) for value, name in zip(needed, names, strict=True)),
        "unit",
        "description",
        "source",
    )


def _services(own: pl.DataFrame | None) -> Iterator[Service]:
    rows = list(reference_table("service_rates").iter_rows(named=True))
    if own is not None:
        named = [_completed(row) for row in own.iter_rows(named=True)]
        replaced = {row["service"] for row in named}
        rows = [row for row in rows if row["service"] not in replaced or row["basis"] == "floor"] + named
    keys = dict.fromkeys((row["service"], row["basis"] == "floor") for row in rows)
    for name, floor in keys:
        yield _service(name, [r for r in rows if r["service"] == name and (r["basis"] == "floor") is floor])


def _completed(row: dict[str, object]) -> dict[str, str]:
    given = {key: str(value) for key, value in row.items() if value is not None and str(value) != ""}
    for column in _REQUIRED:
        if column not in given:
            raise LoadError(
                f"service_rates: a row has no {column!r}. Every row needs {', '.join(_REQUIRED)}."
            )
    return {**_DEFAULTS, **given}


def _service(name: str, rows: list[dict[str, str]]) -> Service:
    first = rows[0]
    for column in ("basis", "scope", "reach_km", "unit"):
        if len({row[column] for row in rows}) > 1:
            raise LoadError(f"service_rates: rows of {name!r} disagree on {column!r}; give one value.")
    for column, known in (("basis", BASES), ("scope", (*SCOPES, ""))):
        if first[column] not in known:
            raise LoadError(f"service_rates: {name!r} has {column} {first[column]!r}; use one of {known}.")
    return Service(
        name=name,
        basis=first["basis"],
        scope=first["scope"],
        reach_km=_number(first, "reach_km") if first["reach_km"] else 0.0,
        unit=first["unit"],
        rates=tuple(_rate(row) for row in rows),
    )


def _rate(row: dict[str, str]) -> Rate:
    name, rate = row["service"], _number(row, "rate")
    low = _number(row, "low") if row["low"] else rate
    high = _number(row, "high") if row["high"] else rate
    if not 0 <= low <= rate <= high:
        raise LoadError(
            f"service_rates: {name!r} has rate {rate:g} outside its range {low:g} to {high:g}, or below "
            "zero. Write low <= rate <= high."
        )
    if row["population"] not in set(Population):
        raise LoadError(
            f"service_rates: {name!r} names the population {row['population']!r}; "
            f"use one of {', '.join(Population)}."
        )
    if row["age_group"] not in (ANY_AGE, *AGE_GROUPS):
        raise LoadError(
            f"service_rates: {name!r} names the age group {row['age_group']!r}; "
            f"use {ANY_AGE} or one of {', '.join(AGE_GROUPS)}."
        )
    return Rate(
        population=row["population"],
        age_group=row["age_group"],
        months_from=int(_number(row, "months_from")) if row["months_from"] else 0,
        months_to=int(_number(row, "months_to")) if row["months_to"] else LAST_MONTH,
        rate=rate,
        low=low,
        high=high,
    )


def _number(row: dict[str, str], column: str) -> float:
    try:
        return float(row[column])
    except ValueError as fault:
        raise LoadError(
            f"service_rates: {row['service']!r} has {column} {row[column]!r}, which is not a number."
        ) from fault
