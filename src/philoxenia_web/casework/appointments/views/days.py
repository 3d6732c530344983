"""The day's appointments, one of them, its steps, the slip that is printed."""

import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.casework.appointments import booking, queries
from philoxenia_web.casework.appointments.forms import BecauseForm
from philoxenia_web.casework.appointments.reminding import agrees, wishes_of
from philoxenia_web.casework.appointments.states import APPOINTMENT
from philoxenia_web.casework.appointments.words import BRING, PURPOSES
from philoxenia_web.casework.desk.writing import carried_out, first_error, version_from
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.policies import CASEWORK
from philoxenia_web.registry.people.records import briefs
from philoxenia_web.registry.people.visits import at_the_desk, visiting

_STEPS = {
    "arrive": booking.arrive,
    "hold": booking.hold,
    "miss": booking.miss,
    "remind": partial(booking.remind, wanted=True),
    "silence": partial(booking.remind, wanted=False),
}
_LATEST = datetime.date(2100, 1, 1)


def day_of(text: str) -> datetime.date:
    """A day from an address; today for anything else."""
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()
    return day if datetime.date(2020, 1, 1) < day < _LATEST else timezone.localdate()


@access(CASEWORK)
@require_safe
@at_the_desk
def appointments(request: HttpRequest) -> HttpResponse:
    """The appointments of a day: one's own, or those of everybody at the desk."""
    actor = actor_of(request)
    day = day_of(request.GET.get("day", ""))
    everybody = request.GET.get("who") == "all"
    found = queries.of_day(actor, day, None if everybody else actor.person_id)
    context = {
        "day": day,
        "before": day - datetime.timedelta(days=1),
        "after": day + datetime.timedelta(days=1),
        "today": timezone.localdate(),
        "everybody": everybody,
        "found": found,
        "people": briefs(actor, {one.resident_id for one in found}, "appointment") if found else {},
        "workers": queries.workers_of(found),
        "purposes": PURPOSES,
    }
    return render(request, "casework/appointments/day.html", context)


@access(CASEWORK)
@require_safe
@at_the_desk
def appointment(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """One appointment: when, where, with whom, what was sent, what can be done."""
    actor = actor_of(request)
    one = queries.appointment_for(actor, appointment_id)
    email, sms = wishes_of(one.resident_id)
    with visiting(actor, one.organisation_id):
        person = briefs(actor, [one.resident_id], "appointment").get(one.resident_id)
    context = {
        "one": one,
        "person": person,
        "words": _words(one),
        "verbs": {step.verb for step in APPOINTMENT.steps_from(one.state)},
        "begun": one.starts_at <= timezone.now(),
        "reminders": one.reminders.order_by("due_at"),
        "wishes": {"email": email, "sms": sms},
        "agreed": agrees(one.resident_id, one.organisation_id),
        "form": BecauseForm(initial={"version": one.version}),
        "languages": settings.LANGUAGES,
    }
    return render(request, "casework/appointments/one.html", context)


def _words(one: Appointment) -> dict[str, Any]:
    named = queries.words_of([one.worker_id])
    return {
        "purpose": PURPOSES.get(one.purpose, one.purpose),
        "worker": named.get(one.worker_id, ""),
        "bring": [BRING[code] for code in one.bring if code in BRING],
    }


@access(CASEWORK)
@require_POST
@at_the_desk
def step(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Has come, took place, did not come."""
    act = _STEPS.get(request.POST.get("verb", ""))
    if act is None:
        raise Http404
    actor = actor_of(request)
    queries.appointment_for(actor, appointment_id)
    carried_out(request, lambda: act(actor, appointment_id, version_from(request)))
    return redirect("appointment", appointment_id)


@access(CASEWORK)
@require_POST
@at_the_desk
def cancel(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Cancel it, with a reason."""
    actor = actor_of(request)
    queries.appointment_for(actor, appointment_id)
    form = BecauseForm(request.POST)
    said = _("It is cancelled; the time is free again.")

    def act() -> None:
        booking.cancel(actor, appointment_id, form.cleaned_data["version"], form.cleaned_data["because"])

    if form.is_valid():
        carried_out(request, act, said)
    else:
        messages.warning(request, first_error(form))
    return redirect("appointment", appointment_id)


@access(CASEWORK)
@require_safe
@at_the_desk
def slip(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """The slip to take along, in the person's language where pages know it. It has no name on it."""
    actor = actor_of(request)
    one = queries.appointment_for(actor, appointment_id)
    known = dict(settings.LANGUAGES)
    asked = request.GET.get("language", "")
    if asked not in known:
        with visiting(actor, one.organisation_id):
            person = briefs(actor, [one.resident_id], "appointment").get(one.resident_id)
        asked = person.language if person and person.language in known else ""
    language = asked or translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        context = {
            "one": one,
            "slip_language": language,
            "direction": "rtl" if translation.get_language_bidi() else "ltr",
            "bring": [str(BRING[code]) for code in one.bring if code in BRING],
        }
        context["slip"] = _rendered(request, context)
    return render(request, "casework/appointments/slip.html", context | {"known": settings.LANGUAGES})


def _rendered(request: HttpRequest, context: dict[str, Any]) -> str:
    """The slip itself, in its own language within a page of another."""
    return render_to_string("casework/appointments/slip_itself.html", context, request)
