"""A department's list of people comes into the registry: read by contract, compared, decided, made once.

The file and its rows are sealed under a key of the import's own, which is destroyed when it ends. A row that
may be somebody already known waits for a person; the same row again, in the same or another list of the
department, is the same person.
"""

import hashlib
import hmac
import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for, check_can
from philoxenia_web.accounts.models import Person
from philoxenia_web.registry import keys, sealing
from philoxenia_web.registry.checking import QUEUE, apart, in_memory
from philoxenia_web.registry.models import ImportRow, PeopleImport
from philoxenia_web.registry.people import finding, records
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import Conflict, NotPossible
from philoxenia_web.registry.rights import import_rows
from philoxenia_web.registry.rights.policies import DECIDE, places
from philoxenia_web.registry.rights.purposes import number, parameters
from philoxenia_web.registry.rights.states import IMPORT

# Jobs of `jobs.py`, by what they do.
TASKS = {"check": "registry.check_people", "run": "registry.take_people_in"}
MOST_BYTES = 15 * 2**20
_ACCEPTED = ("accepted", "accepted with mends")
# The key of marks: one for all imports, so that a record is known again in a later list.
_MARKS = UUID("5f2c1c1e-3d3c-4b1f-9a57-0d6f6b1f3a10")
State = ImportRow.State
# A job that wrote nothing for so long has died with its worker.
_SILENT = timedelta(minutes=20)
_OPEN = (State.WAITS, State.DOUBTFUL)


@dataclass(frozen=True, repr=False)
class Received:
    """A file as it came: its bytes, its name (for its kind alone), for which department, the form's key."""

    content: bytes
    name: str
    organisation_id: UUID
    key: UUID


# --- receiving and reading --------------------------------------------------------------------------------


def receive(actor: Actor, told: Received) -> PeopleImport:
    """Seal a file and have it read in the background. The same key again: the same import."""
    check_can(actor, DECIDE, told.organisation_id)
    if not told.content or len(told.content) > MOST_BYTES:
        raise NotPossible(_("The file is empty or larger than 15 MB. Bring it in parts."))
    with visiting(actor):
        known = PeopleImport.objects.filter(key=told.key, person_id=actor.person_id).first()
        if known is not None:
            return known
        batch = PeopleImport(organisation_id=told.organisation_id, person_id=actor.person_id, key=told.key)
        secret = keys.make(batch.pk)
        kind = told.name.rsplit(".", 1)[-1].lower()[:8]
        packed = json.dumps({"kind": kind}).encode() + b"\n" + told.content
        batch.content = sealing.sealed(secret, packed, "file")
        batch.save(force_insert=True)
        _trail(actor, "registry.receive_people", batch)
        defer("check", batch.pk)
    return batch


def defer(what: str, batch_id: UUID) -> None:
    """Ask for a job; inside the transaction that makes it needed."""
    app.configure_task(TASKS[what], queue=QUEUE).defer(batch_id=str(batch_id))


def check(batch_id: UUID) -> bool:
    """Read the file by its contract, in a process of its own. False where nobody waits for it any more."""
    with visiting(SYSTEM):
        batch = PeopleImport.objects.filter(pk=batch_id, state=PeopleImport.State.CHECKING).first()
    if batch is None or batch.content is None:
        return False
    packed = sealing.opened(keys.load(batch_id), bytes(batch.content), "file")
    head, _line, content = packed.partition(b"\n")
    with in_memory("list") as file, in_memory("table") as table:
        with os.fdopen(os.dup(file), "wb") as target:
            target.write(content)
        report = apart(import_rows.request(file, table, json.loads(head)["kind"]))
        lines = import_rows.lines(table) if report["outcome"] in _ACCEPTED else []
    if len(lines) > number("import_rows"):
        report, lines = import_rows.too_many(report), []
    return _keep(batch_id, report, lines)


def _keep(batch_id: UUID, report: dict[str, Any], lines: list[dict[str, Any]]) -> bool:
    secret, marks = keys.load(batch_id), keys.make(_MARKS)
    with visiting(SYSTEM):
        batch = PeopleImport.objects.select_for_update(no_key=True).get(pk=batch_id)
        if batch.state != PeopleImport.State.CHECKING:
            return False
        ImportRow.objects.bulk_create(
            (_row(batch, place, line, secret, marks) for place, line in enumerate(lines, 1)), batch_size=2000
        )
        batch.state = IMPORT.after(batch.state, "read" if lines else "refuse")
        batch.content, batch.report, batch.rows = None, report, len(lines)
        batch.version += 1
        batch.save()
        _trail(SYSTEM, "registry.check_people", batch)
        if not lines:
            transaction.on_commit(lambda: keys.destroy(batch_id))
    return True


