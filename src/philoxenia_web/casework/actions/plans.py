"""The plan: goals in the person's words, tasks with a day, and the services that are bundled for it."""

import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import Actor
from philoxenia_web.casework.actions.needs import need_codes
from philoxenia_web.casework.actions.notes import sealed_words
from philoxenia_web.casework.actions.writing import (
    changed,
    held,
    kept,
    note,
    once,
    part_of,
    stepped,
    store,
)
from philoxenia_web.casework.models.cases import Case, Goal, ServiceLine, Task
from philoxenia_web.casework.policies import check_works_at
from philoxenia_web.casework.refusals import NotPossible
from philoxenia_web.casework.states import GOAL, SERVICE_LINE, TASK
from philoxenia_web.registry.people.visits import visiting


def set_goal(
    actor: Actor, case_id: UUID, words: str, key: UUID, *, need: str = "", due_on: datetime.date | None = None
) -> Goal:
    """Where the plan leads, in the person's own words."""
    if need and need not in need_codes():
        raise NotPossible(_("There is no such need in the vocabulary. Choose one of the list."))
    if not words.strip():
        raise NotPossible(_("Write what is to be reached."))
    with visiting(actor):
        case = held(actor, case_id)

        def make() -> Goal:
            text_id = sealed_words(actor, case, "goal", words)
            made = Goal.objects.create(key=key, case=case, need=need, text_id=text_id, due_on=due_on)
            note(actor, "set_goal", made, {"need": need, "due_on": due_on})
            return made

        return once(actor, Goal, key, make)


def step_goal(actor: Actor, goal_id: UUID, based_on: int, verb: str) -> Goal:
    """Reach, drop or return a goal."""
    with visiting(actor):
        goal = part_of(actor, Goal, goal_id)
        if not stepped(goal, GOAL, verb, based_on):
            return goal
        goal.ended_at = None if goal.state == Goal.State.OPEN else timezone.now()
        return kept(actor, f"{verb}_goal", goal)


def add_task(
    actor: Actor,
    case_id: UUID,
    kind: str,
    due_on: datetime.date,
    key: UUID,
    *,
    words: str = "",
    worker_id: UUID | None = None,
    goal_id: UUID | None = None,
) -> Task:
    """Something to be done by a day; the worker of the case does it where nobody else is named."""
    if kind not in Task.Kind.values:
        raise NotPossible(_("Choose what is to be done."))
    with visiting(actor):
        case = held(actor, case_id)
        if worker_id is not None:
            check_works_at(worker_id, case.organisation_id)

        def make() -> Task:
            made = Task.objects.create(
                key=key,
                case=case,
                kind=kind,
                due_on=due_on,
                text_id=sealed_words(actor, case, "task", words) if words.strip() else None,
                worker_id=worker_id or case.worker_id or actor.person_id,
                goal=_goal_of(case, goal_id),
            )
            note(actor, "add_task", made, {"kind": kind, "due_on": due_on})
            return made

        return once(actor, Task, key, make)


def _goal_of(case: Case, goal_id: UUID | None) -> Goal | None:
    if goal_id is None:
        return None
    goal = Goal.objects.filter(pk=goal_id, case=case).first()
    if goal is None:
        raise NotPossible(_("This goal is not of this case."))
    return goal


def step_task(actor: Actor, task_id: UUID, based_on: int, verb: str) -> Task:
    """Finish, drop or return a task."""
    with visiting(actor):
        task = part_of(actor, Task, task_id)
        if not stepped(task, TASK, verb, based_on):
            return task
        done = task.state == Task.State.DONE
        task.done_at, task.done_by = (timezone.now(), actor.person_id) if done else (None, None)
        return kept(actor, f"{verb}_task", task)


def change_task(
    actor: Actor, task_id: UUID, based_on: int, due_on: datetime.date, worker_id: UUID | None
) -> Task:
    """Another day, or a colleague who does it."""
    with visiting(actor):
        task = part_of(actor, Task, task_id)
        if worker_id is not None:
            check_works_at(worker_id, task.case.organisation_id)
        fresh = changed(task, based_on, {"due_on": due_on, "worker_id": worker_id})
        if "due_on" in fresh:
            note(actor, "move_task", task, {"was": fresh["due_on"][0], "due_on": due_on})
        if "worker_id" in fresh:
            note(actor, "give_task", task, {"worker": worker_id})
        return store(task) if fresh else task


def plan_service(
    actor: Actor,
    case_id: UUID,
    kind: str,
    key: UUID,
    *,
    service_id: UUID | None = None,
    goal_id: UUID | None = None,
) -> ServiceLine:
    """A service that belongs to the plan; one of the directory where `service_id` names it."""
    if kind not in ServiceLine.Kind.values:
        raise NotPossible(_("Choose what kind of service it is."))
    with visiting(actor):
        case = held(actor, case_id)

        def make() -> ServiceLine:
            goal = _goal_of(case, goal_id)
            made = ServiceLine.objects.create(key=key, case=case, kind=kind, service_id=service_id, goal=goal)
            note(actor, "plan_service", made, {"kind": kind, "service": service_id})
            return made

        return once(actor, ServiceLine, key, make)


def step_service(actor: Actor, line_id: UUID, based_on: int, verb: str) -> ServiceLine:
    """Ask for, begin, complete or end a service of the plan."""
    with visiting(actor):
        line = part_of(actor, ServiceLine, line_id)
        if not stepped(line, SERVICE_LINE, verb, based_on):
            return line
        if line.state == ServiceLine.State.RUNNING:
            line.began_at = timezone.now()
        elif line.state in (ServiceLine.State.COMPLETED, ServiceLine.State.ENDED_EARLY):
            line.ended_at = timezone.now()
        return kept(actor, f"{verb}_service", line)
