"""Need for a language minus the help within reach that speaks it, by district.

Owns the gap; ignores where places and their languages are recorded. A place counts once for each of its
languages: how many of its staff speak it, and when, no directory says.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy.special import ndtri

from philoxenia.exchange import City
from philoxenia.needs.catchment import catchment_weights, two_step
from philoxenia.needs.points import PeoplePoints, district_mean, people_points
from philoxenia.needs.profile import district_order
from philoxenia.needs.travel import Floats, flat_map_km, straight_km
from philoxenia.needs.types import NeedsError
from philoxenia.needs.uncertainty import share_error

# Rows of the table that are no language of their own.
EVERYBODY, SEVERAL = "all", "several"
_TABLE = "home_languages"
_PER = 1000.0
GAP_COLUMNS = {
    "district_id": pl.String,
    "language": pl.String,
    "speakers": pl.Float64,
    "speakers_low": pl.Float64,
    "speakers_high": pl.Float64,
    "base": pl.Float64,
    "access": pl.Float64,
    "without": pl.Float64,
    "without_low": pl.Float64,
    "without_high": pl.Float64,
    "year": pl.String,
}
TOTAL_COLUMNS = {
    "language": pl.String,
    "places": pl.Int64,
    "speakers": pl.Float64,
    "speakers_low": pl.Float64,
    "speakers_high": pl.Float64,
    "without": pl.Float64,
    "without_low": pl.Float64,
    "without_high": pl.Float64,
    "base": pl.Float64,
}


@dataclass(frozen=True)
class LanguageGap:
    """`frame` has a row a district and language, `total` a row a language.

    speakers: persons who speak it most often at home, with their sampling interval, of `base` asked. access:
    places within reach that speak it, for 1,000 speakers who share them. without: speakers who reach no such
    place; its interval carries the census's sampling alone, not errors of the directory or of travel.
    """

    frame: pl.DataFrame
    total: pl.DataFrame
    year: str
    minutes: float


def language_gap(city: City, places: pl.DataFrame) -> LanguageGap:
    """Who reaches no place that speaks their language (2SFCA of Luo and Wang 2003, a place a unit of supply).

    `places`: longitude, latitude (degrees), language; a row for each language of a place. Raises `NeedsError`
    where the city has no table of home languages.
    """
    spoken, year = _spoken(city)
    parameters = city.parameters
    points = people_points(district_order(city), int(parameters["needs.sample_points"]))
    minutes = parameters["needs.language_minutes"]
    edge = straight_km(minutes, "transit", parameters)
    by_language = dict(places.group_by("language"))
    frames, totals = [], []
    for language in sorted(set(spoken.columns) - {"district_id", EVERYBODY, SEVERAL}):
        there = by_language.get((language,), places.clear())
        rows = _of_language(spoken, language, there, points, edge, city)
        frames.append(rows.with_columns(pl.lit(year).alias("year")))
        totals.append(_total(rows, language, there.height, parameters["needs.interval_level"]))
    if not frames:
        raise NeedsError(f"The table {_TABLE} names no language.")
    return LanguageGap(pl.concat(frames).select(list(GAP_COLUMNS)), pl.concat(totals), year, minutes)


def _spoken(city: City) -> tuple[pl.DataFrame, str]:
    """The latest year, a row a district in their order and a column a language."""
    table = city.tables.get(_TABLE)
    if table is None:
        raise NeedsError(
            f"The city's package has no table {_TABLE}: who speaks what at home, by district. "
            "Add it from the census; its columns are in the contract of that name."
        )
    rows = table.with_columns(pl.col("year").cast(pl.String), pl.col("people").cast(pl.Float64))
    year = str(rows["year"].max())
    wide = rows.filter(pl.col("year") == year).pivot("language", index="district_id", values="people")
    order = district_order(city).select("district_id")
    return order.join(wide, on="district_id", how="left", maintain_order="left"), year


def _of_language(
    spoken: pl.DataFrame,
    language: str,
    places: pl.DataFrame,
    points: PeoplePoints,
    edge_km: float,
    city: City,
) -> pl.DataFrame:
    speakers = _numbers(spoken, language)
    error = _error(speakers, _numbers(spoken, EVERYBODY), city)
    spread = ndtri((1 + city.parameters["needs.interval_level"]) / 2) * error
    low, high = np.maximum(speakers - spread, 0.0), speakers + spread
    access, alone = _reached(speakers, places, points, edge_km)
    columns = {
        "district_id": spoken["district_id"],
        "language": [language] * spoken.height,
        "speakers": speakers,
        "speakers_low": low,
        "speakers_high": high,
        "base": _numbers(spoken, EVERYBODY),
        "access": access,
        "without": alone * speakers,
        "without_low": alone * low,
        "without_high": alone * high,
        "speakers_error": error,
        "without_error": alone * error,
    }
    return pl.DataFrame(columns).fill_nan(None)


def _numbers(spoken: pl.DataFrame, language: str) -> Floats:
    if language not in spoken.columns:
        return np.full(spoken.height, np.nan)
    return spoken[language].to_numpy().astype(float)


def _error(speakers: Floats, base: Floats, city: City) -> Floats:
    people = np.where(base > 0, base, np.nan)
    return share_error(np.minimum(speakers / people, 1.0), base, city.parameters) * people


def _reached(
    speakers: Floats, places: pl.DataFrame, points: PeoplePoints, edge_km: float
) -> tuple[Floats, Floats]:
    """Places for 1,000 speakers, and the share of each district from which none can be reached."""
    if places.is_empty():
        return np.zeros(len(speakers)), np.ones(len(speakers))
    where = flat_map_km(places["longitude"], places["latitude"], points.centre_latitude)
    weights = catchment_weights(points.km, where, (edge_km,), (1.0,))
    people = np.nan_to_num(speakers)[points.district] * points.share
    found = two_step(people, np.ones(len(where)), weights)
    # Whether a place is near does not depend on how many speakers live there.
    far = np.asarray(weights.sum(axis=1)).ravel() == 0
    return district_mean(points, found.access) * _PER, district_mean(points, far.astype(float))


def _total(rows: pl.DataFrame, language: str, places: int, level: float) -> pl.DataFrame:
    """The whole city: errors of districts are taken as independent, so that their squares add up."""
    known = rows.drop_nulls("speakers")
    spread = ndtri((1 + level) / 2)
    columns: dict[str, list[object]] = {"language": [language], "places": [places]}
    for name in ("speakers", "without"):
        middle, error = float(known[name].sum()), known[f"{name}_error"]
        wide = None if error.null_count() else float(spread * np.linalg.norm(error.to_numpy()))
        columns[name] = [middle]
        columns[f"{name}_low"] = [None if wide is None else max(middle - wide, 0.0)]
        columns[f"{name}_high"] = [None if wide is None else middle + wide]
    columns["base"] = [known["base"].sum()]
    return pl.DataFrame(columns, schema=TOTAL_COLUMNS)
