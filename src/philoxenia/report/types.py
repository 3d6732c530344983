"""What a report is made from. Owns the shape of findings; ignores how they were computed.

Any frame may be empty: the section that needs it then says what is missing and how to provide it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from philoxenia.reference import Parameters, default_parameters
from philoxenia.vocabulary import PhiloxeniaError

TODAY, ARRIVALS, LOAD, DATA = "today", "arrivals", "load", "data"


class ReportError(PhiloxeniaError):
    """The report cannot be written; the message says where and what to do."""

    exit_code = 5


@dataclass(frozen=True)
class CityFacts:
    """Who the report is about. `languages` are codes, the first one most common."""

    id: str
    name: str
    country: str = ""
    languages: tuple[str, ...] = ()
    currency: str = ""
    newcomers_are: str = ""


@dataclass(frozen=True)
class TableQuality:
    """One table the city handed in: where it is from, what was mended, what to be careful with."""

    table: str
    title: str
    owner: str = ""
    licence: str = ""
    date: str = ""
    rows: int = 0
    raw_file: str = ""
    mended: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    note: str = ""


def _empty() -> pl.DataFrame:
    return pl.DataFrame()


@dataclass(frozen=True)
class Findings:
    """Everything a report tells, as frames (columns in ARCHITECTURE.md and below) and sentences.

    `districts`: district_id, name, longitude, latitude, area_km2, geometry (WKB).
    `people`: district_id, population, people. `values`, `pressure`, `reach`, `unreached`, `exposure`: as
    needs hands them out, with the `weights` of the indicators.
    `history`, `forecasts`, `backtest`: as arrivals hands them out. `demand`: group, time, recorded,
    estimated_p10, estimated_p50, estimated_p90. `arrival_totals`: measure, group, first, last, p10, p50, p90
    over the whole horizon.
    `load`, `totals`, `outlook`, `settlement`, `shelter`: as scenarios hands them out.
    `labels` are words for measures and groups. Sentences by part (today, arrivals, load, data): `missing` on
    what is not there, `remarks` on what is. Ids in them stand between quotes.
    """

    city: CityFacts
    districts: pl.DataFrame
    seed: int = 1
    version: str = ""
    people: pl.DataFrame = field(default_factory=_empty)
    values: pl.DataFrame = field(default_factory=_empty)
    weights: Mapping[str, float] = field(default_factory=dict)
    pressure: pl.DataFrame = field(default_factory=_empty)
    reach: pl.DataFrame = field(default_factory=_empty)
    unreached: pl.DataFrame = field(default_factory=_empty)
    exposure: pl.DataFrame = field(default_factory=_empty)
    history: pl.DataFrame = field(default_factory=_empty)
    forecasts: pl.DataFrame = field(default_factory=_empty)
    backtest: pl.DataFrame = field(default_factory=_empty)
    demand: pl.DataFrame = field(default_factory=_empty)
    arrival_totals: pl.DataFrame = field(default_factory=_empty)
    load: pl.DataFrame = field(default_factory=_empty)
    totals: pl.DataFrame = field(default_factory=_empty)
    outlook: pl.DataFrame = field(default_factory=_empty)
    settlement: pl.DataFrame = field(default_factory=_empty)
    shelter: pl.DataFrame = field(default_factory=_empty)
    quality: tuple[TableQuality, ...] = ()
    parameters: Parameters = field(default_factory=default_parameters)
    labels: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    remarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
