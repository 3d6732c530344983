"""The same model with some of its services only: enough, and faster, for plans that change no others.

Owns when that is allowed. Services take nothing from people's ways and from each other, and every draw is by
name: with minus without is exactly the same for the services kept, and nothing for the others.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from philoxenia.scenarios.futures.types import (
    HOMES,
    SHELTER,
    FuturesError,
    Lever,
    LeverKind,
    Model,
)

_MOVES_PEOPLE = (LeverKind.EXITS, LeverKind.DEPARTURES, LeverKind.ENTRIES)


def services_touched(levers: Sequence[Lever]) -> tuple[str, ...] | None:
    """Services whose capacity, use, eligibility or reach these levers change, sorted; None where a lever
    moves people (exits, departures, entries, shelter places, homes), which needs the whole model."""
    if any(lever.kind in _MOVES_PEOPLE or lever.target in (SHELTER, HOMES) for lever in levers):
        return None
    return tuple(sorted({lever.target for lever in levers if lever.kind != LeverKind.NOTHING}))


def restricted(model: Model, services: Collection[str]) -> Model:
    """The model with these services only, in its own order; people, homes and shelters as they were.

    Simulate it with the design of the whole model, so that Sobol's points are the same too, and with plans
    for which `services_touched` names no other service. A plan that moves people changes what every service
    is asked for: for it the others' outcomes would be missing, not zero. Raises `FuturesError`.
    """
    known = [service.name for service in model.services]
    if unknown := set(services) - set(known):
        raise FuturesError(f"There is no service {min(unknown)!r}; there is: {', '.join(known) or 'none'}.")
    return replace(model, services=tuple(service for service in model.services if service.name in services))
