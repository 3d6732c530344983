"""What other apps add to a person's rights: what is exported, erased with them, and when they were served.

The registry knows none of those apps; each names its part in its `ready`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from philoxenia_web.accounts.access import Actor

Words = str | Promise
Row = dict[str, Any]


@dataclass(frozen=True)
class ExportPart:
    """Rows of plain JSON values about a person. `rows` runs in the person's own visit."""

    name: str
    title: Words
    rows: Callable[[UUID], list[Row]]


@dataclass(frozen=True)
class Eraser:
    """What an app does when a person is forgotten. `holds` says, in sentences, why it may not be yet."""

    name: str
    holds: Callable[[UUID], list[str]]
    erase: Callable[[Actor, UUID], None]


_EXPORTS: dict[str, ExportPart] = {}
_ERASERS: dict[str, Eraser] = {}
LastUse = Callable[[Sequence[UUID]], dict[UUID, date]]
_LAST_USES: list[LastUse] = []


def add_export(part: ExportPart) -> None:
    """Called in an app's `ready`."""
    _EXPORTS[part.name] = part


def add_eraser(eraser: Eraser) -> None:
    """Called in an app's `ready`."""
    _ERASERS[eraser.name] = eraser


def add_last_use(last_use: LastUse) -> None:
    """Called in an app's `ready`: the newest day on which the app served each of some people."""
    if last_use not in _LAST_USES:
        _LAST_USES.append(last_use)


def exports() -> list[ExportPart]:
    """Every part of an export, by name."""
    return [_EXPORTS[name] for name in sorted(_EXPORTS)]


def holds(resident_id: UUID) -> list[str]:
    """Why a person cannot be forgotten yet, in sentences; empty where they can."""
    return [said for name in sorted(_ERASERS) for said in _ERASERS[name].holds(resident_id)]


def erase_all(actor: Actor, resident_id: UUID) -> None:
    """Let every app erase its own, inside the caller's transaction."""
    for name in sorted(_ERASERS):
        _ERASERS[name].erase(actor, resident_id)


def last_uses(resident_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The newest day any app served each of them."""
    newest: dict[UUID, date] = {}
    for ask in _LAST_USES:
        for resident_id, day in ask(resident_ids).items():
            newest[resident_id] = max(day, newest.get(resident_id, day))
    return newest
