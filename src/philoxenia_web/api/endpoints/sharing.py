"""Who else may read a finished study."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from philoxenia_web.accounts.access import actor_of
from philoxenia_web.api.operations import Made, operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.repeating import key_for_action
from philoxenia_web.api.values import Answer, Body, Day, Id
from philoxenia_web.studies import actions, queries
from philoxenia_web.studies.policies import SHARE

router = Router(tags=["Sharing"])


class ShareDetail(Answer):
    """Who may read: an organisation, a role, both, or (with neither) everybody who signs in."""

    id: UUID
    organisation_id: UUID | None
    role: str
    until: date | None
    created_at: datetime


class NewShare(Body):
    """With whom to share, and until which day."""

    organisation_id: Id | None = None
    role: Literal["", "planner", "data_steward", "caseworker", "partner"] = ""
    until: Day | None = None


@operation(
    router,
    "GET",
    "/studies/{study_id}/shares",
    id="listShares",
    permission=SHARE,
    answer=Page[ShareDetail],
)
def list_shares(request: HttpRequest, study_id: Id, paging: Query[Paging]) -> Any:
    """The shares that hold today."""
    study = queries.own_study_for(actor_of(request), study_id, SHARE)
    return page_of(request, queries.live_shares(study), Order(("created_at", "id")), paging)


@operation(
    router,
    "POST",
    "/studies/{study_id}/shares",
    id="shareStudy",
    permission=SHARE,
    answer=ShareDetail,
    status=201,
    creates=True,
)
def share_study(request: HttpRequest, study_id: Id, body: NewShare) -> Any:
    """Let others read a finished study. Shared with the same before: that share gets the new end."""
    made = actions.share(actor_of(request), study_id, key=key_for_action(request), **body.model_dump())
    made.refresh_from_db()
    return Made(made, f"/api/v1/studies/{study_id}/shares")


@operation(
    router,
    "DELETE",
    "/studies/{study_id}/shares/{share_id}",
    id="unshareStudy",
    permission=SHARE,
    status=204,
)
def unshare_study(request: HttpRequest, study_id: Id, share_id: Id) -> None:
    """End a share. Twice does no harm."""
    actions.unshare(actor_of(request), study_id, share_id)
