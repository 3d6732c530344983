"""Levers as arrays: how far each has grown in every month and future, what it changes, what it costs.

Owns start, lead, ramp, duration, eligibility and cost; ignores what people do about it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from philoxenia.scenarios.catchment import shared_capacity
from philoxenia.scenarios.futures.sampling import Design, drawn
from philoxenia.scenarios.futures.types import (
    BANDS,
    CLASSES,
    GROUPS,
    HOMES,
    LAST_BAND,
    SHELTER,
    Floats,
    FuturesError,
    Lever,
    LeverKind,
    Model,
    Service,
)

KINDS = ("capacity", "exits", "departures", "entries", "use", "eligibility", "nothing")
# Kinds that change no rate: capacity stands in vectors, and nothing nowhere.
_NO_RATE = (LeverKind.CAPACITY, LeverKind.REACH, LeverKind.NOTHING)


@dataclass(frozen=True)
class LeverArrays:
    """Levers of one plan. `kind` (L,): place in `KINDS`; `target` (L,): a service, S for shelter places, S+1
    for homes, -1 for none. `vector` (L, D): capacity at full strength; `mask` (L, K, B): change of a rate or
    of eligibility at full strength. `strength` (F, L, T): ramp times effect. `spent` (F, L, T): what falls
    due whatever comes of it. `per_exit` (F, L, 2): cost of an exit, once and each month after."""

    kind: NDArray[np.int64]
    target: NDArray[np.int64]
    vector: Floats
    mask: Floats
    strength: Floats
    spent: Floats
    per_exit: Floats

    def by_year(self) -> Floats:
        """Lever-months at full strength (F, L, Y): sums of `strength` over the months of each year."""
        months = self.strength.shape[2]
        years = np.zeros((*self.strength.shape[:2], -(-months // 12)))
        for month in range(months):
            years[:, :, month // 12] += self.strength[:, :, month]
        return years


def lever_arrays(model: Model, design: Design, levers: Sequence[Lever]) -> LeverArrays:
    """Levers of one plan over all futures of the design. Raises `FuturesError` naming the lever at fault."""
    check_levers(model, levers)
    futures, months = design.futures, len(model.months)
    strength, spent = np.zeros((2, futures, len(levers), months))
    per_exit = np.zeros((futures, len(levers), 2))
    for row, lever in enumerate(levers):
        ramp = _ramp(lever, drawn(lever.span("lead"), design.of_lever(lever, "lead")), months)
        cost = drawn(lever.span("cost"), design.of_lever(lever, "cost"))
        strength[:, row] = ramp * drawn(lever.span("effect"), design.of_lever(lever, "effect"))[:, None]
        spent[:, row] = ramp * lever.cost_per_month * cost[:, None]
        if lever.start < months:
            spent[:, row, lever.start] += lever.cost_once * cost
        per_exit[:, row] = cost[:, None] * np.array([lever.cost_per_exit, lever.cost_per_exit_month])
    return LeverArrays(
        kind=np.array([_kind(lever) for lever in levers], dtype=np.int64),
        target=np.array([_target(model, lever) for lever in levers], dtype=np.int64),
        vector=_stacked([_vector(model, lever) for lever in levers], (len(model.districts),)),
        mask=_stacked([_mask(lever) for lever in levers], (len(CLASSES), len(BANDS))),
        strength=strength,
        spent=spent,
        per_exit=per_exit,
    )


def _stacked(rows: list[Floats], shape: tuple[int, ...]) -> Floats:
    return np.stack(rows) if rows else np.zeros((0, *shape))


def check_levers(model: Model, levers: Sequence[Lever]) -> None:
    """Refuse levers that name something the model does not have, or that appear twice in a plan."""
    names = [lever.name for lever in levers]
    if twice := {name for name in names if names.count(name) > 1}:
        raise FuturesError(f"The lever {min(twice)!r} stands twice in one plan; give each a name of its own.")
    services = {service.name for service in model.services}
    for lever in levers:
        targets = services | {SHELTER, HOMES} if lever.kind == LeverKind.CAPACITY else services
        needs_target = lever.kind in (
            LeverKind.CAPACITY,
            LeverKind.USE,
            LeverKind.ELIGIBILITY,
            LeverKind.REACH,
        )
        if needs_target and lever.target not in targets:
            known = ", ".join(sorted(targets))
            raise FuturesError(f"The lever {lever.name!r} aims at {lever.target!r}; there is: {known}.")
        for given, known_names in (
            (lever.districts, model.districts),
            (lever.groups, GROUPS),
            (lever.bands, BANDS),
        ):
            if unknown := set(given) - set(known_names):
                raise FuturesError(f"The lever {lever.name!r} names {min(unknown)!r}, which is not there.")
        if min(lever.start, lever.lead, lever.ramp) < 0:
            raise FuturesError(f"The lever {lever.name!r} has a start, lead or ramp below zero.")


def _ramp(lever: Lever, lead_factor: Floats, months: int) -> Floats:
    """Strength (F, T) from 0 to 1: after start and lead, growing evenly over `ramp` months, to the end."""
    works = lever.start + np.rint(lever.lead * lead_factor)[:, None]
    since = np.arange(months)[None, :] - works
    grown = np.clip((since + 1) / max(lever.ramp, 1), 0.0, 1.0)
    lasting = since < (np.inf if lever.duration is None else lever.duration)
    return np.asarray(np.where(lasting, grown, 0.0), dtype=np.float64)


def _kind(lever: Lever) -> int:
    # A change of reach moves capacity between districts: more here, less there, the same in all.
    name = LeverKind.CAPACITY if lever.kind == LeverKind.REACH else lever.kind
    return KINDS.index(name)


def _target(model: Model, lever: Lever) -> int:
    names = [*(service.name for service in model.services), SHELTER, HOMES]
    return names.index(lever.target) if lever.target in names else -1


def _vector(model: Model, lever: Lever) -> Floats:
    """Capacity (D,) the lever adds at full strength, after sharing within reach."""
    if lever.kind == LeverKind.REACH:
        return _reached(model, lever)
    if lever.kind != LeverKind.CAPACITY:
        return np.zeros(len(model.districts))
    placed = _placed(model, lever)
    service = next((s for s in model.services if s.name == lever.target), None)
    if service is None or service.sharing is None:
        return placed
    return np.asarray(service.sharing @ placed, dtype=np.float64)


def _placed(model: Model, lever: Lever) -> Floats:
    here = np.array([not lever.districts or name in lever.districts for name in model.districts])
    present = _present(model, lever.target)
    if lever.relative:
        return np.asarray(np.where(here, present, 0.0) * lever.size, dtype=np.float64)
    weight = np.where(here, model.in_homes.sum(axis=(0, 1)), 0.0)
    if weight.sum() <= 0:
        weight = here.astype(np.float64)
    return np.asarray(weight / weight.sum() * lever.size, dtype=np.float64)


def _present(model: Model, target: str) -> Floats:
    if target == SHELTER:
        return model.shelter.places * model.shelter.districts
    if target == HOMES:
        return model.homes.vacant
    return next(service.placed for service in model.services if service.name == target)


def _reached(model: Model, lever: Lever) -> Floats:
    """Change of capacity by district when what is placed serves everybody within `size` kilometres."""
    service = next(service for service in model.services if service.name == lever.target)
    if model.distances_km is None:
        raise FuturesError(f"The lever {lever.name!r} changes reach, but centres of districts are not known.")
    within = (model.distances_km <= lever.size).astype(np.float64)
    shared = shared_capacity(service.placed, needs_today(model, service), within)
    return np.asarray(shared - service.capacity, dtype=np.float64)


def needs_today(model: Model, service: Service) -> Floats:
    """Units (D,) that the people in homes at the start ask for in a month."""
    return np.asarray(np.einsum("kb,kbd->d", service.rates, model.in_homes), dtype=np.float64)


def _mask(lever: Lever) -> Floats:
    if lever.kind in _NO_RATE:
        return np.zeros((len(CLASSES), len(BANDS)))
    mask = np.zeros((len(CLASSES), len(BANDS)))
    for row in range(len(CLASSES)):
        for band, name in enumerate(BANDS):
            group = GROUPS[row + len(CLASSES) * (band == LAST_BAND)]
            wanted = (not lever.groups or group in lever.groups) and (not lever.bands or name in lever.bands)
            mask[row, band] = lever.size if wanted else 0.0
    return mask
