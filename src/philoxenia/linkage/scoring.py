"""Weights of pairs: Splink's comparisons with a model's m and u, over the pairs that blocking lets through.

Owns the one place that speaks Splink's inner language (pinned to version 5); ignores what is decided from
weights.
"""

import re
from collections.abc import Sequence
from typing import Any

import polars as pl

from philoxenia.linkage.blocks import block_columns
from philoxenia.linkage.model import Level, Model
from philoxenia.linkage.sessions import Session
from philoxenia.linkage.types import Basis, LinkageError

# Odds of one: Splink's weight is then the sum of the levels' weights.
_PRIOR = 0.5
# A level no pair of one person showed in training still gets a chance.
_UNSEEN_M = 1e-4


def comparison_dicts(basis: Basis, columns: Sequence[str], dialect: str) -> list[dict[str, Any]]:
    """The basis' comparisons as Splink's dictionaries, in the engine's dialect."""
    return [creator.create_comparison_dict(dialect) for creator in basis.comparisons(columns)]


def with_chances(comparisons: Sequence[dict[str, Any]], model: Model) -> list[dict[str, Any]]:
    """Splink's comparisons with the model's m and u. Raises `LinkageError` where the model does not fit
    them."""
    return [
        _with_chances(found, model)
        for found in comparisons
        if found["output_column_name"] in model.comparisons
    ]


def _with_chances(comparison: dict[str, Any], model: Model) -> dict[str, Any]:
    name = comparison["output_column_name"]
    known = {level.words: level for level in model.comparisons[name]}
    levels = []
    for level in comparison["comparison_levels"]:
        if level.get("is_null_level"):
            levels.append(level)
            continue
        found = known.get(level["label_for_charts"])
        if found is None:
            raise LinkageError(
                f"The model compares {name} in other levels than this Philoxenia does. Train the model again."
            )
        levels.append({**level, "m_probability": found.m, "u_probability": found.u})
    return {**comparison, "comparison_levels": levels}


def needed(
    frame: pl.DataFrame, comparisons: Sequence[dict[str, Any]], blocks: Sequence[tuple[str, ...]]
) -> pl.DataFrame:
    """Only the columns that SQL speaks of: the rest of a record never reaches the engine."""
    levels = [level for found in comparisons for level in found["comparison_levels"]]
    said = " ".join(f"{level['sql_condition']} {level.get('tf_adjustment_column') or ''}" for level in levels)
    fixed = ["row", "source", *block_columns(blocks)]
    words = set(re.findall(r"\w+", said))
    spoken = [name for name in frame.columns if name not in fixed and {name, f"{name}_l"} & words]
    return frame.select(*fixed, *spoken)


