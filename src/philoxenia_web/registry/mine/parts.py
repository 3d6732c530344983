"""Sections of a resident's own page that other apps add: appointments, referrals, card."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info


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
    """A section as it is shown: rendered in the visit, as what it shows may be read late."""

    order: int
    template: str
    title: str | Promise
    values: dict[str, Any]
    html: SafeString


_PARTS: dict[str, OwnPart] = {}


def add_own_part(part: OwnPart) -> None:
    """Called in an app's `ready`."""
    _PARTS[part.template] = part


def filled(resident_id: UUID) -> list[Filled]:
    """The sections that have something to say of one record; in the resident's own visit."""
    language = get_language_info(get_language() or "en")
    shown = []
    for part in _PARTS.values():
        values = part.context(resident_id)
        if values is not None:
            told = {"language": language, "values": values, **values}
            html = render_to_string(part.template, told)
            shown.append(Filled(part.order, part.template, part.title, values, html))
    return shown


def joined(found: Iterable[Filled]) -> list[Filled]:
    """In their order; the same section of two records of one person as one."""
    made: dict[str, Filled] = {}
    for one in sorted(found, key=lambda each: (each.order, each.template)):
        before = made.get(one.template)
        made[one.template] = replace(one, html=before.html + one.html) if before else one
    return list(made.values())
