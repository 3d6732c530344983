"""Steps of a case and of what stands in it: each a small form on the person's page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from philoxenia_web.accounts.access import Actor, access, actor_of
from philoxenia_web.casework import queries
from philoxenia_web.casework.actions import cases, needs, notes, plans
from philoxenia_web.casework.desk.forms import (
    ChangeTaskForm,
    CloseForm,
    GoalForm,
    NeedForm,
    NoteForm,
    ServiceForm,
    TaskForm,
)
from philoxenia_web.casework.desk.writing import (
    back_to_person,
    carried_out,
    first_error,
    key_from,
    version_from,
)
from philoxenia_web.casework.models.cases import Case, CaseNeed, Goal, ServiceLine, Task
from philoxenia_web.casework.policies import CASEWORK, check_work_on
from philoxenia_web.casework.words import MACHINES
from philoxenia_web.registry.people.visits import at_the_desk

# What is added to a case by a small form: the form, the part of the page it stands in, and the action.
_ADDED: dict[str, tuple[type[Form], str, Callable[[Actor, UUID, dict[str, Any], UUID], Any]]] = {
    "need": (
        NeedForm,
        "needs",
        lambda actor, case, said, key: needs.note_need(
            actor, case, said["need"], said["severity"], key, resident_id=said["whose"]
        ),
    ),
    "goal": (
        GoalForm,
        "plan",
        lambda actor, case, said, key: plans.set_goal(
            actor, case, said["words"], key, need=said["need"], due_on=said["due_on"]
        ),
    ),
    "task": (
        TaskForm,
        "tasks",
        lambda actor, case, said, key: plans.add_task(
            actor, case, said["kind"], said["due_on"], key, words=said["words"], worker_id=said["worker"]
        ),
    ),
    "service": (
        ServiceForm,
        "plan",
        lambda actor, case, said, key: plans.plan_service(
            actor, case, said["kind"], key, service_id=said["service"]
        ),
    ),
    "note": (
        NoteForm,
        "notes",
        lambda actor, case, said, key: notes.write_note(actor, case, said["kind"], said["words"], key),
    ),
}


@access(CASEWORK)
@require_POST
@at_the_desk
def add(request: HttpRequest, case_id: UUID, what: str) -> HttpResponse:
    """A need, goal, task, service or note."""
    if what not in _ADDED:
        raise Http404
    actor = actor_of(request)
    case = check_work_on(actor, queries.case_for(actor, case_id))
    shape, part, act = _ADDED[what]
    form = shape(request.POST)
    if form.is_valid():
        carried_out(request, lambda: act(actor, case.pk, form.cleaned_data, key_from(request)))
    else:
        messages.warning(request, first_error(form))
    return back_to_person(case.resident_id, part)


_STEPPED: dict[str, tuple[type[Any], str, Callable[[Actor, UUID, int, str], Any]]] = {
    "need": (CaseNeed, "needs", needs.step_need),
    "goal": (Goal, "plan", plans.step_goal),
    "task": (Task, "tasks", plans.step_task),
    "service": (ServiceLine, "plan", plans.step_service),
}


@access(CASEWORK)
@require_POST
@at_the_desk
def step(request: HttpRequest, what: str, row_id: UUID) -> HttpResponse:
    """A verb on a need, goal, task or service; or another severity or day."""
    if what not in _STEPPED:
        raise Http404
    actor = actor_of(request)
    model, part, act = _STEPPED[what]
    row = model._default_manager.select_related("case").filter(pk=row_id).first()
    case = check_work_on(actor, row.case if row else None)
    verb, based_on = request.POST.get("verb", ""), version_from(request)
    if what == "need" and (severity := _SEVERITIES.get(request.POST.get("severity", ""))):
        carried_out(request, lambda: needs.set_severity(actor, row_id, based_on, severity))
    elif what == "task" and "due_on" in request.POST:
        _change_task(request, actor, row_id, based_on)
    elif verb in {one.verb for one in MACHINES[what].steps}:
        carried_out(request, lambda: act(actor, row_id, based_on, verb))
    if request.POST.get("back") == "front":
        return redirect("front")
    return back_to_person(case.resident_id, part)


_SEVERITIES = {str(code): code for code in CaseNeed.Severity.values}


def _change_task(request: HttpRequest, actor: Actor, task_id: UUID, based_on: int) -> None:
    form = ChangeTaskForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        carried_out(
            request, lambda: plans.change_task(actor, task_id, based_on, said["due_on"], said["worker"])
        )
    else:
        messages.warning(request, first_error(form))


@access(CASEWORK)
@require_POST
@at_the_desk
def step_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Pause, go on, close, open again, or give the case to a colleague."""
    actor = actor_of(request)
    case = check_work_on(actor, queries.case_for(actor, case_id))
    verb, based_on = request.POST.get("verb", ""), version_from(request)
    acts: dict[str, Callable[[], Case]] = {
        "pause": lambda: cases.pause(actor, case_id, based_on),
        "resume": lambda: cases.resume(actor, case_id, based_on),
        "reopen": lambda: cases.reopen(actor, case_id, based_on),
        "close": lambda: cases.close(
            actor, case_id, based_on, request.POST.get("outcome", ""), request.POST.get("referrals", "")
        ),
        "let_go": lambda: cases.let_go(actor, case_id, based_on),
        "assign": lambda: cases.assign(actor, case_id, based_on, _worker(request)),
    }
    if verb == "close" and not CloseForm(request.POST).is_valid():
        messages.warning(request, _("Say how the case ended."))
    elif verb in acts:
        carried_out(request, acts[verb])
    if verb == "let_go":
        return redirect("front-caseload")
    return back_to_person(case.resident_id, "case")


def _worker(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.POST.get("worker", ""))
    except ValueError:
        return None
