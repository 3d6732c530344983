"""What every write of casework shares: the same key twice is one write, an old version is a conflict."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.vocabulary.states import Machine, StepError
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.doubles import made_once, met
from philoxenia_web.casework.models.cases import Case, CaseNeed, Document, Goal, Note, ServiceLine, Task
from philoxenia_web.casework.policies import check_work_on
from philoxenia_web.casework.refusals import Conflict, NotPossible

Kept = Case | CaseNeed | Goal | Task | ServiceLine | Note | Document
Row = TypeVar("Row", Case, CaseNeed, Goal, Task, ServiceLine, Note, Document)


def held(actor: Actor, case_id: UUID, *, live: bool = True) -> Case:
    """A case of the actor's own desk, locked. Raises `Http404`, or `NotPossible` where it is closed."""
    case = Case.objects.select_for_update(no_key=True).filter(pk=case_id).first()
    case = check_work_on(actor, case)
    if live and case.state == Case.State.CLOSED:
        raise NotPossible(_("This case is closed. Open it again first."))
    return case


def part_of(actor: Actor, model: type[Row], row_id: UUID) -> Row:
    """A need, goal, task, service, note or document of a live case of the actor's own desk; both locked."""
    case_id = model._default_manager.filter(pk=row_id).values_list("case_id", flat=True).first()
    if case_id is None:
        raise Http404
    case = held(actor, case_id)
    row = model._default_manager.select_for_update(no_key=True).get(pk=row_id)
    row.case = case  # type: ignore[union-attr]
    return row


def once(actor: Actor, model: type[Row], key: UUID, make: Callable[[], Row]) -> Row:
    """The row that this key made before, or a new one. Raises `Http404` for a key of somebody else."""
    return made_once(lambda: _made(actor, model, key), make)


def _made(actor: Actor, model: type[Row], key: UUID) -> Row | None:
    found = model._default_manager.filter(key=key).first()
    if found is not None:
        check_work_on(actor, found if isinstance(found, Case) else found.case)
    return found


def stepped(row: Row, machine: Machine, verb: str, based_on: int) -> bool:
    """Take a step of a machine. False where it was taken already; raises `Conflict` or `NotPossible`."""
    wanted = {one.after for one in machine.steps if one.verb == verb}
    if row.version != based_on:
        if row.version > based_on and {row.state} == wanted:  # type: ignore[union-attr]
            return False
        raise Conflict({"state": (None, row.state, next(iter(wanted), ""))}, row.version)  # type: ignore[union-attr]
    try:
        row.state = machine.after(row.state, verb)  # type: ignore[union-attr]
    except StepError as refusal:
        said = _("This cannot be done in the state it is in now. Load the page again.")
        raise NotPossible(said) from refusal
    return True


def changed(row: Row, based_on: int, values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Set values; what differs, as (before, after). Raises `Conflict` where somebody else changed it."""
    fresh = {name: (getattr(row, name), value) for name, value in values.items()}
    fresh = {name: pair for name, pair in fresh.items() if pair[0] != pair[1]}
    if fresh and row.version != based_on:
        raise Conflict({name: (None, now, mine) for name, (now, mine) in fresh.items()}, row.version)
    for name, (_now, mine) in fresh.items():
        setattr(row, name, mine)
    return fresh


def kept(actor: Actor, verb: str, row: Row, after: dict[str, Any] | None = None) -> Row:
    """Write a changed row with its next version, and the trail."""
    store(row)
    note(actor, verb, row, after)
    return row


def store(row: Row) -> Row:
    """Write a changed row with its next version. Raises `NotPossible` where another came first."""
    row.version, row.changed_at = row.version + 1, timezone.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise met() from fault
    return row


def note(actor: Actor, verb: str, row: Row, after: dict[str, Any] | None = None) -> None:
    """A row of the trail: ids and codes."""
    case = row if isinstance(row, Case) else row.case
    told = {name: plain(value) for name, value in (after or {}).items()}
    audit.record(actor, f"casework.{verb}", row, after=told, organisation_id=case.organisation_id)


def plain(value: Any) -> Any:
    """A value as the trail keeps it."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)
