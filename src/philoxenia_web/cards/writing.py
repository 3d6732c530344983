"""What every write on applications and cards shares: found at one's desk, locked, stepped, in the trail."""

from typing import Any, TypeVar
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia.vocabulary.states import Machine, StepError
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor, can
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.cards.policies import WORK
from philoxenia_web.cards.refusals import Conflict, NotPossible

Row = TypeVar("Row", Application, Card)


def held(actor: Actor, model: type[Row], row_id: UUID) -> Row:
    """An application or card of the actor's own desk, locked. Raises `Http404`."""
    row = model._default_manager.select_for_update(no_key=True).filter(pk=row_id).first()
    if row is None or not can(actor, WORK, row.organisation_id):
        raise Http404
    return row


def stepped(row: Row, machine: Machine, verb: str, based_on: int) -> bool:
    """Take a step. False where this very request took it already; raises `Conflict` or `NotPossible`."""
    wanted = {one.after for one in machine.steps if one.verb == verb}
    if row.version != based_on:
        if row.version == based_on + 1 and row.state in wanted:
            return False
        raise Conflict(_("Somebody else changed this meanwhile. Look at it as it is now, then decide."))
    try:
        row.state = machine.after(row.state, verb)
    except StepError as refusal:
        raise NotPossible(
            _("This cannot be done in the state it is in now. Load the page again.")
        ) from refusal
    return True


def kept(actor: Actor, verb: str, row: Row, after: dict[str, Any] | None = None) -> Row:
    """Write a changed row with its next version, and the trail."""
    row.version += 1
    row.save()
    note(actor, verb, row, after)
    return row


def note(actor: Actor, verb: str, row: Row, after: dict[str, Any] | None = None) -> None:
    """A row of the trail: ids and codes."""
    audit.record(actor, f"cards.{verb}", row, after=after or {}, organisation_id=row.organisation_id)
