"""How far off a forecast may be: a spread for every series, origin and period ahead, before calibration.

A log-linear rule learnt on many panels (rows `arrivals.spread.*`): the usual spread of the file, of the
series, its recent spread, the level, the disagreement among base models, the periods ahead. Ignores the shape
of errors.
"""

from dataclasses import dataclass

import numpy as np

from philoxenia.arrivals.combination import Workbench
from philoxenia.arrivals.learnt import column_of
from philoxenia.arrivals.types import Bools, Floats


@dataclass(frozen=True)
class Spread:
    """`size` is the spread on the scale, `error` what the forecast missed by in spreads (NaN where not known
    yet).

    Both (series, periods, horizon).
    """

    size: Floats
    error: Floats


def spread_of(bench: Workbench, centre: Floats, disagreement: Floats) -> Spread:
    """The spread of a point forecast (series, periods, horizon) and its past errors in spreads.

    Errors of series at a level below one, and of a series' first few forecasts, are left out of the
    calibration.
    """
    features, offset = rule_inputs(bench, centre, disagreement)
    size = np.exp(features @ bench.learnt.rule + offset)
    counts = _begun(bench)[:, :, None] & (bench.scale.level(centre) >= 1)
    error = np.where(counts, (bench.realised - centre) / size, np.nan)
    return Spread(size, error)


def rule_inputs(bench: Workbench, centre: Floats, disagreement: Floats) -> tuple[Floats, Floats]:
    """What the rule of spreads looks at: (series, periods, horizon, features), and the offset it adds to."""
    level = bench.scale.level(centre)
    power = bench.parameters["arrivals.spread_power"]
    offset = np.log(bench.scale.slope(level)) + power * np.log(level + 1)
    return _features(bench, bench.realised - centre, disagreement, level, offset), offset


def _begun(bench: Workbench) -> Bools:
    return bench.known >= bench.parameters["arrivals.fewest_to_calibrate"]


def _features(
    bench: Workbench, missed: Floats, disagreement: Floats, level: Floats, offset: Floats
) -> Floats:
    shape = missed.shape
    step = np.where(_begun(bench), np.abs(missed[:, :, 0]) / np.exp(offset[:, :, 0]), np.nan)
    file, own, recent = _running_spreads(bench, step)
    apart = disagreement / np.exp(offset) / own[:, :, None]
    parts = [
        np.ones(shape),
        np.broadcast_to(np.log(file)[None, :, None], shape),
        np.broadcast_to(np.log(own / file)[:, :, None], shape),
        np.broadcast_to(np.log(recent / own)[:, :, None], shape),
        np.log(level + 1),
        np.log(apart + 0.1),
        np.log(np.arange(1, shape[2] + 1) + bench.gap[:, :, None]),
    ]
    return np.stack(parts, axis=-1)


def _running_spreads(bench: Workbench, step: Floats) -> tuple[Floats, Floats, Floats]:
    """Usual spread of the file (periods), usual and recent spread of each series (series, periods).

    From the sizes of one-step errors relative to level; each is shrunk towards the one before it.
    """
    p, (series, periods) = bench.parameters, step.shape
    memory, fading = (
        p["arrivals.spread_memory"],
        p[f"arrivals.recent_memory.{column_of(bench.panel.frequency)}"],
    )
    start, pooling, mixing = (
        p["arrivals.spread_start"],
        p["arrivals.spread_pooling"],
        p["arrivals.recent_pooling"],
    )
    file, own, recent = np.empty(periods), np.empty(step.shape), np.empty(step.shape)
    sums, counts = np.zeros((2, series)), np.zeros((2, series))
    fade = np.array([[memory], [fading]])
    all_sum, all_count = start, 1.0
    for t in range(periods):
        sums, counts = sums * fade, counts * fade
        all_sum, all_count = start + (all_sum - start) * memory, 1 + (all_count - 1) * memory
        if t:
            there = ~np.isnan(step[:, t - 1])
            size = np.where(
                there, np.minimum(step[:, t - 1], p["arrivals.spread_cap"] * all_sum / all_count), 0
            )
            sums, counts = sums + size, counts + there
            all_sum, all_count = all_sum + size.sum(), all_count + there.sum()
        file[t] = all_sum / all_count
        own[:, t] = (sums[0] + pooling * file[t]) / (counts[0] + pooling)
        recent[:, t] = (sums[1] + mixing * own[:, t]) / (counts[1] + mixing)
    return file, own, recent
