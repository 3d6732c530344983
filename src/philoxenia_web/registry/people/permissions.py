"""Who may search for residents: caseworkers and supervisors of departments. Partners see what is sent."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Actor, Permission
from philoxenia_web.accounts.roles import Role
from philoxenia_web.registry.people.visits import visited_desks

FIND_PEOPLE = Permission(
    "registry.find_people",
    _("look for residents; caseworkers and supervisors of a department do that"),
    frozenset({Role.CASEWORKER, Role.SUPERVISOR}),
)
LIFT_PROTECTION = Permission(
    "registry.lift_protection",
    _("lift the protection of a record; supervisors of the department that holds it do that"),
    frozenset({Role.SUPERVISOR}),
)


def desks_of(_actor: Actor) -> frozenset[UUID]:
    """Departments where the actor of this visit is a caseworker or supervisor, as the database holds it."""
    return visited_desks()
