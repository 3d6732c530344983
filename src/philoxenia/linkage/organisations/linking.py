"""Two directories to pairs of the same organisation, with weights. Organisations are not persons: no purpose
is asked.
"""

from typing import Any

import polars as pl
from splink import Linker

from philoxenia.linkage.comparisons.levels import Levels
from philoxenia.linkage.organisations.levels import comparisons
from philoxenia.linkage.organisations.preparing import COLUMNS, prepared
from philoxenia.linkage.organisations.tables import thresholds
from philoxenia.linkage.sessions import session
from philoxenia.linkage.types import LinkageError

_EXPLODED = ("rare_words", "name_halves")
_EQUAL = ("name_key", "name_sorted", "phone_key", "domain_key", "postal_key")


def link_organisations(left: pl.DataFrame, right: pl.DataFrame) -> pl.DataFrame:
    """Pairs that may be one organisation, best first: left_record, right_record, match_weight, probability,
    decision (link | doubtful | apart), level_<comparison> in words.

    Both need record_id and name (or agency); address, address_2, city, postal_code, phone, email, website
    where they have them. Weights are those of `levels.csv`; how rare a word is
    comes from the two directories together.
    """
    for side, table in (("left", left), ("right", right)):
        _check(side, table)
    both = prepared(pl.concat([_side("left", left), _side("right", right)], how="diagonal"))
    with session() as opened:
        return _tidy(opened.frame(_scored(opened.api, both)))


def _check(side: str, table: pl.DataFrame) -> None:
    missing = [name for name in ("record_id",) if name not in table.columns]
    if missing or not {"name", "agency"} & set(table.columns):
        raise LinkageError(f"The {side} directory needs the columns record_id and name.")
    if table["record_id"].null_count() or table["record_id"].n_unique() != table.height:
        raise LinkageError(f"The {side} directory needs a record_id of its own for each record.")
    if table.is_empty():
        raise LinkageError(f"The {side} directory holds no record.")


def _side(side: str, table: pl.DataFrame) -> pl.DataFrame:
    known = [name for name in COLUMNS if name in table.columns]
    # The side's first letter before the number keeps numbers of two directories apart.
    row = pl.concat_str(pl.lit(side[0]), pl.col("record_id").cast(pl.String)).alias("row")
    return table.select(pl.lit(side).alias("side"), row, *(_text(name) for name in known)).sort("row")


def _text(name: str) -> pl.Expr:
    text = pl.col(name).cast(pl.String).str.strip_chars()
    return pl.when(text != "").then(text).alias(name)


def _scored(api: Any, records: pl.DataFrame) -> Any:
    """All pairs across the directories that share a key, with levels and weights."""
    keyed = _blocked(records)
    sides = [keyed.filter(pl.col("side") == side).drop("side") for side in ("left", "right")]
    tables = [api.register(side.to_arrow()) for side in sides]
    linker = Linker(tables, _settings(records), log_level=None, validate_settings=False)
    return linker.inference.predict(threshold_match_weight=thresholds()["least_weight"])


def _blocked(records: pl.DataFrame) -> pl.DataFrame:
    """Records with their keys; a key that many records of one directory share compares nobody."""
    most = int(thresholds()["block_size"])
    keys = [
        pl.when(pl.len().over("side", name) <= most).then(pl.col(name)).alias(f"block_{name}")
        for name in _EQUAL
    ]
    return records.with_columns(keys).drop([name for name in COLUMNS if name in records.columns])


def _settings(records: pl.DataFrame) -> dict[str, Any]:
    sizes = records.group_by("side").len()["len"].to_list()
    rules: list[dict[str, Any]] = [{"blocking_rule": f"l.block_{name} = r.block_{name}"} for name in _EQUAL]
    rules += [{"blocking_rule": f"l.{name} = r.{name}", "arrays_to_explode": [name]} for name in _EXPLODED]
    return {
        "link_type": "link_only",
        "unique_id_column_name": "row",
        "comparisons": [one.create_comparison_dict("duckdb") for one in comparisons()],
        "blocking_rules_to_generate_predictions": rules,
        "probability_two_random_records_match": thresholds()["prior_share"] / max(sizes),
        "retain_intermediate_calculation_columns": True,
        "retain_matching_columns": True,
    }


def _tidy(pairs: pl.DataFrame) -> pl.DataFrame:
    link, probability = thresholds()["link_probability"], pl.col("match_probability")
    sure = pl.when(probability >= link).then(pl.lit("link"))
    decision = sure.when(probability >= 1 - link).then(pl.lit("doubtful")).otherwise(pl.lit("apart"))
    ends = [pl.col(f"row_{end}").str.slice(1) for end in ("l", "r")]
    turned = pl.col("row_l").str.starts_with("r")
    return pairs.select(
        pl.when(turned).then(ends[1]).otherwise(ends[0]).alias("left_record"),
        pl.when(turned).then(ends[0]).otherwise(ends[1]).alias("right_record"),
        "match_weight",
        probability.alias("probability"),
        decision.alias("decision"),
        *(_in_words(one) for one in comparisons()),
    ).sort("match_weight", "left_record", "right_record", descending=[True, False, False])


def _in_words(comparison: Levels) -> pl.Expr:
    name, levels = comparison.create_output_column_name(), comparison.create_comparison_levels()
    values = [-1, *range(len(levels) - 2, -1, -1)]
    said = {value: level.create_label_for_charts() for value, level in zip(values, levels, strict=True)}
    level = pl.col(f"gamma_{name}").cast(pl.Int64)
    return level.replace_strict(said, return_dtype=pl.String).alias(f"level_{name}")
