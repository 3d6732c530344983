"""The transforms that must scale, written once with narwhals: the same numbers on Polars, DuckDB and Spark.

Each takes frames of the caller's own engine and returns one of it (a lazy one stays lazy); rows come in no
promised order. Columns are those of the canonical tables. What engines leave open (ties, null keys) is
settled here.
"""

from typing import Any, cast

import narwhals as nw
from narwhals.typing import IntoFrameT

_NIGHT_KEYS = ("sector", "service_type", "capacity_type", "district_id")


def monthly_occupancy(nights: IntoFrameT) -> IntoFrameT:
    """Shelter nights to months: mean nightly capacity, occupied units and persons of each group.

    `nights` has date (ISO text), programme_id, sector, service_type, capacity_type ("beds" or "rooms": never
    added up, a room is no person), district_id, capacity, occupied, persons. The mean is over the nights on
    which the group reported at all (`nights`); `programmes` is the number of distinct programmes.
    """
    keys = ["month", *_NIGHT_KEYS]
    # SQL engines never join a null key to itself, so an unknown district gets a name until the end.
    named = [nw.col(key).fill_null("") for key in _NIGHT_KEYS]
    frame = _open(nights).with_columns(*named, month=nw.col("date").str.slice(0, 7))
    per_night = frame.group_by([*keys, "date"]).agg(nw.col("capacity", "occupied", "persons").sum())
    months = per_night.group_by(keys).agg(
        nw.len().cast(nw.Int64).alias("nights"), nw.col("capacity", "occupied", "persons").mean()
    )
    programmes = frame.group_by(keys).agg(programmes=nw.col("programme_id").n_unique().cast(nw.Int64))
    joined = months.join(programmes, on=keys, how="left")
    unnamed = [nw.when(nw.col(key) != "").then(nw.col(key)).alias(key) for key in _NIGHT_KEYS]
    order = [*keys, "nights", "programmes", "capacity", "occupied", "persons"]
    return _close(joined.with_columns(*unnamed).select(order), nights)


def reapportion_counts(counts: IntoFrameT, crosswalk: IntoFrameT, by: tuple[str, ...] = ()) -> IntoFrameT:
    """Counts on an old map to counts on the new one: the sum of value x weight over the old areas.

    `counts` has from_id, the columns `by`, value; `crosswalk` has from_id, district_id, weight (shares of the
    old area's people, summing to 1). For counts only: take a share or a median apart into its counts first.
    A district is null where a part of it is null; an old area without a row adds nothing.
    """
    keys = ["district_id", *by]
    parts = (
        _open(counts)
        .select("from_id", *by, "value")
        .join(_open(crosswalk).select("from_id", "district_id", "weight"), on="from_id", how="inner")
        .with_columns(
            part=nw.col("value") * nw.col("weight"), unknown=nw.col("value").is_null().cast(nw.Int64)
        )
    )
    totals = parts.group_by(keys).agg(nw.col("part").sum(), nw.col("unknown").sum())
    known = nw.when(nw.col("unknown") == 0).then(nw.col("part")).alias("value")
    return _close(totals.select(*keys, known), counts)


def rate_by_district(counts: IntoFrameT, base: IntoFrameT, per: float = 1.0) -> IntoFrameT:
    """value / base x `per` for each district, with its place: rank 1 is the highest, ties by district_id.

    `counts` has district_id, value; `base` has district_id, base, and names the districts there are. Rate
    and rank are null where the value or the base is missing or the base is zero.
    """
    joined = _open(base).join(_open(counts), on="district_id", how="left")
    rate = nw.when(nw.col("base") > 0).then(nw.col("value") / nw.col("base") * per)
    rated = joined.select("district_id", "value", "base", rate=rate)
    known = rated.filter(~nw.col("rate").is_null()).with_columns(down=-nw.col("rate"), one=nw.lit(1))
    place = nw.col("one").cum_sum().over(order_by=["down", "district_id"]).cast(nw.Int64)
    places = known.with_columns(rank=place).select("district_id", "rank")
    return _close(rated.join(places, on="district_id", how="left"), counts)


def places_by_district(places: IntoFrameT, districts: IntoFrameT) -> IntoFrameT:
    """How many places (rows with a district_id) stand in each district; zero where there is none."""
    counted = (
        _open(places)
        .filter(~nw.col("district_id").is_null())
        .group_by("district_id")
        .agg(nw.len().alias("places"))
    )
    joined = _open(districts).select("district_id").join(counted, on="district_id", how="left")
    return _close(joined.with_columns(nw.col("places").fill_null(0).cast(nw.Int64)), places)


def _open(native: IntoFrameT) -> nw.LazyFrame[Any]:
    # An eager frame answers to the same calls; one type for both keeps each transform readable.
    return nw.from_native(native)


def _close(frame: nw.LazyFrame[Any], _like: IntoFrameT) -> IntoFrameT:
    return cast("IntoFrameT", frame.to_native())
