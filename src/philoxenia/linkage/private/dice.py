"""Dice similarity of bit strings at the speed of the machine: 2 |a and b| / (|a| + |b|).

Owns the two kernels (all pairs of two sets; pairs inside blocks). Ignores what bits mean.
"""

from typing import Any

import numpy as np
from numba import njit, prange, types
from numba.extending import intrinsic
from numpy.typing import NDArray

Words = NDArray[np.uint64]
Found = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]


@intrinsic
def _ones(context: Any, value: Any) -> Any:
    """The number of ones in a word, as the processor counts them."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.uint64(types.uint64), generate


@njit(cache=True)
def counted(words: Words) -> NDArray[np.int64]:
    """Ones of each row."""
    found = np.zeros(words.shape[0], dtype=np.int64)
    for row in range(words.shape[0]):
        for place in range(words.shape[1]):
            found[row] += np.int64(_ones(words[row, place]))  # type: ignore[call-arg]
    return found


@njit(cache=True, inline="always")
def _both(left: Words, right: Words) -> int:
    shared = np.uint64(0)
    for place in range(left.shape[0]):
        shared += _ones(left[place] & right[place])  # type: ignore[call-arg]
    return np.int64(shared)  # type: ignore[return-value]


@njit(cache=True, parallel=True)
def similar_counts(left: Words, right: Words, least: float) -> NDArray[np.int64]:
    """For each row of `left`, how many rows of `right` are at least so similar."""
    ones_left, ones_right = counted(left), counted(right)
    found = np.zeros(left.shape[0], dtype=np.int64)
    for row in prange(left.shape[0]):
        here = 0
        for other in range(right.shape[0]):
            if 2.0 * _both(left[row], right[other]) >= least * (ones_left[row] + ones_right[other]):
                here += 1
        found[row] = here
    return found


@njit(cache=True, parallel=True)
def dice_of(
    left: Words, right: Words, rows: NDArray[np.int64], others: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Dice similarity of given pairs of rows; 0 where both are empty."""
    ones_left, ones_right = counted(left), counted(right)
    found = np.zeros(rows.shape[0], dtype=np.float64)
    for pair in prange(rows.shape[0]):
        row, other = rows[pair], others[pair]
        total = ones_left[row] + ones_right[other]
        if total > 0:
            found[pair] = 2.0 * _both(left[row], right[other]) / total
    return found


@njit(cache=True)
def set_bits(
    filled: Words, rows: NDArray[np.int64], numbers: NDArray[np.int64], places: NDArray[np.int64]
) -> None:
    """Set in row `rows[i]` of `filled` the bits that q-gram `numbers[i]` has in `places`."""
    for turn in range(rows.shape[0]):
        for hash_ in range(places.shape[1]):
            place = places[numbers[turn], hash_]
            filled[rows[turn], place // 64] |= np.uint64(1) << np.uint64(place % 64)
