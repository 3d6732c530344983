"""What the accounts app allows, and which roles may be granted where."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Actor, Denied, Permission, can
from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.accounts.roles import Role

MANAGE_PEOPLE = Permission(
    "accounts.manage_people",
    _("manage people, organisations and roles; administrators do that"),
    frozenset({Role.ADMINISTRATOR}),
)
READ_TRAIL = Permission(
    "accounts.read_trail", _("read the audit trail; auditors do that"), frozenset({Role.AUDITOR})
)


def grantable_roles(organisation: Organisation) -> list[Role]:
    """The roles that people of an organisation may hold, by the installation's rules."""
    return [Role(name) for name in settings.ROLES_BY_KIND[organisation.kind]]


def check_grantable(organisation: Organisation, roles: set[Role]) -> None:
    """Raise a sentence unless people of the organisation may hold all these roles."""
    outside = roles - set(grantable_roles(organisation))
    if outside:
        raise Denied(
            _("People of %(organisation)s cannot hold the role %(role)s.")
            % {"organisation": organisation, "role": min(role.label for role in outside)}
        )
    if not organisation.active:
        raise Denied(_("%(organisation)s is closed. Reopen it first.") % {"organisation": organisation})


def check_separate_duties(person: Person | None, organisation: Organisation, roles: set[Role]) -> None:
    """Raise a sentence if somebody would watch over what they do themselves."""
    elsewhere = Membership.objects.filter(person=person).exclude(organisation=organisation)
    held = roles | {Role(name) for name in elsewhere.values_list("role", flat=True)} if person else roles
    if Role.AUDITOR in held and len(held) > 1:
        raise Denied(_("An auditor holds no other role, so that nobody watches over their own work."))


def check_not_self(actor: Actor, person: Person) -> None:
    """Raise a sentence where one would change one's own rights."""
    if actor.person_id == person.pk:
        raise Denied(
            _("You cannot change your own roles or close your own account. Ask another administrator.")
        )


def check_administrator_remains(leaving: Person) -> None:
    """Raise a sentence if nobody could manage the installation without this person."""
    others = Membership.objects.filter(
        role=Role.ADMINISTRATOR, person__is_active=True, organisation__active=True
    ).exclude(person=leaving)
    # Locked, so that two administrators cannot remove each other at the same moment.
    if not list(others.select_for_update(no_key=True).values_list("pk", flat=True)):
        raise Denied(_("This is the last administrator. Make somebody else an administrator first."))


def can_manage_people(actor: Actor) -> bool:
    """Whether the actor sees the pages of people and organisations."""
    return can(actor, MANAGE_PEOPLE)


def can_read_trail(actor: Actor) -> bool:
    """Whether the actor sees the audit trail."""
    return can(actor, READ_TRAIL)
