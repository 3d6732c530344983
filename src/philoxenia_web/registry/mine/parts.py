"""Sections of a resident's own page that other apps add: appointments, referrals, card."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True)
class OwnPart:
    """A section. `context` runs in the resident's own visit; None leaves the section out.

    The template is rendered without a request: nothing of a session can come into it.
    """

    order: int
    title: str | Promise
    template: str
    context: Callable[[UUID], dict[str, Any] | None]


@dataclass(frozen=True)
class Filled:
    """A section with what it shows."""

    title: str | Promise
    template: str
    values: dict[str, Any]


_PARTS: dict[str, OwnPart] = {}


def add_own_part(part: OwnPart) -> None:
    """Called in an app's `ready`."""
    _PARTS[part.template] = part


def filled(resident_id: UUID) -> list[Filled]:
    """The sections that have something to say, in their order."""
    shown = []
    for part in sorted(_PARTS.values(), key=lambda one: (one.order, one.template)):
        values = part.context(resident_id)
        if values is not None:
            shown.append(Filled(part.title, part.template, values))
    return shown
