"""Two records are one person's: a desk that has to do with one says so, and who holds the other is told."""

from collections.abc import Callable
from uuid import UUID

from django.db.models import F, Q
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor, can, check_can
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.policies import SUPERVISE, desks_of
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import merging
from philoxenia_web.registry.people.merging import Pair, Versions
from philoxenia_web.registry.people.visits import visiting

_MOST = 200
Tell = Callable[[UUID], None]
_TELL: list[Tell] = []


def on_joined(tell: Tell) -> None:
    """Called in a shell: `tell` tells an organisation that another desk decided on a record it holds."""
    if tell not in _TELL:
        _TELL.append(tell)


def look(actor: Actor, kept_id: UUID, other_id: UUID) -> Pair:
    """Both records, for a desk that may decide on them."""
    with visiting(actor):
        _check_right(actor, kept_id, other_id)
        return merging.look(actor, kept_id, other_id)


def join(actor: Actor, kept_id: UUID, other_id: UUID, looked_at: Versions) -> None:
    """Show two records as one person's. Twice is once."""
    _decide(actor, kept_id, other_id, lambda: merging.merge(actor, kept_id, other_id, looked_at))


def part(actor: Actor, kept_id: UUID, other_id: UUID, looked_at: Versions) -> None:
    """They are two people after all. Twice is once."""
    _decide(actor, kept_id, other_id, lambda: merging.unmerge(actor, other_id, looked_at))


def joined_with_others(actor: Actor) -> list[Resident]:
    """Records shown as one person's with a record of another department, where one is of the actor's team."""
    check_can(actor, SUPERVISE)
    mine = [place for place in desks_of(actor) if can(actor, SUPERVISE, place)]
    held = Q(organisation__in=mine) | Q(merged_into__organisation__in=mine)
    found = Resident.objects.filter(held, erased_at=None, merged_into__isnull=False)
    others = found.exclude(organisation=F("merged_into__organisation"))
    return list(
        others.select_related("organisation", "merged_into__organisation").order_by("-changed_at")[:_MOST]
    )


def _decide(actor: Actor, kept_id: UUID, other_id: UUID, act: Callable[[], None]) -> None:
    with visiting(actor):
        rows = _check_right(actor, kept_id, other_id)
        act()
        for place in {row.organisation_id for row in rows}.difference(desks_of(actor)):
            for tell in _TELL:
                tell(place)


def _check_right(actor: Actor, *resident_ids: UUID) -> list[Resident]:
    """The rows. Who only knows two numbers may not: a desk holds one of them, or works with the person."""
    rows = list(Resident.objects.filter(pk__in=resident_ids, erased_at=None))
    if len(rows) < len(resident_ids):
        raise Http404
    desks = desks_of(actor)
    if any(row.organisation_id in desks for row in rows):
        return rows
    live = Case.objects.filter(resident__in=resident_ids, organisation__in=desks).exclude(state="closed")
    if live.exists():
        return rows
    raise NotPossible(
        _("Your desk neither holds one of these records nor has a case with this person. Ask who holds it.")
    )
