"""What casework does for a person's rights: their own copy, forgetting, and when they were last served."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.casework.models.cases import Case, CaseNeed, Document, Goal, Note, Task
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people.merging import same_person
from philoxenia_web.registry.people.texts import read_texts
from philoxenia_web.registry.people.visits import only_reading
from philoxenia_web.registry.rights.parts import (
    Eraser,
    ExportPart,
    Team,
    add_eraser,
    add_export,
    add_last_use,
    add_teams,
    tells_words_of,
)


def exported(resident_id: UUID) -> list[dict[str, Any]]:
    """Every case with what stands in it; the words of a team once it has let them out."""
    whose = set(same_person(resident_id))
    found = Case.objects.filter(resident=resident_id).select_related("organisation")
    return [_case(one, whose) for one in found]


def needs_in_other_cases(resident_id: UUID) -> list[dict[str, Any]]:
    """What was noted of this person in the case of somebody they live with."""
    whose = same_person(resident_id)
    theirs = CaseNeed.objects.filter(resident=resident_id)
    others = theirs.exclude(case__in=Case.objects.filter(resident__in=whose)).order_by("noted_at")
    return [_need(one, set(whose)) for one in others]


def _case(case: Case, whose: set[UUID]) -> dict[str, Any]:
    goals, tasks, notes = list(case.goals.all()), list(case.tasks.all()), list(case.notes.all())
    ids = [one.text_id for one in (*goals, *tasks, *notes) if one.text_id]
    told = tells_words_of(case.organisation_id)
    words = read_texts(Actor(), ids, "own_page") if ids and told else {}
    return {
        "id": str(case.pk),
        "organisation": case.organisation.name,
        "state": case.state,
        "opened_at": case.opened_at.isoformat(),
        "closed_at": case.closed_at.isoformat() if case.closed_at else None,
        "outcome": case.outcome,
        "words_told": told,
        "needs": [_need(one, whose) for one in _told_needs(case, whose)],
        "goals": [_worded(one, words, "need", "state", "due_on") for one in goals],
        "tasks": [_worded(one, words, "kind", "state", "due_on") for one in tasks],
        "services": [_plain(one, "kind", "state", "service_id") for one in case.service_lines.all()],
        "notes": [_worded(one, words, "kind", "at") for one in notes],
        "documents": [_plain(one, "kind", "media_type", "size", "at") for one in case.documents.all()],
    }


def _told_needs(case: Case, whose: set[UUID]) -> list[CaseNeed]:
    """What stands in the case but for a protected member's needs: those are told to that person alone."""
    needs = list(case.needs.all())
    others = {one.resident_id for one in needs} - whose
    with only_reading(SYSTEM):
        hidden = set(Resident.objects.filter(pk__in=others, restricted=True).values_list("pk", flat=True))
    return [one for one in needs if one.resident_id not in hidden]


def _need(need: CaseNeed, whose: set[UUID]) -> dict[str, Any]:
    said = _plain(need, "need", "severity", "state", "noted_at", "met_at")
    return said | {"whose": "own" if need.resident_id in whose else "household"}


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
    """Words and files go; that somebody was served, by codes and days, stays for the counts.

    After a restore a case may be live again: nobody is there to work with, so it is closed.
    """
    theirs = {"case__resident": resident_id}
    now = timezone.now()
    live = Case.objects.filter(resident=resident_id).exclude(state=Case.State.CLOSED)
    live.update(state=Case.State.CLOSED, closed_at=now, changed_at=now)
    Note.objects.filter(**theirs).delete()
    Document.objects.filter(**theirs).delete()
    Goal.objects.filter(**theirs).update(text_id=None)
    Task.objects.filter(**theirs).update(text_id=None)
    Task.objects.filter(**theirs, state=Task.State.OPEN).update(state=Task.State.DROPPED, changed_at=now)


def last_served(resident_ids: Sequence[UUID]) -> dict[UUID, date]:
    """The newest day of a case, need, note or service; a need may stand in the household's case."""
    newest: dict[UUID, date] = {}
    cases = Case.objects.filter(resident__in=list(resident_ids))
    for path in ("changed_at", "notes__at", "service_lines__changed_at"):
        told = cases.values_list("resident").annotate(last=Max(path))
        for resident_id, moment in told:
            if moment and (resident_id not in newest or moment.date() > newest[resident_id]):
                newest[resident_id] = moment.date()
    noted = CaseNeed.objects.filter(resident__in=list(resident_ids)).values_list("resident")
    for resident_id, moment in noted.annotate(last=Max("changed_at")):
        newest[resident_id] = max(newest.get(resident_id, moment.date()), moment.date())
    return newest


def teams(resident_ids: Sequence[UUID]) -> list[Team]:
    """Each department with a case of this person."""
    found = Case.objects.filter(resident__in=list(resident_ids)).order_by("opened_at")
    rows = found.values_list("organisation_id", "state", "opened_by")
    return [Team(place, state != Case.State.CLOSED, by) for place, state, by in rows]


def register() -> None:
    """Called when the app starts."""
    add_export(ExportPart("cases", gettext_lazy("Cases"), exported))
    add_export(ExportPart("needs", gettext_lazy("Needs in the household's case"), needs_in_other_cases))
    add_eraser(Eraser("cases", holds, erase))
    add_last_use(last_served)
    add_teams(teams)
