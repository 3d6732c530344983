"""What the linker does with encodings: candidates by keyed blocks, similarity of each field, weights, people.

It never holds a key or a name. Similarities beyond chance become levels; m is learnt without labels as in
the clear mode, u from random pairs. Balanced filters have their chance similarity taken off, so both kinds
are cut alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.linkage.clusters import clustered
from philoxenia.linkage.deciding import decided, log_prior, odds, probabilities, thresholds
from philoxenia.linkage.expectation import expected_matches, first_guess, patterns_of
from philoxenia.linkage.private.dice import dice_of
from philoxenia.linkage.private.encoding import Encoded, Words, slices
from philoxenia.linkage.types import LinkageError, Thresholds
from philoxenia.reference import Parameters, default_parameters

Rows = NDArray[np.int64]
_SEED = 1


@dataclass(frozen=True)
class PrivatelyLinked:
    """`links`: source, record (token), person. `pairs`: left_source, left_record, right_source, right_record,
    match_weight, probability, decision, level_* and weight_* of each field."""

    links: pl.DataFrame
    pairs: pl.DataFrame
    thresholds: Thresholds


def link_encoded(lists: Sequence[Encoded], *, within: bool = True) -> PrivatelyLinked:
    """People from encodings. Raises `LinkageError` where lists were encoded in different ways."""
    _check_alike(lists)
    parameters = default_parameters()
    words = np.vstack([one.words for one in lists])
    sources = np.repeat(np.arange(len(lists)), [len(one.records) for one in lists]).astype(np.int64)
    left, right = candidates(np.hstack([one.blocks for one in lists]), sources, within or len(lists) == 1)
    weighed = _weighed(words, lists[0], left, right, parameters)
    weights = weighed["weight"].to_numpy()
    prior = log_prior(weights, words.shape[0] * (words.shape[0] - 1) // 2, 1 / words.shape[0], (1.0, 0.0))
    log_odds = odds(weights, prior)
    line = thresholds(log_odds, parameters)
    told = weighed.drop("weight").with_columns(
        pl.Series("match_weight", log_odds), pl.Series("probability", probabilities(log_odds))
    )
    pairs = decided(told, line).filter(pl.col("probability") >= parameters["linkage.kept_probability"])
    return PrivatelyLinked(_people(lists, sources, pairs), _named(lists, sources, pairs), line)


def _weighed(words: Words, kind: Encoded, left: Rows, right: Rows, parameters: Parameters) -> pl.DataFrame:
    """row_l, row_r, level_* and weight_* of each field, weight (their sum)."""
    drawn = np.random.default_rng(_SEED)
    most = int(parameters["linkage.private_random_pairs"])
    chance = drawn.integers(0, words.shape[0], (2, most))
    found = pl.DataFrame({"row_l": left, "row_r": right})
    among = pl.DataFrame({"row_l": chance[0], "row_r": chance[1]}).filter(pl.col("row_l") != pl.col("row_r"))
    u = {}
    for name, part in slices(kind.hardening).items():
        bits = np.ascontiguousarray(words[:, part])
        rows = among["row_l"].to_numpy(), among["row_r"].to_numpy()
        random = _similar(bits, *rows)
        base = float(np.nanmean(random)) if np.isfinite(random).any() else 0.0
        found = found.with_columns(
            pl.Series(f"level_{name}", _levels(_similar(bits, left, right), base, parameters))
        )
        seen = np.bincount(_levels(random, base, parameters) + 1, minlength=5)[1:]
        u[name] = (seen + 0.5) / (seen.sum() + 2.0)
    m = {name: first_guess(4) for name in u}
    if found.is_empty():
        return found.with_columns(weight=pl.lit(0.0))
    tally = expected_matches(patterns_of(found, list(u)), m, u)
    shares = {name: (tally[name] + m[name]) / (tally[name].sum() + 1.0) for name in u}
    for name in u:
        weight = np.append(np.log2(shares[name] / u[name]), 0.0)
        found = found.with_columns(pl.Series(f"weight_{name}", weight[found[f"level_{name}"].to_numpy()]))
    return found.with_columns(weight=pl.sum_horizontal(f"weight_{name}" for name in u))


def _similar(bits: Words, left: Rows, right: Rows) -> NDArray[np.float64]:
    """Dice similarity of pairs, not a number where one side is empty."""
    filled = np.asarray(bits.any(axis=1))
    dice = dice_of(bits, bits, left, right)
    return np.where(filled[left] & filled[right], dice, np.nan)


def _levels(similar: NDArray[np.float64], base: float, parameters: Parameters) -> NDArray[np.int64]:
    """3 the same, 2 near, 1 partly, 0 apart, -1 not known: similarity beyond that of two people at random."""
    beyond = (similar - base) / max(1.0 - base, 1e-9)
    cuts = [parameters[f"linkage.private_{name}"] for name in ("low", "middle", "high")]
    levels: NDArray[np.int64] = np.where(
        np.isnan(beyond), -1, np.digitize(np.nan_to_num(beyond), cuts)
    ).astype(np.int64)
    return levels


def _people(lists: Sequence[Encoded], sources: Rows, pairs: pl.DataFrame) -> pl.DataFrame:
    linked = pairs.filter(pl.col("decision") == "link")
    edges = linked["row_l"].to_numpy(), linked["row_r"].to_numpy(), linked["match_weight"].to_numpy()
    person = clustered(sources.size, edges, sources)
    names, records = _names(lists, sources)
    found = pl.DataFrame(
        {"source": names, "record": records, "person": np.unique(person, return_inverse=True)[1]}
    )
    return found.sort("source", "record")


def _names(lists: Sequence[Encoded], sources: Rows) -> tuple[pl.Series, pl.Series]:
    names = pl.Series([one.source for one in lists], dtype=pl.String).gather(sources)
    return names, pl.Series([record for one in lists for record in one.records], dtype=pl.String)


def _named(lists: Sequence[Encoded], sources: Rows, pairs: pl.DataFrame) -> pl.DataFrame:
    names, records = _names(lists, sources)
    sides = []
    for side, rows in (("left", pairs["row_l"]), ("right", pairs["row_r"])):
        sides += [names.gather(rows).alias(f"{side}_source"), records.gather(rows).alias(f"{side}_record")]
    rest = [name for name in pairs.columns if name.startswith(("level_", "weight_"))]
    found = pairs.select(*sides, "match_weight", "probability", "decision", *rest)
    return found.sort("left_source", "left_record", "right_source", "right_record")


def _check_alike(lists: Sequence[Encoded]) -> None:
    if not lists:
        raise LinkageError("No encoded list was given.")
    kinds = {(one.words.shape[1], one.blocks.shape[0], one.hardening) for one in lists}
    if len(kinds) > 1:
        raise LinkageError(
            "The lists were encoded in different ways. Encode them again with the same options."
        )


def candidates(blocks: Words, sources: Rows, within: bool) -> tuple[Rows, Rows]:
    """Pairs of rows (left < right) that share a key of some rule; keys that too many records share compare
    nobody."""
    most = int(default_parameters()["linkage.block_size"])
    found = []
    for keys in blocks:
        side = pl.DataFrame({"key": keys, "row": np.arange(keys.size), "source": sources}).filter(
            pl.col("key") > 0
        )
        side = side.filter(pl.len().over("key") <= most)
        pairs = side.join(side, on="key", suffix="_r").filter(pl.col("row") < pl.col("row_r"))
        if not within:
            pairs = pairs.filter(pl.col("source") != pl.col("source_r"))
        found.append(pairs.select("row", "row_r"))
    every = pl.concat(found).unique().sort("row", "row_r")
    return every["row"].to_numpy().astype(np.int64), every["row_r"].to_numpy().astype(np.int64)
