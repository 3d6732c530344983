"""Who may look at what the office did: counts that tell of nobody, so more people than may see cases.

Handing casework in under an agreement takes two roles in one department: supervisor and data steward.
"""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Actor, Permission, can
from philoxenia_web.accounts.roles import Role
from philoxenia_web.registry.policies import HAND_IN

READ_OFFICE = Permission(
    "casework.read_office",
    _("see what the front door did; caseworkers, supervisors and planners do that"),
    frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.PLANNER}),
)
HAND_IN_CASEWORK = Permission(
    "casework.hand_in",
    _("hand casework in under an agreement of linkage; supervisors who are data stewards do that"),
    frozenset({Role.SUPERVISOR}),
)


def handing_in(actor: Actor) -> list[UUID]:
    """Departments of which the actor may hand casework in."""
    places = sorted({place for place, _role in actor.memberships})
    return [one for one in places if can(actor, HAND_IN_CASEWORK, one) and can(actor, HAND_IN, one)]
