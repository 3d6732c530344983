"""What a device can change, each with how it is read and written here, through the actions pages use too."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from philoxenia.vocabulary.states import Machine
from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.actions import needs, notes, plans
from philoxenia_web.casework.models.cases import Case, CaseNeed, Task
from philoxenia_web.casework.offline.protocol import Change, Reason, Refusal
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.casework.states import NEED, TASK
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import records, shapes, values

Values = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A kind of object. `read` gives its fields, None where it is not of this case.

    `twin` names the object that an addition would double; `clean` gives a value as it is stored, so that what
    somebody typed is told from what stands there by what it says, not by a space.
    """

    read: Callable[[Actor, Case, UUID], Values | None]
    write: Callable[[Actor, Case, UUID, str, Any, UUID], None] | None = None
    add: Callable[[Actor, Case, Change], UUID] | None = None
    twin: Callable[[Actor, Case, Values], UUID | None] = lambda _actor, _case, _values: None
    clean: Callable[[Any], Any] = lambda value: value


def _nothing(_actor: Actor, _case: Case, _object_id: UUID) -> None:
    """Notes are added and never changed."""


def _add_note(actor: Actor, case: Case, change: Change) -> UUID:
    kind, words = change.value.get("kind"), change.value.get("text")
    if not isinstance(kind, str) or not isinstance(words, str):
        raise Refusal(Reason.BAD_VALUE)
    at = datetime.datetime.fromisoformat(change.made_at)
    return notes.write_note(actor, case.pk, kind, words, change.key, at=at).pk


def _need(case: Case, object_id: UUID) -> CaseNeed | None:
    return CaseNeed.objects.filter(pk=object_id, case=case).first()


def _read_need(_actor: Actor, case: Case, object_id: UUID) -> Values | None:
    found = _need(case, object_id)
    return {"severity": found.severity, "state": found.state} if found else None


def _write_need(actor: Actor, case: Case, object_id: UUID, field: str, value: Any, _key: UUID) -> None:
    found = _need(case, object_id)
    if found is None:
        raise Refusal(Reason.GONE)
    if field == "severity":
        if type(value) is not int or value not in CaseNeed.Severity.values:
            raise Refusal(Reason.BAD_VALUE)
        needs.set_severity(actor, found.pk, found.version, value)
        return
    for verb in verbs_between(NEED, found.state, value):
        found = needs.step_need(actor, found.pk, found.version, verb)


def _twin_of_need(_actor: Actor, case: Case, told: Values) -> UUID | None:
    live = CaseNeed.objects.filter(case=case, resident=case.resident_id, state__in=needs.LIVE)
    return live.filter(need=str(told.get("need"))).values_list("pk", flat=True).first()


def _add_need(actor: Actor, case: Case, change: Change) -> UUID:
    need, severity = change.value.get("need"), change.value.get("severity")
    if need not in needs.need_codes() or severity not in CaseNeed.Severity.values:
        raise Refusal(Reason.BAD_VALUE)
    made = needs.note_need(actor, case.pk, need, severity, change.key)
    if (state := change.value.get("state", made.state)) != made.state:
        _write_need(actor, case, made.pk, "state", state, change.key)
    return made.pk


def _task(case: Case, object_id: UUID) -> Task | None:
    return Task.objects.filter(pk=object_id, case=case).first()


def _read_task(_actor: Actor, case: Case, object_id: UUID) -> Values | None:
    found = _task(case, object_id)
    return {"state": found.state} if found else None


def _write_task(actor: Actor, case: Case, object_id: UUID, _field: str, value: Any, _key: UUID) -> None:
    found = _task(case, object_id)
    if found is None:
        raise Refusal(Reason.GONE)
    for verb in verbs_between(TASK, found.state, value):
        found = plans.step_task(actor, found.pk, found.version, verb)


def _read_contacts(actor: Actor, case: Case, object_id: UUID) -> Values | None:
    if object_id != case.resident_id:
        return None
    _held_resident(case)
    record = records.open_record(actor, case.resident_id, "correction", place=case.organisation_id)
    return {"contacts": shapes.plain(record.contacts)}


def _write_contacts(actor: Actor, case: Case, _object_id: UUID, _field: str, value: Any, key: UUID) -> None:
    records.change(actor, case.resident_id, _held_resident(case), {"contacts": value}, key)


def _held_resident(case: Case) -> int:
    """The version of the record, held until the end: what is compared is what is written over."""
    held = Resident.objects.select_for_update(no_key=True).filter(pk=case.resident_id)
    return held.values_list("version", flat=True).first() or 0


def _clean_contacts(value: Any) -> Any:
    try:
        return shapes.plain(shapes.shaped("contacts", values.checked({"contacts": value})["contacts"]))
    except NotPossible as fault:
        raise Refusal(Reason.BAD_VALUE) from fault


def verbs_between(machine: Machine, state: str, wanted: Any) -> list[str]:
    """The shortest way from one state to another, as verbs; `Refusal` where there is none."""
    ways: dict[str, list[str]] = {state: []}
    # It grows while it is read: the nearest states come first.
    for here in (reached := [state]):
        for step in machine.steps_from(here):
            if step.after not in ways:
                ways[step.after] = [*ways[here], step.verb]
                reached.append(step.after)
    if not isinstance(wanted, str) or wanted not in ways:
        raise Refusal(Reason.BAD_VALUE)
    return ways[wanted]


PLACES: dict[str, Place] = {
    "note": Place(_nothing, add=_add_note),
    "need": Place(_read_need, _write_need, _add_need, _twin_of_need),
    "task": Place(_read_task, _write_task),
    "contact": Place(_read_contacts, _write_contacts, clean=_clean_contacts),
}
# Steps by state, as a device offers them.
STEPS: dict[str, dict[str, list[str]]] = {
    kind: {state: [one.after for one in machine.steps_from(state)] for state in machine.states}
    for kind, machine in (("need", NEED), ("task", TASK))
}
