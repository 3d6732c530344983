"""Who lives together. A household is a number its members share; nothing else is said of it."""

from collections.abc import Iterable
from uuid import UUID, uuid4

from django.db.models import Count
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.registry.models import HouseholdMember, Resident
from philoxenia_web.registry.people import grants, shapes
from philoxenia_web.registry.people.permissions import desks_of
from philoxenia_web.registry.people.sealed import keys_there
from philoxenia_web.registry.people.visits import visited, visiting
from philoxenia_web.registry.people.writing import birth_of, open_row
from philoxenia_web.registry.refusals import NotPossible

MOST_MEMBERS = 99
RELATIONS = HouseholdMember.Relation.choices


def begin(actor: Actor, resident_id: UUID) -> UUID:
    """The household of a resident; one of their own where they had none."""
    with visiting(actor):
        _hold(resident_id)
        one = HouseholdMember.objects.filter(resident_id=resident_id).first()
        if one is None:
            one = _add(actor, resident_id, uuid4(), HouseholdMember.Relation.HEAD)
        return one.household_id


def join(actor: Actor, resident_id: UUID, household_id: UUID, relation: str) -> None:
    """Let a resident be of a household; they leave the one they were in. Twice is once."""
    if relation not in HouseholdMember.Relation.values:
        raise NotPossible(_("One of the answers is not in its list. Choose one of the list."))
    with visiting(actor):
        here = HouseholdMember.objects.filter(household_id=household_id)
        if not here.exists():
            raise Http404
        if here.count() >= MOST_MEMBERS:
            raise NotPossible(_("A household has between 1 and 99 people."))
        _hold(resident_id)
        if here.filter(resident_id=resident_id, relation=relation).exists():
            return
        HouseholdMember.objects.filter(resident_id=resident_id).delete()
        _add(actor, resident_id, household_id, relation)


def leave(actor: Actor, resident_id: UUID) -> None:
    """Take a resident out of their household. Twice is once."""
    with visiting(actor):
        _hold(resident_id)
        one = HouseholdMember.objects.filter(resident_id=resident_id).first()
        if one is not None:
            one.delete()
            audit.record(actor, "registry.leave_household", Resident(pk=resident_id))


def _hold(resident_id: UUID) -> None:
    """Let nobody else move this resident meanwhile. Raises `Http404` for whom the visit does not see."""
    held = Resident.objects.select_for_update(no_key=True).filter(pk=resident_id, erased_at=None)
    if held.first() is None:
        raise Http404


def _add(actor: Actor, resident_id: UUID, household_id: UUID, relation: str) -> HouseholdMember:
    one = HouseholdMember.objects.create(
        resident_id=resident_id, household_id=household_id, relation=relation
    )
    after = {"household": str(household_id), "relation": relation}
    audit.record(actor, "registry.join_household", Resident(pk=resident_id), after=after)
    return one


def member_ids(resident_ids: Iterable[UUID]) -> set[UUID]:
    """Everybody who lives with these residents, themselves too where a household is written down."""
    homes = HouseholdMember.objects.filter(resident_id__in=list(resident_ids)).values("household_id")
    found = HouseholdMember.objects.filter(household_id__in=homes, resident__erased_at=None)
    return set(found.values_list("resident_id", flat=True))


def household_of(resident_id: UUID) -> UUID | None:
    """The household of a resident, within a visit."""
    return (
        HouseholdMember.objects.filter(resident_id=resident_id).values_list("household_id", flat=True).first()
    )


def members(actor: Actor, resident_id: UUID) -> tuple[shapes.Member, ...]:
    """Everybody of a resident's household whom this visit sees, the resident among them."""
    with visiting(actor):
        household_id = household_of(resident_id)
        return members_of(household_id) if household_id else ()


def members_of(household_id: UUID) -> tuple[shapes.Member, ...]:
    """Everybody of a household whose name this visit sees."""
    found = HouseholdMember.objects.filter(household_id=household_id, resident__erased_at=None)
    rows = list(found.select_related("resident").order_by("since"))
    actor = visited()
    seen = grants.fields_of_each(actor, [one.resident for one in rows], desks_of(actor))
    opened = keys_there(number for number, fields in seen.items() if "names" in fields)
    return tuple(
        _member(one, open_row(one.resident, opened[one.resident_id]).brief, seen[one.resident_id])
        for one in rows
        if one.resident_id in opened
    )


def _member(one: HouseholdMember, brief: dict[str, object], allowed: frozenset[str]) -> shapes.Member:
    birth, names = birth_of(brief), brief.get("n") or [""]
    year = birth.known_year if birth and allowed & {"birth", "birth_year"} else None
    return shapes.Member(one.resident_id, names[0], year, one.relation)  # type: ignore[index]


def sizes(resident_ids: Iterable[UUID]) -> dict[UUID, int]:
    """How many of each resident's household this visit sees; one query."""
    own = dict(
        HouseholdMember.objects.filter(resident_id__in=set(resident_ids)).values_list(
            "resident_id", "household_id"
        )
    )
    if not own:
        return {}
    counted = (
        HouseholdMember.objects.filter(household_id__in=set(own.values()))
        .values_list("household_id")
        .annotate(people=Count("resident_id"))
    )
    people = dict(counted)
    return {number: people[household] for number, household in own.items()}
