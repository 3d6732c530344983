"""Seasonal effects known at each period, shrunk towards none. Ignores trend and level."""

import numpy as np

from philoxenia.arrivals.members import smoothed_level
from philoxenia.arrivals.types import Floats
from philoxenia.reference import Parameters


def seasonal_effects(values: Floats, season: int, parameters: Parameters) -> Floats:
    """Effect of each season as it could be known at each period: (series, periods, season), mean zero.

    Deviations from a centred yearly mean are averaged with fading weights; a deviation far beyond the usual
    ones is cut, so that a closed border does not become a season.
    """
    series, periods = values.shape
    out = np.zeros((series, periods, season))
    memory, prior = parameters["arrivals.season_memory"], parameters["arrivals.season_prior"]
    total, weight, usual = np.zeros((series, season)), np.zeros((series, season)), np.full(series, np.nan)
    half = season // 2
    for t in range(2 * half, periods):
        deviation = values[:, t - half] - _centred_mean(values[:, t - 2 * half : t + 1])
        deviation, usual = _cut(deviation, usual, parameters)
        there, place = ~np.isnan(deviation), (t - half) % season
        total[there, place] = memory * total[there, place] + deviation[there]
        weight[there, place] = memory * weight[there, place] + 1
        effect = np.divide(total, weight, out=np.zeros_like(total), where=weight > 0)
        out[:, t] = (effect - effect.mean(axis=1, keepdims=True)) * weight / (weight + prior)
    return out


def _centred_mean(window: Floats) -> Floats:
    weights = np.ones(window.shape[1])
    weights[[0, -1]] = 0.5
    known = ~np.isnan(window) * weights
    total = np.sum(np.nan_to_num(window) * weights, axis=1)
    mean = np.divide(total, known.sum(axis=1), out=np.full(len(window), np.nan), where=known.any(axis=1))
    return np.asarray(mean)


def _cut(deviation: Floats, usual: Floats, parameters: Parameters) -> tuple[Floats, Floats]:
    memory, size = parameters["arrivals.season_usual_memory"], np.abs(deviation)
    limit = np.where(np.isnan(usual), np.inf, parameters["arrivals.season_clip"] * usual)
    started = np.where(np.isnan(usual), size, memory * usual + (1 - memory) * np.minimum(size, limit))
    return deviation.clip(-limit, limit), np.where(np.isnan(deviation), usual, started)


def seasonal_level(values: Floats, effects: Floats, gain: float, horizon: int) -> Floats:
    """Smoothing without the seasonal effects, with the effect of each season ahead put back."""
    season = effects.shape[2]
    periods = np.arange(values.shape[1])
    level = smoothed_level(values - effects[:, periods, periods % season], gain)
    ahead = (periods[:, None] + np.arange(1, horizon + 1)) % season
    return np.asarray(level[:, :, None] + effects[:, periods[:, None], ahead])
