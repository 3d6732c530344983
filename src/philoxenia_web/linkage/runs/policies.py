"""Who may run a linkage and who may read what a run found. Under which agreement is decided in `queries`."""

from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Permission
from philoxenia_web.accounts.roles import Role

RUN = Permission(
    "linkage.run",
    _("link the lists of an agreement; data stewards do that"),
    frozenset({Role.DATA_STEWARD}),
)
# How a run went and how far it may be trusted: no record of anybody.
READ_RUNS = Permission(
    "linkage.read_runs",
    _("read how linkages went; data stewards and auditors do that"),
    frozenset({Role.DATA_STEWARD, Role.AUDITOR}),
)
# Unprotected cells, for pages that protect them before they leave the server.
READ_CELLS = Permission(
    "linkage.read_cells",
    _("read what a linkage found; planners and data stewards do that"),
    frozenset({Role.PLANNER, Role.DATA_STEWARD}),
)
