"""Two people of one household agree in much without being one: the third way a pair can come about.

Fellegi and Sunter know one person (m) and two unrelated people (u). People who live together share address,
telephone, family name and father's name, so independent weights would make them one. A model therefore holds
a third chance of each level, h, among pairs of housemates; a pair's odds are those of one person against
both others: log2(m) - log2(u + rho h), with rho how many pairs of housemates there are for each unrelated
pair.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from philoxenia.linkage.model import Model
from philoxenia.linkage.types import Basis

COMPARISON = "household"
WORDS = {1: "two people of one household would agree as much", 0: "hardly two people of one household"}


def housemates_per_pair(frame: pl.DataFrame, basis: Basis, pairs: int, most: int) -> float:
    """rho: pairs of records that share a home or telephone, for each possible pair. An upper bound: it
    counts pairs of one person too. Values that more than `most` records share (a shelter, a tower) tell no
    household."""
    found = [_sharing(frame, rule, most) for rule in basis.homes if set(rule) <= set(frame.columns)]
    return max(found, default=0.0) / max(pairs, 1)


def _sharing(frame: pl.DataFrame, rule: Sequence[str], most: int) -> float:
    sizes = frame.drop_nulls(rule).group_by(rule).len()["len"].cast(pl.Float64)
    sizes = sizes.filter(sizes <= most)
    return float((sizes * (sizes - 1) / 2).sum())


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
