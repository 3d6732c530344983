"""Who the token or sign-in belongs to, and giving a token back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from philoxenia_web.accounts.access import SIGNED_IN, actor_of
from philoxenia_web.api import actions
from philoxenia_web.api.operations import operation
from philoxenia_web.api.problems import Problem
from philoxenia_web.api.values import Answer

router = Router(tags=["Me"])


class HeldRole(Answer):
    """A role held in an organisation."""

    organisation_id: UUID
    role: str


class Me(Answer):
    """The person who acts. `scopes` is null for a browser's sign-in, which has no limit of its own."""

    person_id: UUID
    name: str
    roles: list[HeldRole]
    scopes: list[str] | None


@operation(router, "GET", "/me", id="readMe", permission=SIGNED_IN, answer=Me)
def read_me(request: HttpRequest) -> Any:
    """The person, roles and scopes behind this request."""
    actor = actor_of(request)
    held = sorted(actor.memberships, key=str)
    return {
        "person_id": actor.person_id,
        "name": actor.name,
        "roles": [{"organisation_id": place, "role": role} for place, role in held],
        "scopes": None if actor.scopes is None else sorted(actor.scopes),
    }


@operation(router, "DELETE", "/me/token", id="revokeMyToken", permission=SIGNED_IN, status=204)
def revoke_my_token(request: HttpRequest) -> None:
    """Revoke the token this request came with; it opens nothing from then on."""
    subject = str(getattr(request, "rate_subject", ""))
    if not subject.startswith("token:"):
        raise Problem("conflict", "This request came with a browser's sign-in, not with a token.")
    actions.revoke_token(actor_of(request), UUID(subject.removeprefix("token:")))
