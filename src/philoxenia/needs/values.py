"""Values of the declared indicators by district, for newcomers and all residents where the data allow.

Owns how each kind of declaration (`kind` in indicators.csv) is read; ignores how indicators are combined.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from philoxenia.exchange import City
from philoxenia.lake import transforms
from philoxenia.needs.catalogue import Indicator, indicators
from philoxenia.needs.profile import (
    NEWCOMER_PREFIX,
    DistrictPeople,
    Profile,
    district_people,
    read_profile,
)
from philoxenia.needs.reach import reach
from philoxenia.needs.travel import Floats
from philoxenia.needs.types import VALUE_COLUMNS, IndicatorValues, Reach
from philoxenia.needs.uncertainty import share_error
from philoxenia.vocabulary import Population

_PERCENT = 100.0


@dataclass(frozen=True)
class _Figure:
    """One indicator for one population: arrays over the districts, NaN where not known."""

    population: Population
    value: Floats
    base: Floats
    error: Floats
    date: str


@dataclass(frozen=True)
class _Sources:
    city: City
    profile: Profile
    people: DistrictPeople | None
    reach: Reach


_Read = Callable[[Indicator, _Sources], "list[_Figure] | str"]


def indicator_values(
    city: City, reached: Reach | None = None, profile: Profile | None = None
) -> IndicatorValues:
    """Every declared indicator that the city's tables allow, and a sentence for each that they do not.

    `reached` and `profile` are computed where they are not given.
    """
    profile = profile or read_profile(city)
    sources = _Sources(city, profile, district_people(city, profile), reached or reach(city, profile))
    frames, missing, unpublished = [pl.DataFrame(schema=VALUE_COLUMNS)], [], []
    for indicator in indicators():
        figures = _READERS[indicator.kind](indicator, sources)
        if isinstance(figures, str):
            missing.append(f"{indicator.name}: {figures}")
            continue
        frames += [_frame(indicator, figure, profile.districts) for figure in figures]
        missing += _partly_known(indicator, figures)
        if all(figure.population is not Population.NEWCOMERS for figure in figures):
            unpublished.append(indicator.name)
    if unpublished:
        missing.append(
            f"Not published for newcomers, so given for all residents only: {', '.join(unpublished)}."
        )
    return IndicatorValues(pl.concat(frames), tuple(missing))


def _frame(indicator: Indicator, figure: _Figure, districts: tuple[str, ...]) -> pl.DataFrame:
    columns = {
        "district_id": districts,
        "indicator": [indicator.id] * len(districts),
        "population": [str(figure.population)] * len(districts),
        "value": figure.value,
        "base": figure.base,
        "standard_error": figure.error,
        "source_table": [indicator.source_table] * len(districts),
        "date": [figure.date] * len(districts),
    }
    frame = pl.DataFrame(columns, schema=VALUE_COLUMNS)
    return frame.with_columns(pl.col("value", "base", "standard_error").fill_nan(None)).drop_nulls("value")


def _partly_known(indicator: Indicator, figures: list[_Figure]) -> list[str]:
    value = figures[0].value
    known = int(np.isfinite(value).sum())
    if known == len(value):
        return []
    return [f"{indicator.name}: known for {known} of {len(value)} districts."]


def _share(indicator: Indicator, sources: _Sources) -> list[_Figure] | str:
    codes = (indicator.numerator, indicator.denominator)
    absent = sources.profile.absent(codes)
    if absent:
        return _no_characteristic(absent)
    part, base = (sources.profile.counts[code] for code in codes)
    figures = [_share_figure(Population.ALL_RESIDENTS, part, base, indicator, sources)]
    prefixed = [NEWCOMER_PREFIX + code for code in codes]
    if not sources.profile.absent(prefixed):
        part_new, base_new = (sources.profile.counts[code] for code in prefixed)
        rest = Population.LONG_TERM_RESIDENTS
        figures.append(_share_figure(Population.NEWCOMERS, part_new, base_new, indicator, sources))
        figures.append(_share_figure(rest, part - part_new, base - base_new, indicator, sources))
    return figures


def _share_figure(
    population: Population, part: Floats, base: Floats, indicator: Indicator, sources: _Sources
) -> _Figure:
    # Part and base are rounded apart, so a tiny district can show a share above one.
    share = np.clip(np.divide(part, base, out=np.full(base.shape, np.nan), where=base > 0), 0.0, 1.0)
    error = share_error(share, base, sources.city.parameters) * indicator.per
    return _Figure(population, share * indicator.per, base, error, sources.profile.years[indicator.numerator])


def _published(indicator: Indicator, sources: _Sources) -> list[_Figure] | str:
    absent = sources.profile.absent((indicator.numerator, indicator.denominator))
    if absent:
        return _no_characteristic(absent)
    value, base = (sources.profile.counts[code] for code in (indicator.numerator, indicator.denominator))
    error = np.full(value.shape, np.nan)
    if indicator.kind == "published_share":
        error = share_error(value / _PERCENT, base, sources.city.parameters) * _PERCENT
    date = sources.profile.years[indicator.numerator]
    return [_Figure(Population.ALL_RESIDENTS, value, base, error, date)]


def _reach(indicator: Indicator, sources: _Sources) -> list[_Figure] | str:
    """A figure of the place is the same for all who live there; only the number of people differs."""
    service = indicator.numerator
    rows = sources.reach.frame.filter((pl.col("service") == service) & (pl.col("method") == "e2sfca"))
    if rows.is_empty():
        return "reach could not be computed."
    value = _aligned(rows, "access", sources.profile.districts) * indicator.per
    unknown = np.full(value.shape, np.nan)
    date = str(rows["date"][0])
    if sources.people is None:
        base = _aligned(rows, "people", sources.profile.districts)
        return [_Figure(Population.ALL_RESIDENTS, value, base, unknown, date)]
    everyone = (Population.ALL_RESIDENTS, Population.NEWCOMERS, Population.LONG_TERM_RESIDENTS)
    return [_Figure(group, value, sources.people.of(group), unknown, date) for group in everyone]


def _table_rate(indicator: Indicator, sources: _Sources) -> list[_Figure] | str:
    """The sum of a table's column over another of its columns, or over a count of the census."""
    table, column = indicator.numerator.split(".")
    rows = _rows(indicator, table, sources)
    if isinstance(rows, str):
        return rows
    frame, date = rows
    totals = frame.group_by("district_id").agg(pl.col(column).cast(pl.Float64).sum().alias("value"))
    if indicator.kind == "table_ratio":
        below = indicator.denominator.split(".")[1]
        base = frame.group_by("district_id").agg(pl.col(below).cast(pl.Float64).sum().alias("base"))
    else:
        absent = sources.profile.absent((indicator.denominator,))
        if absent:
            return _no_characteristic(absent)
        counts = sources.profile.counts[indicator.denominator]
        base = pl.DataFrame({"district_id": sources.profile.districts, "base": counts}).fill_nan(None)
        totals = base.select("district_id").join(totals, on="district_id", how="left").fill_null(0.0)
    rated = transforms.rate_by_district(totals, base, per=indicator.per)
    return [_place_figure(rated, date, sources)]


