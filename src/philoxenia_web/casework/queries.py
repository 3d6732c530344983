"""Reads of casework, always inside a visit: the database itself leaves out what is not the visitor's."""

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Case as Either
from django.db.models import Count, IntegerField, Max, Min, Q, QuerySet, Value, When
from django.http import Http404
from django.utils.translation import get_language

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.accounts.models import Person
from philoxenia_web.casework.city_time import today
from philoxenia_web.casework.models.cases import Case, CaseNeed, Document, Goal, Note, ServiceLine, Task
from philoxenia_web.casework.policies import desks_of
from philoxenia_web.directory.queries import shown_many

# A page shows the newest; older notes are asked for.
NEWEST_NOTES = 20
_OPEN_FIRST = Either(
    When(state="open", then=Value(0)), When(state="waiting", then=Value(1)), default=Value(2),
    output_field=IntegerField(),
)  # fmt: skip


_TABLES: tuple[type[Any], ...] = (CaseNeed, Goal, Task, ServiceLine, Note, Document)


def _part_of_all(number: int, table: type[Any]) -> str:
    newest = f" order by at desc limit {NEWEST_NOTES}" if table is Note else ""
    name = table._meta.db_table
    return f"(select {number}, to_jsonb(one) from {name} one where case_id = %s{newest})"  # noqa: S608


_ALL_OF_A_CASE = " union all ".join(_part_of_all(number, table) for number, table in enumerate(_TABLES))


def _row(table: type[Any], told: Any) -> Any:
    """A row as the database tells it in JSON."""
    plain = json.loads(told) if isinstance(told, str) else told
    row = table(**{one.attname: one.to_python(plain[one.column]) for one in table._meta.concrete_fields})
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return row


def own_cases(actor: Actor) -> QuerySet[Case]:
    """Every case of the desks where the actor works."""
    found = Case.objects.all()
    return found if actor is SYSTEM else found.filter(organisation__in=desks_of(actor))


def cases_of(actor: Actor, *resident_ids: UUID) -> list[Case]:
    """The cases of the actor's desks with this person, the open one first, then the newest.

    A person may have several records, of which one answers for all.
    """
    found = own_cases(actor).filter(resident__in=resident_ids).select_related("organisation")
    return list(found.order_by(_OPEN_FIRST, "-opened_at"))


def case_for(actor: Actor, case_id: UUID) -> Case:
    """A case the actor may see: of the own desk, or shared by a referral. Raises `Http404` for every other.

    Which others there are is said by the policies of the table, so that nobody can forget it here.
    """
    found = Case.objects.select_related("organisation").filter(pk=case_id).first()
    if found is None:
        raise Http404
    return found


@dataclass
class Work:
    """What stands in one case; each table is read once, when a part of the page first asks."""

    actor: Actor
    case: Case

    @cached_property
    def _rows(self) -> dict[type[Any], list[Any]]:
        """All of it in one question: six would cost more than they bring."""
        with connection.cursor() as cursor:
            cursor.execute(_ALL_OF_A_CASE, [self.case.pk] * len(_TABLES))
            found: dict[type[Any], list[Any]] = {table: [] for table in _TABLES}
            for number, told in cursor.fetchall():
                found[_TABLES[number]].append(_row(_TABLES[number], told))
        return found

    @cached_property
    def needs(self) -> list[CaseNeed]:
        """Unmet needs, the most severe first, then the others."""
        return sorted(
            self._rows[CaseNeed],
            key=lambda one: (one.state not in ("open", "in_hand"), -one.severity, one.noted_at),
        )

    @property
    def live_needs(self) -> list[CaseNeed]:
        """Those that are not met yet."""
        return [one for one in self.needs if one.state in ("open", "in_hand")]

    @cached_property
    def services(self) -> dict[UUID, str]:
        """The names of services of the directory that belong to the plan."""
        ids = [one.service_id for one in self.service_lines if one.service_id]
        found = shown_many(ids, get_language() or "en") if ids else []
        return {UUID(str(one.id)): one.name.text if one.name else "" for one in found}

    @cached_property
    def goals(self) -> list[Goal]:
        """Open goals by their day, then the others."""
        return sorted(
            self._rows[Goal],
            key=lambda one: (one.state != "open", one.due_on or datetime.date.max, one.made_at),
        )

    @cached_property
    def tasks(self) -> list[Task]:
        """Tasks to do by their day, then the others, the newest first."""
        found = sorted(self._rows[Task], key=lambda one: one.due_on)
        return [one for one in found if one.state == "open"] + [
            one for one in reversed(found) if one.state != "open"
        ]

    @cached_property
    def service_lines(self) -> list[ServiceLine]:
        """The services of the plan, in the order they were planned."""
        return sorted(self._rows[ServiceLine], key=lambda one: one.made_at)

    @cached_property
    def notes(self) -> list[Note]:
        """The newest notes."""
        return sorted(self._rows[Note], key=lambda one: one.at, reverse=True)

    @cached_property
    def documents(self) -> list[Document]:
        """Documents, the newest first."""
        return sorted(self._rows[Document], key=lambda one: one.at, reverse=True)

    @cached_property
    def words(self) -> dict[UUID, str]:
        """The sealed words of goals, tasks and notes, opened in one read that is in the trail."""
        # The registry's tables are opened only where a page shows them.
        from philoxenia_web.registry.people.texts import read_texts  # noqa: PLC0415

        ids = [one.text_id for one in (*self.goals, *self.tasks, *self.notes) if one.text_id]
        return read_texts(self.actor, ids, "serving_now") if ids else {}

    @cached_property
    def workers(self) -> dict[UUID, str]:
        """The names of colleagues who appear in the case."""
        ids = {self.case.worker_id, *(one.worker_id for one in self.tasks), *(one.by for one in self.notes)}
        return names_of(one for one in ids if one)


