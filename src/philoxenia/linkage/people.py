"""The people a run found, a row each: how many records in which lists, and what the lists say of them
together."""

import polars as pl

from philoxenia.reference import reference_table

_ONE = ("district_id", "sex", "in_city_since", "language")


def joined_people(records: pl.DataFrame) -> pl.DataFrame:
    """person, records, sources, needs (union, sorted, `;` between), district_id, sex, in_city_since,
    language.

    `records` has source, record, person and the columns joined. Where lists differ the most frequent value
    holds, then the first in the alphabet; of dates since when in the city, the earliest.
    """
    counted = records.group_by("person").agg(
        pl.len().alias("records"), pl.col("source").unique().sort().str.join(";").alias("sources")
    )
    found = counted
    for part in [_needs(records), *(_held(records, name) for name in _ONE)]:
        found = found.join(part, on="person", how="left")
    return found.sort("person")


def _needs(records: pl.DataFrame) -> pl.DataFrame:
    each = records.select("person", pl.col("needs").str.split(";").alias("need")).explode("need")
    # The contract knows the form of codes alone: another word could tell what is not a need.
    known = reference_table("needs")["code"].to_list()
    each = each.with_columns(pl.col("need").str.strip_chars()).filter(pl.col("need").is_in(known))
    return each.group_by("person").agg(pl.col("need").unique().sort().str.join(";").alias("needs"))


def _held(records: pl.DataFrame, name: str) -> pl.DataFrame:
    said = records.select("person", name).filter(pl.col(name).is_not_null() & (pl.col(name) != "unknown"))
    if name == "in_city_since":
        return said.group_by("person").agg(pl.col(name).min())
    counted = said.group_by("person", name).len().sort("len", name, descending=[True, False])
    return counted.group_by("person", maintain_order=True).agg(pl.col(name).first())