def _row(batch: PeopleImport, place: int, line: dict[str, Any], secret: bytes, marks: bytes) -> ImportRow:
    told = f"{batch.organisation_id} {line['record_id']}".encode()
    return ImportRow(
        batch=batch,
        organisation_id=batch.organisation_id,
        number=place,
        mark=hmac.new(marks, told, hashlib.sha256).digest()[:16],
        content=sealing.sealed(secret, json.dumps(line, ensure_ascii=False).encode(), f"row/{place}"),
    )


# --- what a supervisor sees and decides -------------------------------------------------------------------


def imports(actor: Actor) -> QuerySet[PeopleImport]:
    """Lists of the actor's departments, the newest first."""
    check_can(actor, DECIDE)
    found = PeopleImport.objects.filter(organisation__in=places(actor, DECIDE)).defer("content")
    return found.select_related("organisation").order_by("-made_at")


def own_import(actor: Actor, batch_id: UUID) -> PeopleImport:
    """One of them. Raises `Http404` for any other."""
    found = imports(actor).filter(pk=batch_id).first()
    if found is None:
        raise Http404
    return found


def counts(batch: PeopleImport) -> dict[str, int]:
    """How many rows in each state."""
    found = {state.value: 0 for state in State}
    for state in batch.lines.values_list("state", flat=True):
        found[state] += 1
    return found


def take_in(actor: Actor, batch_id: UUID, based_on: int) -> None:
    """Let a checked list come in. Twice is once."""
    with transaction.atomic():
        batch = _held(actor, batch_id)
        if batch.state in (PeopleImport.State.RUNNING, PeopleImport.State.DECIDING, PeopleImport.State.DONE):
            return
        if batch.version != based_on:
            raise Conflict(_("Somebody else changed this list meanwhile. Look at it as it is now."))
        _step(batch, "take in")
        _trail(actor, "registry.take_people_in", batch)
        defer("run", batch.pk)


def give_up(actor: Actor, batch_id: UUID) -> None:
    """End a list: what is not decided is read by nobody any more. Twice is once."""
    with transaction.atomic():
        batch = _held(actor, batch_id)
        if batch.state == PeopleImport.State.GIVEN_UP:
            return
        _step(batch, "give up")
        batch.lines.exclude(content=None).update(content=None)
        PeopleImport.objects.filter(pk=batch.pk).update(content=None)
        _trail(actor, "registry.give_up_people", batch)
        transaction.on_commit(lambda: keys.destroy(batch_id))


def _held(actor: Actor, batch_id: UUID) -> PeopleImport:
    own_import(actor, batch_id)
    return PeopleImport.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch_id)


def _step(batch: PeopleImport, verb: str) -> None:
    batch.state, batch.version = IMPORT.after(batch.state, verb), batch.version + 1
    batch.save(update_fields=["state", "version", "touched_at"])


# --- coming in --------------------------------------------------------------------------------------------


def run(batch_id: UUID) -> int:
    """Take the rows in, one transaction each, in their order; a killed run goes on where it was. How many.

    The rows are made in the name of the supervisor who let them in, who sees no more by it.
    """
    with visiting(SYSTEM):
        batch = PeopleImport.objects.filter(pk=batch_id, state=PeopleImport.State.RUNNING).first()
        if batch is None:
            return 0
        person = Person.objects.get(pk=batch.person_id)
        waiting = list(batch.lines.filter(state=State.WAITS).order_by("number").values_list("pk", flat=True))
    actor, secret = actor_for(person), keys.load(batch_id)
    check_can(actor, DECIDE, batch.organisation_id)
    for place, row_id in enumerate(waiting):
        with visiting(actor):
            _take(actor, row_id, secret)
        if place % 200 == 0:
            with visiting(SYSTEM):
                PeopleImport.objects.filter(pk=batch_id).update(touched_at=timezone.now())
    with visiting(SYSTEM):
        _finish(batch_id)
    return len(waiting)


def _take(actor: Actor, row_id: UUID, secret: bytes) -> None:
    row = ImportRow.objects.select_for_update(no_key=True, of=("self",)).get(pk=row_id)
    if row.state != State.WAITS:
        return None
    if (known := _known(row)) is not None:
        return _settle(row, State.KNOWN, known)
    line = _opened(row, secret)
    try:
        compared = _compared(actor, line)
    except NotPossible:
        return _settle(row, State.SKIPPED, None)
    if compared.doubtful:
        row.state, row.candidates = State.DOUBTFUL, compared.candidates
        return row.save()
    return _make(actor, row, line, compared.mark)


