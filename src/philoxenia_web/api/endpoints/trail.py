"""The audit trail: who did what, when, and how it was before and after."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from philoxenia_web.accounts.policies import READ_TRAIL
from philoxenia_web.accounts.views.trail import filtered
from philoxenia_web.api.operations import operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.values import Answer, Day, Id, Name, number

router = Router(tags=["Audit trail"])


class TrailEntry(Answer):
    """One thing done. Persons and organisations are ids, so that an entry outlives them."""

    id: int
    at: datetime
    person_id: UUID | None
    organisation_id: UUID | None
    action: str
    object_type: str
    object_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    request_id: str


class TrailFilter(BaseModel):
    """Which entries; `first` and `last` are days."""

    person_id: Id | None = None
    organisation_id: Id | None = None
    action: Name | None = Field(None, description="For example studies.start.")
    object_type: Name | None = None
    object_id: Name | None = None
    first: Day | None = None
    last: Day | None = None


@operation(router, "GET", "/trail", id="listTrail", permission=READ_TRAIL, answer=Page[TrailEntry])
def list_trail(request: HttpRequest, filters: Query[TrailFilter], paging: Query[Paging]) -> Any:
    """Entries, newest first."""
    told = filters.model_dump(exclude={"person_id", "organisation_id"})
    people = {"person_id": filters.person_id, "organisation_id": filters.organisation_id}
    found = filtered(told).filter(**{name: value for name, value in people.items() if value is not None})
    return page_of(request, found, Order(("id",), descending=True), paging)


@operation(router, "GET", "/trail/{entry_id}", id="readTrailEntry", permission=READ_TRAIL, answer=TrailEntry)
def read_trail_entry(request: HttpRequest, entry_id: number(1, 2**62)) -> Any:  # type: ignore[valid-type]
    """One entry."""
    return get_object_or_404(filtered({}), pk=entry_id)
