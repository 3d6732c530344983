"""What the needs capability hands out. Every frame's columns are told here and nowhere else."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from philoxenia.vocabulary import PhiloxeniaError


class NeedsError(PhiloxeniaError):
    """Pressure or reach cannot be computed on the data at hand."""

    exit_code = 5


VALUE_COLUMNS = {
    "district_id": pl.String,
    "indicator": pl.String,
    "population": pl.String,
    "value": pl.Float64,
    "base": pl.Float64,
    "standard_error": pl.Float64,
    "source_table": pl.String,
    "date": pl.String,
}

PRESSURE_COLUMNS = {
    "district_id": pl.String,
    "aspect": pl.String,
    "population": pl.String,
    "score": pl.Float64,
    "score_low": pl.Float64,
    "score_high": pl.Float64,
    "rank": pl.Int64,
    "rank_low": pl.Int64,
    "rank_high": pl.Int64,
    "indicators": pl.Int64,
}

REACH_COLUMNS = {
    "district_id": pl.String,
    "service": pl.String,
    "method": pl.String,
    "access": pl.Float64,
    "population": pl.String,
    "people": pl.Float64,
    "unit": pl.String,
    "date": pl.String,
}

UNREACHED_COLUMNS = {
    "service": pl.String,
    "places": pl.Int64,
    "supply": pl.Float64,
    "unreached_places": pl.Int64,
    "unreached_supply": pl.Float64,
    "people_without": pl.Float64,
    "people": pl.Float64,
}

PEOPLE_COLUMNS = {
    "district_id": pl.String,
    "population": pl.String,
    "people": pl.Float64,
}

EXPOSURE_COLUMNS = {
    "measure": pl.String,
    "kind": pl.String,
    "aspect": pl.String,
    "unit": pl.String,
    "newcomers_mean": pl.Float64,
    "long_term_mean": pl.Float64,
    "difference": pl.Float64,
    "difference_low": pl.Float64,
    "difference_high": pl.Float64,
    "newcomers_p10": pl.Float64,
    "newcomers_p50": pl.Float64,
    "newcomers_p90": pl.Float64,
    "long_term_p10": pl.Float64,
    "long_term_p50": pl.Float64,
    "long_term_p90": pl.Float64,
    "newcomers_top_share": pl.Float64,
    "long_term_top_share": pl.Float64,
    "sentence": pl.String,
}


@dataclass(frozen=True)
class IndicatorValues:
    """One row for each district, indicator and population with a figure, and what could not be computed.

    `standard_error` is approximate sampling noise in the unit of `value`; null where none can be told.
    """

    frame: pl.DataFrame
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reach:
    """Access by district, service and method, the supply nobody reaches, and what could not be computed.

    `access` is supply in the service's unit for 1,000 of the `people` who compete for it.
    """

    frame: pl.DataFrame
    unreached: pl.DataFrame
    missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class PressureToday:
    """Everything the engine knows of pressure today. There is no city-wide score, on purpose.

    The frames have the columns above; `weights` are those the scores were made with; `missing` says in
    sentences what could not be computed, and why.
    """

    people: pl.DataFrame
    values: pl.DataFrame
    pressure: pl.DataFrame
    reach: pl.DataFrame
    unreached: pl.DataFrame
    exposure: pl.DataFrame
    weights: Mapping[str, float]
    missing: tuple[str, ...]
