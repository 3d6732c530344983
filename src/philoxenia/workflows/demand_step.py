"""Demand beside recorded intake, where city.toml says that full services held intake down."""

import polars as pl

from philoxenia.arrivals import DemandEstimate, estimate_demand
from philoxenia.exchange import City
from philoxenia.vocabulary import PhiloxeniaError
from philoxenia.workflows.series import explained_group, signal_of
from philoxenia.workflows.steps import Outcome

_NAMES = {"demand": "estimated_p50", "lower_80": "estimated_p10", "upper_80": "estimated_p90"}


def find_demand(city: City, history: pl.DataFrame, seed: int) -> Outcome:
    """The frame `demand` (group, time, recorded, held_down, estimated_p10, _p50, _p90), where there is one.

    The upstream signal speaks only of the group that city.toml says it explains; demand of the others is
    known from below alone. Empty where no measure under [arrivals.capacity] `limits` is in `history`.
    """
    limits = city.arrivals.get("capacity", {}).get("limits", [])
    measures = [name for name in limits if name in set(history["measure"])]
    if not measures:
        return Outcome()
    rows = history.filter(pl.col("measure") == measures[0])
    if parts := _parts(city, measures[0]):
        rows = rows.filter(pl.col("group").is_in(parts))
    group = explained_group(city, measures[0])
    explained = pl.lit(True) if group is None else pl.col("group") == group
    frames, said, left_out = [], list[str](), list[str]()
    for part, signal in (
        (rows.filter(explained), signal_of(city, measures[0])),
        (rows.filter(~explained), None),
    ):
        if part.is_empty():
            continue
        try:
            estimate = _estimate(city, part, signal, seed)
        except PhiloxeniaError as problem:
            left_out.append(f"Demand behind {measures[0]!r}: {problem}")
            continue
        frames.append(estimate.frame.rename(_NAMES))
        said += [
            f"Demand of {', '.join(map(repr, estimate.draws))}: {sentence}"
            for sentence in estimate.assumptions
        ]
    return Outcome({"demand": pl.concat(frames)} if frames else {}, {}, tuple(said), tuple(left_out))


def _estimate(city: City, rows: pl.DataFrame, signal: pl.DataFrame | None, seed: int) -> DemandEstimate:
    return estimate_demand(
        rows,
        _places(city),
        binding_from=str(city.arrivals["capacity"].get("binding_from", "")),
        signal=signal,
        seed=seed,
        parameters=city.parameters,
    )


def _parts(city: City, measure: str) -> list[str]:
    """The groups that divide everybody, where city.toml names them: others overlap, repeating people."""
    for series in city.arrivals.get("series", []):
        if measure in series["measures"]:
            return list(series.get("partition", []))
    return []


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
