"""Demand beside recorded intake, where city.toml says that full services held intake down."""

import polars as pl

from philoxenia.arrivals import estimate_demand
from philoxenia.exchange import City
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows.series import signal_of

_NAMES = {"demand": "estimated_p50", "lower_80": "estimated_p10", "upper_80": "estimated_p90"}


def find_demand(city: City, history: pl.DataFrame, seed: int) -> tuple[pl.DataFrame | None, tuple[str, ...]]:
    """Recorded intake and estimated demand (group, time, recorded, held_down, estimated_p10, _p50, _p90).

    None where the city names no measure under [arrivals.capacity] `limits`, or none that is in `history`.
    """
    capacity = city.arrivals.get("capacity", {})
    measures = [name for name in capacity.get("limits", []) if name in set(history["measure"])]
    if not measures:
        return None, ()
    rows = history.filter(pl.col("measure") == measures[0])
    try:
        estimate = estimate_demand(
            rows,
            _places(city),
            binding_from=str(capacity.get("binding_from", "")),
            signal=signal_of(city, measures[0]),
            seed=seed,
            parameters=city.parameters,
        )
    except PhiloxeniaError as problem:
        return None, (f"Demand behind {measures[0]}: {problem}",)
    return estimate.frame.rename(_NAMES), estimate.assumptions


def _places(city: City) -> pl.DataFrame | None:
    """How many places there were and how many were taken, by month; None where no table says both."""
    capacity = city.arrivals["capacity"]
    table, places = city.tables.get(capacity.get("table", "")), capacity.get("measure", "capacity")
    if table is None or not {places, "occupied", capacity.get("time", "month")} <= set(table.columns):
        return None
    time = pl.col(capacity.get("time", "month")).alias("time")
    return (
        table.group_by(time)
        .agg(capacity=pl.col(places).sum(), occupied=pl.col("occupied").sum())
        .sort("time")
    )
