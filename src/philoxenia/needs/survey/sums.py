"""The sums behind one estimate in one group, in two passes over the rows: compiled, for large surveys."""

from typing import Any

import numpy as np
from numba import njit

from philoxenia.needs.survey.design import Codes
from philoxenia.needs.travel import Floats


@njit(cache=True)
def ratio_sums(
    top: Floats, bottom: Floats, rows: Any, weights: Floats, cluster: Codes, clusters: int
) -> tuple[float, Floats, float, int, float]:
    """Value, weighted influence of each cluster, weighted sum of its squares, rows, sum of weights.

    Influence is (top - value bottom) / size, with size the weighted sum of `bottom`; NaN where size is zero.
    """
    size, total, people, base = 0.0, 0.0, 0.0, 0
    for row in range(len(weights)):
        if rows[row]:
            base += 1
            people += weights[row]
            size += weights[row] * bottom[row]
            total += weights[row] * top[row]
    sums = np.zeros(clusters)
    if size == 0.0:
        return np.nan, sums, np.nan, base, people
    value, squares = total / size, 0.0
    for row in range(len(weights)):
        if rows[row]:
            influence = (top[row] - value * bottom[row]) / size
            sums[cluster[row]] += weights[row] * influence
            squares += weights[row] * influence * influence
    return value, sums, squares, base, people
