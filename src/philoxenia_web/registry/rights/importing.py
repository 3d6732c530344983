"""A department's list of people comes into the registry: read by contract, compared, decided, made once.

The file and its rows are sealed under a key of the import's own, which is destroyed when it ends. Rows come
in in `import_taking`; one that may be somebody known waits for a person (`import_deciding`). The same row
again, in the same or another list of the department, is the same person.
"""

import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.registry import keys, sealing
from philoxenia_web.registry.checking import QUEUE, apart, in_memory
from philoxenia_web.registry.models import ImportRow, PeopleImport
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import Conflict, NotPossible
from philoxenia_web.registry.rights import import_rows
from philoxenia_web.registry.rights.policies import DECIDE, places
from philoxenia_web.registry.rights.purposes import number
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
_MOST_SHOWN = 50


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
        if (known := PeopleImport.objects.filter(key=told.key).first()) is not None:
            return own_import(actor, known.pk)
        batch = PeopleImport(organisation_id=told.organisation_id, person_id=actor.person_id, key=told.key)
        secret = keys.make(batch.pk)
        kind = told.name.rsplit(".", 1)[-1].lower()[:8]
        packed = json.dumps({"kind": kind}).encode() + b"\n" + told.content
        batch.content = sealing.sealed(secret, packed, "file")
        batch.save(force_insert=True)
        trail(actor, "registry.receive_people", batch)
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
    if lines and all(import_rows.fault(line) for line in lines):
        report, lines = import_rows.nobody(report), []
    return _keep(batch_id, report, lines)


def _keep(batch_id: UUID, report: dict[str, Any], lines: list[dict[str, Any]]) -> bool:
    secret, marks = keys.load(batch_id), keys.make(_MARKS)
    with visiting(SYSTEM):
        batch = PeopleImport.objects.select_for_update(no_key=True).get(pk=batch_id)
        if batch.state != PeopleImport.State.CHECKING:
            return False
        ImportRow.objects.bulk_create(
            # As the check counts them: the head is row 1.
            (_row(batch, place, line, secret, marks) for place, line in enumerate(lines, 2)),
            batch_size=2000,
        )
        batch.state = IMPORT.after(batch.state, "read" if lines else "refuse")
        batch.content, batch.report, batch.rows = None, report, len(lines)
        batch.version += 1
        batch.save()
        trail(SYSTEM, "registry.check_people", batch)
        if not lines:
            transaction.on_commit(lambda: keys.destroy(batch_id))
    return True


def _row(batch: PeopleImport, place: int, line: dict[str, Any], secret: bytes, marks: bytes) -> ImportRow:
    told = f"{batch.organisation_id} {line['record_id']}".encode()
    fault = import_rows.fault(line)
    packed = json.dumps(line, ensure_ascii=False).encode()
    return ImportRow(
        batch=batch,
        organisation_id=batch.organisation_id,
        number=place,
        mark=hmac.new(marks, told, hashlib.sha256).digest()[:16],
        state=State.REFUSED if fault else State.WAITS,
        fault=fault,
        content=None if fault else sealing.sealed(secret, packed, f"row/{place}"),
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


def refused(batch: PeopleImport) -> list[tuple[int, str]]:
    """Rows no record can take, the first of them: the number, and the field that cannot be."""
    found = batch.lines.filter(state=State.REFUSED).order_by("number")
    return list(found.values_list("number", "fault")[:_MOST_SHOWN])


def take_in(actor: Actor, batch_id: UUID, based_on: int) -> None:
    """Let a checked list come in. Twice is once."""
    with visiting(actor):
        batch = _held(actor, batch_id)
        if batch.state in (PeopleImport.State.RUNNING, PeopleImport.State.DECIDING, PeopleImport.State.DONE):
            return
        if batch.version != based_on:
            raise Conflict(_("Somebody else changed this list meanwhile. Look at it as it is now."))
        # Rows are made in the name of who lets them in.
        batch.person_id = actor.person_id
        move(batch, "take in")
        trail(actor, "registry.take_people_in", batch)
        defer("run", batch.pk)


def give_up(actor: Actor, batch_id: UUID) -> None:
    """End a list: what is not decided is read by nobody any more. Twice is once."""
    with visiting(actor):
        batch = _held(actor, batch_id)
        if batch.state == PeopleImport.State.GIVEN_UP:
            return
        move(batch, "give up")
        batch.lines.exclude(content=None).update(content=None)
        PeopleImport.objects.filter(pk=batch.pk).update(content=None)
        trail(actor, "registry.give_up_people", batch)
        transaction.on_commit(lambda: keys.destroy(batch_id))


def _held(actor: Actor, batch_id: UUID) -> PeopleImport:
    own_import(actor, batch_id)
    return PeopleImport.objects.select_for_update(no_key=True, of=("self",)).get(pk=batch_id)


def move(batch: PeopleImport, verb: str) -> None:
    """A step of its life."""
    batch.state, batch.version = IMPORT.after(batch.state, verb), batch.version + 1
    batch.save(update_fields=["person_id", "state", "version", "touched_at"])


def going_on() -> list[tuple[str, UUID]]:
    """Imports whose job was killed: what is to be asked for again."""
    before = timezone.now() - _SILENT
    silent = {PeopleImport.State.CHECKING: "check", PeopleImport.State.RUNNING: "run"}
    with visiting(SYSTEM):
        found = PeopleImport.objects.filter(state__in=silent, touched_at__lt=before)
        rows = [(silent[PeopleImport.State(one.state)], one.pk) for one in found.defer("content")]
        found.update(touched_at=timezone.now())
    return rows


def trail(actor: Actor, action: str, batch: PeopleImport) -> None:
    """A row of the trail: the state of a list and how many, never who."""
    after = {"state": batch.state, "rows": batch.rows}
    audit.record(actor, action, batch, after=after, organisation_id=batch.organisation_id)
