"""The queue of doubtful pairs and one pair at a time. Every pair shown is written down as a read of both
records.
"""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import Actor, access, actor_of
from philoxenia_web.linkage.models.runs import Decision, ReviewPair
from philoxenia_web.linkage.policies import REVIEW
from philoxenia_web.linkage.refusals import NotPossible
from philoxenia_web.linkage.review import actions, comparing, evidence, queries
from philoxenia_web.linkage.review.deciding import can_take_back
from philoxenia_web.registry import queries as registry
from philoxenia_web.registry.refusals import Damaged, KeyGone

Answer = Decision.Answer
_LAST_SHOWN = 12
# The key on the keyboard for each answer.
_KEYS = ((Answer.SAME, "y"), (Answer.DIFFERENT, "n"), (Answer.UNSURE, "u"))


@access(REVIEW)
@require_safe
def queue(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """How far the review is, and the way to the next pair. No record is shown here."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, agreement_id)
    last = list(queries.said_by(actor, agreement)[:_LAST_SHOWN])
    told = {
        "agreement": agreement,
        "live": agreement.is_live,
        "progress": queries.progress_of(agreement, actor),
        "next": queries.next_pair(actor, agreement),
        "last": [_said(actor, agreement_id, one) for one in last],
    }
    return render(request, "linkage/review/queue.html", told)


def _said(actor: Actor, agreement_id: UUID, own: Decision) -> dict[str, Any]:
    return {
        "answer": own.get_answer_display(),
        "made_at": own.made_at,
        "outcome": own.pair.get_outcome_display(),
        "sign": "waiting" if own.pair.outcome == ReviewPair.Outcome.OPEN else "success",
        "address": reverse("linkage-pair", args=[agreement_id, own.pair_id]),
        "undo": reverse("linkage-pair-undo", args=[agreement_id, own.pair_id])
        if can_take_back(own.pair, own, queries.others_answered(actor, own.pair))
        else "",
    }


@access(REVIEW)
@require_safe
def go_on(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """To the next pair for this reviewer, after one they pass over; to the queue when there is none."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, agreement_id)
    after = _passed(request)
    return _onward(actor, agreement_id, queries.next_pair(actor, agreement, after), after)


def _onward(actor: Actor, agreement_id: UUID, pair_id: UUID | None, after: UUID | None) -> HttpResponse:
    if pair_id is None:
        return redirect("linkage-review", agreement_id)
    address = reverse("linkage-pair", args=[agreement_id, pair_id])
    return redirect(f"{address}?after={after}" if after and after != pair_id else address)


def _passed(request: HttpRequest) -> UUID | None:
    try:
        return UUID(request.GET.get("after", ""))
    except ValueError:
        return None


@access(REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def pair(request: HttpRequest, agreement_id: UUID, pair_id: UUID) -> HttpResponse:
    """Two records side by side, why the run is in doubt, and the answer."""
    actor = actor_of(request)
    if request.method == "POST":
        return _answered(request, actor, agreement_id, pair_id)
    shown = queries.pair_for(actor, agreement_id, pair_id)
    try:
        told = queries.evidence_of(shown)
        records = _records(actor, agreement_id, told)
    except (KeyGone, Damaged) as gone:
        return render(
            request, "linkage/review/gone.html", {"agreement": shown.agreement, "why": str(gone)}, status=410
        )
    return render(request, "linkage/review/pair.html", _told(request, actor, shown, told, records))


def _answered(request: HttpRequest, actor: Actor, agreement_id: UUID, pair_id: UUID) -> HttpResponse:
    try:
        actions.answer(
            actor,
            agreement_id,
            pair_id,
            version=_number(request.POST.get("version", "")),
            said=request.POST.get("said", ""),
            key=_key(request),
        )
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
        if queries.agreement_for(actor, agreement_id).pairs.filter(pk=pair_id, outcome="open").exists():
            return redirect("linkage-pair", agreement_id, pair_id)
        return redirect("linkage-review", agreement_id)
    agreement = queries.agreement_for(actor, agreement_id)
    return _onward(actor, agreement_id, queries.next_pair(actor, agreement, pair_id), pair_id)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


def _records(actor: Actor, agreement_id: UUID, told: dict[str, Any]) -> list[dict[str, Any]]:
    """Both records as they are in the lists now, or none where one is not there any more."""
    wanted = [(UUID(told[side]["list"]), told[side]["record"]) for side in ("left", "right")]
    found = registry.read_records(actor, agreement_id, wanted, "review of a doubtful pair")
    return found if len(found) == len(wanted) else []


def _told(
    request: HttpRequest, actor: Actor, shown: ReviewPair, told: dict[str, Any], records: list[dict[str, Any]]
) -> dict[str, Any]:
    agreement = shown.agreement
    own = queries.own_answer(actor, shown)
    progress = queries.progress_of(agreement, actor)
    departments = {
        str(one.organisation_id): one.organisation.name
        for one in agreement.parties.select_related("organisation")
    }
    return {
        "agreement": agreement,
        "pair": shown,
        "progress": progress,
        "sides": [
            {"department": departments.get(told[side]["source"], ""), "record": told[side]["record"]}
            for side in ("left", "right")
        ],
        "lines": comparing.lines_of(*records) if records else [],
        "synthetic": any(record.get("synthetic") for record in records),
        "waterfall": evidence.waterfall_of(told),
        "own": own,
        "may_undo": can_take_back(shown, own, queries.others_answered(actor, shown)),
        "answers": [(answer, answer.label, key) for answer, key in _KEYS],
        "key": str(uuid4()),
        "last": _last(actor, agreement.pk, request),
        "skip": reverse("linkage-review-next", args=[agreement.pk]) + f"?after={shown.pk}",
    }


def _last(actor: Actor, agreement_id: UUID, request: HttpRequest) -> dict[str, Any] | None:
    """What this reviewer said just now, to be taken back."""
    before = _passed(request)
    agreement = queries.agreement_for(actor, agreement_id)
    own = queries.said_by(actor, agreement).filter(pair=before).first() if before else None
    return _said(actor, agreement_id, own) if own else None


@access(REVIEW)
@require_POST
def undo(request: HttpRequest, agreement_id: UUID, pair_id: UUID) -> HttpResponse:
    """Take one's own answer back, before somebody else has answered."""
    try:
        actions.take_back(actor_of(request), agreement_id, pair_id)
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
        return redirect("linkage-review", agreement_id)
    messages.info(request, _("Your answer is taken back. Here is the pair again."))
    return redirect("linkage-pair", agreement_id, pair_id)
