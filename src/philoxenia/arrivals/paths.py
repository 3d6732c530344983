"""Possible futures that agree with the intervals: a Gaussian copula over periods ahead and over groups.

Each path is at every period ahead a draw from that period's calibrated distribution; errors hang together
over periods as past errors did, and over groups by one common factor. Owns the drawing; ignores what futures
are used for.
"""

import numpy as np
from scipy.special import ndtr, ndtri

from philoxenia.arrivals.fan import Calibrated, Fan
from philoxenia.arrivals.types import Floats
from philoxenia.reference import Parameters


def sample_paths(source: Calibrated, fan: Fan, paths: int, seed: int) -> Floats:
    """(series, paths, horizon): equally likely futures, stratified so that few paths fill the distribution
    well.
    """
    series, horizon = fan.centre.shape
    parameters = source.bench.parameters
    root = _factor(ahead_correlation(source, parameters))
    common = np.sqrt(series_correlation(source, parameters))
    rng = np.random.default_rng(seed)
    shared = _normals(rng, paths, horizon) @ root.T
    out = np.empty((series, paths, horizon))
    for row in range(series):
        alone = _normals(rng, paths, horizon) @ root.T
        probability = ndtr(_evened(common * shared + np.sqrt(1 - common**2) * alone))
        out[row] = _row(fan, row).quantiles(probability)[0] if paths else 0.0
    return out


def _row(fan: Fan, row: int) -> Fan:
    at = slice(row, row + 1)
    return Fan(fan.scale, fan.centre[at, None], fan.spread[at, None], fan.grid, fan.sizes, fan.aimed)


def _normals(rng: np.random.Generator, paths: int, horizon: int) -> Floats:
    return rng.standard_normal((paths, horizon))


def _evened(normal: Floats) -> Floats:
    # Ranks replace draws, so that the share of paths below each quantile is exact at every period ahead.
    ranks = np.argsort(np.argsort(normal, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(ndtri((ranks + 0.5) / len(normal)))


def _factor(correlation: Floats) -> Floats:
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.maximum(values, 0))
    return np.asarray(root / np.sqrt((root**2).sum(axis=1, keepdims=True)))


def _scores(source: Calibrated) -> Floats:
    """Past errors as normal scores (series, origins, horizon), cut so that a few do not rule the
    correlation.
    """
    return np.clip(source.spread.error, -3.0, 3.0)


def ahead_correlation(source: Calibrated, parameters: Parameters) -> Floats:
    """Correlation of errors between periods ahead (horizon, horizon): past errors mixed with a random
    walk's.
    """
    scores = _scores(source)
    horizon = scores.shape[2]
    flat = scores.reshape(-1, horizon)
    steps = np.arange(1, horizon + 1)
    walk = np.sqrt(np.minimum.outer(steps, steps) / np.maximum.outer(steps, steps))
    whole = flat[~np.isnan(flat).any(axis=1)]
    if len(whole) < horizon + 2:
        return walk
    power = np.sqrt(np.maximum((whole**2).mean(axis=0), 1e-12))
    seen = (whole.T @ whole) / len(whole) / np.outer(power, power)
    independent = len(whole) / len(scores) * len(scores) ** parameters["arrivals.pool_series_power"] / horizon
    share = independent / (independent + parameters["arrivals.path_prior"])
    mixed = share * seen + (1 - share) * walk
    np.fill_diagonal(mixed, 1.0)
    return np.asarray(mixed)


def series_correlation(source: Calibrated, parameters: Parameters) -> float:
    """One correlation between all groups, from one-step errors of the same period; never below zero."""
    step = _scores(source)[:, :, 0]
    there = ~np.isnan(step)
    count = there.sum(axis=0)
    if len(step) < 2 or (count > 1).sum() < 3:
        return 0.0
    x = np.where(there, step, 0)
    pairs = (x.sum(axis=0) ** 2 - (x**2).sum(axis=0))[count > 1].sum()
    number = (count * (count - 1))[count > 1].sum()
    variance = (x**2).sum() / there.sum()
    if variance <= 0:
        return 0.0
    return float(np.clip(pairs / number / variance, 0.0, parameters["arrivals.path_common_most"]))
