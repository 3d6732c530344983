"""Translations of a directory's texts: from a second file in another language, tied to the text they are
of."""

import hashlib
from collections.abc import Sequence
from typing import Any

import polars as pl

from philoxenia.exchange.hsds.listing import keyed, text_fields, translated_rows
from philoxenia.exchange.hsds.listing_parts import read_terms
from philoxenia.exchange.hsds.mapping import Translation
from philoxenia.exchange.hsds.model import source_hash
from philoxenia.exchange.hsds.sayings import Told

Tables = dict[str, pl.DataFrame]
_COLUMNS = ("id", "object_table", "object_id", "field", "language", "text", "status")


def translations_of(
    rows: pl.DataFrame, others: Sequence[tuple[Translation, pl.DataFrame]], told: Told
) -> pl.DataFrame:
    """Rows of `translation` for services, organisations and terms of a listing, under the ids of `cut_up`."""
    original = keyed(rows)
    found: dict[str, dict[str, Any]] = {}
    for entry, other in others:
        beside = translated_rows(original.select("record_id", "service"), other, told, entry.language)
        first = original.unique("service", keep="first", maintain_order=True).rename(
            {c: f"__{c}" for c in original.columns if c != "service"}
        )
        pairs = first.join(
            beside.unique("service", keep="first", maintain_order=True), on="service", how="inner"
        )
        same = 0
        for column, field in text_fields():
            for service, ours, theirs in pairs.select("service", f"__{column}", column).iter_rows():
                if ours and theirs and ours != theirs:
                    _put(found, "service", service, field, entry, theirs)
                same += bool(ours and ours == theirs)
        _terms(found, pairs, entry)
        told.find("translation_same", count=same, language=entry.language)
    return pl.DataFrame(
        [[row[c] for c in _COLUMNS] for row in found.values()],
        schema=dict.fromkeys(_COLUMNS, pl.String),
        orient="row",
    )


def _put(
    found: dict[str, dict[str, Any]], table: str, key: str, field: str, entry: Translation, text: str
) -> None:
    name = hashlib.sha256(f"{table}|{key}|{field}|{entry.language}".encode()).hexdigest()[:24]
    values = (f"translation-{name}", table, key, field, entry.language, text, entry.status)
    found.setdefault(name, dict(zip(_COLUMNS, values, strict=True)))


def _terms(found: dict[str, dict[str, Any]], pairs: pl.DataFrame, entry: Translation) -> None:
    """Terms that stand in the same order in both languages are each other's translation."""
    for ours, theirs in (
        pairs.select("__services", "services").drop_nulls().unique(maintain_order=True).iter_rows()
    ):
        ours_read, theirs_read = read_terms(ours), read_terms(theirs)
        if [len(levels) for levels, _ in ours_read] != [len(levels) for levels, _ in theirs_read]:
            continue
        for (levels, _), (words, _) in zip(ours_read, theirs_read, strict=True):
            for depth, (level, word) in enumerate(zip(levels, words, strict=True), start=1):
                if level != word:
                    _put(
                        found,
                        "taxonomy_term",
                        "made-services:" + " - ".join(levels[:depth]).lower(),
                        "name",
                        entry,
                        word,
                    )


def translated(tables: Tables, told: Told) -> Tables:
    """Translations with the hash of the text they are of; those of texts that are not here go."""
    frame = tables["translation"]
    if not frame.height:
        return tables
    texts = []
    for table in frame["object_table"].unique(maintain_order=True):
        fields = [
            f
            for f in frame.filter(pl.col("object_table") == table)["field"].unique(maintain_order=True)
            if f in tables[table].columns
        ]
        texts += [
            tables[table].select(
                pl.lit(table).alias("object_table"),
                pl.col("id").alias("object_id"),
                pl.lit(name).alias("field"),
                pl.col(name).cast(pl.String).alias("__text"),
            )
            for name in fields
        ]
    if not texts:
        return {**tables, "translation": frame.clear()}
    joined = frame.join(
        pl.concat(texts), on=["object_table", "object_id", "field"], how="inner", maintain_order="left"
    ).drop_nulls("__text")
    told.find("belongs_nowhere", "translation", frame.height - joined.height)
    hashes = {text: source_hash(text) for text in joined["__text"].unique()}
    now = pl.col("__text").replace_strict(hashes, default=None, return_dtype=pl.String)
    outdated = pl.col("source_hash").is_not_null() & (pl.col("source_hash") != now)
    status = pl.when(outdated).then(pl.lit("outdated")).otherwise(pl.col("status").fill_null("human"))
    kept = joined.with_columns(status=status, source_hash=pl.coalesce("source_hash", now)).drop("__text")
    return {**tables, "translation": kept.select(frame.columns)}
