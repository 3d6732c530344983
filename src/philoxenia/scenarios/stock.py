"""People who seek shelter and people in shelter, month by month.

stock(t+1) = stock + newly identified + returned from housing + returned to shelter - moved to housing
- became inactive + residual. Owns this identity and the cap; ignores districts and services.
Demand ("seeking") is kept apart from the recorded stock ("in shelter"), which capacity holds down.
"""

from dataclasses import dataclass

import numpy as np

from philoxenia.scenarios.types import Floats


@dataclass(frozen=True)
class Flows:
    """Monthly flows by group, each (G, H, P): people who come, who come back, the share of those in shelter
    at the start of the month who leave, and what the identity leaves unexplained."""

    intake: Floats
    returns: Floats
    leave_share: Floats
    residual: Floats


@dataclass(frozen=True)
class ShelterStock:
    """People seeking shelter, in shelter, and waiting in vain, each (G, H, P), in the unit of the stock."""

    seeking: Floats
    in_shelter: Floats


def shelter_stock(start: Floats, flows: Flows, places: Floats, stop_waiting: float) -> ShelterStock:
    """Run the identity from the last recorded stock `start` (G,) against `places` (P,), in persons.

    Places are shared by groups in proportion to those who seek them. Of those left out, the share
    `stop_waiting` no longer asks in the month after. Exits never exceed those present.
    """
    seeking = np.empty_like(flows.intake)
    in_shelter = np.empty_like(flows.intake)
    now = np.repeat(start[:, None], flows.intake.shape[2], axis=1)
    for month in range(flows.intake.shape[1]):
        present = np.maximum(
            now + flows.intake[:, month] + flows.returns[:, month] + flows.residual[:, month], 0.0
        )
        present = present - np.minimum(flows.leave_share[:, month] * now, present)
        total = present.sum(axis=0)
        housed = np.minimum(1.0, np.divide(places, total, out=np.ones_like(total), where=total > places))
        seeking[:, month] = present
        in_shelter[:, month] = present * housed
        now = present - stop_waiting * present * (1 - housed)
    return ShelterStock(seeking, in_shelter)


def leave_shares(start: Floats, coming: Floats, exits: Floats) -> Floats:
    """Forecast exits (G, H, P) as shares of the people there in the middle future: the identity run on
    medians of `coming` (everybody who enters, residual included) and of exits.

    Exits follow the stock: where more people came than in the middle future, more leave. With one future
    this is the identity with the exits as given.
    """
    middle_in, middle_out = np.median(coming, axis=2), np.median(exits, axis=2)
    out = np.empty_like(exits)
    now = start.astype(np.float64)
    for month in range(exits.shape[1]):
        out[:, month] = np.minimum(exits[:, month] / np.maximum(now, 1.0)[:, None], 1.0)
        now = np.maximum(now + middle_in[:, month] - middle_out[:, month], 0.0)
    return out


def residuals(stock: Floats, net_flow: Floats) -> Floats:
    """What the identity leaves unexplained (G, T-1): change in stock (G, T) minus net flow of the month."""
    return np.diff(stock, axis=1) - net_flow[:, 1:]


def drawn_residuals(history: Floats, months: int, paths: int, rng: np.random.Generator) -> Floats:
    """Residuals (G, H, P) resampled by month, the same month for every group; zero without history."""
    usable = history[:, np.isfinite(history).all(axis=0)]
    if usable.shape[1] == 0:
        return np.zeros((history.shape[0], months, paths))
    picked = rng.integers(0, usable.shape[1], size=(months, paths))
    return np.asarray(usable[:, picked], dtype=np.float64)
