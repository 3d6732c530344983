"""Forecasts from an upstream signal, such as claims made before people reach the shelters.

A member per lag: the series moves with the signal of `lag` periods before, by an effect learnt from past
changes and shrunk to none. Which lag to trust is left to past skill, like every other member. Ignores causes.
"""

import numpy as np

from philoxenia.arrivals.members import discounted, smoothed_level
from philoxenia.arrivals.types import Floats, Ints
from philoxenia.reference import Parameters


def upstream(
    values: Floats, signal: Floats, lead: int, lag: int, horizon: int, parameters: Parameters
) -> Floats:
    """(series, periods, horizon): the smoothed rest of the series plus the effect of the signal `lag` periods
    before.

    At period t the signal is known up to t + `lead`; beyond, its last smoothed level stands for it.
    """
    periods = values.shape[1]
    shifted = _column(signal, np.arange(periods) - lag)
    effect = _effect(values, shifted, parameters)
    gain = parameters["arrivals.upstream_gain"]
    level, known_level = smoothed_level(values, gain), smoothed_level(signal, gain)
    passed = smoothed_level(shifted, gain)
    out = np.full((*values.shape, horizon), np.nan)
    for h in range(1, horizon + 1):
        wanted = np.arange(periods) + h - lag
        last_known = np.arange(periods) + lead
        ahead = np.where(wanted <= last_known, _column(signal, wanted), _column(known_level, last_known))
        out[:, :, h - 1] = level + effect * (ahead - passed)
    return out


def _column(values: Floats, columns: Ints) -> Floats:
    inside = (columns >= 0) & (columns < values.shape[1])
    return np.where(inside, values[:, columns.clip(0, values.shape[1] - 1)], np.nan)


def _effect(values: Floats, shifted: Floats, parameters: Parameters) -> Floats:
    # Changes over a few periods: single ones are mostly noise, levels share trends by chance.
    step = int(parameters["arrivals.upstream_step"])
    dy, dx = _change(values, step), _change(shifted, step)
    pair = ~np.isnan(dy) & ~np.isnan(dx)
    x, y = np.where(pair, dx, 0), np.where(pair, dy, 0)
    memory = parameters["arrivals.autoregression_memory"]
    sxy, sxx, n = (discounted(part, memory) for part in (x * y, x * x, pair.astype(float)))
    ridge = parameters["arrivals.upstream_prior"] * sxx / np.maximum(n, 1)
    return np.divide(sxy, sxx + ridge, out=np.zeros(values.shape), where=sxx > 0)


def _change(values: Floats, step: int) -> Floats:
    out = np.full(values.shape, np.nan)
    out[:, step:] = values[:, step:] - values[:, :-step]
    return out