def names_of(person_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of people who work here."""
    return dict(Person.objects.filter(pk__in=list(person_ids)).values_list("pk", "name"))


def colleagues(organisation_id: UUID) -> list[tuple[UUID, str]]:
    """Those who work at a desk, by name."""
    held = Person.objects.filter(is_active=True, memberships__organisation=organisation_id)
    held = held.filter(memberships__role__in=["caseworker", "supervisor"])
    return list(held.distinct().order_by("name").values_list("pk", "name"))


@dataclass
class CaseLine:
    """A line of the caseload: the case, what is most severe in it, what is due, the last contact."""

    case: Case
    severity: int
    needs: int
    due_on: datetime.date | None
    late: int
    last_note: datetime.datetime | None
    codes: list[str] = field(default_factory=list)


def caseload(actor: Actor, *, mine: bool = True, organisation_id: UUID | None = None) -> list[CaseLine]:
    """Live cases of the actor, or of the whole desk: what is most severe and most overdue first."""
    found = own_cases(actor).exclude(state=Case.State.CLOSED)
    if mine:
        found = found.filter(worker_id=actor.person_id)
    if organisation_id:
        found = found.filter(organisation=organisation_id)
    cases = {one.pk: one for one in found.select_related("organisation")[:MOST_LINES]}
    needs = _needs(cases)
    tasks = _tasks(cases)
    notes = dict(Note.objects.filter(case__in=cases).values_list("case").annotate(last=Max("at")))
    lines = [_line(case, needs.get(pk, []), tasks.get(pk), notes.get(pk)) for pk, case in cases.items()]
    return sorted(lines, key=lambda one: (-one.late, -one.severity, one.due_on or datetime.date.max))


MOST_LINES = 500


def _needs(cases: dict[UUID, Case]) -> dict[UUID, list[tuple[int, str]]]:
    found: dict[UUID, list[tuple[int, str]]] = {}
    live = CaseNeed.objects.filter(case__in=cases, state__in=["open", "in_hand"])
    for case_id, severity, need in live.values_list("case", "severity", "need").order_by("-severity"):
        found.setdefault(case_id, []).append((severity, need))
    return found


def _tasks(cases: dict[UUID, Case]) -> dict[UUID, dict[str, Any]]:
    open_ones = Task.objects.filter(case__in=cases, state=Task.State.OPEN).values("case")
    told = open_ones.annotate(due=Min("due_on"), late=Count("pk", filter=Q(due_on__lt=today())))
    return {one["case"]: one for one in told}


def _line(
    case: Case,
    needs: list[tuple[int, str]],
    tasks: dict[str, Any] | None,
    last_note: datetime.datetime | None,
) -> CaseLine:
    return CaseLine(
        case,
        severity=max((severity for severity, _need in needs), default=0),
        needs=len(needs),
        due_on=tasks["due"] if tasks else None,
        late=tasks["late"] if tasks else 0,
        last_note=last_note,
        codes=[need for _severity, need in needs],
    )


def tasks_due(actor: Actor, until: datetime.date) -> list[Task]:
    """The actor's own tasks up to a day, the oldest first."""
    found = Task.objects.filter(worker_id=actor.person_id, state=Task.State.OPEN, due_on__lte=until)
    found = found.filter(case__organisation__in=desks_of(actor)).select_related("case")
    return list(found.order_by("due_on", "made_at")[:100])


def changed_since(actor: Actor, moment: datetime.datetime) -> QuerySet[Case]:
    """Cases of the actor's desks that changed after a moment, the oldest change first."""
    return own_cases(actor).filter(changed_at__gt=moment).order_by("changed_at", "pk")
