"""What a team sent, what waits in an inbox, one referral, and the steps that lead on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from philoxenia_web.accounts.access import SIGNED_IN, SYSTEM, Actor, access, actor_of
from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.casework.policies import CASEWORK
from philoxenia_web.casework.referrals import answering, following, queries
from philoxenia_web.casework.referrals.forms import STEPS
from philoxenia_web.casework.referrals.moving import appointments_to_come
from philoxenia_web.casework.referrals.passing import lines, open_fields
from philoxenia_web.casework.referrals.policies import RECEIVE
from philoxenia_web.casework.referrals.states import LOST
from philoxenia_web.casework.referrals.times import due
from philoxenia_web.casework.referrals.words import SIGNS
from philoxenia_web.casework.referrals.writing import machine_of
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.casework.words import need_name
from philoxenia_web.directory.queries import service_names
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import records
from philoxenia_web.registry.people.visits import at_the_desk, visiting
from philoxenia_web.ui.machines import machines, svg_of
from philoxenia_web.ui.tables import Column, Table

_ACTS = answering.VERBS | following.VERBS
# Steps of one button; they stand first.
_PLAIN = ("accept", "begin", "take_over")


def days_since(row: Referral) -> int:
    """For how many days the one whose turn it is has been waited for."""
    return (timezone.now() - row.waiting_since).days


def _columns(side: str, title: str) -> list[Column]:
    states = dict(Referral.State.choices)
    return [
        Column("need_code", _("Asked for"), value=_asked_for, sort=False),
        Column(side, title, kind="name", path=f"{side}__name"),
        Column("urgency", _("How soon"), filter=True, choices=dict(Referral.Urgency.choices)),
        Column("state", _("State"), kind="status", filter=True, choices=states, signs=SIGNS),
        Column("sent_at", _("Sent"), kind="when"),
        Column("waiting_since", _("Days waited"), kind="whole", value=_waited, sort=False),
    ]


def _asked_for(row: Referral) -> str:
    return need_name(row.need_code) if row.need_code else str(row.get_kind_display())


def _waited(row: Referral) -> int | None:
    return None if row.ended_at else days_since(row)


@access(CASEWORK)
@require_safe
@at_the_desk
def sent(request: HttpRequest) -> HttpResponseBase:
    """What is lost on the way first, then everything the team sent."""
    actor = actor_of(request)
    columns = _columns("receiver", _("To"))
    columns.insert(4, Column("outcome", _("Outcome"), filter=True, choices=dict(Referral.Outcome.choices)))
    table = Table(
        "sent",
        columns,
        rows=queries.sent_by(actor),
        request=request,
        caption=_("What we referred"),
        empty=_("Nothing yet. Refer somebody from the page of their case."),
        href=lambda one: reverse("referral", args=[one.pk]),
        order="-sent_at",
        size=25,
        narrow="cards",
        download=False,
    )
    lost = list(queries.lost(actor)[:100])
    for row in lost:
        row.need_name, row.days = _asked_for(row), days_since(row)  # type: ignore[attr-defined]
    counted = queries.counted(actor)
    context = {
        "table": table,
        "lost": lost,
        "lost_count": sum(counted.get(one, 0) for one in LOST),
        "open_count": sum(number for state, number in counted.items() if state not in _ENDED),
        "asked": counted.get("asked", 0) + counted.get("left_open", 0),
    }
    return render(request, "casework/referrals/sent.html", context)


# Shown at first in each list of the inbox: what is urgent, then what waits longest.
_FIRST, _MOST = 25, 500
_ENDED = frozenset({"finished", "taken_over", "declined", "withdrawn"})


@access(RECEIVE)
@require_safe
@at_the_desk
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for the visitor's organisation, what is urgent first; no name stands here."""
    rows = list(queries.inbox(actor_of(request))[:_MOST])
    now = timezone.now()
    for row in rows:
        until = due(row)
        row.need_name, row.days = _asked_for(row), days_since(row)  # type: ignore[attr-defined]
        row.sign, row.late = SIGNS[row.state], until is not None and until <= now  # type: ignore[attr-defined]
    context = {
        "answer": [row for row in rows if row.state in ("sent", "opened", "unanswered")],
        "asked": [row for row in rows if row.state in ("asked", "left_open")],
        "running": [row for row in rows if row.state in ("accepted", "not_begun", "begun")],
        "first": _MOST if "all" in request.GET else _FIRST,
    }
    return render(request, "casework/referrals/inbox.html", context)


@access(RECEIVE)
@require_safe
@at_the_desk
def referral(request: HttpRequest, referral_id: UUID) -> HttpResponse:
    """One referral, as the side the visitor is on may see it."""
    actor = actor_of(request)
    row, sides = queries.sides_of(actor, referral_id)
    # Who works on both sides sees one at a time: as the inbox or the list of what was sent leads there.
    side = "receiver" if "receiver" in sides and request.GET.get("as") == "receiver" else sides[0]
    if side == "receiver":
        row = answering.open_it(actor, referral_id)
    return _page(request, actor, row, side)


