"""What other apps add to a person's rights: what is exported and erased with them, and who serves them.

The registry knows none of those apps; each names its part in its `ready`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
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


@dataclass(frozen=True)
class Team:
    """A department that works, or worked, with a person; `begun_by` is who said so."""

    organisation_id: UUID
    live: bool
    begun_by: UUID | None


_EXPORTS: dict[str, ExportPart] = {}
_ERASERS: dict[str, Eraser] = {}
LastUse = Callable[[Sequence[UUID]], dict[UUID, date]]
_LAST_USES: list[LastUse] = []
TeamsOf = Callable[[Sequence[UUID]], Iterable[Team]]
_TEAMS: list[TeamsOf] = []
# Whose words stand in the file that is being made.
_TOLD: ContextVar[frozenset[UUID]] = ContextVar("philoxenia_words_told", default=frozenset())


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


def add_teams(teams_of: TeamsOf) -> None:
    """Called in an app's `ready`: who works with a person, by the ids of all their records."""
    if teams_of not in _TEAMS:
        _TEAMS.append(teams_of)


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


def teams(resident_ids: Sequence[UUID]) -> list[Team]:
    """Every department that works or worked with a person, whose records these are."""
    return [team for ask in _TEAMS for team in ask(resident_ids)]


@contextmanager
def telling_words_of(organisation_ids: frozenset[UUID]) -> Iterator[None]:
    """Let a file hold what members of these departments wrote, and of no other."""
    token = _TOLD.set(organisation_ids)
    try:
        yield
    finally:
        _TOLD.reset(token)


def tells_words_of(organisation_id: UUID) -> bool:
    """Whether an `ExportPart` may put in words that this department wrote."""
    return organisation_id in _TOLD.get()
