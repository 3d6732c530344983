"""Records of one directory that may be one organisation or one service, by linkage's own comparison of
organisations."""

from dataclasses import replace

import polars as pl

from philoxenia.exchange.hsds.records import Records
from philoxenia.linkage.organisations import link_organisations

_SCHEMA = {
    "kind": pl.String,
    "left_id": pl.String,
    "right_id": pl.String,
    "probability": pl.Float64,
    "decision": pl.String,
    "why": pl.String,
}


def with_duplicates(records: Records, against: Records | None = None) -> Records:
    """The records with `duplicates`: pairs inside them, and with `against` (what is held already) pairs
    across.

    Organisations are compared by name, place and contact; services by name within one organisation or a
    linked pair.
    Nothing is merged: a person decides.
    """
    own = directory_of(records)
    other = directory_of(against) if against is not None else own
    organisations = _pairs(own, other)
    services = _services(records, against or records, organisations)
    found = pl.concat([organisations, services]).sort(
        "kind", "probability", "left_id", "right_id", descending=[False, True, False, False]
    )
    return replace(records, duplicates=found)


def directory_of(records: Records) -> pl.DataFrame:
    """Organisations as linkage compares them: record_id, name, address, city, postal_code, phone, email,
    website."""
    tables = records.tables
    organisations = tables["organization"].select(
        pl.col("id").alias("record_id"),
        "name",
        pl.col("alternate_name").alias("agency_2"),
        "email",
        "website",
    )
    places = tables["address"].join(
        tables["location"].select(pl.col("id").alias("location_id"), "organization_id"), on="location_id"
    )
    place = places.unique("organization_id", keep="first", maintain_order=True).select(
        pl.col("organization_id").alias("record_id"),
        pl.col("address_1").alias("address"),
        "address_2",
        "city",
        "postal_code",
    )
    phones = _phones(tables["phone"], tables["service"])
    joined = organisations.drop("agency_2").join(place, on="record_id", how="left", maintain_order="left")
    return joined.join(phones, on="record_id", how="left", maintain_order="left")


def _phones(phones: pl.DataFrame, services: pl.DataFrame) -> pl.DataFrame:
    owner = services.select(pl.col("id").alias("service_id"), pl.col("organization_id").alias("__owner"))
    joined = phones.join(owner, on="service_id", how="left", maintain_order="left")
    said = joined.select(
        pl.coalesce("organization_id", "__owner").alias("record_id"), pl.col("number").alias("phone")
    )
    return said.drop_nulls().unique("record_id", keep="first", maintain_order=True)


def _pairs(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pairs of two directories, or of one with itself, that are the same or may be."""
    if left.is_empty() or right.is_empty():
        return pl.DataFrame(schema=_SCHEMA)
    found = link_organisations(left, right).filter(pl.col("decision") != "apart")
    found = found.filter(pl.col("left_record") != pl.col("right_record"))
    if left is right:
        found = found.filter(pl.col("left_record") < pl.col("right_record"))
    levels = [name for name in found.columns if name.startswith("level_")]
    why = pl.concat_str(
        [
            pl.concat_str(pl.lit(f"{name.removeprefix('level_')}: "), pl.col(name).fill_null("not given"))
            for name in levels
        ],
        separator="; ",
    )
    return found.select(
        pl.lit("organization").alias("kind"),
        pl.col("left_record").alias("left_id"),
        pl.col("right_record").alias("right_id"),
        "probability",
        "decision",
        why.alias("why"),
    )


def _services(records: Records, against: Records, organisations: pl.DataFrame) -> pl.DataFrame:
    """Services of the same name in one organisation, or in two that are linked."""
    same = organisations.filter(pl.col("decision") == "link").select("left_id", "right_id")
    own = _named(records.tables["service"])
    other = own if against is records else _named(against.tables["service"])
    across = own.join(same, left_on="organisation", right_on="left_id").join(
        other, left_on=["right_id", "key"], right_on=["organisation", "key"], suffix="_right"
    )
    within = own.join(other, on=["organisation", "key"], suffix="_right")
    pairs = pl.concat([across.select("id", "id_right"), within.select("id", "id_right")]).unique()
    pairs = pairs.filter(
        pl.col("id") < pl.col("id_right") if against is records else pl.col("id") != pl.col("id_right")
    )
    return pairs.select(
        pl.lit("service").alias("kind"),
        pl.col("id").alias("left_id"),
        pl.col("id_right").alias("right_id"),
        pl.lit(0.9).alias("probability"),
        pl.lit("doubtful").alias("decision"),
        pl.lit("the same name within one organisation").alias("why"),
    )


def _named(services: pl.DataFrame) -> pl.DataFrame:
    key = pl.col("name").str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", "")
    return services.select("id", pl.col("organization_id").alias("organisation"), key.alias("key")).filter(
        pl.col("key") != ""
    )
