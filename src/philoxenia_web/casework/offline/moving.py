"""A case that moves to another team: what devices brought of it goes along, copies of the old team end."""

from uuid import UUID

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.casework.models.offline import OfflineConflict, TakenCase
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.visits import visiting


def case_moved(case_id: UUID, from_organisation: UUID, to_organisation: UUID) -> None:
    """In the transaction of a transfer, whose action asked who may and writes the trail.

    The new team decides what is still open; both values are its own to read from now on.
    """
    with visiting(SYSTEM):
        moved = OfflineConflict.objects.filter(case=case_id, organisation=from_organisation)
        texts.hand_over(list(moved.values_list("text_id", flat=True)), [], to_organisation)
        moved.update(organisation=to_organisation)
        TakenCase.objects.filter(case=case_id, organisation=from_organisation).delete()
