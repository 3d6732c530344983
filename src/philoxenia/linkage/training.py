"""Training without labels: u from random pairs, m by expectation maximisation over blocks; or m from a truth.

Winkler (1988), Fellegi and Sunter (1969), as Splink implements them. Same lists, spec and seed: same model,
since samples are drawn by a hash of the record and not by the engine. Ignores how pairs are decided.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.linkage.bases import basis_named
from philoxenia.linkage.blocks import block_columns, capped, keys
from philoxenia.linkage.expectation import expected_matches, first_guess, patterns_of
from philoxenia.linkage.model import Level, Model
from philoxenia.linkage.scoring import (
    comparison_dicts,
    levels_of,
    linker_on,
    needed,
    pair_rules,
    scored,
    settings,
)
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
    whole = stacked(tables, basis.columns)
    frame = _sampled(basis.prepared(whole), int(default_parameters()["linkage.training_records"]), spec.seed)
    with session(engine, spark) as opened:
        given = _with_u(opened, frame, comparison_dicts(basis, frame.columns, opened.dialect), spec)
        if spec.truth is None:
            levels = _by_expectation(opened, frame, basis, given, spec)
        else:
            levels = _by_truth(opened, frame, given, spec)
        levels = with_housemates(opened, frame, basis, given, levels, spec)
    return Model(
        basis=basis.name,
        comparisons=levels,
        prior=_prior(whole),
        fingerprint=fingerprint(whole),
        trained_on=_origin(whole, spec),
    )


def _by_expectation(
    opened: Session, frame: pl.DataFrame, basis: Basis, comparisons: list[dict[str, Any]], spec: TrainSpec
) -> dict[str, tuple[Level, ...]]:
    """m pooled over blocks, each of which says nothing about the comparisons it decides itself."""
    usable = [rule for rule in basis.training if all(_filled(frame, name) for name in rule)]
    if not usable:
        raise LinkageError(
            "The lists share no column to learn from: training needs names, dates of birth or an identifier."
        )
    most = int(default_parameters()["linkage.block_size"])
    keyed = capped(keys(frame, usable), usable, most)
    chosen = settings([_flat(found) for found in comparisons], pair_rules(usable, (), spec.within))
    pairs = scored(opened, needed(keyed, comparisons, usable), chosen, -1e6)
    by_name = _by_name(comparisons)
    u = {name: _u_by_value(found) for name, found in by_name.items()}
    m = {name: first_guess(chances.size) for name, chances in u.items()}
    tally = {name: np.zeros(chances.size) for name, chances in u.items()}
    for key, rule in zip(block_columns(usable), usable, strict=True):
        free = [name for name in by_name if not _decides(rule, by_name[name], basis)]
        block = pairs.filter(keyed[key].gather(pairs["row_l"]) == keyed[key].gather(pairs["row_r"]))
        if block.height:
            found = expected_matches(patterns_of(block, free), m, u)
            tally = {name: counts + found.get(name, 0.0) for name, counts in tally.items()}
    return {
        name: _with_m(found, (tally[name] + m[name]) / (tally[name].sum() + 1.0))
        for name, found in by_name.items()
    }


def _filled(frame: pl.DataFrame, name: str) -> bool:
    return name in frame.columns and frame[name].null_count() < frame.height


def _decides(rule: Sequence[str], comparison: dict[str, Any], basis: Basis) -> bool:
    """Whether pairs of a block agree on this comparison because they are in the block."""
    said = " ".join(level["sql_condition"] for level in comparison["comparison_levels"])
    named = {name for column in rule for name in basis.decides.get(column, ())}
    spoken = any(re.search(rf"\b{column}_l\b", said) for column in rule)
    return spoken or comparison["output_column_name"] in named


def _real(comparison: dict[str, Any]) -> list[dict[str, Any]]:
    return [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]


def _u_by_value(comparison: dict[str, Any]) -> NDArray[np.float64]:
    """u by level value: the last level written has value 0."""
    return np.array([level["u_probability"] for level in reversed(_real(comparison))], dtype=np.float64)


def _with_m(comparison: dict[str, Any], m: Sequence[float] | NDArray[np.float64]) -> tuple[Level, ...]:
    """The levels of a comparison with m by level value; the last level written has value 0."""
    levels = _real(comparison)
    return tuple(
        Level(value, str(level["label_for_charts"]), float(f"{m[value]:.6g}"), float(level["u_probability"]))
        for value, level in zip(range(len(levels) - 1, -1, -1), levels, strict=True)
    )


def _by_truth(
    opened: Session, frame: pl.DataFrame, comparisons: list[dict[str, Any]], spec: TrainSpec
) -> dict[str, tuple[Level, ...]]:
    """m as the share of each level among pairs of records of one person, where both sides are known."""
    truth = spec.truth if spec.truth is not None else pl.DataFrame()
    known = truth.select("source", "record", block_0="person").with_columns(pl.all().cast(pl.String))
    same = keys(frame.join(known, on=["source", "record"]).rename({"block_0": "person"}), [("person",)])
    flat = {name: _flat(found) for name, found in _by_name(comparisons).items()}
    chosen = settings(list(flat.values()), pair_rules([("person",)], (), spec.within))
    pairs = scored(opened, needed(same, comparisons, [("person",)]), chosen, -1e6)
    if pairs.is_empty():
        raise LinkageError("The truth joins no two records of these lists: there is nothing to learn from.")
    return {name: _counted(found, pairs[f"level_{name}"]) for name, found in _by_name(comparisons).items()}


def with_housemates(
    opened: Session,
    frame: pl.DataFrame,
    basis: Basis,
    comparisons: list[dict[str, Any]],
    levels: dict[str, tuple[Level, ...]],
    spec: TrainSpec,
) -> dict[str, tuple[Level, ...]]:
    """Levels with h, their shares among pairs that share a home or telephone and are two people: by the
    truth, else because they differ in all that tells people of one household apart (where h is then nearly
    u)."""
    homes = [rule for rule in basis.homes if set(rule) <= set(frame.columns)]
    if not homes or not set(basis.tells_apart) <= set(levels):
        return levels
    most = int(default_parameters()["linkage.household_records"])
    keyed = capped(keys(frame, homes), homes, most)
    chosen = settings([_flat(found) for found in comparisons], pair_rules(homes, (), spec.within))
    pairs = scored(opened, needed(keyed, comparisons, homes), chosen, -1e6)
    apart = _two_people(pairs, keyed, basis, levels, spec)
    if apart.height < default_parameters()["linkage.least_housemates"]:
        return levels
    by_name = _by_name(comparisons)
    told_apart = basis.tells_apart if spec.truth is None else ()
    return {
        name: _nearly_u(found)
        if name in told_apart
        else _with_h(found, _counted(by_name[name], apart[f"level_{name}"]))
        for name, found in levels.items()
    }


def _two_people(
    pairs: pl.DataFrame,
    frame: pl.DataFrame,
    basis: Basis,
    levels: Mapping[str, tuple[Level, ...]],
    spec: TrainSpec,
) -> pl.DataFrame:
    if spec.truth is None:
        first, second = (f"level_{name}" for name in basis.tells_apart)
        apart = pairs.filter(pl.col(first) == 0)
        top = len(levels[basis.tells_apart[1]]) - 1
        # Who shares a home and a birthday under two names is one person: these lists hold no households.
        same = apart.filter(pl.col(second) == top).height
        return apart.filter(pl.col(second) == 0) if same <= apart.height / 2 else apart.clear()
    known = spec.truth.select("source", "record", "person").with_columns(pl.all().cast(pl.String))
    person = frame.select("row", "source", "record").join(known, on=["source", "record"], how="left")
    left = pairs.join(person.select(row_l="row", left="person"), on="row_l")
    both = left.join(person.select(row_r="row", right="person"), on="row_r")
    return both.filter(pl.col("left") != pl.col("right"))


def _with_h(levels: tuple[Level, ...], among: tuple[Level, ...]) -> tuple[Level, ...]:
    shares = {level.words: level.m for level in among}
    return tuple(replace(level, h=shares[level.words]) for level in levels)


def _nearly_u(levels: tuple[Level, ...]) -> tuple[Level, ...]:
    """h of what tells housemates apart: as two unrelated people, but for twins and names handed down."""
    alike = default_parameters()["linkage.alike_housemates"]
    return tuple(
        replace(level, h=float(f"{(1 - alike) * level.u + alike * level.m:.6g}")) for level in levels
    )


def _by_name(comparisons: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {found["output_column_name"]: found for found in comparisons}


def _flat(comparison: dict[str, Any]) -> dict[str, Any]:
    """The same levels with chances of no effect: only the level is looked at."""
    levels = [
        level if level.get("is_null_level") else {**level, "m_probability": 0.5, "u_probability": 0.5}
        for level in comparison["comparison_levels"]
    ]
    return {**comparison, "comparison_levels": levels}


def _counted(comparison: dict[str, Any], found: pl.Series) -> tuple[Level, ...]:
    """The levels with m as the share of pairs that show each."""
    values = range(len(_real(comparison)))
    counts = dict(found.filter(found >= 0).value_counts().iter_rows())
    # Half a pair in each level (Jeffreys): a level nobody showed keeps a chance.
    total = sum(counts.values()) + 0.5 * len(values)
    return _with_m(comparison, [(counts.get(value, 0) + 0.5) / total for value in values])


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


def _sampled(frame: pl.DataFrame, most: int, seed: int) -> pl.DataFrame:
    """At most `most` records by a hash of source and id, so that the order of rows changes nothing."""
    if frame.height <= most:
        return frame
    drawn = frame.with_columns(pl.struct("source", "record").hash(seed).alias("_draw"))
    return drawn.sort("_draw").head(most).drop("_draw").sort("row")


def _random_pairs(spec: TrainSpec) -> int:
    return spec.random_pairs or int(default_parameters()["linkage.random_pairs"])


def _prior(whole: pl.DataFrame) -> float:
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
