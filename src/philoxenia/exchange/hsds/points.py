"""Coordinates that are no place: impossible ones, and points that stand in for an address nobody wrote
down."""

from collections.abc import Mapping

import polars as pl

from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.numbers import read_numbers
from philoxenia.reference import default_parameters

Tables = dict[str, pl.DataFrame]


def without_stand_ins(tables: Mapping[str, pl.DataFrame], told: Told) -> Tables:
    """The tables with such coordinates emptied, and without places of which nothing is left.

    A point without an address is one where as many unlike places as `directory.shared_point` say it is
    theirs,
    or where addresses are given for most other places: then somebody's software filled it in.
    """
    found: Tables = dict(tables)
    locations = found.get("location")
    if locations is None or not {"latitude", "longitude"} <= set(locations.columns):
        return found
    locations = _possible(locations, told)
    street = _streets(found)
    point = pl.concat_str(
        pl.col("latitude").str.strip_chars(), pl.lit(", "), pl.col("longitude").str.strip_chars()
    )
    frame = locations.join(street, left_on="id", right_on="location_id", how="left", maintain_order="left")
    frame = frame.with_columns(
        __point=point, __what=pl.coalesce(pl.col("__street"), _name(locations), pl.col("id"))
    )
    least = int(default_parameters()["directory.shared_point"])
    shared = pl.col("__what").n_unique().over("__point") >= least
    bare = pl.col("__street").is_null()
    placed = pl.col("__point").is_not_null()
    mostly = street.height >= locations.height / 2
    unnamed = _name(locations).is_null()
    masks = frame.select(shared=placed & shared, bare=placed & bare & unnamed & pl.lit(mostly) & ~shared)
    for name, why in (
        ("shared", f"{least} or more unlike places share each of them"),
        ("bare", "no address beside them"),
    ):
        told.find("placeholder_point", "location", int(masks[name].sum()), why=why)
    gone = masks["shared"] | masks["bare"]
    kept = [
        pl.when(gone).then(None).otherwise(pl.col(axis)).alias(axis) for axis in ("latitude", "longitude")
    ]
    found["location"] = locations.with_columns(kept)
    return _without_empty(found, told)


def _name(locations: pl.DataFrame) -> pl.Expr:
    return pl.col("name") if "name" in locations.columns else pl.lit(None, pl.String)


def _streets(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """For each place the house and street it says, units left off: a hub's tenants share one."""
    frame = tables.get("address")
    if frame is None or not {"location_id", "address_1"} <= set(frame.columns):
        return pl.DataFrame(schema={"location_id": pl.String, "__street": pl.String})
    bare = pl.col("address_1").str.to_lowercase().str.extract(r"(\d+\s*\S*\s+\S+)")
    street = pl.coalesce(bare, pl.col("address_1").str.to_lowercase())
    return (
        frame.select("location_id", street.alias("__street"))
        .drop_nulls()
        .unique("location_id", keep="first", maintain_order=True)
    )


def _possible(locations: pl.DataFrame, told: Told) -> pl.DataFrame:
    latitude, longitude = (
        read_numbers(locations[axis].cast(pl.String), degrees=True) for axis in ("latitude", "longitude")
    )
    given = locations["latitude"].is_not_null() | locations["longitude"].is_not_null()
    good = (latitude.is_between(-90, 90) & longitude.is_between(-180, 180)).fill_null(False)
    good &= ~((latitude.abs() < 1e-3) & (longitude.abs() < 1e-3)).fill_null(False)
    told.find("impossible_point", "location", int((given & ~good).sum()))
    kept = [
        pl.when(good).then(pl.Series(values.cast(pl.String))).alias(axis)
        for axis, values in (("latitude", latitude), ("longitude", longitude))
    ]
    return locations.with_columns(kept)


def _without_empty(tables: Tables, told: Told) -> Tables:
    """Places with neither address, point nor name say nothing: they and their links go."""
    locations = tables["location"]
    addresses = tables.get("address")
    known: list[str] = []
    if addresses is not None and "location_id" in addresses.columns:
        says = [
            name for name in ("address_1", "address_2", "city", "postal_code") if name in addresses.columns
        ]
        known = addresses.filter(
            pl.any_horizontal(*[pl.col(name).is_not_null() for name in says], pl.lit(False))
        )["location_id"].to_list()
    texts = [
        name
        for name in ("name", "alternate_name", "description", "latitude", "url")
        if name in locations.columns
    ]
    empty = ~pl.col("id").is_in(known) & pl.all_horizontal(pl.col(name).is_null() for name in texts)
    gone = locations.filter(empty)["id"].to_list()
    if not gone:
        return tables
    told.find("places_empty", "location", len(gone))
    tables["location"] = locations.filter(~empty)
    for name, frame in tables.items():
        if "location_id" in frame.columns:
            lost = pl.col("location_id").is_in(gone).fill_null(False)
            # A phone of a place that says nothing is still a phone of its service.
            tables[name] = (
                frame.filter(~lost)
                if name in ("service_at_location", "address")
                else frame.with_columns(
                    pl.when(lost).then(None).otherwise(pl.col("location_id")).alias("location_id")
                )
            )
    return tables
