"""Who refers, who receives, who agrees on what is shared, who opens in an emergency and who reviews that."""

from uuid import UUID

from django.utils.translation import gettext_lazy

from philoxenia_web.accounts.access import SYSTEM, Actor, Permission, can
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.models.referrals import Referral, SharingAgreement

RECEIVE = Permission(
    "casework.receive",
    gettext_lazy("answer referrals; partners, caseworkers and supervisors do that"),
    frozenset({Role.PARTNER, Role.CASEWORKER, Role.SUPERVISOR}),
)
AGREE = Permission(
    "casework.agree",
    gettext_lazy("agree on what is shared; supervisors do that, and partners for their own organisation"),
    frozenset({Role.PARTNER, Role.SUPERVISOR}),
)


def places_with(actor: Actor, permission: Permission) -> list[UUID]:
    """The organisations in which the actor holds a role that grants the permission."""
    if actor.scopes is not None and permission.name not in actor.scopes:
        return []
    return sorted({place for place, role in actor.memberships if role in permission.roles})


def is_sender(actor: Actor, referral: Referral, permission: Permission) -> bool:
    """Whether the actor works where the referral came from."""
    return actor is SYSTEM or can(actor, permission, referral.sender_id)


def is_receiver(actor: Actor, referral: Referral) -> bool:
    """Whether the actor answers for the organisation that was asked, while there is something to answer."""
    return referral.ended_at is None and can(actor, RECEIVE, referral.receiver_id)


def sides_of(actor: Actor, agreement: SharingAgreement) -> set[str]:
    """On which sides of an agreement the actor may act: giver, taker, both or none."""
    sides = {"giver": agreement.giver_id, "taker": agreement.taker_id}
    return {side for side, place in sides.items() if can(actor, AGREE, place)}
