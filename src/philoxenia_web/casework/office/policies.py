"""Who may look at what the office did: counts that tell of nobody, so more people than may see cases."""

from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Permission
from philoxenia_web.accounts.roles import Role

READ_OFFICE = Permission(
    "casework.read_office",
    _("see what the front door did; caseworkers, supervisors and planners do that"),
    frozenset({Role.CASEWORKER, Role.SUPERVISOR, Role.PLANNER}),
)
