"""What a person may know of themselves, in their own visit: the record, and who read it and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.registry.models import Reading
from philoxenia_web.registry.people import reading, shapes
from philoxenia_web.registry.people.records import open_rows
from philoxenia_web.registry.people.visits import visited
from philoxenia_web.registry.people.writing import Opened, birth_of

# A page shows so many; an export has all.
MOST_READINGS = 50
# What a person is told by whom it was read: their own looks and those of the machine are no news.
_OWN = "own_page"


@dataclass(frozen=True, repr=False)
class Own:
    """A person's record as they may see it: number, values by field in plain JSON, version."""

    id: UUID
    number: str
    organisation_id: UUID
    values: dict[str, Any]
    version: int
    made_at: datetime


@dataclass(frozen=True)
class Look:
    """That somebody read: when, for which organisation, why (a code of the reasons), which fields."""

    at: datetime
    organisation: str
    reason: str
    fields: list[str]


def opened(resident_id: UUID) -> Opened:
    """The person's row, open. Raises `Http404` where the visit does not see it."""
    found = open_rows([resident_id])
    if resident_id not in found:
        raise Http404
    return found[resident_id]


def birth(resident_id: UUID) -> shapes.Birth | None:
    """When the person was born, as far as it is known."""
    return birth_of(opened(resident_id).brief)


def own_record(resident_id: UUID) -> Own:
    """Everything the record holds; that it was looked at is written down too."""
    from philoxenia_web.registry.people.numbers import shown  # noqa: PLC0415

    one = opened(resident_id)
    told = one.details()
    reading.note(visited(), "registry.read_own", [resident_id], _OWN, shapes.FIELDS)
    values = {name: told.get(name) for name in shapes.FIELDS if told.get(name) not in (None, "", [], {})}
    return Own(
        resident_id,
        shown(one.brief.get("#", "")),
        one.row.organisation_id,
        values,
        one.row.version,
        one.row.made_at,
    )


def looks(resident_id: UUID, most: int | None = MOST_READINGS) -> list[Look]:
    """Who read of the person, the newest first; the person's own looks left out."""
    found = Reading.objects.filter(resident_id=resident_id).exclude(reason=_OWN).order_by("-at")[:most]
    rows = list(found)
    names = names_of(one.organisation_id for one in rows)
    nobody = _("Philoxenia itself")
    return [
        Look(one.at, names.get(one.organisation_id, nobody), one.reason, list(one.fields)) for one in rows
    ]


def names_of(organisation_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Names of organisations by id."""
    wanted = {one for one in organisation_ids if one}
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))


def is_own(actor: Actor) -> bool:
    """Whether this is the person's own visit and nobody's of the staff."""
    return actor == Actor()