def _page(
    request: HttpRequest, actor: Actor, row: Referral, side: str, failed: dict[str, Any] | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "row": row,
        "side": side,
        "sign": SIGNS[row.state],
        "need_name": need_name(row.need_code) if row.need_code else "",
        "service": service_names([row.service_id]).get(row.service_id, "") if row.service_id else "",
        "due": due(row),
        "days": days_since(row),
        "lost": row.state in LOST,
        "times": _times(row),
        "steps": _steps(row, side, failed or {}),
        "to_person": side == "sender" and Resident.objects.filter(pk=row.resident_id).exists(),
        "ending": _ending(row, side),
    }
    with visiting(actor, row.sender_id if side == "sender" else row.receiver_id):
        context |= _passed(actor, row, side)
    if context.get("closed"):
        # Nothing is shown any more; what came of it can still be said.
        context["steps"] = [one for one in context["steps"] if one["verb"] in ("finish", "decline")]
    return render(request, "casework/referrals/referral.html", context, status=422 if failed else 200)


def _ending(row: Referral, side: str) -> int:
    """How many appointments of the old team end when the receiver takes the case over."""
    if side == "sender" or row.kind != Referral.Kind.TRANSFER:
        return 0
    with visiting(SYSTEM):
        return appointments_to_come(row.case_id)


def _passed(actor: Actor, row: Referral, side: str) -> dict[str, Any]:
    """The receiver sees the record's lines; the sender which ones are passed, and a link to the person."""
    if side == "sender":
        shown = [(one.label, one.value in open_fields(row)) for one in row.shared()]
        return {"passed": shown, "words": queries.words_of(actor, row)}
    if not answering.may_be_seen(row):
        return {"closed": True}
    fields = open_fields(row)
    # An agreement that passes a name alone lets nothing be seen before it is accepted.
    try:
        record = records.open_record(actor, row.resident_id, "referral_follow_up") if fields else None
    except Http404:
        # Protected meanwhile: what others might see has ended.
        return {"closed": True}
    return {
        "lines": lines(record, fields),
        "later": [one.label for one in row.shared() if one.value not in fields],
        "words": queries.words_of(actor, row),
    }


def _times(row: Referral) -> list[tuple[str, Any]]:
    told = [
        (_("Sent"), row.sent_at),
        (_("First looked at"), row.opened_at),
        (_("Answered"), row.answered_at),
        (_("Help began"), row.begun_at),
        (_("Lost on the way"), row.lapsed_at),
        (_("Last reminder"), row.chased_at),
        (_("Ended"), row.ended_at),
    ]
    return [(words, at) for words, at in told if at]


def _steps(row: Referral, side: str, failed: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps this side can take now, each with its form."""
    able = [one.verb for one in machine_of(row).steps_from(row.state) if one.by == side]
    # A step that cannot be taken any more stays once, with what was written for it.
    verbs = [verb for verb in dict.fromkeys([*able, *failed]) if verb in _ACTS]
    return [
        {
            "verb": verb,
            "form": failed.get(verb) or STEPS[verb](initial={"version": row.version}),
            "plain": verb in _PLAIN,
        }
        for verb in sorted(verbs, key=lambda verb: verb not in _PLAIN)
    ]


@access(RECEIVE)
@require_http_methods(["POST"])
@at_the_desk
def step(request: HttpRequest, referral_id: UUID, verb: str) -> HttpResponse:
    """Take a step. What cannot be done is said on the page, with what was written kept."""
    if verb not in _ACTS:
        raise Http404
    actor = actor_of(request)
    row, sides = queries.sides_of(actor, referral_id)
    side = "sender" if verb in following.VERBS else "receiver"
    if side not in sides:
        raise Http404
    form = STEPS[verb](request.POST)
    if form.is_valid():
        said = dict(form.cleaned_data)
        try:
            row = _ACTS[verb](actor, referral_id, said.pop("version"), **said)
        except (Conflict, NotPossible) as refusal:
            form.add_error(None, str(refusal))
            row, _sides = queries.sides_of(actor, referral_id)
            # What was written is kept, and sent again it stands on what is shown now.
            form.data = form.data.copy()
            form.data["version"] = row.version
        else:
            return _after(request, row, side)
    return _page(request, actor, row, side, {verb: form})


def _after(request: HttpRequest, row: Referral, side: str) -> HttpResponse:
    messages.success(request, _("Done. The other side sees it."))
    if side == "receiver" and row.ended_at is not None:
        if row.state == Referral.State.TAKEN_OVER:
            return redirect("front-person", row.resident_id)
        return redirect("referral-inbox")
    return redirect(f"{reverse('referral', args=[row.pk])}?as={side}")


@access(SIGNED_IN)
@require_safe
def states(request: HttpRequest) -> HttpResponse:
    """The machines of states, drawn from the code that refuses every other step."""
    mirrored = get_language_bidi()
    drawn = [(one, svg_of(one, mirrored)) for one in machines()]
    return render(request, "casework/referrals/states.html", {"machines": drawn})
