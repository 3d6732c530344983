"""What a person may know of themselves, in their own visit: the record, and who read it and why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Count, Max
from django.db.models.functions import TruncDate
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.registry.models import Reading
from philoxenia_web.registry.people import reading, shapes
from philoxenia_web.registry.people.merging import same_person
from philoxenia_web.registry.people.records import open_rows
from philoxenia_web.registry.people.visits import resident_visit, visited, visiting
from philoxenia_web.registry.people.writing import Opened, birth_of

T = TypeVar("T")
# A page shows so many lines; an export has each reading.
MOST_DAYS = 500
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
    """That somebody read: when, for which organisation, why (a code of the reasons), which fields.

    Where several of one day are told as one, `at` is the newest and `times` how many.
    """

    at: datetime
    organisation: str
    reason: str
    fields: list[str]
    times: int = 1


def of_each(resident_id: UUID, ask: Callable[[UUID], T]) -> list[T]:
    """Ask for every record of the person, each in its own visit; the record that is kept first."""
    with visiting(SYSTEM):
        ids = same_person(resident_id)
    made = []
    for one in ids:
        with resident_visit(one):
            made.append(ask(one))
    return made


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


def looks(resident_id: UUID) -> list[Look]:
    """Each time somebody read of a record, the newest first; the person's own looks left out."""
    rows = list(Reading.objects.filter(resident_id=resident_id).exclude(reason=_OWN).order_by("-at"))
    names = names_of(one.organisation_id for one in rows)
    nobody = _("Philoxenia itself")
    return [
        Look(one.at, names.get(one.organisation_id, nobody), one.reason, list(one.fields)) for one in rows
    ]


def looks_by_day(resident_ids: Iterable[UUID], most: int = MOST_DAYS) -> list[Look]:
    """Who read, the newest first: one line a day, organisation and reason, so that none hides another."""
    found = Reading.objects.filter(resident_id__in=set(resident_ids)).exclude(reason=_OWN)
    days = found.annotate(day=TruncDate("at")).order_by()
    rows = days.values("day", "organisation_id", "reason", "fields").annotate(Max("at"), Count("at"))
    held: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows.order_by("-at__max"):
        held.setdefault((row["day"], row["organisation_id"], row["reason"]), []).append(row)
    shown = list(held.items())[:most]
    names = names_of(place for (_day, place, _why), _rows in shown)
    nobody = _("Philoxenia itself")
    return [
        Look(
            same[0]["at__max"],
            names.get(place, nobody),
            why,
            sorted({field for row in same for field in row["fields"]}),
            sum(row["at__count"] for row in same),
        )
        for (_day, place, why), same in shown
    ]


def names_of(organisation_ids: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Names of organisations by id."""
    wanted = {one for one in organisation_ids if one}
    return dict(Organisation.objects.filter(pk__in=wanted).values_list("pk", "name"))
