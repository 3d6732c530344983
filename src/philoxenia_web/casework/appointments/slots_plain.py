"""The same search as `slots`, obvious and slow: tests hold the fast one against it."""

from collections.abc import Iterator, Sequence

from philoxenia_web.casework.appointments.slots import Ask, Resource, Slot


def slots_plain(ask: Ask) -> Iterator[Slot]:
    """Try every beginning with every resource, piece by piece."""
    for first in range(ask.window.first, ask.window.end):
        pieces = range(first, first + ask.length)
        if first % ask.step or pieces[-1] >= ask.window.end:
            continue
        if ask.resident is not None and not _free(ask.resident, pieces):
            continue
        worker = _first_free(ask.workers, pieces)
        room = _first_free(ask.rooms or (), pieces)
        interpreter = _first_free(ask.interpreters or (), pieces)
        if worker is None or (ask.rooms is not None and room is None):
            continue
        if ask.interpreters is not None and interpreter is None:
            continue
        yield Slot(first, worker.id, room.id if room else None, interpreter.id if interpreter else None)


def _first_free(resources: Sequence[Resource], pieces: range) -> Resource | None:
    return next((one for one in resources if _free(one, pieces)), None)


def _free(one: Resource, pieces: range) -> bool:
    return all(
        any(span.first <= piece < span.end for span in one.opened)
        and not any(span.first <= piece < span.end for span in one.taken)
        for piece in pieces
    )
