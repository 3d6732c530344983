"""Who may do what with studies. With which study is decided in `queries`."""

from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Permission
from philoxenia_web.accounts.roles import Role

READ = Permission(
    "studies.read",
    _("read studies"),
    frozenset({Role.PLANNER, Role.DATA_STEWARD, Role.CASEWORKER, Role.PARTNER}),
)
# Settings, state and shares of a study, without its results.
READ_SETTINGS = Permission(
    "studies.read_settings",
    _("see how studies were made"),
    frozenset({Role.PLANNER, Role.DATA_STEWARD, Role.CASEWORKER, Role.PARTNER, Role.AUDITOR}),
)
RUN = Permission(
    "studies.run",
    _("make or run studies"),
    frozenset({Role.PLANNER}),
)
SHARE = Permission(
    "studies.share",
    _("share studies"),
    frozenset({Role.PLANNER}),
)
# Roles to which a result can be shown; administrators manage people and see no data for being that.
READERS = READ.roles
