"""A person's page, made of parts; a new record after a search; correcting what is written."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.casework import queries
from philoxenia_web.casework.actions.cases import open_case
from philoxenia_web.casework.desk.conflicts import Clash, clashes
from philoxenia_web.casework.desk.parts import Filled, Shown, filled
from philoxenia_web.casework.desk.person_forms import FindForm, NewPersonForm, PersonForm, initial_of
from philoxenia_web.casework.desk.reasons import AT_THE_DESK, ask_why, reason_in, reason_of
from philoxenia_web.casework.desk.views.searching import household_in
from philoxenia_web.casework.desk.writing import back_to_person, carried_out, key_from, version_from
from philoxenia_web.casework.models.cases import Case
from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.casework.policies import CASEWORK, check_sees, desks_of
from philoxenia_web.casework.words import RELATIONS
from philoxenia_web.registry.people import households, records
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.refusals import NotPossible
from philoxenia_web.ui.errors import answer


@access(CASEWORK)
@require_safe
@at_the_desk
def person(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Everything this desk works on with one person; asks why first, where that is not plain."""
    actor = actor_of(request)
    cases = queries.cases_of(actor, resident_id)
    live = [one for one in cases if one.state != Case.State.CLOSED]
    reason = reason_of(request, own_case=bool(live))
    if not reason:
        return ask_why(request)
    try:
        place = live[0].organisation_id if live else None
        record = records.open_record(actor, resident_id, reason, place=place)
    except Http404:
        # Another team protects the person now: what this desk still has of them can be closed, not read.
        if not live:
            raise
        return render(request, "casework/desk/unseen.html", {"cases": live}, status=404)
    except NotPossible as refusal:
        # More records within the hour than anybody serves.
        return answer(request, 429, str(refusal))
    if record.merged_into:
        return redirect("front-person", record.merged_into)
    if record.merged_ids:
        cases = queries.cases_of(actor, resident_id, *record.merged_ids)
    shown = Shown(request, actor, record, _chosen_first(cases, request.GET.get("case", "")))
    parts = filled(shown)
    context = {
        "record": record,
        "shown": shown,
        "case": shown.case,
        "cases": shown.cases,
        "parts": parts,
        "referred": _under_way(parts, shown.case),
        "colleagues": queries.colleagues(shown.case.organisation_id) if shown.case else [],
        "desks": [] if shown.case else _desks(_may_begin(record, desks_of(actor))),
        "why": AT_THE_DESK[reason],
        "reason": reason,
    }
    return render(request, "casework/desk/person.html", context)


def _under_way(parts: list[Filled], case: Case | None) -> list[Referral]:
    """Referrals of a case that somebody still works on: who closes it says what becomes of them."""
    told = next((one.values["referrals"] for one in parts if one.part.name == "referrals"), [])
    return [one for one in told if case and one.case_id == case.pk and one.ended_at is None]


def _may_begin(record: records.shapes.Record, desks: list[UUID]) -> list[UUID]:
    """The desks that may work with a person: with a protected one, the holder's alone."""
    return [one for one in desks if not record.restricted or one == record.organisation_id]


def _chosen_first(cases: list[Case], chosen: str) -> list[Case]:
    """The case whose work is shown: the one asked for, else the live one."""
    return sorted(cases, key=lambda one: str(one.pk) != chosen)


def _desks(ids: list[UUID]) -> list[tuple[str, str]]:
    found = organisations().filter(pk__in=ids, kind="department").order_by("name")
    return [(str(pk), name) for pk, name in found.values_list("pk", "name")]


