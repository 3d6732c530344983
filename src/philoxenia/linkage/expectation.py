"""m learnt without labels: expectation maximisation over patterns of agreement, block by block, pooled.

Winkler (1988) with conditional independence. In a block all pairs agree on something, so two people there
are more alike than any two: their chances are learnt in the block too and then forgotten. Levels are given
as they are computed by the engine; the same patterns give the same chances, whatever the order of pairs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

Array = NDArray[np.float64]
_ROUNDS, _STILL = 300, 1e-6
# Pairs the first guess counts for: enough to hold a level nobody showed, soon outweighed by data.
_GUESS = 10.0
_START_MATCHES = 0.3
# Two people in a block are held near any two people by this share of its pairs: where nearly all pairs of a
# block are one person, the other class would else be taken by a habit of the lists, such as names exchanged.
_ANCHOR = 0.1


@dataclass(frozen=True)
class Patterns:
    """Distinct rows of levels (pattern x comparison, -1 where not known) and how many pairs show each."""

    names: tuple[str, ...]
    levels: NDArray[np.int64]
    counts: Array


def patterns_of(pairs: pl.DataFrame, names: Sequence[str]) -> Patterns:
    """The patterns of these pairs, in a fixed order."""
    columns = [f"level_{name}" for name in names]
    counted = pairs.group_by(columns).len().sort(columns)
    levels = counted.select(columns).to_numpy().astype(np.int64)
    return Patterns(tuple(names), levels, counted["len"].to_numpy().astype(np.float64))


def expected_matches(found: Patterns, m: Mapping[str, Array], u: Mapping[str, Array]) -> dict[str, Array]:
    """How many pairs of one person are expected at each level, after EM in this block.

    `m` and `u` are first guesses by level value; the block's own u leaves them, m is what is asked.
    """
    inside, outside = {n: m[n].copy() for n in found.names}, {n: u[n].copy() for n in found.names}
    share, anchor = _START_MATCHES, _GUESS + _ANCHOR * float(found.counts.sum())
    for _ in range(_ROUNDS):
        chance = _chances(found, inside, outside, share)
        before, share = share, float(np.clip(chance @ found.counts / found.counts.sum(), 1e-6, 1 - 1e-6))
        weight = chance * found.counts
        inside = {n: _shares(_tally(found, n, weight, m[n].size), m[n]) for n in found.names}
        others = found.counts - weight
        outside = {n: _shares(_tally(found, n, others, u[n].size), u[n], anchor) for n in found.names}
        if abs(share - before) < _STILL:
            break
    weight = _chances(found, inside, outside, share) * found.counts
    return {name: _tally(found, name, weight, m[name].size) for name in found.names}


def _chances(found: Patterns, m: Mapping[str, Array], u: Mapping[str, Array], share: float) -> Array:
    """Each pattern's chance of being one person."""
    log_odds = np.full(found.counts.size, np.log(share / (1 - share)))
    for place, name in enumerate(found.names):
        level = found.levels[:, place]
        ratio = np.log(m[name]) - np.log(u[name])
        log_odds += np.where(level >= 0, ratio[np.maximum(level, 0)], 0.0)
    chance: Array = 1.0 / (1.0 + np.exp(-np.clip(log_odds, -500, 500)))
    return chance


def _tally(found: Patterns, name: str, weight: Array, levels: int) -> Array:
    level = found.levels[:, found.names.index(name)]
    known = level >= 0
    return np.bincount(level[known], weights=weight[known], minlength=levels).astype(np.float64)


def _shares(tally: Array, guess: Array, pairs: float = _GUESS) -> Array:
    shares: Array = (tally + pairs * guess) / (tally.sum() + pairs)
    return shares


def first_guess(levels: int) -> Array:
    """m before anything is known: nine in ten at the best level, the rest falling by half."""
    rest = np.power(0.5, np.arange(levels - 1, 0, -1.0)) if levels > 1 else np.empty(0)
    guess: Array = np.append(0.1 * rest / rest.sum(), 0.9) if levels > 1 else np.ones(1)
    return guess
