"""Who takes part in giving cards, and who looks after keys and benefits."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Actor, Permission
from philoxenia_web.accounts.roles import Role

WORK = Permission(
    "cards.work",
    _("work with applications for city cards; caseworkers and supervisors do that"),
    frozenset({Role.CASEWORKER, Role.SUPERVISOR}),
)
MANAGE = Permission(
    "cards.manage",
    _("look after the keys and benefits of city cards; supervisors do that"),
    frozenset({Role.SUPERVISOR}),
)
REDEEM = Permission(
    "cards.redeem",
    _("redeem a benefit of the city card; partners, caseworkers and supervisors do that"),
    frozenset({Role.PARTNER, Role.CASEWORKER, Role.SUPERVISOR}),
)


def organisations_with(actor: Actor, permission: Permission) -> list[UUID]:
    """The organisations in which the actor holds a role that grants the permission."""
    if actor.scopes is not None and permission.name not in actor.scopes:
        return []
    return sorted({place for place, role in actor.memberships if role in permission.roles})