@access(CASEWORK)
@require_POST
@at_the_desk
def new_person(request: HttpRequest) -> HttpResponse:
    """Write somebody down, after the duplicates were proposed: `mark` proves that they were."""
    actor = actor_of(request)
    desks = _desks(desks_of(actor))
    begins = request.POST.get("do") != "save"
    form = NewPersonForm(desks, initial=_begun(request)) if begins else NewPersonForm(desks, request.POST)
    if not begins and form.is_valid():
        made = _written(request, form)
        if made is not None:
            return made
    context = {
        "form": form,
        "proof": request.POST.get("mark", ""),
        "key": request.POST.get("key", "") if not begins else uuid4(),
        "household": household_in(request),
        "relations": RELATIONS.items(),
        "relation": request.POST.get("relation", ""),
    }
    return render(request, "casework/desk/new.html", context, status=422 if form.is_bound else 200)


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What was asked for, so that nobody writes it twice."""
    told, birth = request.POST, request.POST.get("birth", "").strip()
    known = {"name": told.get("names", ""), "phone": told.get("phone", "")}
    if len(birth) == 4:
        return known | {"born_in": birth, "certainty": "year_only"}
    return known | {"born_on": birth}


def _written(request: HttpRequest, form: NewPersonForm) -> HttpResponse | None:
    """The record, in the household it belongs to, and a case at this desk; None where it was refused."""
    actor, key = actor_of(request), key_from(request)
    organisation_id = UUID(form.cleaned_data["organisation"])
    more: dict[str, Any] = {"organisation_id": organisation_id}
    try:
        # What is refused begins no household either.
        with transaction.atomic():
            if household := household_in(request):
                member_of = households.begin(actor, UUID(household))
                more |= {"household_id": member_of, "relation": request.POST.get("relation") or "other"}
            draft = form.draft(**more)
            resident = records.create(actor, draft, request.POST.get("mark", ""), key)
    except NotPossible as refusal:
        form.add_error(None, str(refusal))
        return None
    if not household:
        open_case(actor, resident.pk, organisation_id, key)
    messages.success(request, _("Written down."))
    return redirect("front-person", UUID(household) if household else resident.pk)


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def edit_person(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Correct what is written; where two changed the same, both values are shown to choose from."""
    actor = actor_of(request)
    place = queries.place_of_work(actor, resident_id)
    reason = "correction" if place else reason_in(request.GET)
    if not reason:
        return ask_why(request)
    try:
        record = records.open_record(actor, resident_id, reason, place=place)
    except NotPossible as refusal:
        return answer(request, 429, str(refusal))
    form = PersonForm(request.POST or None, initial=initial_of(record))
    conflict: list[Clash] = []
    if request.method == "POST" and form.is_valid():
        try:
            values = form.changed_values(record)
            records.change(actor, resident_id, version_from(request), values, key_from(request))
        except records.Conflict as refusal:
            conflict = clashes(refusal.fields)
            form.add_error(None, _("Somebody else changed this record meanwhile. Choose what is right."))
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("front-person", resident_id)
    context = {
        "record": record,
        "form": form,
        "version": record.version,
        "key": uuid4(),
        "conflict": conflict,
    }
    return render(request, "casework/desk/edit.html", context, status=422 if form.is_bound else 200)


@access(CASEWORK)
@require_POST
@at_the_desk
def open_one(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """A case at this desk with somebody who is known already."""
    actor = actor_of(request)
    desk = next((one for one in desks_of(actor) if str(one) == request.POST.get("organisation")), None)
    if desk is not None:
        key = key_from(request)
        carried_out(request, lambda: open_case(actor, resident_id, desk, key), _("The case is open."))
    return redirect("front-person", resident_id)


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def member(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Somebody of the household: search first; one who is known already is added at once."""
    actor = actor_of(request)
    if not records.briefs(actor, [resident_id], "serving_now"):
        raise Http404
    if request.method != "POST":
        context = {"form": FindForm(), "household": resident_id}
        return render(request, "casework/desk/front.html", context)
    try:
        joins = UUID(request.POST.get("resident", ""))
    except ValueError as fault:
        raise Http404 from fault

    def act() -> None:
        household_id = households.begin(actor, resident_id)
        households.join(actor, joins, household_id, request.POST.get("relation", "other"))

    if joins != resident_id:
        carried_out(request, act)
    return back_to_person(resident_id, "household")


@access(CASEWORK)
@require_POST
@at_the_desk
def leave_household(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Somebody lives elsewhere now: the person of the page, or who lived with them."""
    actor = actor_of(request)
    try:
        leaves = UUID(request.POST.get("resident", ""))
    except ValueError as fault:
        raise Http404 from fault
    check_sees(resident_id)
    if leaves in households.member_ids([resident_id]):
        carried_out(request, lambda: households.leave(actor, leaves))
    return back_to_person(resident_id, "household")