def _known(row: ImportRow) -> UUID | None:
    """Whom the same record of the department became in an earlier list or row."""
    found = ImportRow.objects.filter(organisation=row.organisation_id, mark=row.mark)
    return found.exclude(resident_id=None).values_list("resident_id", flat=True).first()


@dataclass(frozen=True)
class _Compared:
    """Who may be meant, whether a person must look, and the proof that was looked."""

    candidates: list[UUID]
    doubtful: bool
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
    return _Compared(alike[:10], bool(alike), found.mark)


def _make(actor: Actor, row: ImportRow, line: dict[str, Any], mark: str) -> None:
    draft = import_rows.draft(line, row.organisation_id)
    made = records.create(actor, draft, mark, uuid5(row.batch_id, str(row.number)))
    _settle(row, State.MADE, made.pk)


def _settle(row: ImportRow, state: str, resident_id: UUID | None) -> None:
    """The row is decided: what it held is deleted."""
    row.state, row.resident_id, row.content, row.candidates = state, resident_id, None, []
    row.save()


def _opened(row: ImportRow, secret: bytes) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(sealing.opened(secret, bytes(row.content or b""), f"row/{row.number}"))
    return told


def _finish(batch_id: UUID) -> None:
    batch = PeopleImport.objects.select_for_update(no_key=True).get(pk=batch_id)
    states = set(batch.lines.values_list("state", flat=True).distinct())
    if State.WAITS in states:
        return
    if State.DOUBTFUL in states:
        if batch.state == PeopleImport.State.RUNNING:
            _step(batch, "leave open")
        return
    _step(batch, "finish")
    transaction.on_commit(lambda: keys.destroy(batch_id))


# --- rows a person decides --------------------------------------------------------------------------------


def doubtful(actor: Actor, batch: PeopleImport) -> QuerySet[ImportRow]:
    """Rows that wait for a person, in their order."""
    check_can(actor, DECIDE, batch.organisation_id)
    return batch.lines.filter(state=State.DOUBTFUL).order_by("number")


def open_row(actor: Actor, row_id: UUID) -> tuple[ImportRow, dict[str, Any], dict[UUID, Any]]:
    """A row that waits, what it says, and those it may be; that they were looked at is written down."""
    check_can(actor, DECIDE)
    row = ImportRow.objects.select_related("batch").filter(pk=row_id, state=State.DOUBTFUL).first()
    if row is None or row.organisation_id not in places(actor, DECIDE):
        raise Http404
    return row, _opened(row, keys.load(row.batch_id)), records.briefs(actor, row.candidates, "import")


def decide(actor: Actor, row_id: UUID, choice: str) -> None:
    """A person says whom a row is: "new", "skip", or the id of one of those it may be. Twice is once."""
    with transaction.atomic():
        row = ImportRow.objects.select_for_update(no_key=True, of=("self",)).filter(pk=row_id).first()
        if row is None:
            raise Http404
        check_can(actor, DECIDE, row.organisation_id)
        if row.state not in _OPEN:
            return
        row.decided_by = actor.person_id
        _decide(actor, row, choice)
        audit.record(
            actor,
            "registry.decide_person",
            row,
            after={"state": row.state},
            organisation_id=row.organisation_id,
        )
        with visiting(SYSTEM):
            _finish(row.batch_id)


def _decide(actor: Actor, row: ImportRow, choice: str) -> None:
    if choice == "skip":
        return _settle(row, State.SKIPPED, None)
    if choice == "new":
        line = _opened(row, keys.load(row.batch_id))
        found = finding.alike(actor, import_rows.question(line), "import")
        return _make(actor, row, line, found.mark)
    if choice not in {str(one) for one in row.candidates}:
        raise NotPossible(_("Choose one of those that are shown."))
    return _settle(row, State.KNOWN, UUID(choice))


def going_on() -> list[tuple[str, UUID]]:
    """Imports whose job was killed: what is to be asked for again."""
    before = timezone.now() - _SILENT
    silent = {PeopleImport.State.CHECKING: "check", PeopleImport.State.RUNNING: "run"}
    with visiting(SYSTEM):
        found = PeopleImport.objects.filter(state__in=silent, touched_at__lt=before)
        rows = [(silent[PeopleImport.State(one.state)], one.pk) for one in found.defer("content")]
        found.update(touched_at=timezone.now())
    return rows


def _trail(actor: Actor, action: str, batch: PeopleImport) -> None:
    after = {"state": batch.state, "rows": batch.rows}
    audit.record(actor, action, batch, after=after, organisation_id=batch.organisation_id)
