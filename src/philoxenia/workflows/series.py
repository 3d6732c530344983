"""From a city's tables and its `[arrivals]` settings to the series that are forecast.

Owns which rows of which table make a series; ignores how they are forecast.
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from philoxenia.exchange import City
from philoxenia.exchange.settings import measure_name

HISTORY = {"measure": pl.String, "group": pl.String, "time": pl.String, "value": pl.Float64}
EVERYBODY = "all"


def history_of(city: City) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """All series of the city: measure, group, time, value; and a sentence for each that is not there."""
    frames, missing = [pl.DataFrame(schema=HISTORY)], []
    for series in city.arrivals.get("series", []):
        rows = selected_rows(city, series)
        if isinstance(rows, str):
            missing.append(rows)
            continue
        absent = [name for name in series["measures"] if name not in rows.columns]
        if absent:
            missing.append(f"{series['table']} has no column {', '.join(absent)}: not forecast.")
        frames += [_one_measure(rows, series, name) for name in series["measures"] if name in rows.columns]
    if not city.arrivals.get("series"):
        missing.append("city.toml names no series under [[arrivals.series]]: arrivals are not forecast.")
    return pl.concat(frames), tuple(missing)


def selected_rows(city: City, entry: Mapping[str, Any]) -> pl.DataFrame | str:
    """The rows of the table an entry of city.toml names, after its filter; or why there are none."""
    name = entry["table"]
    table = city.tables.get(name)
    if table is None:
        return f"The table {name} is not in this city package: its series are not forecast."
    for column, value in entry.get("filter", {}).items():
        if column not in table.columns:
            return f"city.toml filters {name} by {column}, a column the table does not have."
        table = table.filter(pl.col(column).cast(pl.String) == str(value))
    if groups := entry.get("groups"):
        table = table.filter(pl.col(entry.get("group", "group")).is_in(groups))
    if table.is_empty():
        return f"No row of {name} is left after the filter in city.toml: its series are not forecast."
    return table


def _one_measure(rows: pl.DataFrame, series: Mapping[str, Any], measure: str) -> pl.DataFrame:
    group = series.get("group")
    return (
        rows.select(
            measure=pl.lit(measure_name(series, measure)),
            group=pl.col(group).cast(pl.String) if group else pl.lit(EVERYBODY),
            time=pl.col(series.get("time", "month")).cast(pl.String),
            value=pl.col(measure).cast(pl.Float64),
        )
        .drop_nulls("value")
        .sort("group", "time")
    )


def signal_of(city: City, measure: str) -> pl.DataFrame | None:
    """The upstream series (time, value) that city.toml says explains a measure; None where there is none."""
    for signal in city.arrivals.get("signals", []):
        if signal.get("explains", {}).get("measure") != measure:
            continue
        rows = selected_rows(city, signal)
        if isinstance(rows, str):
            return None
        return rows.group_by(pl.col(signal.get("time", "month")).cast(pl.String).alias("time")).agg(
            value=pl.col(signal["measure"]).cast(pl.Float64).sum()
        )
    return None
