"""Who somebody is: names, birth, guardians, languages; read for a card, and nothing else of the record."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import Reading, Resident
from philoxenia_web.registry.people import grants, limits, reading, shapes
from philoxenia_web.registry.people.permissions import desks_of
from philoxenia_web.registry.people.records import open_rows
from philoxenia_web.registry.people.visits import only_reading, visiting

_FIELDS = frozenset({"names", "birth", "guardians", "languages"})
_LATELY = timedelta(hours=1)


@dataclass(frozen=True, repr=False)
class Identity(shapes.Unspoken):
    """What stands on papers, who speaks for a child, and the languages spoken."""

    names: tuple[shapes.NameForm, ...]
    birth: shapes.Birth | None
    guardians: tuple[shapes.Guardian, ...]
    languages: tuple[shapes.Language, ...]


def identity(actor: Actor, resident_id: UUID, reason: str, place: UUID | None = None) -> Identity:
    """Read it, for an organisation; no record is opened. Raises `Http404` for whom the visit does not see."""
    with visiting(actor, place):
        opened = open_rows([resident_id]).get(resident_id)
        if opened is None or not grants.fields_of(actor, opened.row, desks_of(actor)) >= _FIELDS:
            raise Http404
        told = opened.details()
        reading.note(actor, "registry.read_identity", [resident_id], reason, _FIELDS, place=place)
        return Identity(**{name: shapes.shaped(name, told.get(name)) for name in _FIELDS})


def read_speakers(actor: Actor, resident_id: UUID, reason: str) -> bool:
    """Write down that birth and guardians are read, counted as an opening; False for who may not see both.

    Raises `NotPossible` for who opened the records of very many people within an hour.
    """
    with only_reading(actor):
        row = Resident.objects.filter(pk=resident_id, erased_at=None).first()
        if row is None or not grants.fields_of(actor, row, desks_of(actor)).issuperset(limits.SPEAKERS):
            return False
        limits.check_openings(actor)
        reading.note(actor, "registry.read_identity", [resident_id], reason, limits.SPEAKERS)
    return True


def read_lately(actor: Actor, resident_id: UUID) -> bool:
    """Whether this person opened this record within the hour, and so has said why."""
    since = timezone.now() - _LATELY
    with visiting(actor):
        found = Reading.objects.filter(resident_id=resident_id, person_id=actor.person_id, at__gt=since)
        return found.filter(fields__contains=["names"]).exists()
