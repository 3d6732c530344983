"""What a token may be allowed: the permissions that operations ask for, as far as the person has them."""

from uuid import UUID

from philoxenia_web.accounts.access import PUBLIC, SIGNED_IN, Actor, Permission, can
from philoxenia_web.api.operations import declared


def all_scopes() -> list[Permission]:
    """Every permission that some operation or the action behind it asks for, by name."""
    found = {one.permission.name: one.permission for one in declared()}
    found |= {one.name: one for operation in declared() for one in operation.also}
    return [found[name] for name in sorted(found) if found[name] not in (PUBLIC, SIGNED_IN)]


def scopes_for(actor: Actor, organisation_id: UUID) -> list[Permission]:
    """The scopes this person could give a token for this organisation."""
    return [one for one in all_scopes() if can(actor, one, organisation_id)]
