"""Signposts: which value of what can be watched says early enough that a plan will fail.

Adaptive plans after Haasnoot et al. (2013), "Dynamic adaptive policy pathways": a trigger is the value of an
indicator at which failure becomes likely, early enough for the next action's lead time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from philoxenia.valuation.types import Floats, ValuationError

_TRIED = 200
NEVER = -1


@dataclass(frozen=True)
class Trigger:
    """If the mean of the indicator over `window` months reaches `threshold`, the next action must start.

    `caught`: share of failing futures warned at least `lead` months before; `late`: warned, but too late;
    `false_alarms`: share of futures that never fail but are warned; `precision`: share of warned futures that
    fail; `warning_months`: median months between warning and failure where caught (nan where none is);
    `latest_start`: the month (from 0) by which the action must have started in nine of ten failing futures.
    """

    threshold: float
    window: int
    lead: int
    caught: float
    late: float
    false_alarms: float
    precision: float
    warning_months: float
    latest_start: int

    @property
    def skill(self) -> float:
        """Share caught in time minus share of false alarms: 1 is a perfect sign, 0 no better than none."""
        return self.caught - self.false_alarms


def rolling_mean(indicator: Floats, window: int) -> Floats:
    """(F, T): mean of the last `window` months; the first months take what there is."""
    if window < 1:
        raise ValuationError(f"The window is {window} months; it must be at least one.")
    total = np.cumsum(indicator, axis=1)
    total[:, window:] = total[:, window:] - total[:, :-window]
    return np.asarray(total / np.minimum(np.arange(1, indicator.shape[1] + 1), window))


def first_month(reached: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(F,): the first month in which something holds, `NEVER` where it does not."""
    return np.where(reached.any(axis=1), reached.argmax(axis=1), NEVER).astype(np.int64)


def find_trigger(
    indicator: Floats, fails_at: NDArray[np.int64], *, lead: int, window: int, false_alarm_weight: float = 1.0
) -> Trigger:
    """The threshold with the largest share caught in time minus weighted share of false alarms.

    `indicator`: (F, T) by month; `fails_at`: (F,) month of failure, `NEVER` for none. `lead`: months the next
    action takes. Of equal thresholds the middle one, which is furthest from failing elsewhere. Raises
    `ValuationError` where nothing or everything fails.
    """
    failing = fails_at != NEVER
    if failing.all() or not failing.any():
        which = "every future fails" if failing.all() else "no future fails"
        raise ValuationError(f"{which.capitalize()}: there is nothing to be warned of or to be spared.")
    smooth = rolling_mean(indicator, window)
    peaks = np.maximum.accumulate(smooth, axis=1)
    tried = np.unique(np.quantile(smooth, np.linspace(0, 1, _TRIED)))[::-1]
    judged = [_judged(peaks, fails_at, float(level), lead, window) for level in tried]
    worth = np.array([one.caught - false_alarm_weight * one.false_alarms for one in judged])
    equal = np.flatnonzero(worth >= worth.max() - 1e-12)
    return judged[int(equal[(equal.size - 1) // 2])]


def find_tested_trigger(
    indicator: Floats, fails_at: NDArray[np.int64], *, lead: int, window: int, false_alarm_weight: float = 1.0
) -> Trigger:
    """The threshold chosen on one half of futures, judged on the other: what it would do in a future that
    nobody has seen. Halves hold every second failing future and every second other one."""
    failing = fails_at != NEVER
    if min(failing.sum(), (~failing).sum()) < 2:
        raise ValuationError(
            "A trigger needs at least two futures that fail and two that do not: simulate more futures."
        )
    one = np.zeros(failing.size, dtype=bool)
    for kind in (np.flatnonzero(failing), np.flatnonzero(~failing)):
        one[kind[::2]] = True
    chosen = find_trigger(
        indicator[one], fails_at[one], lead=lead, window=window, false_alarm_weight=false_alarm_weight
    )
    return judge_trigger(indicator[~one], fails_at[~one], chosen.threshold, lead=lead, window=window)


def judge_trigger(
    indicator: Floats, fails_at: NDArray[np.int64], threshold: float, *, lead: int, window: int
) -> Trigger:
    """How one threshold does, for example on futures it was not chosen on."""
    peaks = np.maximum.accumulate(rolling_mean(indicator, window), axis=1)
    return _judged(peaks, fails_at, threshold, lead, window)


def _judged(peaks: Floats, fails_at: NDArray[np.int64], level: float, lead: int, window: int) -> Trigger:
    warned_at = first_month(peaks >= level)
    failing, warned = fails_at != NEVER, warned_at != NEVER
    room = fails_at - warned_at
    caught = failing & warned & (room >= lead)
    late = failing & warned & (room < lead)
    return Trigger(
        threshold=level,
        window=window,
        lead=lead,
        caught=_share(caught, failing),
        late=_share(late, failing),
        false_alarms=_share(warned & ~failing, ~failing),
        precision=_share(warned & failing, warned),
        warning_months=float(np.median(room[caught])) if caught.any() else float("nan"),
        latest_start=int(max(np.quantile(fails_at[failing], 0.1) - lead, 0)) if failing.any() else NEVER,
    )


def _share(part: NDArray[np.bool_], whole: NDArray[np.bool_]) -> float:
    return float(part.sum() / whole.sum()) if whole.any() else 0.0
