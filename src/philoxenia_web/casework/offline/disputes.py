"""Conflicts of two values of one field: kept sealed for a person, shown with who and when, decided once."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.actions.writing import held
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.models.offline import OfflineConflict, OfflineDevice
from philoxenia_web.casework.offline import versions
from philoxenia_web.casework.offline.places import PLACES
from philoxenia_web.casework.offline.policies import check_desk
from philoxenia_web.casework.offline.protocol import Change, Refusal, Thing
from philoxenia_web.casework.offline.states import CONFLICT
from philoxenia_web.casework.refusals import Conflict as Stale
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.casework.states import NEED, TASK
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.visits import visiting

TEXT = "offline_conflict"
# What the trail calls the objects a device can change, and the actions that set each field.
_WRITTEN_BY: dict[tuple[str, str], tuple[str, tuple[str, ...]]] = {
    ("need", "severity"): ("casework.caseneed", ("casework.note_need", "casework.change_need")),
    ("need", "state"): ("casework.caseneed", tuple(f"casework.{one.verb}_need" for one in NEED.steps)),
    ("task", "state"): ("casework.task", tuple(f"casework.{one.verb}_task" for one in TASK.steps)),
    ("contact", "contacts"): ("registry.resident", ("registry.change_resident",)),
}
State = OfflineConflict.State


# --- beginning --------------------------------------------------------------------------------------------


def begin(
    actor: Actor, device: OfflineDevice, case: Case, change: Change, thing: Thing, field: str
) -> OfflineConflict:
    """Keep both values of a field; whoever wrote the one that stands is read from the trail."""
    mine = change.value[field] if change.adds else change.value
    told = {"was": None if change.adds else change.was, "theirs": thing.values[field], "mine": mine}
    object_type, actions = _WRITTEN_BY[change.kind, field]
    last = audit.last(object_type, thing.id, actions)
    made = OfflineConflict.objects.create(
        device=device,
        case=case,
        resident_id=case.resident_id,
        organisation_id=case.organisation_id,
        keys=[change.key],
        kind=change.kind,
        object_id=thing.id,
        field=field,
        text_id=texts.keep_text(actor, case.resident_id, TEXT, json.dumps(told), case.organisation_id),
        mine_by=device.person_id,
        mine_at=datetime.datetime.fromisoformat(change.made_at),
        theirs_by=last.person_id if last else None,
        theirs_at=last.at if last else None,
    )
    audit.record(
        actor, "casework.begin_conflict", made, after={"field": field}, organisation_id=case.organisation_id
    )
    return made


def amend(actor: Actor, device: OfflineDevice, change: Change, earlier: UUID) -> bool:
    """Put the author's newer value into the conflict their earlier change began; False where none is open."""
    found = OfflineConflict.objects.select_for_update(no_key=True).filter(
        device=device, field=change.field, keys__contains=[earlier], state=State.OPEN
    )
    one = found.first()
    if one is None:
        return False
    told = _values(actor, one) | {"mine": change.value}
    version = texts.versions_of(actor, [one.text_id])[one.text_id]
    texts.replace_text(actor, one.text_id, version, json.dumps(told))
    one.keys, one.version = [*one.keys, change.key], one.version + 1
    one.mine_at = datetime.datetime.fromisoformat(change.made_at)
    one.save(update_fields=["keys", "version", "mine_at"])
    return True


def _values(actor: Actor, one: OfflineConflict) -> dict[str, Any]:
    found = texts.read_texts(actor, [one.text_id], "correction")
    if one.text_id not in found:
        raise Http404
    told: dict[str, Any] = json.loads(found[one.text_id])
    return told


# --- deciding ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dispute:
    """A conflict as a person sees it: what was seen, what stood then and stands now, what came."""

    conflict: OfflineConflict
    was: Any
    theirs: Any
    mine: Any
    now: Any
    # Of what stands now: a decision is made on what was shown.
    version: str

    @property
    def gone(self) -> bool:
        """Whether what it is about is not there any more."""
        return self.version == ""


def open_conflicts(actor: Actor) -> list[OfflineConflict]:
    """Conflicts of the actor's desks that nobody decided yet, the oldest first."""
    found = OfflineConflict.objects.filter(state=State.OPEN, organisation__in=check_desk(actor))
    return list(found.select_related("case").order_by("made_at")[:200])


def look(actor: Actor, conflict_id: UUID) -> Dispute:
    """A conflict with its values, as they stand now. Raises `Http404` for one of another desk."""
    with visiting(actor):
        one = _conflict(actor, conflict_id)
        told = _values(actor, one)
        now = _now(actor, one)
        standing = now[one.field] if now else None
        version = versions.version(one.case_id, one.kind, one.field, standing) if now else ""
        return Dispute(one, told["was"], told["theirs"], told["mine"], standing, version)


def _now(actor: Actor, one: OfflineConflict) -> Mapping[str, Any] | None:
    return PLACES[one.kind].read(actor, one.case, one.object_id)


def _conflict(actor: Actor, conflict_id: UUID, *, lock: bool = False) -> OfflineConflict:
    found = OfflineConflict.objects.filter(pk=conflict_id, organisation__in=check_desk(actor))
    one = (
        (found.select_for_update(no_key=True, of=("self",)) if lock else found).select_related("case").first()
    )
    if one is None:
        raise Http404
    return one


def decide(actor: Actor, conflict_id: UUID, decision: str, based_on: str) -> OfflineConflict:
    """Say which value stands. `based_on` is the version of the value that was shown as standing now.

    Twice the same is once. Raises `Conflict` where the value, or the decision, is another by now, and
    `NotPossible` where the device's value cannot be written any more.
    """
    if decision not in OfflineConflict.Decision.values:
        raise NotPossible(_("Say which of the two values stands."))
    with visiting(actor):
        # The case before what hangs on it, as everywhere: two who lock them crosswise wait for each other.
        held(actor, _conflict(actor, conflict_id).case_id, live=False)
        one = _conflict(actor, conflict_id, lock=True)
        if one.state == State.DECIDED:
            if one.decision == decision:
                return one
            raise Stale()
        seen = look(actor, conflict_id)
        if decision == OfflineConflict.Decision.MINE:
            _write(actor, seen, based_on)
        one.state = CONFLICT.after(one.state, "decide")
        one.decision, one.decided_by, one.decided_at = decision, actor.person_id, timezone.now()
        one.version += 1
        one.save()
        after = {"field": one.field, "decision": decision}
        audit.record(actor, "casework.decide_conflict", one, after=after, organisation_id=one.organisation_id)
        return one


def _write(actor: Actor, seen: Dispute, based_on: str) -> None:
    one = seen.conflict
    if seen.version != based_on:
        raise Stale({one.field: (None, None, None)})
    write = PLACES[one.kind].write
    if seen.gone or write is None:
        raise NotPossible(_("What this is about is not there any more. Leave it as it is."))
    try:
        write(actor, one.case, one.object_id, one.field, seen.mine, one.pk)
    except Refusal as refusal:
        raise NotPossible(
            _("The value from the device cannot be written any more. Leave it, or change it in the record.")
        ) from refusal
