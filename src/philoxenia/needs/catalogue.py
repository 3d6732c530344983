"""Indicators and services as declared in `reference`: what is measured, about whom, from which table."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from philoxenia.reference import reference_table
from philoxenia.vocabulary import Aspect


@dataclass(frozen=True)
class Indicator:
    """One row of indicators.csv. `direction` is 1 where more is more pressure, -1 where more is less."""

    id: str
    name: str
    definition: str
    unit: str
    direction: int
    aspect: Aspect
    crf_goal: int
    kind: str
    numerator: str
    denominator: str
    filter: str
    per: float
    about: str
    newcomers: str
    source_table: str
    note: str


@dataclass(frozen=True)
class Service:
    """One row of services.csv. A service without a `place_table` has no places to reach."""

    id: str
    name: str
    unit: str
    place_table: str
    quantity: str
    filter: Mapping[str, str]
    location_table: str
    location_key: str
    demand: tuple[str, ...]
    demand_name: str
    mode: str
    catchment_minutes: float
    aspect: Aspect
    crf_goal: int
    blueprint: str
    note: str


@cache
def indicators() -> tuple[Indicator, ...]:
    """Every declared indicator, in the order of the table."""
    rows = reference_table("indicators").iter_rows(named=True)
    return tuple(
        Indicator(
            **{
                **row,
                "direction": int(row["direction"]),
                "aspect": Aspect(row["aspect"]),
                "crf_goal": int(row["crf_goal"]),
                "per": float(row["per"]),
            }
        )
        for row in rows
    )


@cache
def services() -> tuple[Service, ...]:
    """Every declared service, in the order of the table."""
    return tuple(_service(row) for row in reference_table("services").iter_rows(named=True))


def _service(row: Mapping[str, str]) -> Service:
    return Service(
        id=row["id"],
        name=row["name"],
        unit=row["unit"],
        place_table=row["place_table"],
        quantity=row["quantity"],
        filter=dict(part.split("=") for part in row["filter"].split("&") if part),
        location_table=row["location_table"] or row["place_table"],
        location_key=row["location_key"],
        demand=tuple(code for code in row["demand"].split("+") if code),
        demand_name=row["demand_name"],
        mode=row["mode"],
        catchment_minutes=float(row["catchment_minutes"] or 0),
        aspect=Aspect(row["aspect"]),
        crf_goal=int(row["crf_goal"]),
        blueprint=row["blueprint"],
        note=row["note"],
    )
