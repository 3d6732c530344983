"""How long somebody will wait, with an interval: the rest of the queue's day, simulated many times.

Lengths are drawn from the counter's own last people, drawn anew for each run (bootstrap), so that few people
served make a wide interval. New people come as they came in the last hours and may overtake. Desks are taken
to stay as they are; where one closes, the estimate is too short until it is made anew.
"""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import exp
from random import Random
from statistics import NormalDist, quantiles
from uuid import UUID

from philoxenia_web.casework.queue.ordering import Waiting

_HORIZON = 8 * 60.0


@dataclass(frozen=True)
class Wait:
    """Minutes from now: nine in ten wait longer than `low`, one in ten longer than `high`."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class Scene:
    """A queue at a moment, in minutes. `desks`: how long each has been busy, None where it is free.

    `lengths`: of the last people served; `coming` is how many new people come a minute, by their aim.
    """

    now: float
    line: Sequence[Waiting]
    desks: Sequence[float | None]
    lengths: Sequence[float]
    coming: Mapping[float, float] = field(default_factory=dict)


def filled_lengths(seen: Sequence[float], least: int, median: float, spread: float) -> list[float]:
    """What was seen, filled up to `least` with evenly spread quantiles of a lognormal."""
    missing = max(0, least - len(seen))
    normal = NormalDist()
    assumed = [median * exp(spread * normal.inv_cdf((k + 0.5) / missing)) for k in range(missing)]
    return [*seen, *assumed]


def estimates(scene: Scene, runs: int, seed: int = 0) -> dict[UUID, Wait]:
    """The wait of everybody in the line, an 80 % interval around the median. Empty where no desk is open."""
    if not scene.desks or not scene.lengths or not scene.line:
        return {}
    random = Random(seed)  # noqa: S311 (a simulation)
    waited: dict[UUID, list[float]] = {one.id: [] for one in scene.line}
    for _ in range(runs):
        for id_, minutes in _run(scene, random):
            waited[id_].append(minutes)
    return {id_: _wait(found) for id_, found in waited.items()}


def _wait(found: list[float]) -> Wait:
    tenths = quantiles(found, n=10, method="inclusive")
    return Wait(tenths[0], tenths[4], tenths[8])


def _run(scene: Scene, random: Random) -> Iterator[tuple[UUID, float]]:
    lengths = random.choices(scene.lengths, k=len(scene.lengths))
    free = [scene.now + _left(busy, lengths, random) for busy in scene.desks]
    heapq.heapify(free)
    line = [(one.due, one.came, one.number, one.id) for one in scene.line]
    heapq.heapify(line)
    coming = sorted(_coming(scene, random), reverse=True)
    left = len(line)
    while left:
        moment = heapq.heappop(free)
        while coming and coming[-1][0] <= moment:
            came, aim = coming.pop()
            heapq.heappush(line, (came + aim, came, 0, None))  # type: ignore[misc]
        id_ = heapq.heappop(line)[3]
        if id_ is not None:
            left -= 1
            yield id_, moment - scene.now
        heapq.heappush(free, moment + random.choice(lengths))


def _left(busy: float | None, lengths: Sequence[float], random: Random) -> float:
    """How much longer a desk is busy: one of those who took longer than this one did so far."""
    if busy is None:
        return 0.0
    longer = [one for one in lengths if one > busy]
    # Longer than anybody before: as much again as a usual person, at most.
    return random.choice(longer) - busy if longer else random.random() * random.choice(lengths)


def _coming(scene: Scene, random: Random) -> Iterator[tuple[float, float]]:
    for aim, rate in scene.coming.items():
        moment = scene.now
        while rate > 0 and (moment := moment + random.expovariate(rate)) < scene.now + _HORIZON:
            yield moment, aim
