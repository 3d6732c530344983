"""Organisations: departments of the city and partners."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from philoxenia_web.accounts import actions, queries
from philoxenia_web.accounts.access import SIGNED_IN, actor_of, can
from philoxenia_web.accounts.policies import MANAGE_PEOPLE
from philoxenia_web.api.operations import Made, operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.repeating import key_for_action
from philoxenia_web.api.values import Answer, Body, Id, Name, YesNo

router = Router(tags=["Organisations"])
Kind = Literal["department", "partner"]


class OrganisationDetail(Answer):
    """A department or partner."""

    id: UUID
    name: str
    kind: str
    active: bool
    created_at: datetime
    version: int


class NewOrganisation(Body):
    """What an organisation needs to begin."""

    name: Name
    kind: Kind


class OrganisationChange(Body):
    """What to change; what is left out stays."""

    name: Name | None = None
    active: bool | None = Field(None, description="false closes it: roles in it count no more.")


class OrganisationFilter(BaseModel):
    """Which organisations."""

    active: YesNo | None = None
    kind: Kind | None = None


def _visible(request: HttpRequest) -> QuerySet[Any]:
    """The closed ones are for those who manage them."""
    return queries.organisations(with_closed=can(actor_of(request), MANAGE_PEOPLE))


@operation(
    router,
    "GET",
    "/organisations",
    id="listOrganisations",
    permission=SIGNED_IN,
    answer=Page[OrganisationDetail],
)
def list_organisations(
    request: HttpRequest, filters: Query[OrganisationFilter], paging: Query[Paging]
) -> Any:
    """Organisations by name. Closed ones are listed for administrators."""
    found = _visible(request)
    if filters.active is not None:
        found = found.filter(active=filters.active == "true")
    if filters.kind is not None:
        found = found.filter(kind=filters.kind)
    return page_of(request, found, Order(("name", "id")), paging)


@operation(
    router,
    "GET",
    "/organisations/{organisation_id}",
    id="readOrganisation",
    permission=SIGNED_IN,
    answer=OrganisationDetail,
)
def read_organisation(request: HttpRequest, organisation_id: Id) -> Any:
    """One organisation."""
    return get_object_or_404(_visible(request), pk=organisation_id)


@operation(
    router,
    "POST",
    "/organisations",
    id="makeOrganisation",
    permission=MANAGE_PEOPLE,
    answer=OrganisationDetail,
    status=201,
    creates=True,
)
def make_organisation(request: HttpRequest, body: NewOrganisation) -> Any:
    """Add a department or partner. Names are unique."""
    actor = actor_of(request)
    made = actions.make_organisation(actor, body.name, body.kind, key=key_for_action(request))
    made.refresh_from_db()
    return Made(made, f"/api/v1/organisations/{made.pk}")


@operation(
    router,
    "PATCH",
    "/organisations/{organisation_id}",
    id="changeOrganisation",
    permission=MANAGE_PEOPLE,
    answer=OrganisationDetail,
    changes=read_organisation,
)
def change_organisation(request: HttpRequest, organisation_id: Id, body: OrganisationChange) -> Any:
    """Rename, close or reopen an organisation."""
    actor, current = actor_of(request), read_organisation(request, organisation_id)
    if body.name is not None and body.name != current.name:
        current = actions.rename_organisation(actor, current.pk, body.name, current.version)
    if body.active is not None and body.active != current.active:
        current = actions.set_organisation_active(actor, current.pk, body.active, current.version)
    return current
