"""Rows of a list that may be somebody known: a person sees both sides, as in a search, and says who it is."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.registry import keys
from philoxenia_web.registry.models import ImportRow, PeopleImport
from philoxenia_web.registry.people import finding, limits, records
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import import_rows
from philoxenia_web.registry.rights.import_taking import finish, make, opened, settle
from philoxenia_web.registry.rights.policies import DECIDE, places

State = ImportRow.State


def doubtful(actor: Actor, batch: PeopleImport) -> QuerySet[ImportRow]:
    """Rows that wait for a person, in their order."""
    check_can(actor, DECIDE, batch.organisation_id)
    return batch.lines.filter(state=State.DOUBTFUL).order_by("number")


def open_row(actor: Actor, row_id: UUID) -> tuple[ImportRow, dict[str, Any], dict[UUID, Any]]:
    """A row that waits, what it says, and those it may be: counted and told as a search.

    Raises `Http404` for any other row, `NotPossible` after as many searches as nobody at a desk needs.
    """
    row = waiting_row(actor, row_id)
    limits.check_searches(actor)
    finding.count(actor, "import", len(row.candidates))
    return row, opened(row, keys.load(row.batch_id)), records.briefs(actor, row.candidates, "import")


def waiting_row(actor: Actor, row_id: UUID) -> ImportRow:
    """A row of the actor's department that waits, unopened."""
    check_can(actor, DECIDE)
    row = ImportRow.objects.select_related("batch").filter(pk=row_id, state=State.DOUBTFUL).first()
    if row is None or row.organisation_id not in places(actor, DECIDE):
        raise Http404
    return row


def decide(actor: Actor, row_id: UUID, choice: str) -> None:
    """A person says whom a row is: "new", "skip", or the id of one of those it may be. Twice is once."""
    with visiting(actor):
        row = ImportRow.objects.select_for_update(no_key=True, of=("self",)).filter(pk=row_id).first()
        if row is None:
            raise Http404
        check_can(actor, DECIDE, row.organisation_id)
        if row.state != State.DOUBTFUL or row.content is None:
            return
        row.decided_by = actor.person_id
        _decide(actor, row, choice)
        after = {"state": row.state}
        audit.record(actor, "registry.decide_person", row, after=after, organisation_id=row.organisation_id)
        with visiting(SYSTEM):
            finish(row.batch_id)


def _decide(actor: Actor, row: ImportRow, choice: str) -> None:
    if choice == "skip":
        return settle(row, State.SKIPPED, None)
    if choice == "new":
        line = opened(row, keys.load(row.batch_id))
        found = finding.alike(actor, import_rows.question(line), "import")
        return make(actor, row, line, found.mark)
    if choice not in {str(one) for one in row.candidates}:
        raise NotPossible(_("Choose one of those that are shown."))
    return settle(row, State.KNOWN, UUID(choice))
