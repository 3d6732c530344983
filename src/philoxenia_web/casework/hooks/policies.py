"""Who looks after hooks: supervisors and people of partners, each for their own organisation."""

from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext, gettext_lazy

from philoxenia_web.accounts.access import Actor, Permission
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.models.hooks import Hook
from philoxenia_web.registry.policies import organisations_with

HOOKS = Permission(
    "casework.hooks",
    gettext_lazy("say which address is told of changes; supervisors and partners do that"),
    frozenset({Role.SUPERVISOR, Role.PARTNER}),
)


def hook_for(actor: Actor, hook_id: UUID, *, lock: bool = False) -> Hook:
    """A hook of the actor's own organisation. Raises `Http404` for every other."""
    rows = Hook.objects.select_for_update(no_key=True) if lock else Hook.objects.all()
    found = rows.filter(pk=hook_id, organisation__in=organisations_with(actor, HOOKS)).first()
    if found is None:
        raise Http404(gettext("There is no such address here."))
    return found
