"""Where a service is given and how much of it, from the city's tables as services.csv declares."""

from dataclasses import dataclass

import polars as pl

from philoxenia.exchange import City
from philoxenia.needs.catalogue import Service
from philoxenia.needs.travel import Floats


@dataclass(frozen=True)
class Supply:
    """Places of one service: degrees, how much each offers, the date of the table and what was left out."""

    longitude: Floats
    latitude: Floats
    amount: Floats
    date: str
    missing: tuple[str, ...] = ()


def read_supply(city: City, service: Service) -> Supply | str:
    """The places of a service, or a sentence that says why there are none."""
    absent = [name for name in (service.place_table, service.location_table) if name not in city.tables]
    if absent:
        return f"{service.name}: reach needs the table {absent[0]}, which this city has not handed in."
    rows, year = _latest_rows(city.tables[service.place_table], service)
    located = _amounts(city, service, rows)
    known = located.drop_nulls(["longitude", "latitude", "amount"])
    if known.is_empty():
        return f"{service.name}: no place in {service.place_table} has coordinates and an amount."
    source = city.sources.get(service.place_table)
    date = year or (str(source.date) if source is not None else "")
    left_out = located.height - known.height
    missing = (
        (f"{service.name}: {left_out} of {located.height} places have no coordinates or amount; left out.",)
        if left_out
        else ()
    )
    longitude, latitude, amount = (known[name].to_numpy() for name in ("longitude", "latitude", "amount"))
    return Supply(longitude, latitude, amount, date, missing)


def _latest_rows(table: pl.DataFrame, service: Service) -> tuple[pl.DataFrame, str]:
    rows = table.filter(*[pl.col(name).cast(pl.String) == value for name, value in service.filter.items()])
    if "year" not in rows.columns:
        return rows, ""
    years = rows.with_columns(pl.col("year").cast(pl.String))
    latest = years["year"].max()
    return years.filter(pl.col("year") == latest), str(latest or "")


def _amounts(city: City, service: Service, rows: pl.DataFrame) -> pl.DataFrame:
    """longitude, latitude and amount of each place; a service counted by its places offers one each."""
    amount = pl.col(service.quantity).cast(pl.Float64) if service.quantity else pl.lit(1.0)
    degrees = pl.col("longitude", "latitude").cast(pl.Float64)
    if service.location_table == service.place_table:
        return rows.select(degrees, amount.alias("amount"))
    key = service.location_key
    summed = rows.group_by(key).agg(amount.sum().alias("amount")).sort(key)
    places = city.tables[service.location_table].select(pl.col(key), degrees)
    return summed.join(places, on=key, how="left", maintain_order="left")
