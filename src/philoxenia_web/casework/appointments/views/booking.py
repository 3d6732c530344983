"""Looking for a free time, booking it, moving an appointment to another."""

import datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from philoxenia.reference import default_parameters
from philoxenia_web.accounts.access import Actor, access, actor_of
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.casework.appointments import booking, queries
from philoxenia_web.casework.appointments.booking import Booking
from philoxenia_web.casework.appointments.forms import BecauseForm, BookForm, LookForm, bring_for
from philoxenia_web.casework.appointments.reminding import agrees
from philoxenia_web.casework.appointments.resources import Wanted
from philoxenia_web.casework.appointments.searching import Free, free_times, names, nobody_fits
from philoxenia_web.casework.appointments.words import purposes
from philoxenia_web.casework.desk.reasons import ask_why, reason_in
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.policies import CASEWORK, desks_of
from philoxenia_web.casework.queries import cases_of, colleagues, place_of_work
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.directory.city import city
from philoxenia_web.registry import refusals
from philoxenia_web.registry.people.records import open_record
from philoxenia_web.registry.people.visits import at_the_desk, visiting
from philoxenia_web.ui.errors import answer


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def new(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Look for a time that fits the person, and book one."""
    actor = actor_of(request)
    reason = "appointment" if place_of_work(actor, resident_id) else reason_in(request.GET or request.POST)
    if not reason:
        return ask_why(request)
    sent = request.POST if request.method == "POST" else request.GET
    case, place = _where(actor, resident_id, sent.get("desk", ""))
    try:
        with visiting(actor, place):
            record = open_record(actor, resident_id, reason)
    except refusals.NotPossible as refusal:
        # More records within the hour than anybody serves.
        return answer(request, 429, str(refusal))
    if place is None:
        desks = Organisation.objects.filter(pk__in=desks_of(actor)).order_by("name")
        context = {"record": record, "desks": desks, "why": reason}
        return render(request, "casework/appointments/new.html", context)
    look = LookForm(
        colleagues(place),
        sent if "purpose" in sent else None,
        initial=_usual(record, case) | {"desk": str(place), "why": reason},
    )
    agreed = agrees(resident_id, place)
    book = BookForm(_with_key(request), initial={"key": uuid4(), "remind": agreed})
    if request.method == "POST" and look.is_valid() and book.is_valid():
        try:
            wanted = _booking(place, resident_id, case, look.cleaned_data, book.cleaned_data, request)
            made = booking.book(actor, wanted, book.cleaned_data["key"])
            return redirect("appointment", made.pk)
        except (NotPossible, Conflict) as refusal:
            messages.warning(request, str(refusal))
    if not book.is_bound and look.is_bound and look.is_valid():
        book.initial["bring"] = bring_for(look.cleaned_data["purpose"])
    context = _found(look, place, resident_id) | {
        "record": record,
        "look": look,
        "book": book,
        "agreed": agreed,
        "place": Organisation.objects.get(pk=place) if len(desks_of(actor)) > 1 else None,
        "asked": [(name, value) for name in look.fields for value in sent.getlist(name)],
    }
    return render(request, "casework/appointments/new.html", context)


def _where(actor: Actor, resident_id: UUID, asked: str) -> tuple[Case | None, UUID | None]:
    """The live case and the desk to book at: as asked, that of the case, the only one; None to be chosen."""
    desks = desks_of(actor)
    chosen = next((one for one in desks if str(one) == asked), None)
    live = [one for one in cases_of(actor, resident_id) if one.state != "closed"]
    case = next((one for one in live if chosen in (None, one.organisation_id)), None)
    if case is not None:
        return case, case.organisation_id
    return None, chosen or (desks[0] if len(desks) == 1 else None)


def _with_key(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _usual(record: Any, case: Case | None) -> dict[str, Any]:
    """What the person's record asks for."""
    needed = bool(record.interpreter and record.interpreter.needed)
    purpose = "next_talk" if case else "first_talk"
    return {
        "purpose": purpose,
        "minutes": str(purposes()[purpose][0]),
        "way": "office",
        "worker": str(case.worker_id) if case and case.worker_id else "",
        "interpreting": "present" if needed else "",
        "language": record.interpreter.language if needed else record.language,
        "sex": record.interpreter.sex if needed else "",
        "step_free": "step_free" in record.access_needs,
        "quiet": "calm" in record.access_needs,
        "day": timezone.localdate(),
    }


def _wanted(said: dict[str, Any], place: UUID, resident_id: UUID, without: UUID | None = None) -> Wanted:
    begins = datetime.datetime.combine(said["day"], datetime.time(), city().zone)
    days = datetime.timedelta(days=default_parameters()["casework.slot_days_ahead"])
    return Wanted(
        organisation_id=place,
        begins=begins,
        ends=begins + days,
        minutes=said["minutes"],
        way=said["way"],
        worker_ids=(UUID(said["worker"]),) if said["worker"] else (),
        interpreting=said["interpreting"],
        language=said["language"] if said["interpreting"] else "",
        sex=said["sex"],
        step_free=said["step_free"],
        quiet=said["quiet"],
        resident_id=resident_id,
        without=without,
    )


def _found(look: LookForm, place: UUID, resident_id: UUID, without: UUID | None = None) -> dict[str, Any]:
    """Free times by day, or why there are none."""
    if not look.is_bound or not look.is_valid():
        return {"days": [], "why": ""}
    wanted = _wanted(look.cleaned_data, place, resident_id, without)
    found = free_times(wanted)
    named = queries.words_of(names(found))
    days = [
        (day, [_slot(one, named) for one in some])
        for day, some in groupby(found, key=lambda one: timezone.localtime(one.starts_at).date())
    ]
    return {"days": days, "why": "" if found else nobody_fits(wanted) or _("Nothing is free in these days."),
            "later": look.cleaned_data["day"] + (wanted.ends - wanted.begins)}  # fmt: skip


def _slot(one: Free, named: dict[Any, str]) -> dict[str, Any]:
    parts = (one.starts_at.isoformat(), one.worker_id, one.room_id or "", one.interpreter_id or "")
    return {
        "value": "|".join(str(part) for part in parts),
        "starts_at": one.starts_at,
        "worker": named.get(one.worker_id, ""),
        "room": named.get(one.room_id, ""),
        "interpreter": named.get(one.interpreter_id, ""),
    }


_FIRST_YEAR, _LAST_YEAR = 2020, 2100


def _chosen(request: HttpRequest) -> Free:
    """The time of the button that was pressed. Raises `NotPossible` for a spoiled one."""
    try:
        starts, worker, room, interpreter = request.POST.get("slot", "").split("|")
        moment = datetime.datetime.fromisoformat(starts)
        if moment.tzinfo is None or not _FIRST_YEAR < moment.year < _LAST_YEAR:
            raise ValueError(starts)
        ids = [UUID(one) if one else None for one in (room, interpreter)]
        return Free(moment, moment, UUID(worker), *ids)
    except (ValueError, OverflowError) as spoiled:
        raise NotPossible(_("Choose one of the times.")) from spoiled


def _booking(
    place: UUID,
    resident_id: UUID,
    case: Case | None,
    look: dict[str, Any],
    book: dict[str, Any],
    request: HttpRequest,
) -> Booking:
    free = _chosen(request)
    return Booking(
        organisation_id=place,
        resident_id=resident_id,
        purpose=look["purpose"],
        starts_at=free.starts_at,
        ends_at=free.starts_at + datetime.timedelta(minutes=look["minutes"]),
        worker_id=free.worker_id,
        way=look["way"],
        room_id=free.room_id,
        interpreter_id=free.interpreter_id,
        interpreting=look["interpreting"],
        language=look["language"] if look["interpreting"] else "",
        bring=tuple(book["bring"]),
        case_id=case.pk if case else None,
        remind=book["remind"],
    )


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def move(request: HttpRequest, appointment_id: UUID) -> HttpResponse:
    """Look for another time for an appointment, and move it there."""
    actor = actor_of(request)
    one = queries.appointment_for(actor, appointment_id)
    sent = request.POST if request.method == "POST" else request.GET
    look = LookForm(colleagues(one.organisation_id), sent if "purpose" in sent else _as_booked(one))
    because = BecauseForm(
        request.POST if request.method == "POST" else None, initial={"version": one.version}
    )
    if request.method == "POST" and look.is_valid() and because.is_valid():
        try:
            _moved(actor, one, look, because.cleaned_data, request)
            return redirect("appointment", one.pk)
        except (NotPossible, Conflict) as refusal:
            messages.warning(request, str(refusal))
    context = _found(look, one.organisation_id, one.resident_id, one.pk) | {
        "one": one,
        "look": look,
        "because": because,
        "asked": [(name, value) for name in look.fields for value in _listed(look, name)],
    }
    return render(request, "casework/appointments/move.html", context)


def _listed(look: LookForm, name: str) -> list[str]:
    value = look.data.get(name)
    return [str(value)] if value not in (None, "", False) else []


def _as_booked(one: Appointment) -> dict[str, Any]:
    """The wishes of an appointment as it stands, from tomorrow on."""
    minutes = int((one.ends_at - one.starts_at).total_seconds() // 60)
    return {
        "purpose": one.purpose,
        "minutes": str(minutes),
        "way": one.way,
        "worker": str(one.worker_id),
        "interpreting": one.interpreting,
        "language": one.language,
        "sex": one.interpreter.sex if one.interpreter else "",
        "step_free": bool(one.room and one.room.step_free),
        "quiet": bool(one.room and one.room.quiet),
        "day": timezone.localdate().isoformat(),
    }


def _moved(
    actor: Actor, one: Appointment, look: LookForm, said: dict[str, Any], request: HttpRequest
) -> Appointment:
    to = _booking(one.organisation_id, one.resident_id, None, look.cleaned_data,
                  {"bring": one.bring, "remind": True}, request)  # fmt: skip
    return booking.move(actor, one.pk, said["version"], to, said["because"])
