"""Opening a record in an emergency, all such openings that concern the visitor, and their review."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import Actor, access, actor_of
from philoxenia_web.accounts.queries import names_of
from philoxenia_web.casework.models.referrals import Emergency
from philoxenia_web.casework.policies import CASEWORK, SUPERVISE, desks_of
from philoxenia_web.casework.referrals import emergencies
from philoxenia_web.casework.referrals.forms import EmergencyForm
from philoxenia_web.casework.referrals.policies import places_with
from philoxenia_web.casework.referrals.times import days
from philoxenia_web.casework.referrals.words import EMERGENCY_SIGNS
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people.visits import at_the_desk


@access(CASEWORK)
@require_safe
@at_the_desk
def listing(request: HttpRequest) -> HttpResponse:
    """Those that wait for a review first, then the newest."""
    actor = actor_of(request)
    rows = list(emergencies.seen_by(actor)[:200])
    names = names_of({row.person_id for row in rows} | {one for row in rows for one in row.holders})
    for row in rows:
        row.by, row.sign = names.get(row.person_id, ""), EMERGENCY_SIGNS[row.state]  # type: ignore[attr-defined]
        row.held_by = [names[one] for one in row.holders if one in names]  # type: ignore[attr-defined]
        row.reviewable = row.reviewed_at is None and emergencies.may_review(actor, row)  # type: ignore[attr-defined]
    context = {
        "waiting": [row for row in rows if row.reviewable],  # type: ignore[attr-defined]
        "others": [row for row in rows if not row.reviewable],  # type: ignore[attr-defined]
        "review_days": int(days("break_glass_review_days")),
    }
    return render(request, "casework/referrals/emergencies.html", context)


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def open_one(request: HttpRequest) -> HttpResponse:
    """Say whose record, and why; then it is open for an hour, for the one who asked."""
    actor = actor_of(request)
    by_name = bool(places_with(actor, SUPERVISE))
    form = EmergencyForm(
        request.POST or None, teams=desks_of(actor), by_name=by_name, initial={"key": uuid4()}
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = _opened(actor, said)
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The record is open. Those concerned are told now."))
            return redirect("front-person", made.resident_id)
    context = {"form": form, "minutes": int(days("break_glass_minutes"))}
    status = 422 if form.is_bound else 200
    return render(request, "casework/referrals/emergency_open.html", context, status=status)


def _opened(actor: Actor, said: dict[str, Any]) -> Emergency:
    why = (said["reason"], said["words"], said["organisation"].pk, said["key"])
    if said["number"]:
        return emergencies.open_by_number(actor, said["number"], *why)
    return emergencies.open_by_name(actor, said["names"], said["birth"], *why)


@access(CASEWORK)
@require_safe
@at_the_desk
def emergency(request: HttpRequest, emergency_id: UUID) -> HttpResponse:
    """Who opened it, when and why. Whose record it is stands here for nobody but those who may open it."""
    actor = actor_of(request)
    row = emergencies.emergency_for(actor, emergency_id)
    return render(request, "casework/referrals/emergency.html", _facts(actor, row))


def _facts(actor: Actor, row: Emergency) -> dict[str, Any]:
    names = names_of({row.person_id, *row.holders, *filter(None, [row.reviewed_by])})
    return {
        "row": row,
        "sign": EMERGENCY_SIGNS[row.state],
        "by": names.get(row.person_id, ""),
        "held_by": [names[one] for one in row.holders if one in names],
        "reviewer": names.get(row.reviewed_by, "") if row.reviewed_by else "",
        "words": emergencies.words_of(actor, row),
        "may_review": row.reviewed_at is None and emergencies.may_review(actor, row),
        "may_leave": row.state == "open" and row.person_id == actor.person_id,
    }


@access(CASEWORK)
@require_POST
@at_the_desk
def step(request: HttpRequest, emergency_id: UUID, verb: str) -> HttpResponse:
    """Leave it, or say whether it was justified."""
    actor = actor_of(request)
    emergencies.emergency_for(actor, emergency_id)
    sent = request.POST.get("version", "")
    based_on = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
    try:
        _taken(actor, emergency_id, verb, based_on)
    except (Conflict, NotPossible) as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Noted."))
    return redirect("emergency", emergency_id)


def _taken(actor: Actor, emergency_id: UUID, verb: str, based_on: int) -> None:
    if verb == "leave":
        emergencies.leave(actor, emergency_id, based_on)
    elif verb in ("justified", "not-justified"):
        emergencies.review(actor, emergency_id, based_on, verb == "justified")
    else:
        raise Http404
