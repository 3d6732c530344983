"""Who may do what about a person's rights."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Actor, Permission, can
from philoxenia_web.accounts.roles import Role

SERVE = Permission(
    "registry.serve_rights",
    _("serve people in their rights; caseworkers and supervisors do that"),
    frozenset({Role.CASEWORKER, Role.SUPERVISOR}),
)
DECIDE = Permission(
    "registry.decide_rights",
    _("decide that a person is forgotten, or that a list comes in; supervisors do that"),
    frozenset({Role.SUPERVISOR}),
)


def places(actor: Actor, permission: Permission) -> list[UUID]:
    """The organisations in which the actor may, by number."""
    return sorted({place for place, _role in actor.memberships if can(actor, permission, place)})