def _table_mean(indicator: Indicator, sources: _Sources) -> list[_Figure] | str:
    """The mean of a table's column, weighted by another."""
    table, column = indicator.numerator.split(".")
    rows = _rows(indicator, table, sources)
    if isinstance(rows, str):
        return rows
    frame, date = rows
    value, weight = (pl.col(name).cast(pl.Float64) for name in (column, indicator.denominator.split(".")[1]))
    known = frame.filter(value.is_not_null() & (weight > 0))
    means = known.group_by("district_id").agg(rate=(value * weight).sum() / weight.sum(), base=weight.sum())
    return [_place_figure(means, date, sources)]


def _place_figure(rated: pl.DataFrame, date: str, sources: _Sources) -> _Figure:
    value, base = (_aligned(rated, name, sources.profile.districts) for name in ("rate", "base"))
    return _Figure(Population.ALL_RESIDENTS, value, base, np.full(value.shape, np.nan), date)


def _rows(indicator: Indicator, table: str, sources: _Sources) -> tuple[pl.DataFrame, str] | str:
    """The filtered rows of a table (its latest month where it has months) and their date."""
    frame = sources.city.tables.get(table)
    if frame is None:
        return f"needs the table {table}, which this city has not handed in."
    for condition in indicator.filter.split("&"):
        if condition:
            name, value = condition.split("!=")
            frame = frame.filter(pl.col(name).cast(pl.String).ne_missing(value))
    if frame.is_empty():
        return f"the table {table} has no row that counts."
    if "month" in frame.columns:
        latest = frame["month"].max()
        return frame.filter(pl.col("month") == latest), str(latest)
    source = sources.city.sources.get(table)
    return frame, str(source.date) if source is not None else ""


def _aligned(frame: pl.DataFrame, column: str, districts: tuple[str, ...]) -> Floats:
    found = dict(frame.select("district_id", column).iter_rows())
    values = [found.get(district) for district in districts]
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _no_characteristic(codes: tuple[str, ...]) -> str:
    return f"the census profile has no {' and no '.join(codes)}."


_READERS: Mapping[str, _Read] = {
    "share": _share,
    "published_share": _published,
    "published_value": _published,
    "reach": _reach,
    "table_ratio": _table_rate,
    "table_per_count": _table_rate,
    "table_mean": _table_mean,
}
