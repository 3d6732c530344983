"""One run: lists in, people out. Prepares, blocks, scores, decides and groups; each step is a file of its
own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from philoxenia.linkage.bases import basis_named
from philoxenia.linkage.blocks import block_columns, capped, keys
from philoxenia.linkage.deciding import decided, log_prior, odds, possible_pairs, probabilities, thresholds
from philoxenia.linkage.groups import with_groups
from philoxenia.linkage.households import Limits, housemates_per_pair, weighed_beside_households
from philoxenia.linkage.linked import Linked, concluded, joined_columns
from philoxenia.linkage.model import Model, model_named
from philoxenia.linkage.purpose import Purpose
from philoxenia.linkage.scoring import comparison_dicts, needed, pair_rules, scored, settings, with_chances
from philoxenia.linkage.sessions import session
from philoxenia.linkage.stacking import stacked
from philoxenia.linkage.tokens import under_purpose
from philoxenia.linkage.types import Progress, Tables
from philoxenia.reference import Parameters, default_parameters

# Pairs that 30 doublings of a prior could not lift are not worth handing back (2^-30: one in a billion).
# Nor are pairs of which nothing is known on both sides: their weight is nought.
_LEAST_WEIGHT = 1e-9
_PREPARING, _COMPARING = "Preparing records", "Comparing records"


@dataclass(frozen=True)
class Asked:
    """How a run is to be done. `alone` names lists that hold each person once."""

    within: bool
    alone: tuple[str, ...]
    engine: str
    spark: Any
    parameters: Parameters
    progress: Progress
    truth: pl.DataFrame | None = None


@dataclass(frozen=True)
class _Work:
    """What a run holds between steps: records with groups, blocking keys by row, scored pairs."""

    records: pl.DataFrame
    keys: pl.DataFrame
    pairs: pl.DataFrame
    model: Model
    rho: float
    # Whether every pair was compared, so that blocking can have left out none.
    every: bool


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
    truth: pl.DataFrame | None = None,
    purpose: Purpose | None = None,
    today: date | None = None,
) -> Linked:
    """Which records of these lists are one person.

    `tables` maps the name of a list to its records (people contract); `one_to_one` names lists that hold
    each person once; `within` also finds one person's several records in one list. `truth` (source, record,
    person) gives exact quality. Under a `purpose` every record and person is a token. Raises
    `LinkageRefusedError` where the agreement does not allow it, and `LinkageError` for what cannot
    be linked.
    """
    if purpose is not None:
        purpose.check(tables, today or date.today())
    asked = Asked(
        within or len(tables) == 1,
        tuple(sorted(one_to_one)),
        engine,
        spark,
        parameters or default_parameters(),
        progress or (lambda step, share, found: None),
        truth,
    )
    chosen = model_named(model)
    linked = _concluded(_compared(tables, chosen, asked), asked)
    return under_purpose(linked, purpose) if purpose is not None else linked


def _compared(tables: Tables, model: Model, asked: Asked) -> _Work:
    basis, told = basis_named(model.basis), asked.progress
    told(_PREPARING, 0.0, "")
    records = stacked(tables, basis.columns)
    most = int(asked.parameters["linkage.block_size"])
    frame = capped(keys(basis.prepared(records), basis.blocks), basis.blocks, most)
    told(_PREPARING, 1.0, f"{records.height:,} records of {len(tables)} lists")
    told(_COMPARING, 0.0, "")
    possible = possible_pairs(records, asked.within)
    every = possible <= asked.parameters["linkage.every_pair"]
    with session(asked.engine, asked.spark) as opened:
        comparisons = with_chances(comparison_dicts(basis, frame.columns, opened.dialect), model)
        rules = pair_rules(basis.blocks, asked.alone, asked.within, every=every)
        chosen = settings(comparisons, rules)
        pairs = scored(opened, needed(frame, comparisons, basis.blocks), chosen, _LEAST_WEIGHT)
    told(_COMPARING, 1.0, f"{pairs.height:,} pairs worth a look")
    largest = int(asked.parameters["linkage.household_records"])
    rho = housemates_per_pair(frame, pairs, basis, model, possible, Limits(largest, asked.within))
    pairs = weighed_beside_households(pairs, model, rho)
    return _Work(with_groups(frame), frame.select(block_columns(basis.blocks)), pairs, model, rho, every)


def _concluded(work: "_Work", asked: Asked) -> Linked:
    weights = work.pairs["weight"].to_numpy()
    prior = log_prior(
        weights, possible_pairs(work.records, asked.within), work.model.prior, work.model.calibration
    )
    log_odds = odds(weights, prior, work.model.calibration)
    found = thresholds(log_odds, asked.parameters)
    pairs = work.pairs.with_columns(
        pl.Series("match_weight", log_odds), pl.Series("probability", probabilities(log_odds))
    ).drop("weight")
    kept = pairs.filter(pl.col("probability") >= asked.parameters["linkage.kept_probability"])
    nothing = pl.DataFrame()
    start = Linked(
        links=nothing,
        pairs=_named(decided(_rules_counted(kept, work.keys), found), work.records),
        quality=nothing,
        people=nothing,
        model=work.model,
        thresholds=found,
        records=pl.DataFrame(joined_columns(work.records)),
        within=asked.within,
        alone=asked.alone,
        rules=0 if work.every else len(work.keys.columns),
        confidence=asked.parameters["linkage.confidence"],
        giant=asked.parameters["linkage.giant_cluster"],
        truth=asked.truth,
        rho=work.rho,
    )
    return concluded(start)


def _rules_counted(pairs: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Pairs with `rules`: how many blocking keys their records share."""
    left, right = found[pairs["row_l"]], found[pairs["row_r"]]
    same = [(left[name] == right[name]).fill_null(False).cast(pl.UInt16) for name in found.columns]
    return pairs.with_columns(pl.sum_horizontal(same).alias("rules"))


def _named(pairs: pl.DataFrame, records: pl.DataFrame) -> pl.DataFrame:
    """Row numbers with source and record of both sides."""
    left, right = pairs["row_l"], pairs["row_r"]
    sides = [
        records["source"].gather(left).alias("left_source"),
        records["record"].gather(left).alias("left_record"),
        records["source"].gather(right).alias("right_source"),
        records["record"].gather(right).alias("right_record"),
    ]
    rest = [c for c in pairs.columns if c.startswith(("level_", "weight_"))]
    return pairs.select("row_l", "row_r", *sides, "match_weight", "probability", "decision", "rules", *rest)
