"""Reading profiles. What an actor may not see is not found."""

from uuid import UUID

import polars as pl
from django.db.models import Q, QuerySet
from django.http import Http404

from philoxenia_web.accounts.access import SYSTEM, Actor, Permission
from philoxenia_web.needs.models import Profile
from philoxenia_web.needs.policies import PROFILE, READ


def profiles_for(actor: Actor, permission: Permission = READ) -> QuerySet[Profile]:
    """Profiles of the actor's organisations; the example, which is nobody's, for every reader."""
    found = Profile.objects.select_related("organisation", "created_by").defer("tables")
    if actor is SYSTEM:
        return found
    if actor.scopes is not None and permission.name not in actor.scopes:
        return found.none()
    mine = Q(organisation__in=places(actor, permission))
    return found.filter(mine | Q(created_by=None) if permission is READ else mine)


def places(actor: Actor, permission: Permission) -> list[UUID]:
    """Organisations in which the actor holds a role that grants the permission."""
    return [place for place, role in actor.memberships if role in permission.roles]


def profile_for(actor: Actor, profile_id: UUID, permission: Permission = READ) -> Profile:
    """One profile the actor may read, or with PROFILE, delete."""
    found = profiles_for(actor, permission).filter(pk=profile_id).first()
    if found is None:
        raise Http404
    return found


def may_delete(actor: Actor, profile: Profile) -> bool:
    """Whether it is of one of the actor's organisations and no example."""
    return profile.created_by_id is not None and profile.organisation_id in places(actor, PROFILE)


def frame_of(profile: Profile, name: str) -> pl.DataFrame:
    """A table of a finished profile; empty where the survey has none of this name."""
    kept = profile.tables.get(name)
    if kept is None:
        return pl.DataFrame()
    schema = {column: getattr(pl, kind) for column, kind in kept["columns"]}
    return pl.DataFrame(kept["rows"], schema=schema, orient="row")
