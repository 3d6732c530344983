"""Arrivals by months since arrival, in shelter or in homes.

Owns who is still in a shelter and who has a home, by age of the cohort; ignores districts and services.
People leave shelter at the same rate whatever their cohort (well mixed), and homes at a constant rate.
"""

from dataclasses import dataclass

import numpy as np

from philoxenia.scenarios.types import Floats


@dataclass(frozen=True)
class Cohorts:
    """People by months since arrival: in shelter and in homes (A, H, P); `left` the city so far (H, P).

    Row a holds those who arrived a months ago; the last row gathers everybody who has been here longer.
    """

    in_shelter: Floats
    in_homes: Floats
    left: Floats

    def between(self, months_from: int, months_to: int) -> tuple[Floats, Floats]:
        """People in shelter and in homes (H, P) who arrived `months_from` to below `months_to` months ago."""
        rows = slice(months_from, months_to)
        return self.in_shelter[rows].sum(axis=0), self.in_homes[rows].sum(axis=0)


@dataclass(frozen=True)
class Entries:
    """Arrivals (T, P) into shelter and straight into homes, and the share (T, P) of people in shelter,
    new ones included, who are still there at the end of the month."""

    to_shelter: Floats
    to_homes: Floats
    stay: Floats


def track(entries: Entries, leave_share: float, oldest: int, last: int) -> Cohorts:
    """Follow arrivals month by month and keep the `last` months; rows 0 to `oldest` months since arrival.

    `leave_share` of those in homes, new arrivals apart, leaves the city in a month. Conservation: in
    shelter + in homes + left = arrived so far, in every month and future.
    """
    months, paths = entries.to_shelter.shape
    state = np.zeros((2, oldest + 1, paths))
    kept = np.empty((2, oldest + 1, last, paths))
    left, gone = np.empty((last, paths)), np.zeros(paths)
    for month in range(months):
        state = _older(state)
        shelter, homes = state
        gone = gone + leave_share * homes.sum(axis=0)
        homes *= 1 - leave_share
        shelter[0], homes[0] = entries.to_shelter[month], entries.to_homes[month]
        homes += shelter * (1 - entries.stay[month])
        shelter *= entries.stay[month]
        if month >= months - last:
            kept[:, :, month - months + last], left[month - months + last] = state, gone
    return Cohorts(kept[0], kept[1], left)


def _older(people: Floats) -> Floats:
    older = np.zeros_like(people)
    older[:, 1:] = people[:, :-1]
    older[:, -1] += people[:, -1]
    return older


def staying_share(start: Floats, intake: Floats, stock: Floats) -> Floats:
    """Share (H, P) of people in shelter who are still there after each month.

    From the stock at the end of each month (H, P), the one before it (`start` (P,) first) and the intake.
    A month in which more return than leave counts as one in which nobody leaves.
    """
    before = np.concatenate([start[None], stock[:-1]]) + intake
    return np.clip(np.divide(stock, before, out=np.ones_like(stock), where=before > 0), 0.0, 1.0)
