"""Who may read what linked lists and surveys say of needs. Which run a person may read, `linkage` says."""

from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Permission
from philoxenia_web.accounts.roles import Role

# Protected tables only: no page of this app shows a person or a name.
READ = Permission(
    "needs.read",
    _("read which needs people have together"),
    frozenset({Role.PLANNER, Role.DATA_STEWARD}),
)
PROFILE = Permission(
    "needs.profile",
    _("hand in surveys and profile them"),
    frozenset({Role.PLANNER, Role.DATA_STEWARD}),
)
# Census figures and public records: those who keep or give services look for gaps as well.
READ_LANGUAGES = Permission(
    "needs.read_languages",
    _("read who finds no help in their own language"),
    frozenset({Role.PLANNER, Role.DATA_STEWARD, Role.CASEWORKER, Role.PARTNER, Role.EDITOR}),
)
