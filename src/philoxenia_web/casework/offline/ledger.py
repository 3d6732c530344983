"""The rules' store on the database, for one change of one device; all of it in the caller's transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404

from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.actions.writing import held
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.models.offline import OfflineChange, OfflineDevice, TakenCase
from philoxenia_web.casework.offline import disputes, versions
from philoxenia_web.casework.offline.places import PLACES
from philoxenia_web.casework.offline.protocol import Change, Outcome, Reason, Refusal, Result, Thing
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry import refusals as registry


class Ledger:
    """What the rules ask of this server for one change. The device's row is held: one change at a time."""

    def __init__(self, actor: Actor, device: OfflineDevice, change: Change) -> None:
        self.actor, self.device = actor, device
        self.place = PLACES[change.kind]
        self._case_id = change.case_id

    # --- answers ---

    def answered(self, key: UUID) -> tuple[str, Result] | None:
        found = OfflineChange.objects.filter(device=self.device, key=key).first()
        return (versions.shown(found.mark), _result_of(found)) if found else None

    def keep(self, change: Change, mark: str, result: Result) -> None:
        if self.case is None:
            # Nobody's case: the same refusal comes again without being kept.
            return
        self._keep(
            change,
            key=change.key,
            mark=versions.read(mark),
            outcome=result.outcome.value,
            reason=str(result.reason),
            target_id=result.object_id,
            value_version=versions.read(result.version),
        )

    def overtake(self, change: Change, key: UUID) -> None:
        if self.case is not None:
            self._keep(change, key=key, outcome=Outcome.OVERTAKEN.value)

    def _keep(self, change: Change, **told: Any) -> None:
        OfflineChange.objects.create(
            device=self.device,
            case=self.case,
            resident_id=self.case.resident_id,
            organisation_id=self.case.organisation_id,
            kind=change.kind,
            object_id=change.object_id,
            field=change.field,
            **told,
        )

    # --- versions ---

    def mark(self, change: Change) -> str:
        return versions.of_value(change, "mark", [str(change.object_id), change.field, change.value])

    def version(self, change: Change, field: str, value: Any) -> str:
        return versions.of_value(change, field, self.place.clean(value))

    def _thing(self, change: Change, object_id: UUID) -> Thing | None:
        values = self.place.read(self.actor, self._held(), object_id)
        return versions.thing(change, object_id, values) if values is not None else None

    # --- objects ---

    @cached_property
    def case(self) -> Case | None:
        """The case, locked until the end; None where this device has no copy of it or it is not ours."""
        if not TakenCase.objects.filter(device=self.device, case=self._case_id).exists():
            return None
        try:
            return held(self.actor, self._case_id, live=False)
        except Http404:
            return None

    def _held(self) -> Case:
        if self.case is None:
            raise Refusal(Reason.NOT_TAKEN)
        if self.case.state == Case.State.CLOSED:
            raise Refusal(Reason.CLOSED)
        return self.case

    def find(self, change: Change) -> Thing | None:
        known = OfflineChange.objects.filter(device=self.device, object_id=change.object_id, field="")
        target = known.exclude(target_id=None).values_list("target_id", flat=True).first()
        return self._thing(change, target or change.object_id)

    def twin(self, change: Change) -> Thing | None:
        found = self.place.twin(self.actor, self._held(), change.value)
        return self._thing(change, found) if found else None

    def add(self, change: Change) -> UUID:
        if self.place.add is None:
            raise Refusal(Reason.BAD_VALUE)
        with _refusing():
            return self.place.add(self.actor, self._held(), change)

    def write(self, change: Change, thing: Thing) -> None:
        if self.place.write is None:
            raise Refusal(Reason.BAD_VALUE)
        with _refusing():
            self.place.write(self.actor, self._held(), thing.id, change.field, change.value, change.key)

    # --- conflicts ---

    def dispute(self, change: Change, thing: Thing, field: str) -> None:
        disputes.begin(self.actor, self.device, self._held(), change, thing, field)

    def amend(self, change: Change, earlier: UUID) -> bool:
        return disputes.amend(self.actor, self.device, change, earlier)


@contextmanager
def _refusing() -> Iterator[None]:
    """An action that refuses leaves nothing behind; what it says becomes a code."""
    try:
        with transaction.atomic():
            yield
    except (NotPossible, Conflict, registry.Conflict, Http404) as fault:
        raise Refusal(Reason.NOT_ALLOWED) from fault


def _result_of(found: OfflineChange) -> Result:
    version = versions.shown(found.value_version)
    return Result(found.key, Outcome(found.outcome), found.reason, version, found.target_id)
