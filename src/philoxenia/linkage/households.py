"""Two people of one household agree in much without being one: the third way a pair can come about.

Fellegi and Sunter know one person (m) and two unrelated people (u). People who live together share address,
telephone, family name and father's name, so independent weights would make them one. A model therefore holds
a third chance of each level, h, among pairs of housemates; a pair's odds are those of one person against
both others: log2(m) - log2(u + rho h), with rho how many pairs of housemates there are for each unrelated
pair.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from philoxenia.linkage.deciding import log_prior, odds, probabilities
from philoxenia.linkage.model import Model
from philoxenia.linkage.types import Basis

COMPARISON = "household"
_TURNS = 3
# Never fewer housemates than this share of the pairs that share a home: some always are.
_LEAST = 0.02
WORDS = {1: "two people of one household would agree as much", 0: "hardly two people of one household"}


@dataclass(frozen=True)
class Limits:
    """The largest number of records of one household, and whether records of one list are compared."""

    records: int
    within: bool


def housemates_per_pair(
    frame: pl.DataFrame, pairs: pl.DataFrame, basis: Basis, model: Model, possible: int, limits: Limits
) -> float:
    """rho: pairs of two people who share a home or telephone, for each possible pair.

    All pairs of records that share one, less those expected to be one person, found by turns. Values that
    more records share than `limits` allow (a shelter, a tower) tell no household.
    """
    rules = [rule for rule in basis.homes if set(rule) <= set(frame.columns)]
    if not rules or not model.households:
        return 0.0
    found = [(_sharing(frame, rule, limits), _shared(frame, pairs, rule)) for rule in rules]
    rho = max(count for count, _ in found) / max(possible, 1)
    for _ in range(_TURNS):
        weights = weighed_beside_households(pairs, model, rho)["weight"].to_numpy()
        prior = log_prior(weights, possible, model.prior, model.calibration)
        chance = probabilities(odds(weights, prior, model.calibration))
        left = [max(count - float(chance[same].sum()), _LEAST * count) for count, same in found]
        rho = max(left) / max(possible, 1)
    return rho


def _sharing(frame: pl.DataFrame, rule: Sequence[str], limits: Limits) -> float:
    """Pairs of records that share a value, of all lists or of different ones."""
    known = frame.drop_nulls(rule).filter(pl.len().over(rule) <= limits.records)
    pairs = _pairs_within(known, list(rule))
    return pairs if limits.within else pairs - _pairs_within(known, [*rule, "source"])


def _pairs_within(frame: pl.DataFrame, columns: Sequence[str]) -> float:
    sizes = frame.group_by(columns).len()["len"].cast(pl.Float64)
    return float((sizes * (sizes - 1) / 2).sum())


def _shared(frame: pl.DataFrame, pairs: pl.DataFrame, rule: Sequence[str]) -> NDArray[np.bool_]:
    same = np.ones(pairs.height, dtype=bool)
    for name in rule:
        values = frame[name]
        here = values.gather(pairs["row_l"]) == values.gather(pairs["row_r"])
        same &= here.fill_null(False).to_numpy()
    return same


def weighed_beside_households(pairs: pl.DataFrame, model: Model, rho: float) -> pl.DataFrame:
    """Scored pairs with weight_household and level_household, and `weight` lowered by it."""
    if rho <= 0 or not model.households:
        return pairs
    like = np.zeros(pairs.height)
    for name, levels in model.comparisons.items():
        if f"level_{name}" not in pairs.columns:
            continue
        shift = {level.value: float(np.log2(level.h / level.m)) for level in levels}
        level = pairs[f"level_{name}"].cast(pl.Int64)
        known = pairs[f"weight_{name}"] + level.replace_strict(shift, default=0.0, return_dtype=pl.Float64)
        # A rare name is as rare among housemates: what rareness added to m over u, it adds to h over u.
        like += np.where((level >= 0).to_numpy(), known.to_numpy(), 0.0)
    lowered = -np.logaddexp2(0.0, np.log2(rho) + like)
    return pairs.with_columns(
        pl.Series("weight", pairs["weight"].to_numpy() + lowered),
        pl.Series(f"level_{COMPARISON}", (lowered < -1).astype(np.int8)),
        pl.Series(f"weight_{COMPARISON}", lowered),
    )
