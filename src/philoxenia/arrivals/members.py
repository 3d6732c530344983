"""The base models, each over all series and all origins at once.

Every function takes scaled values (series, periods) and gives forecasts (series, periods, horizon): entry [s,
t, h-1] is what is foreseen for period t + h from the values up to t. A period without a value leaves a state
as it is. Owns the recursions; ignores which of them to trust. Agreement with statsmodels is tested.
"""

import numpy as np

from philoxenia.arrivals.types import Floats


def carried(values: Floats) -> Floats:
    """The last recorded value at each period (series, periods)."""
    last = values.copy()
    for t in range(1, values.shape[1]):
        last[:, t] = np.where(np.isnan(last[:, t]), last[:, t - 1], last[:, t])
    return last


def flat(level: Floats, horizon: int) -> Floats:
    """The same forecast for every period ahead."""
    return np.repeat(level[:, :, None], horizon, axis=2)


def last_value(values: Floats, horizon: int) -> Floats:
    """The last recorded value, for every period ahead."""
    return flat(carried(values), horizon)


def seasonal_last(values: Floats, season: int, horizon: int) -> Floats:
    """The value of the same season a year before (the last known such year)."""
    series, periods = values.shape
    out = np.full((series, periods, horizon), np.nan)
    for h in range(1, horizon + 1):
        lag = season * ((h - 1) // season + 1) - h
        if lag < periods:
            out[:, lag:, h - 1] = values[:, : periods - lag]
    return out


def rolling_mean(values: Floats, width: int) -> Floats:
    """Mean of the recorded values among the last `width` periods (series, periods)."""
    known = np.cumsum(~np.isnan(values), axis=1, dtype=float)
    total = np.cumsum(np.nan_to_num(values), axis=1)
    known[:, width:] -= known[:, :-width].copy()
    total[:, width:] -= total[:, :-width].copy()
    return np.asarray(np.divide(total, known, out=np.full(values.shape, np.nan), where=known > 0))


def smoothed_level(values: Floats, gain: float) -> Floats:
    """Simple exponential smoothing, ETS(A,N,N): l = l + a (y - l), a running mean while 1/n > a."""
    level, known = np.full(len(values), np.nan), np.zeros(len(values))
    out = np.full(values.shape, np.nan)
    for t in range(values.shape[1]):
        y = values[:, t]
        there = ~np.isnan(y)
        known += there
        weight = np.maximum(gain, 1 / np.maximum(known, 1))
        moved = np.where(there, level + weight * (y - level), level)
        level = np.where(there & np.isnan(level), y, moved)
        out[:, t] = level
    return out


def damped_trend(values: Floats, gain: float, trend_gain: float, damping: float, horizon: int) -> Floats:
    """Damped trend, ETS(A,Ad,N) (Gardner and McKenzie 1985), started at the first value without a trend."""
    series = len(values)
    level, slope, known = np.full(series, np.nan), np.zeros(series), np.zeros(series)
    steps = damping * np.cumsum(damping ** np.arange(horizon))
    out = np.full((*values.shape, horizon), np.nan)
    for t in range(values.shape[1]):
        y = values[:, t]
        there = ~np.isnan(y)
        known += there
        weight = np.maximum(gain, 1 / np.maximum(known, 1))
        foreseen = level + damping * slope
        error = np.where(there, y - foreseen, 0)
        first = there & np.isnan(level)
        slope = np.where(known > 2, damping * slope + weight * trend_gain * error, 0)
        level = np.where(first, y, foreseen + weight * error)
        out[:, t] = level[:, None] + slope[:, None] * steps
    return out


def theta(values: Floats, gain: float, prior: float, horizon: int) -> Floats:
    """Theta as smoothing with half the straight-line drift (Hyndman and Billah 2003), the drift shrunk by
    `prior`.
    """
    known = ~np.isnan(values)
    t = np.arange(values.shape[1], dtype=float)
    y = np.nan_to_num(values)
    n, st, sy = (np.cumsum(part, axis=1) for part in (known.astype(float), known * t, y))
    stt, sty = np.cumsum(known * t * t, axis=1), np.cumsum(y * t, axis=1)
    m = np.maximum(n, 1)
    spread = stt - st * st / m
    slope = np.divide(sty - st * sy / m, spread, out=np.zeros(values.shape), where=(n > 2) & (spread > 0))
    drift = 0.5 * slope * n / (n + prior)
    ahead = np.arange(horizon) + 1 / gain
    return np.asarray(smoothed_level(values, gain)[:, :, None] + drift[:, :, None] * ahead)


def discounted(flow: Floats, memory: float) -> Floats:
    """Running sum along periods in which older terms fade: s_t = memory s_(t-1) + x_t."""
    out = np.array(flow, dtype=float)
    for t in range(1, out.shape[1]):
        out[:, t] += memory * out[:, t - 1]
    return out


def difference(values: Floats, prior: float, memory: float, horizon: int) -> Floats:
    """ARIMA(1,1,0) by discounted least squares, its coefficient shrunk to none by `prior` periods."""
    last = carried(values)
    change = np.full(values.shape, np.nan)
    change[:, 1:] = values[:, 1:] - values[:, :-1]
    before = np.full(values.shape, np.nan)
    before[:, 1:] = change[:, :-1]
    pair = ~np.isnan(change) & ~np.isnan(before)
    x, y = np.where(pair, before, 0), np.where(pair, change, 0)
    sxy, sxx, n = (discounted(part, memory) for part in (x * y, x * x, pair.astype(float)))
    ridge = prior * sxx / np.maximum(n, 1)
    phi = np.divide(sxy, sxx + ridge, out=np.zeros(values.shape), where=sxx > 0).clip(-0.8, 0.8)[:, :, None]
    growth = phi * (1 - phi ** np.arange(1, horizon + 1)) / (1 - phi)
    return np.asarray(last[:, :, None] + growth * np.nan_to_num(change)[:, :, None])


def mean_reverting(values: Floats, prior: float, memory: float, horizon: int) -> Floats:
    """AR(1) about a running mean by discounted least squares, its coefficient shrunk to one by `prior`
    periods.
    """
    last = carried(values)
    before = np.full(values.shape, np.nan)
    before[:, 1:] = values[:, :-1]
    pair = ~np.isnan(values) & ~np.isnan(before)
    x, y = np.where(pair, before, 0), np.where(pair, values, 0)
    n, sx, sy, sxx, sxy = (discounted(part, memory) for part in (pair.astype(float), x, y, x * x, x * y))
    m = np.maximum(n, 1)
    spread = sxx - sx * sx / m
    ridge = prior * spread / m
    fitted = np.divide(
        sxy - sx * sy / m + ridge, spread + ridge, out=np.ones(values.shape), where=spread > 1e-12
    )
    phi = np.where(n < 3, 1, fitted.clip(0, 1))[:, :, None]
    mean = np.where(n > 0, (sx + sy) / (2 * m), last)[:, :, None]
    return np.asarray(mean + phi ** np.arange(1, horizon + 1) * (last[:, :, None] - mean))
