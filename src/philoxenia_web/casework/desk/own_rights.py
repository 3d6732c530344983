"""What casework does for a person's rights: their own copy, forgetting, and when they were last served."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext, gettext_lazy

from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.models.cases import Case, CaseNeed, Document, Goal, Note, Task
from philoxenia_web.registry.people.texts import read_texts
from philoxenia_web.registry.rights.parts import Eraser, ExportPart, add_eraser, add_export, add_last_use


def exported(resident_id: UUID) -> list[dict[str, Any]]:
    """Every case with what stands in it, words included: they are about this person."""
    return [_case(one) for one in Case.objects.filter(resident=resident_id).select_related("organisation")]


def _case(case: Case) -> dict[str, Any]:
    goals, tasks, notes = list(case.goals.all()), list(case.tasks.all()), list(case.notes.all())
    ids = [one.text_id for one in (*goals, *tasks, *notes) if one.text_id]
    words = read_texts(Actor(), ids, "own_page") if ids else {}
    return {
        "id": str(case.pk),
        "organisation": case.organisation.name,
        "state": case.state,
        "opened_at": case.opened_at.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "outcome": case.outcome,
        "needs": [_need(one) for one in case.needs.all()],
        "goals": [_worded(one, words, "need", "state", "due_on") for one in goals],
        "tasks": [_worded(one, words, "kind", "state", "due_on") for one in tasks],
        "services": [_plain(one, "kind", "state", "service_id") for one in case.service_lines.all()],
        "notes": [_worded(one, words, "kind", "at") for one in notes],
        "documents": [_plain(one, "kind", "media_type", "size", "at") for one in case.documents.all()],
    }


def _need(need: CaseNeed) -> dict[str, Any]:
    return _plain(need, "need", "severity", "state", "noted_at", "met_at")


def _worded(row: Goal | Task | Note, words: dict[UUID, str], *names: str) -> dict[str, Any]:
    return _plain(row, *names) | {"words": words.get(row.text_id, "") if row.text_id else ""}


def _plain(row: Any, *names: str) -> dict[str, Any]:
    found = {name: getattr(row, name) for name in names}
    kept = (str, int, float, bool)
    return {
        name: value if value is None or isinstance(value, kept) else _text(value)
        for name, value in found.items()
    }


def _text(value: Any) -> str:
    return str(value.isoformat()) if hasattr(value, "isoformat") else str(value)


def holds(resident_id: UUID) -> list[str]:
    """A case that somebody works on is closed first."""
    if not Case.objects.filter(resident=resident_id).exclude(state=Case.State.CLOSED).exists():
        return []
    return [gettext("A team still works with this person. Their case is closed first.")]


def erase(_actor: Actor, resident_id: UUID) -> None:
    """Words and files go; that somebody was served, by codes and days, stays for the counts."""
    theirs = {"case__resident": resident_id}
    Note.objects.filter(**theirs).delete()
    Document.objects.filter(**theirs).delete()
    Goal.objects.filter(**theirs).update(text_id=None)
    Task.objects.filter(**theirs).update(text_id=None)


def last_served(resident_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The newest day of a case, need, note or service."""
    newest: dict[UUID, date] = {}
    cases = Case.objects.filter(resident__in=list(resident_ids))
    for path in ("changed_at", "notes__at", "needs__changed_at", "service_lines__changed_at"):
        told = cases.values_list("resident").annotate(last=Max(path))
        for resident_id, moment in told:
            if moment and (resident_id not in newest or moment.date() > newest[resident_id]):
                newest[resident_id] = moment.date()
    return newest


def register() -> None:
    """Called when the app starts."""
    add_export(ExportPart("cases", gettext_lazy("Cases"), exported))
    add_eraser(Eraser("cases", holds, erase))
    add_last_use(last_served)
