"""Which base models to trust: weights by past error, shrunk from the series to the file to what was learnt
elsewhere.

Owns members, their losses and the combined point forecast; ignores intervals. Averaging forecasts by inverse
past error is Bates and Granger (1969); the power and the shrinkage are parameters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from philoxenia.arrivals import members as base
from philoxenia.arrivals.learnt import Learnt, Member
from philoxenia.arrivals.scale import Scale, scale_of
from philoxenia.arrivals.seasonal import seasonal_effects, seasonal_level
from philoxenia.arrivals.types import COMBINATION, Bools, Floats, Panel
from philoxenia.arrivals.upstream import upstream
from philoxenia.reference import Parameters


@dataclass(frozen=True)
class Workbench:
    """A panel made ready for its base models: scaled values, what came true, seasonal effects."""

    panel: Panel
    horizon: int
    parameters: Parameters
    learnt: Learnt

    @cached_property
    def scale(self) -> Scale:
        return scale_of(self.panel.values)

    @cached_property
    def scaled(self) -> Floats:
        return self.scale.to(self.panel.values)

    @cached_property
    def realised(self) -> Floats:
        """What came true, on the scale: [s, t, h-1] is the value of period t + h, or NaN."""
        return ahead(self.scaled, self.horizon)

    @cached_property
    def known(self) -> Floats:
        """How many values each series has up to each period."""
        return np.cumsum(~np.isnan(self.scaled), axis=1).astype(float)

    @cached_property
    def gap(self) -> Floats:
        """Periods since each series' last value, at each period (series, periods)."""
        columns = np.arange(self.panel.periods)
        last = np.maximum.accumulate(np.where(np.isnan(self.scaled), -1, columns), axis=1)
        return np.where(last < 0, 0, columns - last).astype(float)

    @cached_property
    def effects(self) -> Floats:
        return seasonal_effects(self.scaled, self.panel.frequency.per_year, self.parameters)

    @cached_property
    def signal(self) -> Floats:
        assert self.panel.signal is not None  # noqa: S101  (narrowing; members without a signal are left out)
        return scale_of(self.panel.signal).to(self.panel.signal)

    @cached_property
    def members(self) -> tuple[Member, ...]:
        """The members that this panel can have."""
        with_signal = self.panel.signal is not None
        return tuple(m for m in self.learnt.members if with_signal or m.method != "upstream")

    def speaks_of(self, member: Member) -> Bools:
        """Whether a member says anything of each series; an upstream one does where there is a signal."""
        if member.method == "upstream":
            return np.asarray(~np.isnan(self.signal).all(axis=1))
        return np.ones(len(self.scaled), dtype=bool)

    def forecast(self, member: Member) -> Floats:
        """The member's forecasts (series, periods, horizon); the last value where it has none yet."""
        made = self._made(member)
        return np.where(np.isnan(made), base.last_value(self.scaled, self.horizon), made)

    def _made(self, member: Member) -> Floats:
        z, h, p, own = self.scaled, self.horizon, self.parameters, member.settings
        prior, memory = p["arrivals.autoregression_prior"], p["arrivals.autoregression_memory"]
        match member.method:
            case "last_value":
                return base.last_value(z, h)
            case "seasonal_last":
                return base.seasonal_last(z, self.panel.frequency.per_year, h)
            case "recent_mean":
                return base.flat(self.scale.to(base.rolling_mean(self.panel.values, 3)), h)
            case "level":
                return base.flat(base.smoothed_level(z, own[0]), h)
            case "damped_trend":
                return base.damped_trend(z, own[0], own[1], own[2], h)
            case "seasonal_level":
                return seasonal_level(z, self.effects, own[0], h)
            case "theta":
                return base.theta(z, own[0], p["arrivals.trend_prior"], h)
            case "difference":
                return base.difference(z, prior, memory, h)
            case "mean_reverting":
                return base.mean_reverting(z, prior, memory, h)
            case _:
                return upstream(z, self.signal, self.panel.signal_lead, int(own[0]), h, p)


def ahead(values: Floats, horizon: int) -> Floats:
    """Values seen from each period: entry [s, t, h-1] is the value of period t + h."""
    series, periods = values.shape
    out = np.full((series, periods, horizon), np.nan)
    for h in range(1, min(horizon, periods - 1) + 1):
        out[:, : periods - h, h - 1] = values[:, h:]
    return out


