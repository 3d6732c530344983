"""Who may see, make and end agreements; whether one is in force."""

from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from philoxenia_web.accounts.access import Actor, Permission
from philoxenia_web.accounts.roles import Role
from philoxenia_web.linkage.models import Agreement
from philoxenia_web.linkage.refusals import NotPossible
from philoxenia_web.registry.policies import organisations_with

SEE = Permission(
    "linkage.see",
    _("see linking agreements"),
    frozenset({Role.PLANNER, Role.DATA_STEWARD, Role.AUDITOR, Role.REVIEWER}),
)
MANAGE = Permission(
    "linkage.manage",
    _("make, sign and end linking agreements; data stewards do that"),
    frozenset({Role.DATA_STEWARD}),
)
REVIEW = Permission(
    "linkage.review",
    _("review doubtful pairs; link reviewers do that, under an agreement that names them"),
    frozenset({Role.REVIEWER}),
)
# Who takes part in an agreement through their department; reviewers are named one by one.
_BY_DEPARTMENT = {permission.name for permission in (SEE, MANAGE)}

__all__ = ["MANAGE", "REVIEW", "SEE", "check_live", "own_departments", "refusal_of", "seen_by"]


def seen_by(actor: Actor, permission: Permission) -> Q:
    """Agreements the actor has to do with: of its departments, or that name it as a reviewer.

    A reviewer sees what names the reviewer, wherever the department is.
    """
    reviews = Q(reviewer_ids__contains=[actor.person_id]) if organisations_with(actor, REVIEW) else Q(pk=None)
    if permission.name not in _BY_DEPARTMENT:
        return reviews
    roles = permission.roles - {Role.REVIEWER}
    departments = organisations_with(actor, Permission(permission.name, permission.words, roles))
    mine = Q(parties__organisation__in=departments)
    return mine | reviews if permission is SEE else mine


def own_departments(actor: Actor) -> frozenset[UUID]:
    """The departments the actor makes and signs agreements for."""
    return organisations_with(actor, MANAGE)


def refusal_of(agreement: Agreement) -> str:
    """Why nothing may be linked or reviewed under an agreement now, as a sentence; '' where it may."""
    if agreement.state == Agreement.State.PROPOSED:
        return gettext("This agreement waits for signatures; nothing may be handed in or linked before.")
    if agreement.state == Agreement.State.ENDED and agreement.ended_at:
        told = {"date": date_format(timezone.localtime(agreement.ended_at).date())}
        if agreement.began_at is None:
            return (
                gettext("This agreement was dropped on %(date)s before all had signed; it never began.")
                % told
            )
        return (
            gettext(
                "This agreement ended on %(date)s and its key was destroyed: lists, runs and reviews under "
                "it can no longer be read by anybody."
            )
            % told
        )
    if not agreement.is_live:
        told = {"date": date_format(agreement.valid_until)}
        return (
            gettext(
                "This agreement held until %(date)s; nothing under it may be used, and its key is destroyed."
            )
            % told
        )
    return ""


def check_live(agreement: Agreement) -> None:
    """Raise `NotPossible` with the sentence unless the agreement is in force today."""
    if refusal := refusal_of(agreement):
        raise NotPossible(refusal)
