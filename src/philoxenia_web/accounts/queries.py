"""Reads of organisations, people and invitations. What may be seen is decided by the page's permission."""

from uuid import UUID

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils import timezone

from philoxenia_web.accounts.models import Invitation, Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role


def organisations(*, with_closed: bool = False) -> QuerySet[Organisation]:
    """Organisations by name; the closed ones only when asked for."""
    return Organisation.objects.all() if with_closed else Organisation.objects.filter(active=True)


def people_of(organisation_id: UUID, *roles: Role) -> QuerySet[Person]:
    """Active people who hold a role, or one of these roles, in an organisation, by name."""
    # Asked of memberships: it is in this organisation that somebody has the role, not elsewhere.
    held = Membership.objects.filter(organisation=organisation_id)
    held = held.filter(role__in=[str(role) for role in roles]) if roles else held
    return Person.objects.filter(is_active=True, pk__in=held.values("person"))


def people_holding(role: Role) -> QuerySet[Person]:
    """Active people who hold a role in an active organisation, by name."""
    held = Membership.objects.filter(role=role, organisation__active=True).values("person")
    return Person.objects.filter(is_active=True, pk__in=held)


def people() -> QuerySet[Person]:
    """Everybody, with their roles read in one further query."""
    memberships = Membership.objects.select_related("organisation").order_by("organisation__name", "role")
    return Person.objects.prefetch_related(Prefetch("memberships", memberships))


def organisations_with_counts() -> QuerySet[Organisation]:
    """All organisations with how many active people they have."""
    active = Q(memberships__person__is_active=True)
    return Organisation.objects.annotate(people=Count("memberships__person", filter=active, distinct=True))


def invitations() -> QuerySet[Invitation]:
    """Every invitation, the newest first."""
    return Invitation.objects.select_related("organisation", "invited_by")


def open_invitations() -> QuerySet[Invitation]:
    """Those that can still be accepted."""
    return invitations().filter(
        accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now(), organisation__active=True
    )


def ids_meant(text: str) -> list[UUID]:
    """People by id, or by a part of name or e-mail address."""
    try:
        return [UUID(text.strip())]
    except ValueError:
        meant = Person.objects.filter(Q(name__icontains=text.strip()) | Q(email__icontains=text.strip()))
        return list(meant.values_list("pk", flat=True)[:1000])


def names_of(ids: set[UUID]) -> dict[UUID, str]:
    """What people and organisations are called, for pages that know only their ids."""
    named: dict[UUID, str] = dict(Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))
    named |= {person.pk: str(person) for person in Person.objects.filter(pk__in=ids)}
    return named
