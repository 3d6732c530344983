"""Who may look after which records of the directory."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from philoxenia_web.accounts.access import SYSTEM, Actor, Denied, Permission, can, check_can
from philoxenia_web.accounts.roles import Role
from philoxenia_web.directory.models import Organization, Service

EDIT = Permission(
    "directory.edit",
    gettext_lazy("edit the directory; editors do that, and partners for their own services"),
    frozenset({Role.EDITOR, Role.PARTNER}),
)
LOOK_AFTER = Permission(
    "directory.look_after",
    gettext_lazy("look after the whole directory; directory editors do that"),
    frozenset({Role.EDITOR}),
)
TRANSLATE = Permission(
    "directory.translate",
    gettext_lazy("translate the directory; translators and directory editors do that"),
    frozenset({Role.EDITOR, Role.TRANSLATOR}),
)


def sees_all(actor: Actor) -> bool:
    """Whether every record is theirs to edit, not only those of their own organisation."""
    return can(actor, LOOK_AFTER)


def _own(actor: Actor) -> list[UUID]:
    return [place for place, role in actor.memberships if role in EDIT.roles]


def editable_organizations(actor: Actor) -> QuerySet[Organization]:
    """The organisations whose records the actor may edit."""
    found = Organization.objects.all()
    return found if sees_all(actor) else found.filter(member__in=_own(actor))


def editable_services(actor: Actor) -> QuerySet[Service]:
    """The services the actor may edit."""
    found = Service.objects.select_related("organization")
    return found if sees_all(actor) else found.filter(organization__member__in=_own(actor))


def check_edit(actor: Actor, organization: Organization | None) -> None:
    """Raise a sentence unless the actor may edit records of this organisation."""
    check_can(actor, EDIT)
    if actor is SYSTEM or sees_all(actor):
        return
    if organization is None or organization.member_id not in _own(actor):
        raise Denied(_("You edit the services of your own organisation. Ask a directory editor."))
