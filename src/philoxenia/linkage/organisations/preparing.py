"""Directories with the columns that comparison and blocking of organisations read."""

import math
from collections import Counter

import polars as pl

from philoxenia.linkage.comparisons.places import contact_columns, place_columns
from philoxenia.linkage.organisations.names import OrganisationName, read_organisation
from philoxenia.linkage.organisations.tables import thresholds, words

COLUMNS = ("name", "agency", "address", "address_2", "city", "postal_code", "phone", "email", "website")
_UNUSED = ("house_number", "locality")
_RAREST = 3
_WORDS_A_NAME = 3
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "text": pl.String,
    "name_key": pl.String,
    "name_sorted": pl.String,
    "name_words": pl.List(pl.String),
    "name_halves": pl.List(pl.String),
    "name_bits": pl.Float64,
    "acronyms_made": pl.List(pl.String),
    "acronyms_written": pl.List(pl.String),
    "word_1": pl.String,
    "rare_words": pl.List(pl.String),
    "word_pair": pl.String,
}


def prepared(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` (columns of COLUMNS, absent ones count as empty) with the columns of comparison added.

    How rare a word is comes from all names given together. Rows keep their order.
    """
    texts = _texts(frame)
    names = texts.select(pl.coalesce("agency", "name").alias("text"))
    distinct = names["text"].drop_nulls().unique().sort()
    read = {text: read_organisation(text) for text in distinct}
    seen = Counter(word for name in read.values() for word in set(name.words))
    table = pl.DataFrame(
        [_row(text, name, seen) for text, name in read.items()], schema=_SCHEMA, orient="row"
    )
    found = names.join(table, on="text", how="left", maintain_order="left").drop("text")
    places = texts.select(*contact_columns(), *place_columns(), _domain())
    return pl.concat([frame, found, places], how="horizontal")


def _texts(frame: pl.DataFrame) -> pl.DataFrame:
    given = [pl.col(name).cast(pl.String) for name in COLUMNS if name in frame.columns]
    absent = [name for name in (*COLUMNS, *_UNUSED) if name not in frame.columns]
    wide = frame.select(*given, *(pl.lit(None, pl.String).alias(name) for name in absent))
    return wide.with_columns(locality=pl.col("city"))


def _row(text: str, name: OrganisationName, seen: Counter[str]) -> tuple[object, ...]:
    own = sorted(set(name.words))
    rare = sorted(set(own) - set(words("common")), key=lambda word: (seen[word], word))[:_RAREST]
    most = int(thresholds()["block_size"])
    return (
        text,
        " ".join(name.words),
        " ".join(own),
        own,
        sorted({" ".join(sorted(set(half))) for half in name.halves}),
        _bits(own, seen),
        list(name.made),
        list(name.written),
        rare[0] if rare else None,
        [word for word in rare if seen[word] <= most],
        " ".join(sorted(rare[:2])) if len(rare) > 1 else None,
    )


def _bits(own: list[str], seen: Counter[str]) -> float:
    """How much a name tells: log2 of names for each name that holds a word, summed over its words."""
    names = max(seen.total() // _WORDS_A_NAME, int(thresholds()["least_names"]))
    most = {word: thresholds()["generic_bits"] for word in words("generic")}
    bits = (min(math.log2(names / max(seen[word], 1)), most.get(word, math.inf)) for word in own)
    return float(sum(bit for word, bit in zip(own, bits, strict=True) if word not in words("common")))


def _domain() -> pl.Expr:
    site = pl.col("website").str.to_lowercase().str.extract(r"^(?:\w+://)?(?:www\.)?([^/\s:]+)")
    mail = pl.col("email").str.to_lowercase().str.extract(r"@([^\s>]+)$")
    return pl.coalesce(site, mail).alias("domain_key")
