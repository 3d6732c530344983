"""Deprivations of each row: who falls short in what, by how much, and who counts as poor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from philoxenia.needs.deprivation.types import Dimension
from philoxenia.needs.travel import Floats
from philoxenia.needs.types import NeedsError

Bools = np.ndarray[Any, np.dtype[np.bool_]]
# Weights such as 1/3 + 1/6 must reach a k of 1/2 whatever the order they are added in.
_SLACK = 1e-9


@dataclass(frozen=True)
class Counted:
    """n rows, d dimensions: `short` (n, d), `gap` (n, d) or None, `score` and `poor` (n), `weights` (d).

    `known` marks the rows with an answer in every dimension; the others are not poor and not counted.
    """

    short: Bools
    gap: Floats | None
    score: Floats
    poor: Bools
    known: Bools
    weights: Floats


def count(frame: pl.DataFrame, dimensions: Sequence[Dimension], k: float) -> Counted:
    """Identify the poor: weights of the deprivations of a row sum to `k` or more.

    `k` is in the unit of the weights: two of four with weights of 1 is k = 2, a third of weights that sum to
    one is k = 1/3. Alkire and Foster 2011, section 4.
    """
    weights = _weights(dimensions, k)
    short, gaps, known = [], [], np.ones(frame.height, dtype=bool)
    for dimension in dimensions:
        deprived, gap, answered = _read(frame, dimension)
        short.append(deprived)
        gaps.append(gap)
        known &= answered
    matrix = np.stack(short, axis=1)
    scores = (matrix @ weights) / weights.sum()
    # Nobody who lacks nothing is poor, however low k is.
    poor = known & (scores * weights.sum() >= k - _SLACK) & (scores > 0)
    exact = [gap for gap in gaps if gap is not None]
    gap = np.stack(exact, axis=1) if len(exact) == len(gaps) else None
    return Counted(matrix, gap, scores, poor, known, weights / weights.sum())


def _weights(dimensions: Sequence[Dimension], k: float) -> Floats:
    names = [dimension.name for dimension in dimensions]
    if not names or len(set(names)) != len(names):
        raise NeedsError("Name each dimension once, and one at least.")
    weights = np.array([dimension.weight for dimension in dimensions], dtype=float)
    wrong = [d.name for d in dimensions if not (np.isfinite(d.weight) and d.weight > 0)]
    if wrong:
        raise NeedsError(f"The weight of {wrong[0]} must be above zero. Leave a dimension of no weight out.")
    if not 0 < k <= weights.sum() + _SLACK:
        raise NeedsError(
            f"k is {k:g}, but the weights of the dimensions sum to {weights.sum():g}. "
            "Choose k above 0 and at most that sum; k is in the unit of the weights."
        )
    return weights


def _read(frame: pl.DataFrame, dimension: Dimension) -> tuple[Bools, Floats | None, Bools]:
    if dimension.of not in frame.columns:
        raise NeedsError(f"The dimension {dimension.name} needs a column {dimension.of!r}; there is none.")
    column = frame[dimension.of]
    if dimension.cutoff is None:
        if column.dtype != pl.Boolean:
            raise NeedsError(
                f"The dimension {dimension.name} has no cutoff, so its column must say true or false, "
                f"not {column.dtype}."
            )
        return column.fill_null(False).to_numpy(), None, column.is_not_null().to_numpy()
    if not column.dtype.is_numeric():
        raise NeedsError(f"The dimension {dimension.name} has a cutoff, so its column must hold numbers.")
    values = column.cast(pl.Float64).fill_null(np.nan).to_numpy()
    known = np.isfinite(values)
    deprived = known & (values < dimension.cutoff)
    return deprived, _gap(values, deprived, dimension), known


def _gap(values: Floats, deprived: Bools, dimension: Dimension) -> Floats | None:
    """(z - y) / z of the deprived, zero of the others; None where the cutoff has no zero to measure from."""
    cutoff = dimension.cutoff
    if cutoff is None or cutoff <= 0 or (values[deprived] < 0).any():
        return None
    return np.where(deprived, (cutoff - np.nan_to_num(values)) / cutoff, 0.0)
