"""Rows of a list come in, each in a transaction of its own: known already, somebody new, or left to a person.

A row no record can take is set aside with the name of its field; the others come in.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.utils import timezone

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for, can
from philoxenia_web.accounts.models import Person
from philoxenia_web.registry import keys, sealing
from philoxenia_web.registry.models import ImportRow, PeopleImport, Resident
from philoxenia_web.registry.people import finding, reading, records
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.registry.rights import import_rows
from philoxenia_web.registry.rights.importing import move, trail
from philoxenia_web.registry.rights.policies import DECIDE
from philoxenia_web.registry.rights.purposes import parameters

State = ImportRow.State
# How often a run says that it lives.
_EVERY = 200


def run(batch_id: UUID) -> int:
    """Take the rows in, in their order; a killed run goes on where it was. How many.

    The rows are made in the name of the supervisor who let them in, who sees no more by it. Where they may
    no longer, the list waits for another supervisor.
    """
    with visiting(SYSTEM):
        batch = PeopleImport.objects.filter(pk=batch_id, state=PeopleImport.State.RUNNING).first()
        if batch is None:
            return 0
        person = Person.objects.get(pk=batch.person_id)
        actor = actor_for(person)
        if not (person.is_active and can(actor, DECIDE, batch.organisation_id)):
            return _hand_back(batch_id)
        waiting = list(batch.lines.filter(state=State.WAITS).order_by("number").values_list("pk", flat=True))
    secret = keys.load(batch_id)
    for place, row_id in enumerate(waiting):
        with visiting(actor):
            _take(actor, row_id, secret)
        if place % _EVERY == 0:
            with visiting(SYSTEM):
                PeopleImport.objects.filter(pk=batch_id).update(touched_at=timezone.now())
    with visiting(SYSTEM):
        finish(batch_id)
    return len(waiting)


def _hand_back(batch_id: UUID) -> int:
    batch = PeopleImport.objects.select_for_update(no_key=True).get(pk=batch_id)
    if batch.state == PeopleImport.State.RUNNING:
        move(batch, "hand back")
        trail(SYSTEM, "registry.hand_back_people", batch)
    return 0


def _take(actor: Actor, row_id: UUID, secret: bytes) -> None:
    row = ImportRow.objects.select_for_update(no_key=True, of=("self",)).get(pk=row_id)
    if row.state != State.WAITS or row.content is None:
        return None
    if (known := _known(row)) is not None:
        return settle(row, State.KNOWN, known)
    line = opened(row, secret)
    try:
        # What one try wrote is taken back before the row is set aside.
        with transaction.atomic():
            return _compare(actor, row, line)
    except NotPossible:
        row.fault = import_rows.fault(line) or "too_little"
        return settle(row, State.REFUSED, None)


def _compare(actor: Actor, row: ImportRow, line: dict[str, Any]) -> None:
    compared = _compared(actor, line)
    if not compared.candidates:
        return make(actor, row, line, compared.mark)
    # To be found by a list is to be found: each of them is told, as of a search.
    fields = ["name", "birth_year", "district_id"]
    reading.note(actor, "registry.find", compared.candidates, "import", fields, place=row.organisation_id)
    row.state, row.candidates = State.DOUBTFUL, compared.candidates
    return row.save()


def _known(row: ImportRow) -> UUID | None:
    """Whom the same record of the department became in an earlier list or row; never somebody forgotten."""
    with visiting(SYSTEM):
        same = ImportRow.objects.filter(organisation=row.organisation_id, mark=row.mark)
        there = Resident.objects.filter(erased_at=None, pk__in=same.values("resident_id"))
        return there.values_list("pk", flat=True).first()


@dataclass(frozen=True)
class _Compared:
    """Who may be meant, and the proof that was looked."""

    candidates: list[UUID]
    mark: str


def _compared(actor: Actor, line: dict[str, Any]) -> _Compared:
    """Look for the person of a row among those the supervisor sees, by the keys of the search.

    A telephone in common speaks for somebody, another telephone against nobody: both are asked.
    """
    asked = import_rows.question(line)
    found = finding.alike(actor, asked, "import")
    hits = list(found.hits)
    if asked.phone:
        with suppress(NotPossible):
            hits += finding.alike(actor, replace(asked, phone=""), "import").hits
    least = parameters()["casework.rights_import_least_score"]
    alike = list(dict.fromkeys(hit.resident_id for hit in hits if hit.score >= least))
    return _Compared(alike[:10], found.mark)


def make(actor: Actor, row: ImportRow, line: dict[str, Any], mark: str) -> None:
    """A new record of a row; a row makes one at most, however often it is tried."""
    draft = import_rows.draft(line, row.organisation_id)
    made = records.create(actor, draft, mark, uuid5(row.batch_id, str(row.number)))
    settle(row, State.MADE, made.pk)


def settle(row: ImportRow, state: str, resident_id: UUID | None) -> None:
    """The row is decided: what it held is deleted."""
    row.state, row.resident_id, row.content, row.candidates = state, resident_id, None, []
    row.save()


def opened(row: ImportRow, secret: bytes) -> dict[str, Any]:
    """What a row says."""
    told: dict[str, Any] = json.loads(sealing.opened(secret, bytes(row.content or b""), f"row/{row.number}"))
    return told


def finish(batch_id: UUID) -> None:
    """The next state of a list whose rows were tried; its key goes with the last of them."""
    batch = PeopleImport.objects.select_for_update(no_key=True).get(pk=batch_id)
    states = set(batch.lines.values_list("state", flat=True).distinct())
    if State.WAITS in states or batch.state not in (PeopleImport.State.RUNNING, PeopleImport.State.DECIDING):
        return
    if State.DOUBTFUL in states:
        if batch.state == PeopleImport.State.RUNNING:
            move(batch, "leave open")
        return
    move(batch, "finish")
    transaction.on_commit(lambda: keys.destroy(batch_id))
