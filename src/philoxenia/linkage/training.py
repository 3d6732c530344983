"""Training without labels: u from random pairs, m by expectation maximisation over blocks; or m from a truth.

Winkler (1988), Fellegi and Sunter (1969), as Splink implements them. Same lists, spec and seed: same model,
since samples are drawn by a hash of the record and not by the engine. Ignores how pairs are decided.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from philoxenia.linkage.bases import basis_named
from philoxenia.linkage.model import Level, Model
from philoxenia.linkage.scoring import comparison_dicts, levels_of, linker_on, settings
from philoxenia.linkage.sessions import Session, session
from philoxenia.linkage.stacking import stacked
from philoxenia.linkage.types import Basis, LinkageError, Tables, TrainSpec
from philoxenia.reference import default_parameters


def train(
    tables: Tables, spec: TrainSpec | None = None, *, engine: str = "duckdb", spark: Any = None
) -> Model:
    """A model of how these lists write one person, learnt from the lists themselves.

    Raises `LinkageError` where there is too little to learn from.
    """
    spec = spec or TrainSpec()
    basis = basis_named(spec.basis)
    whole = stacked(tables)
    frame = _sampled(basis.prepared(whole), int(default_parameters()["linkage.training_records"]), spec.seed)
    with session(engine, spark) as opened:
        linker = _trained(opened, frame, basis, spec)
        levels = levels_of(linker._settings_obj.comparisons, _random_pairs(spec))
    return Model(
        basis=basis.name,
        comparisons=levels,
        prior=_prior(whole, spec),
        fingerprint=fingerprint(whole),
        trained_on=_origin(whole, spec),
    )


def _trained(opened: Session, frame: pl.DataFrame, basis: Basis, spec: TrainSpec) -> Any:
    filled = [name for name in frame.columns if frame[name].null_count() < frame.height]
    usable = [rule for rule in basis.training if set(rule) <= set(filled)]
    if not usable:
        raise LinkageError(
            "The lists share no column to learn from: training needs names, dates of birth or an identifier."
        )
    comparisons = _with_u(opened, frame, comparison_dicts(basis, frame.columns, opened.dialect), spec)
    linker = linker_on(opened, frame, settings(comparisons, [_equal(rule) for rule in usable]))
    for rule in usable:
        linker.training.estimate_parameters_using_expectation_maximisation(
            _equal(rule), estimate_without_term_frequencies=True
        )
    return linker


def _with_u(
    opened: Session, frame: pl.DataFrame, comparisons: list[dict[str, Any]], spec: TrainSpec
) -> list[dict[str, Any]]:
    """Comparisons with u from all pairs of a sample drawn here: the engine's own sampling is not
    repeatable."""
    pairs = _random_pairs(spec)
    drawn = _sampled(frame, int((2 * pairs) ** 0.5) + 1, spec.seed)
    linker = linker_on(opened, drawn, settings(comparisons, []))
    linker.training.estimate_u_using_random_sampling(
        max_pairs=10 * pairs, seed=None, min_count_per_level=None, num_chunks=1
    )
    known = levels_of(linker._settings_obj.comparisons, pairs)
    return [_chances_given(found, known) for found in comparisons if found["output_column_name"] in known]


def _chances_given(comparison: dict[str, Any], known: Mapping[str, tuple[Level, ...]]) -> dict[str, Any]:
    u = {level.words: level.u for level in known[comparison["output_column_name"]]}
    levels = [
        level if level.get("is_null_level") else {**level, "u_probability": u[level["label_for_charts"]]}
        for level in comparison["comparison_levels"]
    ]
    return {**comparison, "comparison_levels": levels}


def _equal(rule: Sequence[str]) -> str:
    return " AND ".join(f"l.{name} = r.{name}" for name in rule)


def _sampled(frame: pl.DataFrame, most: int, seed: int) -> pl.DataFrame:
    """At most `most` records by a hash of source and id, so that the order of rows changes nothing."""
    if frame.height <= most:
        return frame
    drawn = frame.with_columns(pl.struct("source", "record").hash(seed).alias("_draw"))
    return drawn.sort("_draw").head(most).drop("_draw").sort("row")


def _random_pairs(spec: TrainSpec) -> int:
    return spec.random_pairs or int(default_parameters()["linkage.random_pairs"])


def _prior(whole: pl.DataFrame, spec: TrainSpec) -> float:
    """A first guess of how many random pairs are one person: one link a record. A run estimates its own."""
    return min(0.5, 1.0 / max(whole.height, 2))


def fingerprint(whole: pl.DataFrame) -> str:
    """A hash of margins: records by source and the share filled of each column, to whole percents. No
    value."""
    filled = {
        name: round(100 * (1 - whole[name].null_count() / whole.height))
        for name in whole.columns
        if name not in ("row", "source", "record")
    }
    sizes = sorted(whole.group_by("source").len()["len"].to_list())
    return hashlib.sha256(json.dumps([filled, sizes], sort_keys=True).encode()).hexdigest()


def _origin(whole: pl.DataFrame, spec: TrainSpec) -> dict[str, Any]:
    return {
        "records": whole.height,
        "sources": whole["source"].n_unique(),
        "seed": spec.seed,
        "m_from": "truth" if spec.truth is not None else "expectation maximisation",
    }
