"""Newcomers and long-term residents by time in the city: the only groups of people there are."""

import polars as pl

from philoxenia.needs.types import NeedsError
from philoxenia.reference import default_parameters
from philoxenia.vocabulary import Frequency, Period, PhiloxeniaError, Population, parse_period

UNKNOWN = "unknown"


def with_population(people: pl.DataFrame, today: str, months: int | None = None) -> pl.DataFrame:
    """The people with `population`, from the month they came to the city (`in_city_since`, ISO text).

    Newcomers came less than `months` (default: parameter needs.newcomer_months) before the month `today`;
    who has no readable month is `unknown`. Raises `NeedsError` without `in_city_since` or a readable today.
    """
    if "in_city_since" not in people.columns:
        raise NeedsError(
            "The people have no column in_city_since, so newcomers cannot be told. "
            "Add the month each person came to the city, or leave `population` out of the groups."
        )
    limit = default_parameters()["needs.newcomer_months"] if months is None else months
    since = pl.col("in_city_since").cast(pl.String).str.extract(r"^(\d{4}-(?:0[1-9]|1[0-2]))(?:-\d{2})?$")
    stayed = _month(today).ordinal - since.str.slice(0, 4).cast(pl.Int64) * 12
    stayed = stayed - since.str.slice(5, 2).cast(pl.Int64) + 1
    population = (
        pl.when(stayed.is_null())
        .then(pl.lit(UNKNOWN))
        .when(stayed < limit)
        .then(pl.lit(str(Population.NEWCOMERS)))
        .otherwise(pl.lit(str(Population.LONG_TERM_RESIDENTS)))
    )
    return people.with_columns(population=population)


def _month(today: str) -> Period:
    try:
        period = parse_period(today)
    except PhiloxeniaError as fault:
        raise NeedsError(f"{today!r} is no month. Write one such as 2026-11.") from fault
    if period.frequency is not Frequency.MONTH:
        raise NeedsError(f"{today!r} is no month. Write one such as 2026-11.")
    return period
