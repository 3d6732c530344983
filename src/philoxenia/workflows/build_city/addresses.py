"""Puts addresses without coordinates into districts, from other open tables that have both.

In order: the same address; the same full postal code; the nearest known number on the same side of the
street; the shares of the postal area (codes that begin alike). What no way finds stays with the city as a
whole.
"""

from collections.abc import Mapping

import polars as pl

from philoxenia.workflows.build_city.columns import missing

WAYS = ("address", "postal_code", "street", "postal_area", "city")


def normal_address(column: str, abbreviations: Mapping[str, str]) -> pl.Expr:
    """An address in one spelling: lower case, no signs, units dropped, words abbreviated alike."""
    text = pl.col(column).cast(pl.String).str.to_lowercase()
    text = text.str.replace_all(r"\(.*?\)|\b(?:unit|suite|apt|floor|#)\s*[\w-]+", " ")
    text = text.str.replace_all(r"['’]", "").str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    for word, short in abbreviations.items():
        text = text.str.replace_all(rf"\b{word}\b", short)
    return text


def place_addresses(
    frame: pl.DataFrame,
    known: pl.DataFrame,
    abbreviations: Mapping[str, str],
    postal_area: int = 3,
    street_numbers: int = 60,
) -> pl.DataFrame:
    """Each address with its district, or its districts with a `weight` each, and the `way` it was found.

    `frame` holds `address` and `postal_code`; `known` also `district_id`. `postal_area` is how many first
    characters of a postal code name an area, `street_numbers` how far apart two house numbers may lie.
    """
    missing(frame, ["address", "postal_code"])
    missing(known, ["address", "postal_code", "district_id"])
    wanted = _keys(
        frame.select("address", "postal_code").unique(maintain_order=True), abbreviations, postal_area
    )
    base = _keys(known.filter(pl.col("district_id").is_not_null()), abbreviations, postal_area)
    base = base.unique(["place", "code", "district_id"], maintain_order=True)
    found = [
        _single(wanted, base, "place", "address"),
        _single(wanted, base, "code", "postal_code"),
        _on_street(wanted, base, street_numbers),
        _in_area(wanted, base, postal_area),
        wanted.select("row", pl.lit(None, pl.String).alias("district_id"), weight=1.0, way=pl.lit("city")),
    ]
    order = pl.concat(found).with_columns(
        rank=pl.col("way").replace_strict({w: i for i, w in enumerate(WAYS)})
    )
    best = order.filter(pl.col("rank") == pl.col("rank").min().over("row")).drop("rank")
    placed = wanted.select("row", "address", "postal_code").join(best, on="row", how="left").drop("row")
    return placed.sort("address", "postal_code", "district_id", nulls_last=True)


def _keys(frame: pl.DataFrame, abbreviations: Mapping[str, str], postal_area: int) -> pl.DataFrame:
    code = pl.col("postal_code").cast(pl.String).fill_null("").str.to_uppercase().str.replace_all(r"\W", "")
    place = normal_address("address", abbreviations).fill_null("")
    parts = place.str.extract_groups(r"^(?P<number>\d+)\s*[a-z]?\s+(?P<street>.+)$")
    return frame.with_row_index("row").with_columns(
        place=place,
        code=code,
        area=pl.when(code.str.len_chars() >= postal_area).then(code.str.slice(0, postal_area)),
        number=parts.struct.field("number").cast(pl.Int64, strict=False),
        street=parts.struct.field("street"),
    )


def _single(wanted: pl.DataFrame, base: pl.DataFrame, key: str, way: str) -> pl.DataFrame:
    """Keys that all known addresses place in one and the same district."""
    full = base.filter(pl.col(key) != "")
    if key == "code":
        full = full.filter(pl.col("code").str.len_chars() > pl.col("area").str.len_chars())
    sure = (
        full.group_by(key).agg(pl.col("district_id").unique()).filter(pl.col("district_id").list.len() == 1)
    )
    hit = wanted.select("row", key).join(sure.explode("district_id"), on=key)
    return hit.select("row", "district_id", weight=pl.lit(1.0), way=pl.lit(way))


def _on_street(wanted: pl.DataFrame, base: pl.DataFrame, street_numbers: int) -> pl.DataFrame:
    """The district of the nearest known number, where the nearest ones agree."""
    pairs = (
        wanted.drop_nulls(["number", "street"])
        .select("row", "number", "street", "area")
        .join(
            base.select("number", "street", "area", "district_id").drop_nulls(["number", "street"]),
            on="street",
        )
        .with_columns(apart=(pl.col("number") - pl.col("number_right")).abs())
        # Borders of districts run along streets: only the same side of the street, odd or even, tells.
        .filter(pl.col("apart") <= street_numbers, pl.col("apart") % 2 == 0)
        .filter(
            pl.col("area").is_null()
            | pl.col("area_right").is_null()
            | (pl.col("area") == pl.col("area_right"))
        )
    )
    nearest = pairs.filter(pl.col("apart") == pl.col("apart").min().over("row"))
    agreed = (
        nearest.group_by("row")
        .agg(pl.col("district_id").unique())
        .filter(pl.col("district_id").list.len() == 1)
    )
    return agreed.explode("district_id").select(
        "row", "district_id", weight=pl.lit(1.0), way=pl.lit("street")
    )


def _in_area(wanted: pl.DataFrame, base: pl.DataFrame, shortest: int) -> pl.DataFrame:
    """Shares by district of known addresses whose postal code begins alike, for as long as any does."""
    longest = max([shortest, *wanted["code"].str.len_chars()])
    found = []
    for length in range(longest, shortest - 1, -1):
        cut = pl.col("code").str.slice(0, length)
        shares = (
            base.filter(pl.col("code").str.len_chars() >= length)
            .group_by(cut, "district_id")
            .len()
            .with_columns(weight=pl.col("len") / pl.col("len").sum().over("code"))
        )
        open_ = wanted.filter(pl.col("code").str.len_chars() >= length).select("row", code=cut)
        found.append(
            open_.join(shares, on="code").select("row", "district_id", "weight", length=pl.lit(length))
        )
    every = pl.concat(found)
    best = every.filter(pl.col("length") == pl.col("length").max().over("row"))
    return best.select("row", "district_id", "weight", way=pl.lit("postal_area"))
