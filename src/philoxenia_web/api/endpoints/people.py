"""People who sign in, and their roles."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router
from pydantic import BaseModel, Field

from philoxenia_web.accounts import actions, queries
from philoxenia_web.accounts.access import actor_of
from philoxenia_web.accounts.policies import MANAGE_PEOPLE
from philoxenia_web.accounts.roles import Role
from philoxenia_web.api.operations import operation
from philoxenia_web.api.paging import Order, Page, Paging, page_of
from philoxenia_web.api.values import Answer, Body, Id, RoleName, YesNo

router = Router(tags=["People"])


class Held(Answer):
    """A role held in an organisation."""

    organisation_id: UUID
    role: RoleName


class PersonDetail(Answer):
    """Somebody who signs in."""

    id: UUID
    name: str
    email: str
    language: str
    active: bool
    roles: list[Held]
    created_at: datetime
    version: int


class PersonChange(Body):
    """Close an account or open it again."""

    active: bool


class RolesChange(Body):
    """The roles to hold from now on; none takes the person out of the organisation."""

    roles: list[RoleName] = Field(max_length=6)


class PersonFilter(BaseModel):
    """Which people."""

    organisation_id: Id | None = None
    role: RoleName | None = None
    active: YesNo | None = None


def shown(person: Any) -> dict[str, Any]:
    """A person as the interface tells of them."""
    held = sorted((one.organisation_id, one.role) for one in person.memberships.all())
    return {
        **{
            name: getattr(person, name)
            for name in ("id", "name", "email", "language", "created_at", "version")
        },
        "active": person.is_active,
        "roles": [{"organisation_id": place, "role": role} for place, role in held],
    }


@operation(router, "GET", "/people", id="listPeople", permission=MANAGE_PEOPLE, answer=Page[PersonDetail])
def list_people(request: HttpRequest, filters: Query[PersonFilter], paging: Query[Paging]) -> Any:
    """People by name, with the roles they hold."""
    found = queries.people()
    if filters.active is not None:
        found = found.filter(is_active=filters.active == "true")
    held = {"organisation_id": filters.organisation_id, "role": filters.role}
    wanted = {f"memberships__{name}": value for name, value in held.items() if value is not None}
    if wanted:
        found = found.filter(**wanted).distinct()
    return page_of(request, found, Order(("name", "id")), paging, shown)


@operation(
    router, "GET", "/people/{person_id}", id="readPerson", permission=MANAGE_PEOPLE, answer=PersonDetail
)
def read_person(request: HttpRequest, person_id: Id) -> Any:
    """One person."""
    return shown(get_object_or_404(queries.people(), pk=person_id))


@operation(
    router,
    "PATCH",
    "/people/{person_id}",
    id="changePerson",
    permission=MANAGE_PEOPLE,
    answer=PersonDetail,
    changes=read_person,
)
def change_person(request: HttpRequest, person_id: Id, body: PersonChange) -> Any:
    """Close an account, which ends its sessions and tokens at once, or open it again."""
    current = read_person(request, person_id)
    if body.active != current["active"]:
        act = actions.reactivate if body.active else actions.deactivate
        act(actor_of(request), person_id, current["version"])
    return read_person(request, person_id)


@operation(
    router,
    "PUT",
    "/people/{person_id}/roles/{organisation_id}",
    id="setRoles",
    permission=MANAGE_PEOPLE,
    answer=PersonDetail,
    changes=read_person,
)
def set_roles(request: HttpRequest, person_id: Id, organisation_id: Id, body: RolesChange) -> Any:
    """Let somebody hold exactly these roles in an organisation. If-Match takes the person's ETag."""
    current = read_person(request, person_id)
    roles = {Role(name) for name in body.roles}
    actions.set_roles(actor_of(request), person_id, organisation_id, roles, current["version"])
    return read_person(request, person_id)


@operation(
    router,
    "POST",
    "/people/{person_id}/sign-out",
    id="signOutPerson",
    permission=MANAGE_PEOPLE,
    status=204,
)
def sign_out_person(request: HttpRequest, person_id: Id) -> None:
    """End every session and token of somebody. Twice does no harm."""
    actions.sign_out_everywhere(actor_of(request), person_id)


@operation(
    router,
    "POST",
    "/people/{person_id}/reset-second-factor",
    id="resetSecondFactor",
    permission=MANAGE_PEOPLE,
    answer=PersonDetail,
    changes=read_person,
)
def reset_second_factor(request: HttpRequest, person_id: Id) -> Any:
    """Take away the second factors of somebody who lost them; they set up new ones at the next sign-in."""
    current = read_person(request, person_id)
    actions.reset_second_factor(actor_of(request), person_id, current["version"])
    return read_person(request, person_id)
