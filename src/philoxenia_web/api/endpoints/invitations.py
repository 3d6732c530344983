"""Places offered to people by e-mail."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from philoxenia_web.accounts import invitations, queries
from philoxenia_web.accounts.access import actor_of
from philoxenia_web.accounts.policies import MANAGE_PEOPLE
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api.operations import Made, operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.repeating import key_for_action
from philoxenia_web.api.values import Answer, Body, Id, RoleName, YesNo

router = Router(tags=["People"])
# 254 signs at most, which is what the parts' lengths add up to.
EMAIL = r"^[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,60}(\.[A-Za-z0-9-]{1,40}){1,3}$"
Email = Annotated[str, Field(pattern=EMAIL)]


class InvitationDetail(Answer):
    """A place offered. The link is only in the message."""

    id: UUID
    email: str
    organisation_id: UUID
    roles: list[str]
    language: str
    created_at: datetime
    expires_at: datetime
    accepted_at: datetime | None
    withdrawn_at: datetime | None


class NewInvitation(Body):
    """Whom to invite, where, with which roles; the message is written in the language."""

    email: Email
    organisation_id: Id
    roles: list[RoleName] = Field(min_length=1, max_length=6)
    language: Literal["", "en", "fr", "es", "ar", "el", "uk"] = ""


class InvitationFilter(BaseModel):
    """Which invitations."""

    open: YesNo | None = None


@operation(
    router,
    "GET",
    "/invitations",
    id="listInvitations",
    permission=MANAGE_PEOPLE,
    answer=Page[InvitationDetail],
)
def list_invitations(request: HttpRequest, filters: Query[InvitationFilter], paging: Query[Paging]) -> Any:
    """Invitations, newest first; `open=true` lists those that can still be accepted."""
    found = queries.open_invitations() if filters.open == "true" else queries.invitations()
    if filters.open == "false":
        found = found.exclude(pk__in=queries.open_invitations().values("pk"))
    return page_of(request, found, Order(("created_at", "id"), descending=True), paging)


@operation(
    router,
    "GET",
    "/invitations/{invitation_id}",
    id="readInvitation",
    permission=MANAGE_PEOPLE,
    answer=InvitationDetail,
)
def read_invitation(request: HttpRequest, invitation_id: Id) -> Any:
    """One invitation."""
    return get_object_or_404(queries.invitations(), pk=invitation_id)


@operation(
    router,
    "POST",
    "/invitations",
    id="invite",
    permission=MANAGE_PEOPLE,
    answer=InvitationDetail,
    status=201,
    creates=True,
)
def invite(request: HttpRequest, body: NewInvitation) -> Any:
    """Offer a place; the message goes out once."""
    if not queries.organisations(with_closed=True).filter(pk=body.organisation_id).exists():
        errors = [{"pointer": "/organisation_id", "detail": "There is no such organisation."}]
        raise Problem("refused", errors=errors)
    made = invitations.invite(
        actor_of(request),
        body.email,
        body.organisation_id,
        {Role(name) for name in body.roles},
        language=body.language,
        key=key_for_action(request),
    )
    return Made(_again(request, made.pk), f"/api/v1/invitations/{made.pk}")


@operation(
    router,
    "POST",
    "/invitations/{invitation_id}/resend",
    id="resendInvitation",
    permission=MANAGE_PEOPLE,
    answer=InvitationDetail,
    changes=read_invitation,
)
def resend_invitation(request: HttpRequest, invitation_id: Id) -> Any:
    """Send a new message with a new link; the old link ends."""
    invitations.resend(actor_of(request), invitation_id)
    return _again(request, invitation_id)


@operation(
    router,
    "DELETE",
    "/invitations/{invitation_id}",
    id="withdrawInvitation",
    permission=MANAGE_PEOPLE,
    status=204,
    changes=read_invitation,
)
def withdraw_invitation(request: HttpRequest, invitation_id: Id) -> None:
    """End an invitation that nobody has accepted."""
    invitations.withdraw(actor_of(request), invitation_id)


def _again(request: HttpRequest, invitation_id: UUID) -> Any:
    return read_invitation(request, invitation_id)
