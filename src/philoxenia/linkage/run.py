"""One run: lists in, people out. Prepares, blocks, scores, decides and groups; each step is a file of its
own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from philoxenia.linkage.bases import basis_named
from philoxenia.linkage.blocks import block_columns, capped, keys
from philoxenia.linkage.clusters import clustered
from philoxenia.linkage.deciding import decided, log_prior, odds, possible_pairs, probabilities, thresholds
from philoxenia.linkage.model import Model, model_named
from philoxenia.linkage.people import joined_people
from philoxenia.linkage.scoring import comparison_dicts, pair_rules, scored, settings, with_chances
from philoxenia.linkage.sessions import session
from philoxenia.linkage.stacking import stacked
from philoxenia.linkage.types import Linked, Progress, Tables
from philoxenia.reference import Parameters, default_parameters

# Pairs that 30 doublings of a prior could not lift are not worth handing back (2^-30: one in a billion).
_LEAST_WEIGHT = 0.0


@dataclass(frozen=True)
class Asked:
    """How a run is to be done. `alone` names lists that hold each person once."""

    within: bool
    alone: tuple[str, ...]
    engine: str
    spark: Any
    parameters: Parameters
    progress: Progress


def link(
    tables: Tables,
    model: str | Path | Model = "default",
    *,
    within: bool = True,
    one_to_one: Iterable[str] = (),
    engine: str = "duckdb",
    spark: Any = None,
    parameters: Parameters | None = None,
    progress: Progress | None = None,
) -> Linked:
    """Which records of these lists are one person.

    `tables` maps the name of a list to its records (people contract). Raises `LinkageError` for what cannot
    be linked.
    """
    asked = Asked(
        within or len(tables) == 1,
        tuple(sorted(one_to_one)),
        engine,
        spark,
        parameters or default_parameters(),
        progress or (lambda step, share, found: None),
    )
    chosen = model_named(model)
    records = stacked(tables)
    asked.progress("Comparing records", 0.0, "")
    weighed = _weighed(records, chosen, asked)
    asked.progress("Comparing records", 1.0, f"{weighed.height:,} pairs")
    return _concluded(records, weighed, chosen, asked)


def _weighed(records: pl.DataFrame, model: Model, asked: Asked) -> pl.DataFrame:
    basis = basis_named(model.basis)
    most = int(asked.parameters["linkage.block_size"])
    frame = capped(keys(basis.prepared(records), basis.blocks), basis.blocks, most)
    with session(asked.engine, asked.spark) as opened:
        comparisons = with_chances(comparison_dicts(basis, frame.columns, opened.dialect), model)
        rules = pair_rules(basis.blocks, asked.alone, asked.within)
        return scored(
            opened, _needed(frame, comparisons, basis.blocks), settings(comparisons, rules), _LEAST_WEIGHT
        )


def _needed(
    frame: pl.DataFrame, comparisons: Sequence[dict[str, Any]], blocks: Sequence[tuple[str, ...]]
) -> pl.DataFrame:
    """Only the columns that SQL speaks of: the rest of a record never reaches the engine."""
    text = " ".join(level["sql_condition"] for found in comparisons for level in found["comparison_levels"])
    text += " ".join(
        level.get("tf_adjustment_column") or ""
        for found in comparisons
        for level in found["comparison_levels"]
    )
    kept = [name for name in frame.columns if name in text]
    return frame.select(
        "row", "source", *block_columns(blocks), *(n for n in kept if n not in ("row", "source"))
    )


def _concluded(records: pl.DataFrame, weighed: pl.DataFrame, model: Model, asked: Asked) -> Linked:
    weights = weighed["weight"].to_numpy()
    prior = log_prior(weights, possible_pairs(records, asked.within), model.prior, model.calibration)
    log_odds = odds(weights, prior, model.calibration)
    found = thresholds(log_odds, asked.parameters)
    pairs = weighed.with_columns(
        pl.Series("match_weight", log_odds), pl.Series("probability", probabilities(log_odds))
    ).drop("weight")
    pairs = decided(
        pairs.filter(pl.col("probability") >= asked.parameters["linkage.kept_probability"]), found
    )
    person = _persons(records, pairs, asked)
    links = records.select("source", "record", person=pl.Series(person))
    people = joined_people(records.with_columns(person=pl.Series(person)))
    return Linked(
        links=links,
        pairs=_named(pairs, records),
        quality=pl.DataFrame(),
        people=people,
        model=model,
        thresholds=found,
    )


def _persons(records: pl.DataFrame, pairs: pl.DataFrame, asked: Asked) -> Any:
    linked = pairs.filter(pl.col("decision") == "link")
    names = sorted(records["source"].unique())
    codes = records["source"].replace_strict(names, range(len(names)), return_dtype=pl.Int64).to_numpy()
    alone = [names.index(name) for name in asked.alone if name in names]
    edges = (
        linked["row_l"].cast(pl.Int64).to_numpy(),
        linked["row_r"].cast(pl.Int64).to_numpy(),
        linked["match_weight"].to_numpy(),
    )
    first = clustered(records.height, edges, codes, alone)
    return np.unique(first, return_inverse=True)[1]


def _named(pairs: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Row numbers become source and record of both sides."""
    left, right = pairs["row_l"], pairs["row_r"]
    sides = [
        records["source"].gather(left).alias("left_source"),
        records["record"].gather(left).alias("left_record"),
        records["source"].gather(right).alias("right_source"),
        records["record"].gather(right).alias("right_record"),
    ]
    rest = [c for c in pairs.columns if c.startswith(("level_", "weight_"))]
    return pairs.select(*sides, "match_weight", "probability", "decision", *rest)
