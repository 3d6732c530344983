"""Reads of casework, always inside a visit: the database itself leaves out what is not the visitor's."""

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Case as Either
from django.db.models import (
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils.translation import get_language

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.queries import people_of
from philoxenia_web.casework.city_time import today
from philoxenia_web.casework.models.cases import Case, CaseNeed, Document, Goal, Note, ServiceLine, Task
from philoxenia_web.casework.policies import CASEWORK, desks_of
from philoxenia_web.directory.queries import shown_many
from philoxenia_web.registry.models import Resident

# A page shows the newest; older notes are asked for, several times as many at each step.
NEWEST_NOTES, MOST_NOTES = 20, 12_500
_LIVE = (CaseNeed.State.OPEN, CaseNeed.State.IN_HAND)
_OPEN_FIRST = Either(
    When(state="open", then=Value(0)), When(state="waiting", then=Value(1)), default=Value(2),
    output_field=IntegerField(),
)  # fmt: skip
# A member of the household may be protected since: this visit is told of those alone whom it sees.
_OF_SEEN = Q(resident=F("case__resident")) | Exists(Resident.objects.filter(pk=OuterRef("resident_id")))


_TABLES: tuple[type[Any], ...] = (CaseNeed, Goal, Task, ServiceLine, Note, Document)


def _part_of_all(number: int, table: type[Any]) -> str:
    newest = " order by at desc, id limit %(notes)s" if table is Note else ""
    name = table._meta.db_table
    return f"(select {number}, to_jsonb(one) from {name} one where case_id = %(case)s{newest})"  # noqa: S608


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


def place_of_work(actor: Actor, resident_id: UUID) -> UUID | None:
    """The desk of the actor that works with this person now; None where none does."""
    live = own_cases(actor).filter(resident=resident_id).exclude(state=Case.State.CLOSED)
    return live.order_by("opened_at").values_list("organisation_id", flat=True).first()


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
    most_notes: int = NEWEST_NOTES

    @cached_property
    def _rows(self) -> dict[type[Any], list[Any]]:
        """All of it in one question: six would cost more than they bring."""
        with connection.cursor() as cursor:
            cursor.execute(_ALL_OF_A_CASE, {"case": self.case.pk, "notes": self.most_notes + 1})
            found: dict[type[Any], list[Any]] = {table: [] for table in _TABLES}
            for number, told in cursor.fetchall():
                found[_TABLES[number]].append(_row(_TABLES[number], told))
        return found

    @cached_property
    def needs(self) -> list[CaseNeed]:
        """Unmet needs, the most severe first, then the others; of those alone whom this visit sees."""
        mine, found = self.case.resident_id, self._rows[CaseNeed]
        others = {one.resident_id for one in found} - {mine}
        there = Resident.objects.filter(pk__in=others).values_list("pk", flat=True)
        seen = {mine, *there} if others else {mine}
        return sorted(
            (one for one in found if one.resident_id in seen),
            key=lambda one: (one.state not in _LIVE, -one.severity, one.noted_at),
        )

    @property
    def live_needs(self) -> list[CaseNeed]:
        """Those that are not met yet."""
        return [one for one in self.needs if one.state in _LIVE]

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
        return sorted(self._rows[Note], key=lambda one: one.at, reverse=True)[: self.most_notes]

    @property
    def has_older_notes(self) -> bool:
        """Whether there are more than were asked for."""
        return len(self._rows[Note]) > self.most_notes

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
    return list(people_of(organisation_id, *CASEWORK.roles).order_by("name").values_list("pk", "name"))


def caseload(actor: Actor, *, mine: bool = True) -> QuerySet[Case]:
    """Live cases of the actor, or of the whole desk: what is most overdue and most severe first.

    Each with `late` (tasks whose day has passed), `severity` (the worst need) and `due_on` (the next task).
    """
    found = own_cases(actor).exclude(state=Case.State.CLOSED)
    if mine:
        found = found.filter(worker_id=actor.person_id)
    tasks = Task.objects.filter(case=OuterRef("pk"), state=Task.State.OPEN)
    needs = CaseNeed.objects.filter(_OF_SEEN, case=OuterRef("pk"), state__in=_LIVE)
    return found.annotate(
        late=_told(tasks.filter(due_on__lt=today()), Count("pk"), 0),
        severity=_told(needs, Max("severity"), 0),
        due_on=_told(tasks, Min("due_on")),
    ).order_by("-late", "-severity", F("due_on").asc(nulls_last=True), "opened_at", "pk")


def _told(rows: QuerySet[Any], what: Any, nothing: int | None = None) -> Any:
    """One figure of a case's rows, within the question for the cases."""
    found = Subquery(rows.order_by().values("case").annotate(told=what).values("told"))
    return found if nothing is None else Coalesce(found, nothing)


def live_codes(cases: Iterable[Case]) -> dict[UUID, list[str]]:
    """The unmet needs of cases, the most severe first."""
    found: dict[UUID, list[str]] = {}
    live = CaseNeed.objects.filter(_OF_SEEN, case__in=[one.pk for one in cases], state__in=_LIVE)
    for case_id, need in live.order_by("-severity", "noted_at").values_list("case", "need"):
        found.setdefault(case_id, []).append(need)
    return found


def tasks_due(actor: Actor, until: datetime.date) -> list[Task]:
    """The actor's own tasks up to a day, the oldest first."""
    found = Task.objects.filter(worker_id=actor.person_id, state=Task.State.OPEN, due_on__lte=until)
    found = found.filter(case__organisation__in=desks_of(actor)).select_related("case")
    return list(found.order_by("due_on", "made_at")[:100])


def changed_since(actor: Actor, moment: datetime.datetime) -> QuerySet[Case]:
    """Cases of the actor's desks that changed after a moment, the oldest change first."""
    return own_cases(actor).filter(changed_at__gt=moment).order_by("changed_at", "pk")
