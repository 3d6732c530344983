"""Adaptive conformal inference: widen after misses, narrow after hits, one small step a period.

Gibbs and Candes (2021), equation 2: a_(t+1) = a_t + g (a - miss_t), here with the share of misses over all
series and periods ahead that became known in period t, and a_t kept within a range. Ignores where sizes come
from.
"""

import numpy as np

from philoxenia.arrivals.types import Floats
from philoxenia.reference import Parameters

LEVELS = np.array([0.5, 0.8, 0.95])


def next_misses(aimed: Floats, missed: Floats, parameters: Parameters) -> Floats:
    """The shares of misses to aim at next, one for each of `LEVELS`, from the shares just seen."""
    nominal = 1 - LEVELS
    moved = aimed + parameters["arrivals.adaptive_step"] * (nominal - missed)
    low, high = (
        nominal * parameters["arrivals.adaptive_least"],
        nominal * parameters["arrivals.adaptive_most"],
    )
    return np.asarray(np.clip(moved, low, np.minimum(high, 0.9)))


def adapted(probability: Floats, aimed: Floats) -> Floats:
    """The probability to read sizes at, so that a nominal `probability` holds what it says; monotone."""
    return np.asarray(np.interp(probability, [0.0, *LEVELS, 1.0], [0.0, *(1 - aimed), 1.0]))
