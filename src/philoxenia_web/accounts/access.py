"""Who may do what. Deny by default: a view that declares nothing is refused, so is a role not named.

Each app declares its permissions in its `policies.py`; views, API operations and actions name them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from philoxenia_web.accounts.models import Membership, Person
from philoxenia_web.accounts.roles import Role

View = TypeVar("View", bound=Callable[..., Any])


class Denied(PermissionDenied):
    """A sentence that says what may not be done and who can."""


@dataclass(frozen=True)
class Permission:
    """Something that some roles may do. `words` completes "You may not ..."; it is a lazy translation."""

    name: str
    words: str
    roles: frozenset[Role]


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with roles, through a page or with a token of limited scopes."""

    person_id: UUID | None = None
    name: str = ""
    memberships: frozenset[tuple[UUID, Role]] = field(default_factory=frozenset)
    # None: signed in on a page, no limit; otherwise the names of permissions the token carries.
    scopes: frozenset[str] | None = None
    request_id: str = ""

    @property
    def roles(self) -> frozenset[Role]:
        """Every role held anywhere."""
        return frozenset(role for _, role in self.memberships)

    @property
    def organisations(self) -> frozenset[UUID]:
        """Every organisation the person belongs to."""
        return frozenset(organisation for organisation, _ in self.memberships)


NOBODY = Actor()
# What the application does of itself: set-up and jobs. Never made from a request.
SYSTEM = Actor(name="Philoxenia", memberships=frozenset())

PUBLIC = Permission("public", "", frozenset())
SIGNED_IN = Permission("signed_in", "", frozenset(Role))


def can(actor: Actor, permission: Permission, organisation_id: UUID | None = None) -> bool:
    """Whether the actor may; with an organisation, only a role held in that one counts."""
    if permission is PUBLIC or actor is SYSTEM:
        return True
    if actor.person_id is None:
        return False
    if actor.scopes is not None and permission.name not in actor.scopes:
        return False
    if permission is SIGNED_IN:
        return True
    held = {role for place, role in actor.memberships if organisation_id is None or place == organisation_id}
    return bool(held & permission.roles)


def check_can(actor: Actor, permission: Permission, organisation_id: UUID | None = None) -> None:
    """Raise `Denied` with a sentence unless the actor may."""
    if not can(actor, permission, organisation_id):
        what = str(permission.words)
        raise Denied(_("You may not do this: %(what)s.") % {"what": what} if what else _("Sign in first."))


def actor_of(request: HttpRequest) -> Actor:
    """The person behind a request, read once a request."""
    known = getattr(request, "actor", None)
    if known is None:
        known = actor_for(request.user) if request.user.is_authenticated else NOBODY
        known = replace(known, request_id=getattr(request, "request_id", ""))
        request.actor = known  # type: ignore[attr-defined]
    return known


def actor_for(person: Person, scopes: frozenset[str] | None = None) -> Actor:
    """An actor with the roles a person holds now in active organisations."""
    held = Membership.objects.filter(person=person, organisation__active=True)
    memberships = frozenset(
        (place, Role(role)) for place, role in held.values_list("organisation_id", "role")
    )
    return Actor(person.pk, str(person), memberships, scopes)


def access(permission: Permission, strangers: str = "") -> Callable[[View], View]:
    """Declare on a view who may open it; `strangers` names where others go who are not signed in."""

    def declare(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        view.strangers = strangers  # type: ignore[attr-defined]
        return view

    return declare
