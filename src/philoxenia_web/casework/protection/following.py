"""What protection means for casework: each team's case with the person is protected with the record."""

from uuid import UUID

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.registry.people.visits import visiting


def follow(actor: Actor, resident_id: UUID, restricted: bool) -> None:
    """Mark the cases of every team; the registry calls it in its own transaction."""
    with visiting(SYSTEM):
        Case.objects.filter(resident=resident_id).update(restricted=restricted)