def arrived(made: Floats) -> Floats:
    """The same errors filed under the period in which they became known: [s, t, h-1] of the forecast made at
    t - h.
    """
    out = np.full(made.shape, np.nan)
    for h in range(1, min(made.shape[2], made.shape[1] - 1) + 1):
        out[:, h:, h - 1] = made[:, :-h, h - 1]
    return out


def models_of(bench: Workbench) -> tuple[str, ...]:
    """Names under which forecasts are reported: the baselines, the families of models, the combination."""
    return (*dict.fromkeys(member.model for member in bench.members), COMBINATION)


def members_of(bench: Workbench, model: str) -> tuple[Member, ...]:
    """The members behind a reported name."""
    return tuple(member for member in bench.members if model in (COMBINATION, member.model))


@dataclass(frozen=True)
class Blend:
    """Weighted forecasts (series, periods, horizon) and how far the members lie apart."""

    centre: Floats
    disagreement: Floats


def blend(bench: Workbench, chosen: Sequence[Member]) -> Blend:
    """The members' forecasts weighted by past error at every origin.

    Members are made twice to spare memory.
    """
    own, file = _losses(bench, chosen)
    sharpness = bench.parameters["arrivals.loss_sharpness"]
    last = base.last_value(bench.scaled, bench.horizon)
    speaking = np.array([bench.speaks_of(member) for member in chosen])
    count = np.maximum(speaking.sum(axis=0), 1)[:, None, None]
    total, first, plain, square = (np.zeros(last.shape) for _ in range(4))
    for index, member in enumerate(chosen):
        speaks = speaking[index][:, None, None]
        step = np.where(speaks, bench.forecast(member) - last, 0)
        weight = speaks * (own[index][:, :, None] * file[index][None]) ** -sharpness
        total += weight
        first += weight * step
        plain += step
        square += step * step
    spread = np.sqrt(np.maximum(square / count - (plain / count) ** 2, 0))
    return Blend(last + first / np.where(total > 0, total, 1), spread)


def _losses(bench: Workbench, chosen: Sequence[Member]) -> tuple[list[Floats], list[Floats]]:
    """For each member: its loss for each series and period, and the file's profile of it over periods ahead.

    Both against the file's loss of the last value, so that they are near one.
    """
    p = bench.parameters
    unit = _usual_change(bench)
    sums = [_fading_errors(bench, member, unit) for member in chosen]
    prior, pooling = p["arrivals.loss_prior"], p["arrivals.loss_pooling"]
    _, _, base_sum, base_count = _fading_errors(bench, bench.members[0], unit)
    base_loss = (base_sum + 1) / (base_count + 1)
    own, profile = [], []
    for member, (series_sum, series_count, file_sum, file_count) in zip(chosen, sums, strict=True):
        file = (file_sum + prior * member.prior * base_loss) / (file_count + prior)
        mean = file.mean(axis=1)
        pooled = pooling * file.sum(axis=1)
        mixed = (series_sum + pooled) / (series_count + pooling * bench.horizon)
        own.append(mixed / base_loss.mean(axis=1))
        profile.append(file / mean[:, None])
    return own, profile


def _usual_change(bench: Workbench) -> Floats:
    """Mean size of the changes from period to period known so far, one file-wide change mixed in."""
    change = np.abs(np.diff(bench.scaled, axis=1, prepend=np.nan))
    known = np.cumsum(~np.isnan(change), axis=1)
    total = np.cumsum(np.nan_to_num(change), axis=1)
    file = (total.sum(axis=0) + 0.01) / (known.sum(axis=0) + 0.1)
    return np.asarray((total + file) / (known + 1))


def _fading_errors(bench: Workbench, member: Member, unit: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Fading sums and counts of a member's errors as they became known: by series, and by periods ahead."""
    cap, memory = bench.parameters["arrivals.error_cap"], bench.parameters["arrivals.loss_memory"]
    error = np.minimum(np.abs(bench.forecast(member) - bench.realised) / unit[:, :, None], cap)
    error[(bench.known < 3) | ~bench.speaks_of(member)[:, None]] = np.nan
    came = arrived(error)
    there, size = ~np.isnan(came), np.nan_to_num(came)
    by_series = base.discounted(size.sum(axis=2), memory), base.discounted(there.sum(axis=2), memory)
    by_ahead = base.discounted(size.sum(axis=0).T, memory).T, base.discounted(there.sum(axis=0).T, memory).T
    return *by_series, *by_ahead
