"""Periods in which nearly every series left its path at once, such as the closing of a border.

Owns finding them and how much their errors count in calibration. They are not removed: breaks come again.
"""

import numpy as np

from philoxenia.arrivals.types import Bools, Floats
from philoxenia.reference import Parameters


def break_periods(errors: Floats, parameters: Parameters) -> Bools:
    """Whether each period is a break, from errors in spreads (series, origins, horizon).

    A period is a break when the median series missed its one-step forecast by more than
    `arrivals.break_threshold` spreads. It is known in the period itself: no later value is needed.
    """
    series, periods, _ = errors.shape
    step = np.full((series, periods), np.nan)
    step[:, 1:] = np.abs(errors[:, :-1, 0])
    some = ~np.isnan(step).all(axis=0)
    median = np.zeros(periods)
    median[some] = np.nanmedian(step[:, some], axis=0)
    return median > parameters["arrivals.break_threshold"]
