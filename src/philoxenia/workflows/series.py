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
    """The upstream series that city.toml says explains a measure: time, value, and group where it explains
    the series of one group alone. None where there is none."""
    signal = _explaining(city, measure)
    rows = None if signal is None else selected_rows(city, signal)
    if signal is None or rows is None or isinstance(rows, str):
        return None
    summed = rows.group_by(pl.col(signal.get("time", "month")).cast(pl.String).alias("time")).agg(
        value=pl.col(signal["measure"]).cast(pl.Float64).sum()
    )
    group = explained_group(city, measure)
    return summed if group is None else summed.with_columns(group=pl.lit(group))


def explained_group(city: City, measure: str) -> str | None:
    """The only group whose series of a measure the upstream series explains; None where it explains all."""
    signal = _explaining(city, measure)
    return None if signal is None else signal["explains"].get("group")


def unheard_signals(city: City, history: pl.DataFrame) -> tuple[str, ...]:
    """A sentence for each measure whose upstream series explains a group that the measure does not have."""
    there = history.group_by("measure", maintain_order=True).agg(pl.col("group").unique())
    named = ((measure, explained_group(city, measure), groups) for measure, groups in there.iter_rows())
    return tuple(
        f"city.toml names {group!r} as the group of {measure!r} that a signal explains, but no series is "
        "called so: the signal is not used."
        for measure, group, groups in named
        if group is not None and group not in groups
    )


def _explaining(city: City, measure: str) -> Mapping[str, Any] | None:
    signals: list[Mapping[str, Any]] = city.arrivals.get("signals", [])
    return next((one for one in signals if one.get("explains", {}).get("measure") == measure), None)
