"""Rooms, interpreters, hours and absences: a supervisor's pages, and a caseworker's own hours."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import Actor, access, actor_of, can
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.casework.appointments import feeds, offering, queries
from philoxenia_web.casework.appointments.forms import AbsenceForm, HoursForm, InterpreterForm, RoomForm
from philoxenia_web.casework.models.appointments import Absence, Hours, Interpreter, Room
from philoxenia_web.casework.policies import CASEWORK, SUPERVISE, desks_of
from philoxenia_web.casework.queries import colleagues
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people.visits import visiting

_ROOM = ("name", "seats", "step_free", "quiet", "active")
_INTERPRETER = ("label", "agency", "languages", "sex", "present", "by_phone", "shared", "active")


@access(CASEWORK)
@require_safe
def offered(request: HttpRequest) -> HttpResponse:
    """What the desk can offer: workers with their hours, rooms, interpreters; one's own calendar address."""
    actor = actor_of(request)
    places = Organisation.objects.filter(pk__in=desks_of(actor)).order_by("name")
    desks = [_desk(actor, place) for place in places]
    context = {"desks": desks, "feeds": feeds.own_feeds(actor), "actor": actor}
    return render(request, "casework/appointments/offered.html", context)


def _desk(actor: Actor, place: Organisation) -> dict[str, Any]:
    with_hours = set(Hours.objects.filter(organisation=place).values_list("resource_id", flat=True))
    supervises = can(actor, SUPERVISE, place.pk)
    people = [(id_, name, id_ in with_hours) for id_, name in colleagues(place.pk)]
    return {
        "place": place,
        "supervises": supervises,
        "people": [(id_, name, has, supervises or id_ == actor.person_id) for id_, name, has in people],
        "rooms": Room.objects.filter(organisation=place).order_by("-active", "name"),
        "interpreters": Interpreter.objects.filter(organisation=place).order_by("-active", "label"),
    }


def _supervised_place(request: HttpRequest, organisation_id: UUID) -> UUID:
    if not can(actor_of(request), SUPERVISE, organisation_id):
        raise Http404
    return organisation_id


@access(SUPERVISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_room(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Write down a room."""
    place = _supervised_place(request, organisation_id)
    form = RoomForm(request.POST or None, initial={"key": uuid4(), "version": 0})
    return _room(request, place, None, form)


@access(SUPERVISE)
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: HttpRequest, room_id: UUID) -> HttpResponse:
    """Change a room."""
    one = offering.own(actor_of(request), Room, room_id)
    known = {name: getattr(one, name) for name in (*_ROOM, "version", "key")}
    return _room(request, one.organisation_id, one.pk, RoomForm(request.POST or None, initial=known))


def _room(request: HttpRequest, place: UUID, room_id: UUID | None, form: RoomForm) -> HttpResponse:
    def keep(said: dict[str, Any]) -> Any:
        return offering.keep_room(actor_of(request), place, room_id, said)

    return _kept(request, form, keep, _("A room"), room_id)


@access(SUPERVISE)
@require_http_methods(["GET", "HEAD", "POST"])
def new_interpreter(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Write down an interpreter."""
    place = _supervised_place(request, organisation_id)
    known = {"key": uuid4(), "version": 0}
    form = InterpreterForm(colleagues(place), request.POST or None, initial=known)
    return _interpreter(request, place, None, form)


@access(SUPERVISE)
@require_http_methods(["GET", "HEAD", "POST"])
def interpreter(request: HttpRequest, interpreter_id: UUID) -> HttpResponse:
    """Change an interpreter."""
    one = offering.own(actor_of(request), Interpreter, interpreter_id)
    known = {name: getattr(one, name) for name in (*_INTERPRETER, "version", "key")}
    known["person"] = str(one.person_id or "")
    form = InterpreterForm(colleagues(one.organisation_id), request.POST or None, initial=known)
    return _interpreter(request, one.organisation_id, one.pk, form)


def _interpreter(
    request: HttpRequest, place: UUID, interpreter_id: UUID | None, form: InterpreterForm
) -> HttpResponse:
    def keep(said: dict[str, Any]) -> Any:
        person = said.pop("person")
        said["person_id"] = UUID(person) if person else None
        return offering.keep_interpreter(actor_of(request), place, interpreter_id, said)

    return _kept(request, form, keep, _("An interpreter"), interpreter_id)


def _kept(request: HttpRequest, form: Form, keep: Any, title: str, row_id: UUID | None) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            keep(dict(form.cleaned_data))
            return redirect("appointment-offered")
        except (NotPossible, Conflict) as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "what": title, "row_id": row_id}
    return render(request, "casework/appointments/keep.html", context, status=422 if form.is_bound else 200)


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
def hours(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    """The hours and absences of a worker, room or interpreter."""
    actor = actor_of(request)
    place, name = offering.resource_of(actor, resource_id)
    known: dict[str, Any] = {"seen": offering.hours_as_seen(place, resource_id)}
    for row in Hours.objects.filter(organisation=place, resource_id=resource_id):
        known |= {f"begins_{row.weekday}": row.begins, f"ends_{row.weekday}": row.ends}
    form = HoursForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try:
            offering.set_hours(actor, resource_id, form.spans, form.cleaned_data["seen"])
        except Conflict as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The hours are kept. Appointments that were booked stay."))
        return redirect("appointment-hours", resource_id)
    away = list(
        Absence.objects.filter(resource_id=resource_id, ends_at__gt=timezone.now()).order_by("starts_at")
    )
    with visiting(actor):
        for one in away:
            one.hits = queries.within(actor, one)  # type: ignore[attr-defined]
    context = {
        "name": name,
        "resource_id": resource_id,
        "form": form,
        "days": [(form[f"begins_{day}"], form[f"ends_{day}"]) for day in range(7)],
        "absences": away,
        "absence_form": AbsenceForm(initial={"key": uuid4()}),
    }
    return render(request, "casework/appointments/hours.html", context, status=422 if form.is_bound else 200)


@access(CASEWORK)
@require_POST
def absence(request: HttpRequest, resource_id: UUID) -> HttpResponse:
    """Note days of absence, or take some back."""
    actor = actor_of(request)
    offering.resource_of(actor, resource_id)
    form = AbsenceForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        offering.add_absence(actor, resource_id, said["first"], said["last"], said["key"])
    else:
        messages.warning(request, _("Say the first and the last day; the last not before the first."))
    return redirect("appointment-hours", resource_id)


@access(CASEWORK)
@require_POST
def drop_absence(request: HttpRequest, absence_id: UUID) -> HttpResponse:
    """Take an absence back."""
    return redirect("appointment-hours", offering.drop_absence(actor_of(request), absence_id))