def settings(
    comparisons: Sequence[dict[str, Any]], rules: Sequence[str], prior: float = _PRIOR
) -> dict[str, Any]:
    """Splink's settings: one stacked table, rows told apart by their number."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "row",
        "comparisons": list(comparisons),
        "blocking_rules_to_generate_predictions": [{"blocking_rule": rule} for rule in rules],
        "probability_two_random_records_match": prior,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
    }


def pair_rules(
    blocks: Sequence[tuple[str, ...]], alone: Sequence[str], within: bool, *, every: bool = False
) -> list[str]:
    """SQL of each blocking rule. `alone` are sources that hold each person once; `within` compares inside
    lists; `every` is one rule for all pairs, whatever they share."""
    apart = "" if within else " AND l.source <> r.source"
    if within and alone:
        named = ", ".join("'" + source.replace("'", "''") + "'" for source in sorted(alone))
        apart = f" AND (l.source <> r.source OR l.source NOT IN ({named}))"
    if every:
        return [f"1 = 1{apart}"]
    return [f"l.{name} = r.{name}{apart}" for name in block_columns(blocks)]


def linker_on(session: Session, frame: pl.DataFrame, chosen: dict[str, Any]) -> Any:
    """A Splink linker over one frame."""
    from splink import Linker  # noqa: PLC0415  heavy, and not needed to read results

    return Linker(session.register(frame), chosen, log_level=None, validate_settings=False)


def scored(session: Session, frame: pl.DataFrame, chosen: dict[str, Any], least: float) -> pl.DataFrame:
    """The pairs worth more than `least` (log2, without any prior): row_l, row_r, rule, weight, level_*,
    weight_*."""
    from splink.internals.pipeline import CTEPipeline  # noqa: PLC0415
    from splink.internals.vertically_concatenate import enqueue_df_concat_with_tf  # noqa: PLC0415

    linker = linker_on(session, frame, chosen)
    pairs = linker.inference.compute_blocked_pairs_for_predict()
    pipeline = CTEPipeline([pairs])
    enqueue_df_concat_with_tf(linker, pipeline)
    pipeline.enqueue_list_of_sqls(
        pair_sqls(linker._settings_obj, "__splink__df_concat_with_tf", session.dialect, least)
    )
    found = session.frame(session.api.sql_pipeline_to_splink_dataframe(pipeline))
    return tidy(found, linker._settings_obj.comparisons)


def pair_sqls(chosen: Any, table: str, dialect: str, least: float) -> list[dict[str, str]]:
    """Splink's SQL from pairs of rows to levels and weights; `chosen` are Splink's own settings."""
    from splink.internals.comparison_vector_values import (  # noqa: PLC0415
        compute_comparison_vector_values_from_id_pairs_sqls,
    )
    from splink.internals.dialects import SplinkDialect  # noqa: PLC0415
    from splink.internals.predict import predict_from_comparison_vectors_sqls  # noqa: PLC0415

    columns = chosen.column_info_settings
    compared = compute_comparison_vector_values_from_id_pairs_sqls(
        chosen._columns_to_select_for_blocking,
        chosen._columns_to_select_for_comparison_vector_values,
        input_tablename_l=table,
        input_tablename_r=table,
        source_dataset_input_column=columns.source_dataset_input_column,
        unique_id_input_column=columns.unique_id_input_column,
        link_type="dedupe_only",
        sql_dialect_str=dialect,
    )
    weighed = predict_from_comparison_vectors_sqls(
        unique_id_input_columns=columns.unique_id_input_columns,
        core_model_settings=chosen.core_model_settings,
        sql_dialect=SplinkDialect.from_string(dialect),
        threshold_match_weight=least,
        retain_intermediate_calculation_columns=True,
        training_mode=True,
    )
    return [*compared, *weighed]


def pair_select(chosen: dict[str, Any], rare: Sequence[str]) -> str:
    """One SELECT over a table `pairs` of both sides' columns (_l, _r, tf_*): as `scored`, without
    blocking."""
    from splink import SettingsCreator  # noqa: PLC0415

    found = SettingsCreator.from_path_or_dict(chosen).get_settings("duckdb").comparisons
    gammas = [one._gamma_column_name for one in found]
    frequencies = [f"tf_{name}_{side}" for name in rare for side in "lr"]
    levels = ", ".join(["row_l", "row_r", *(one._case_statement for one in found), *frequencies])
    parts = [part for one in found for part in one._columns_to_select_for_match_weight_parts(False, False)]
    weights = ", ".join(["row_l", "row_r", *dict.fromkeys([*gammas, *parts])])
    told = ["row_l", "row_r"]
    for one in found:
        told.append(f"{one._gamma_column_name} AS level_{_name(one)}")
        told.append(f"{' + '.join(one._match_weight_columns_to_sum)} AS weight_{_name(one)}")
    every = " + ".join(part for one in found for part in one._match_weight_columns_to_sum)
    inner = f"SELECT {weights} FROM (SELECT {levels} FROM pairs)"  # noqa: S608
    return f"SELECT {', '.join(told)}, {every} AS weight FROM ({inner})"  # noqa: S608


def tidy(found: pl.DataFrame, comparisons: Sequence[Any]) -> pl.DataFrame:
    """Splink's columns under our names, rows in order; weight of a comparison includes how rare the value
    is."""
    columns = [pl.col("row_l").cast(pl.UInt32), pl.col("row_r").cast(pl.UInt32)]
    columns.append(pl.col("match_key").cast(pl.UInt16).alias("rule"))
    columns.append(pl.col("match_weight").alias("weight"))
    for comparison in comparisons:
        parts = comparison._match_weight_columns_to_sum
        columns.append(
            pl.col(comparison._gamma_column_name).cast(pl.Int8).alias(f"level_{_name(comparison)}")
        )
        columns.append(pl.sum_horizontal(*parts).alias(f"weight_{_name(comparison)}"))
    return found.select(columns).sort("row_l", "row_r")


def _name(comparison: Any) -> str:
    return str(comparison.output_column_name).replace(" ", "_")


def levels_of(comparisons: Sequence[Any], pairs: int) -> dict[str, tuple[Level, ...]]:
    """What a trained linker's comparisons say, as levels of a model; those without data are left out.

    A level never seen among `pairs` random pairs gets half a pair, so that no weight is infinite.
    """
    known = [found for found in comparisons if any(level._u_is_trained for level in _real(found))]
    return {_name(found): tuple(_level(level, pairs) for level in _real(found)) for found in known}


def _real(comparison: Any) -> list[Any]:
    return [level for level in comparison.comparison_levels if not level.is_null_level]


def _level(level: Any, pairs: int) -> Level:
    least = 0.5 / pairs
    u = float(level.u_probability) if level._u_is_trained else least
    m = float(level.m_probability) if level._m_is_trained else max(u, _UNSEEN_M)
    return Level(
        int(level.comparison_vector_value),
        str(level.label_for_charts),
        _inside(m, _UNSEEN_M),
        _inside(u, least),
    )


def _inside(chance: float, least: float) -> float:
    # Sums in another order differ in the last digits; a model is the same bytes all the same.
    return float(f"{min(max(chance, least), 1.0):.6g}")
