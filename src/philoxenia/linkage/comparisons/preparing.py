"""Lists of people with the columns that comparisons and blocking read.

Whatever a comparison can know before two records meet is computed here once; columns are added, none
changed.
"""

import polars as pl

from philoxenia.linkage.comparisons.places import contact_columns, filled, place_columns, plainly, signs
from philoxenia.linkage.comparisons.tables import thresholds
from philoxenia.linkage.dates import birth_columns
from philoxenia.linkage.names import name_columns
from philoxenia.linkage.types import PEOPLE_COLUMNS

IDENTIFIERS = ("id_health", "id_city_card", "id_social", "id_school")
_NO_SEX = ("", "unknown")


def prepared(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` of the people contract (absent columns count as empty) with the columns of comparison added.

    Rows keep their order. `source`, where there is one, tells lists apart: a telephone number counts as
    shared where two given names of one list carry it.
    """
    texts = _with_contract_columns(frame)
    births = birth_columns(texts["birth_date"], texts["source"])
    wide = pl.concat([texts, name_columns(texts), births], how="horizontal")
    wide = wide.with_columns(
        *contact_columns(), *place_columns(), *_identifiers(), _sex(), _language(), _birth_text()
    )
    home = pl.coalesce("postal_key", "locality_key", "address_key").alias("home_key")
    wide = wide.with_columns(*_pairs_of_names(), _shared_phone(), home, *_without_placeholders())
    wide = wide.with_columns(_rare_pair())
    added = [name for name in wide.columns if name not in _CONTRACT and name not in frame.columns]
    return frame.with_columns(wide.select(added))


# What says where somebody is counted and what they lack, not who they are.
_NOT_COMPARED = ("region", "district_id", "in_city_since", "needs")
_CONTRACT = ("source", *(name for name in PEOPLE_COLUMNS if name not in _NOT_COMPARED))


def _with_contract_columns(frame: pl.DataFrame) -> pl.DataFrame:
    absent = [name for name in _CONTRACT if name not in frame.columns]
    return frame.select(
        *(pl.col(name).cast(pl.String) for name in _CONTRACT if name in frame.columns),
        *(pl.lit(None, pl.String).alias(name) for name in absent),
    )


def _identifiers() -> tuple[pl.Expr, ...]:
    return tuple(signs(name).alias(f"{name}_key") for name in IDENTIFIERS)


def _without_placeholders() -> tuple[pl.Expr, ...]:
    """A number that many records of one list carry belongs to nobody: 000000, `none`."""
    most = int(thresholds()["placeholder_records"])
    return tuple(
        pl.when(pl.len().over("source", name) <= most).then(pl.col(name)).alias(name)
        for name in (f"{identifier}_key" for identifier in IDENTIFIERS)
    )


def _sex() -> pl.Expr:
    sex = plainly("sex").str.strip_chars()
    return pl.when(~sex.is_in(_NO_SEX)).then(sex).alias("sex_key")


def _language() -> pl.Expr:
    # fa-AF and fa are one language here; regions are written or not.
    return filled(plainly("language").str.extract(r"^([a-z]{2,3})")).alias("language_key")


def _birth_text() -> pl.Expr:
    year, month, day = (pl.col(f"birth_{part}").cast(pl.String) for part in ("year", "month", "day"))
    return pl.concat_str([year, month.str.zfill(2), day.str.zfill(2)]).alias("birth_text")


def _pairs_of_names() -> tuple[pl.Expr, ...]:
    """Order-free pairs of given and family name, so that swapped parts meet."""
    given, family = pl.col("given_loose"), pl.col("family_loose")
    keys = pl.concat_str(
        [pl.min_horizontal("given_key", "family_key"), pl.max_horizontal("given_key", "family_key")],
        separator=" ",
    )
    both = given.is_not_null() & family.is_not_null()
    low, high = pl.min_horizontal(given, family), pl.max_horizontal(given, family)
    return (
        low.alias("name_low"),
        high.alias("name_high"),
        pl.when(both).then(pl.concat_str([low, high], separator=" ")).alias("name_pair"),
        pl.when(both).then(keys).alias("name_pair_key"),
    )


def _rare_pair() -> pl.Expr:
    """The pair of names where few records share it: alone it brings nobody together in a common name."""
    most = int(thresholds()["rare_pair_records"])
    return pl.when(pl.len().over("name_pair_key") <= most).then("name_pair_key").alias("rare_name_pair")


def _shared_phone() -> pl.Expr:
    people = pl.col("given_loose").n_unique().over("source", "phone_key")
    return (pl.col("phone_key").is_not_null() & (people > 1)).alias("phone_shared")
