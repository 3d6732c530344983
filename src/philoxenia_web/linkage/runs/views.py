"""Runs of an agreement: ask for one, follow it, read how far it may be trusted. No record of anybody is
shown.
"""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import Actor, access, actor_of
from philoxenia_web.attempts.progress import fault_is_ours
from philoxenia_web.linkage.models.agreements import Agreement
from philoxenia_web.linkage.models.runs import Run
from philoxenia_web.linkage.policies import refusal_of
from philoxenia_web.linkage.refusals import NotPossible
from philoxenia_web.linkage.review import queries as reviews
from philoxenia_web.linkage.runs import actions, progress, quality_page, queries
from philoxenia_web.linkage.runs.policies import READ_RUNS, RUN
from philoxenia_web.registry import queries as registry
from philoxenia_web.registry.policies import organisations_with
from philoxenia_web.registry.refusals import Damaged, KeyGone

# Seconds between two looks: with a script a part of the page, without one the whole page.
_LOOK, _LOOK_WHOLE = 1, 4


@access(RUN)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, agreement_id: UUID) -> HttpResponse:
    """Ask for the lists to be linked, after a look at what will go in."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, agreement_id, RUN)
    if request.method == "POST":
        return _started(request, actor, agreement)
    told = {
        "agreement": agreement,
        "refusal": refusal_of(agreement),
        "lists": list(registry.lists_of(agreement.pk)),
        "parties": [party.organisation for party in agreement.parties.all()],
        "decided": reviews.decided(agreement).count(),
        "runs": list(queries.runs_of(agreement)[:20]),
        "key": str(uuid4()),
    }
    return render(request, "linkage/runs/new.html", told)


def _started(request: HttpRequest, actor: Actor, agreement: Agreement) -> HttpResponse:
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        key = uuid4()
    try:
        run = actions.start(actor, agreement.pk, key=key)
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
        return redirect("linkage-run-new", agreement.pk)
    return redirect("linkage-run", agreement.pk, run.pk)


@access(READ_RUNS)
@require_safe
def run(request: HttpRequest, agreement_id: UUID, run_id: UUID) -> HttpResponse:
    """How far a run is; when it is done, how far it may be trusted."""
    actor = actor_of(request)
    found = queries.run_for(actor, agreement_id, run_id)
    if request.htmx:  # type: ignore[attr-defined]
        if found.is_done:
            return HttpResponse(headers={"HX-Refresh": "true"})
        return render(request, "linkage/runs/following.html", _followed(actor, found))
    if not found.is_done:
        return render(request, "linkage/runs/status.html", _followed(actor, found))
    told = _followed(actor, found)
    try:
        told |= quality_page.page_of(found)
    except (KeyGone, Damaged) as gone:
        return render(request, "linkage/runs/gone.html", told | {"why": str(gone)}, status=410)
    return render(request, "linkage/runs/report.html", told)


def _followed(actor: Actor, found: Run) -> dict[str, Any]:
    agreement = found.agreement
    taking_part = {party.organisation_id for party in agreement.parties.all()}
    return {
        "agreement": agreement,
        "run": found,
        "progress": progress.progress_of(found),
        "fault": progress.fault_words(found),
        "fault_is_ours": fault_is_ours(found),
        "sign": progress.SIGNS[Run.State(found.state)],
        "look": _LOOK,
        "look_whole": _LOOK_WHOLE,
        "may_run": bool(taking_part & organisations_with(actor, RUN)),
        "review": reviews.progress_of(agreement),
        "earlier": list(queries.runs_of(agreement).exclude(pk=found.pk)[:10]),
    }


@access(RUN)
@require_POST
def cancel(request: HttpRequest, agreement_id: UUID, run_id: UUID) -> HttpResponse:
    """Stop a run that waits or is computed."""
    try:
        actions.cancel(actor_of(request), agreement_id, run_id)
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
    return redirect("linkage-run", agreement_id, run_id)


@access(RUN)
@require_POST
def retry(request: HttpRequest, agreement_id: UUID, run_id: UUID) -> HttpResponse:
    """Compute a failed or cancelled run again."""
    try:
        actions.retry(actor_of(request), agreement_id, run_id)
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
    return redirect("linkage-run", agreement_id, run_id)
