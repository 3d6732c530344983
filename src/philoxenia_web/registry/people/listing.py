"""What a list of people under an agreement says of each: all names, and the birth as far as it is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import grants, reading
from philoxenia_web.registry.people.permissions import desks_of
from philoxenia_web.registry.people.records import open_rows
from philoxenia_web.registry.people.shapes import Birth, Unspoken
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.people.writing import Opened, birth_of

# One row of the trail names so many people at most.
_AT_ONCE = 500
_FIELDS = frozenset({"names", "birth"})


@dataclass(frozen=True, repr=False)
class Listed(Unspoken):
    """One line: the name as it is usually written, and a birth as ISO day or year, '' where unknown."""

    id: UUID
    name: str
    born: str
    synthetic: bool


def unrestricted(actor: Actor, resident_ids: Iterable[UUID]) -> set[UUID]:
    """Those whom the visit sees and whose records are not restricted; nothing of them is opened."""
    with visiting(actor):
        found = Resident.objects.filter(pk__in=set(resident_ids), erased_at=None, restricted=False)
        return set(found.values_list("pk", flat=True))


def listed(actor: Actor, resident_ids: Iterable[UUID], reason: str) -> list[Listed]:
    """Lines by id, for those whom the visit sees; that each was read is kept, and shown to the person."""
    ids = sorted(set(resident_ids))
    found: list[Listed] = []
    with visiting(actor):
        for at in range(0, len(ids), _AT_ONCE):
            opened = _granted(actor, open_rows(ids[at : at + _AT_ONCE]))
            reading.note(actor, "registry.read_briefs", opened, reason, _FIELDS)
            found += [_line(number, opened[number]) for number in sorted(opened)]
    return found


def _granted(actor: Actor, opened: dict[UUID, Opened]) -> dict[UUID, Opened]:
    """Those of whom the actor may see what a line says."""
    seen = grants.fields_of_each(actor, [one.row for one in opened.values()], desks_of(actor))
    return {number: one for number, one in opened.items() if seen[number] >= _FIELDS}


def _line(number: UUID, one: Opened) -> Listed:
    name = next(iter(one.brief.get("n", ())), "")
    return Listed(number, name, _born(birth_of(one.brief)), one.row.synthetic)


def _born(birth: Birth | None) -> str:
    """A day that is only assumed is left out: linkage would take it for known."""
    if birth is None:
        return ""
    return birth.date if birth.date and birth.certainty == "exact" else str(birth.known_year or "")
