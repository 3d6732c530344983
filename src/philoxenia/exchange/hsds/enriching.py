"""What a directory says in words, also as values one can search by: needs, languages, cost, wheelchairs.

Only what the source's own words say; where they say nothing the value stays unknown.
"""

from collections.abc import Mapping
from functools import cache

import polars as pl

from philoxenia.exchange.hsds.sayings import Told
from philoxenia.exchange.spelling import key
from philoxenia.reference.tables import reference_table

Tables = dict[str, pl.DataFrame]
# Shorter names of languages are codes.
_LONGEST_CODE = 3


def enriched(tables: Mapping[str, pl.DataFrame], told: Told) -> Tables:
    """Settled tables with needs, language codes, `free`, `wheelchair` and the flags of papers filled where
    known."""
    found: Tables = dict(tables)
    found["language"] = _languages(found["language"], told)
    found["service"] = _flags(_free(_needs(found), found["cost_option"]))
    found["location"] = _wheelchairs(found["location"], found["accessibility"])
    return found


@cache
def language_codes() -> Mapping[str, str]:
    """Codes by every known name of a language, as compared."""
    table = reference_table("directory/language_names")
    names = {key(name): code for code, name in table.select("code", "name").iter_rows()}
    return names | {key(code): code for code in table["code"].unique()}


@cache
def english_names() -> Mapping[str, str]:
    """The first English name of each language."""
    table = reference_table("directory/language_names").filter(pl.col("in_language") == "en")
    return dict(table.unique("code", keep="first", maintain_order=True).select("code", "name").iter_rows())


def language_of(text: str) -> str:
    """The code a name or code of a language means, '' where none: `Dari (Afghan Persian)`, `AR`, `ar-JO`."""
    known = language_codes()
    for said in (text, text.split("(")[0], text.split("-")[0], text.split("/")[0]):
        if code := known.get(key(said)):
            return code
    return ""


def _languages(frame: pl.DataFrame, told: Told) -> pl.DataFrame:
    if not frame.height:
        return frame
    said = pl.concat([frame["code"].drop_nulls(), frame["name"].drop_nulls()]).unique()
    codes = {text: language_of(text) or None for text in said}
    names = {code: english_names().get(code, code) for code in codes.values() if code}
    known = pl.coalesce(_lookup("code", codes), _lookup("name", codes))
    frame = frame.with_columns(code=known)
    strange = frame.filter(pl.col("code").is_null() & pl.col("name").is_not_null())["name"].unique(
        maintain_order=True
    )
    told.find("language_unknown", "language", len(strange), strange.head(3))
    worded = pl.when(pl.col("name").str.len_chars() > _LONGEST_CODE).then("name")
    return frame.with_columns(name=pl.coalesce(worded, _lookup("code", names), "name"))


def _lookup(column: str, values: Mapping[str, str | None]) -> pl.Expr:
    return pl.col(column).replace_strict(dict(values), default=None, return_dtype=pl.String)


def _needs(tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Services with the needs their own name and terms speak of, where the source names none."""
    services, links = tables["service"], tables["attribute"]
    terms = tables["taxonomy_term"].select(
        pl.col("id").alias("taxonomy_term_id"), pl.col("name").alias("__term")
    )
    said = links.filter(pl.col("link_entity") == "service").join(terms, on="taxonomy_term_id", how="inner")
    joined = said.group_by("link_id").agg(pl.col("__term").unique(maintain_order=True).str.join(" ; "))
    frame = services.join(joined, left_on="id", right_on="link_id", how="left", maintain_order="left")
    text = pl.concat_str("name", "alternate_name", "__term", separator=" ; ", ignore_nulls=True)
    codes = [
        pl.when(text.str.contains(f"(?i){row['pattern']}")).then(pl.lit(row["need"]))
        for row in reference_table("directory/needs_terms").iter_rows(named=True)
    ]
    found = pl.concat_str(codes, separator=";", ignore_nulls=True)
    told = pl.when(found != "").then(found)
    return frame.with_columns(needs=pl.coalesce("needs", told)).drop("__term")


def _free(services: pl.DataFrame, costs: pl.DataFrame) -> pl.DataFrame:
    """`free`: what the amounts say, else what the words on fees say, else unknown."""
    amounts = (
        costs.drop_nulls("amount").group_by("service_id").agg((pl.col("amount") == 0).all().alias("__free"))
    )
    frame = services.join(amounts, left_on="id", right_on="service_id", how="left", maintain_order="left")
    words = "|".join(f"(?:{row})" for row in reference_table("directory/free_words")["pattern"])
    said = pl.coalesce("fees_description", "fees").str.strip_chars().str.contains(f"(?i){words}")
    worded = pl.when(said).then(pl.lit(True))
    return frame.with_columns(free=pl.coalesce("free", "__free", worded)).drop("__free")


def _flags(services: pl.DataFrame) -> pl.DataFrame:
    unknown = [pl.col(name).fill_null("unknown") for name in ("asks_status", "safe_without_papers")]
    return services.with_columns(
        *unknown, pl.col("confidential").fill_null(False), pl.col("synthetic").fill_null(False)
    )


def _wheelchairs(locations: pl.DataFrame, access: pl.DataFrame) -> pl.DataFrame:
    """Whether a wheelchair gets in: the first word of the table that the descriptions hold decides."""
    text = pl.concat_str("description", "details", separator=" ; ", ignore_nulls=True).str.to_lowercase()
    said: pl.Expr = pl.lit(None, pl.String)
    for row in reversed(list(reference_table("directory/wheelchair_words").iter_rows(named=True))):
        said = pl.when(text.str.contains(row["pattern"])).then(pl.lit(row["wheelchair"])).otherwise(said)
    found = access.select("location_id", said.alias("__said")).drop_nulls()
    ranked = found.group_by("location_id").agg(
        pl.when((pl.col("__said") == "no").any())
        .then(pl.lit("no"))
        .when((pl.col("__said") == "yes").any())
        .then(pl.lit("yes"))
        .otherwise(pl.lit("unknown"))
        .alias("__said")
    )
    frame = locations.join(ranked, left_on="id", right_on="location_id", how="left", maintain_order="left")
    return frame.with_columns(wheelchair=pl.coalesce("wheelchair", "__said", pl.lit("unknown"))).drop(
        "__said"
    )
