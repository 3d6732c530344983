"""Who may hand in lists of people, and who may read of a person: a reviewer the agreement names alone."""

import datetime
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import SYSTEM, Actor, Denied, Permission, check_can
from philoxenia_web.accounts.roles import Role
from philoxenia_web.registry.models import DataKey
from philoxenia_web.registry.refusals import KeyGone

HAND_IN = Permission(
    "registry.hand_in", _("hand in a list of people; data stewards do that"), frozenset({Role.DATA_STEWARD})
)
READ_PEOPLE = Permission(
    "registry.read_people",
    _("see names of people; link reviewers do that, under an agreement that names them"),
    frozenset({Role.REVIEWER}),
)


def organisations_with(actor: Actor, permission: Permission) -> frozenset[UUID]:
    """The organisations in which the actor holds a role that grants the permission."""
    if actor.scopes is not None and permission.name not in actor.scopes:
        return frozenset()
    return frozenset(place for place, role in actor.memberships if role in permission.roles)


def today() -> datetime.date:
    """The day on which an agreement is looked at."""
    return timezone.localdate()


def refusal_of_key(key: DataKey | None) -> str:
    """Why nothing kept under an agreement may be opened now, as a sentence; '' where it may."""
    if key is None:
        return gettext("This agreement has no key yet: it begins when every department has signed.")
    if key.destroyed_at:
        told = {"date": date_format(timezone.localtime(key.destroyed_at).date())}
        return (
            gettext(
                "The key of this agreement was destroyed on %(date)s, so nothing kept under it can be read."
            )
            % told
        )
    if today() > key.valid_until:
        told = {"date": date_format(key.valid_until)}
        return gettext("This agreement ended on %(date)s, so nothing kept under it may be read.") % told
    return ""


def check_key(key: DataKey | None) -> DataKey:
    """Raise `KeyGone` unless what is kept under the agreement may be opened today."""
    if (refusal := refusal_of_key(key)) or key is None:
        raise KeyGone(refusal)
    return key


def check_reviewer(actor: Actor, key: DataKey | None) -> None:
    """Raise unless the actor is a reviewer whom this agreement names; for others there is no agreement."""
    if actor is SYSTEM:
        return
    check_can(actor, READ_PEOPLE)
    if key is None or actor.person_id not in key.reviewer_ids:
        raise Http404(gettext("There is no such agreement, or it does not name you as a reviewer."))


def check_system(actor: Actor) -> None:
    """Raise unless a run of the application itself asks: nobody reads a whole list."""
    if actor is not SYSTEM:
        raise Denied(gettext("Nobody reads a whole list of people; only a linkage run does."))
