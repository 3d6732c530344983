"""Who may do what with data sets, and when an agreement lets a version be used."""

import datetime
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import SYSTEM, Actor, Denied, Permission
from philoxenia_web.accounts.roles import Role
from philoxenia_web.datasets.models import Agreement, Purpose, Version

SEE = Permission(
    "datasets.see",
    _("see data sets"),
    frozenset({Role.PLANNER, Role.DATA_STEWARD, Role.CASEWORKER, Role.PARTNER, Role.AUDITOR}),
)
READ = Permission(
    "datasets.read",
    _("read the rows of data sets"),
    frozenset({Role.PLANNER, Role.DATA_STEWARD, Role.CASEWORKER, Role.PARTNER}),
)
HAND_IN = Permission("datasets.hand_in", _("hand in an extract"), frozenset({Role.DATA_STEWARD}))
PUBLISH = Permission("datasets.publish", _("publish a data set"), frozenset({Role.DATA_STEWARD}))
WITHDRAW = Permission("datasets.withdraw", _("withdraw a data set"), frozenset({Role.DATA_STEWARD}))

# These see that a data set exists even where its rows are not for them.
_SEE_ALL = frozenset({Role.PLANNER, Role.DATA_STEWARD, Role.AUDITOR})


def sees_everything(actor: Actor) -> bool:
    """Whether the actor may know of every published data set, not only of those it may use."""
    return actor is SYSTEM or bool(actor.roles & _SEE_ALL)


def organisations_with(actor: Actor, permission: Permission) -> frozenset[UUID]:
    """The organisations in which the actor holds a role that grants the permission."""
    if actor.scopes is not None and permission.name not in actor.scopes:
        return frozenset()
    return frozenset(place for place, role in actor.memberships if role in permission.roles)


def agreed_for(organisations: Iterable[UUID]) -> Q:
    """Agreements that name one of these organisations, or everybody, or are theirs."""
    mine = list(organisations)
    return Q(everybody=True) | Q(organisations__in=mine) | Q(of__organisation__in=mine)


class UseRefused(Denied):
    """The agreement does not let these data be used so; the message says why and whom to ask."""


def refusal_of_use(
    actor: Actor, version: Version, agreement: Agreement | None, purpose: str, today: datetime.date
) -> str:
    """Why the version may not be used, as a sentence; '' where it may."""
    told = {"title": str(version), "owner": str(version.organisation)}
    if version.state == Version.State.WITHDRAWN:
        return gettext("“%(title)s” was withdrawn by %(owner)s and may no longer be used.") % told
    if version.state != Version.State.PUBLISHED or agreement is None:
        return gettext("“%(title)s” is not published.") % told
    return _outside(agreement, told, today) or _not_agreed(actor, version, agreement, purpose, told)


def _outside(agreement: Agreement, told: dict[str, str], today: datetime.date) -> str:
    if agreement.valid_until and today > agreement.valid_until:
        told["date"] = date_format(agreement.valid_until)
        return (
            gettext(
                "The agreement on “%(title)s” ended on %(date)s. Ask %(owner)s to renew it before using it."
            )
            % told
        )
    if today < agreement.valid_from:
        told["date"] = date_format(agreement.valid_from)
        return gettext("The agreement on “%(title)s” begins on %(date)s; it may not be used before.") % told
    return ""


def _not_agreed(
    actor: Actor, version: Version, agreement: Agreement, purpose: str, told: dict[str, str]
) -> str:
    if purpose and purpose not in agreement.purposes:
        told["purpose"] = str(dict(Purpose.choices).get(purpose, purpose))
        return (
            gettext(
                "“%(title)s” is not agreed for this purpose: %(purpose)s. Ask %(owner)s to add the purpose."
            )
            % told
        )
    mine = organisations_with(actor, READ)
    allowed = {*(organisation.pk for organisation in agreement.organisations.all()), version.organisation_id}
    if actor is not SYSTEM and not agreement.everybody and not mine & allowed:
        return gettext("“%(title)s” is not agreed for your organisation. Ask %(owner)s to add it.") % told
    return ""
