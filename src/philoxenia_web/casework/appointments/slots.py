"""The search for a slot: a time at which the resident, a worker, a room and an interpreter are all free.

Pure: knows no database. Each resource brings the spans in which it is open and those in which it is taken.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from uuid import UUID

from philoxenia_web.casework.appointments.quanta import Span, bits, mask_of, starts


@dataclass(frozen=True)
class Resource:
    """A worker, room or interpreter. Of two that are free the earlier is chosen."""

    id: UUID
    opened: tuple[Span, ...]
    taken: tuple[Span, ...] = ()


@dataclass(frozen=True)
class Ask:
    """What is looked for. `rooms`, `interpreters`: None where none is needed; empty where none fits.

    `length` and `step` in pieces: how long it takes, and the raster it may begin on.
    """

    window: Span
    length: int
    step: int
    workers: Sequence[Resource]
    rooms: Sequence[Resource] | None = None
    interpreters: Sequence[Resource] | None = None
    resident: Resource | None = field(default=None)


@dataclass(frozen=True)
class Slot:
    """A time with who and what is free then: the first of each kind."""

    first: int
    worker: UUID
    room: UUID | None
    interpreter: UUID | None


@dataclass(frozen=True)
class _Choice:
    """Where one resource may begin."""

    id: UUID
    begins: int


def slots(ask: Ask) -> Iterator[Slot]:
    """Every slot, earliest first; one for each beginning."""
    workers = _choices(ask, ask.workers)
    rooms = None if ask.rooms is None else _choices(ask, ask.rooms)
    interpreters = None if ask.interpreters is None else _choices(ask, ask.interpreters)
    open_to_all = _any(workers) & _raster(ask)
    if rooms is not None:
        open_to_all &= _any(rooms)
    if interpreters is not None:
        open_to_all &= _any(interpreters)
    if ask.resident is not None:
        open_to_all &= _begins(ask, ask.resident)
    for bit in bits(open_to_all):
        yield Slot(
            ask.window.first + bit,
            _first(workers, bit),
            None if rooms is None else _first(rooms, bit),
            None if interpreters is None else _first(interpreters, bit),
        )


def _choices(ask: Ask, resources: Iterable[Resource]) -> list[_Choice]:
    return [_Choice(one.id, _begins(ask, one)) for one in resources]


def _begins(ask: Ask, one: Resource) -> int:
    free = mask_of(one.opened, ask.window) & ~mask_of(one.taken, ask.window)
    return starts(free, ask.length)


def _any(choices: Iterable[_Choice]) -> int:
    return reduce(or_, (one.begins for one in choices), 0)


def _first(choices: Iterable[_Choice], bit: int) -> UUID:
    return next(one.id for one in choices if one.begins >> bit & 1)


def _raster(ask: Ask) -> int:
    """The bits on which a slot may begin: whole steps since 1970, so that pages agree on them."""
    return sum(
        1 << (piece - ask.window.first)
        for piece in range(ask.window.first + -ask.window.first % ask.step, ask.window.end, ask.step)
    )
