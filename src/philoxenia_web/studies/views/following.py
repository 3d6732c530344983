"""A study on its way: waiting, running, failed or cancelled; and the buttons that stop or repeat it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from philoxenia_web.accounts.access import Actor, access, actor_of, can
from philoxenia_web.attempts.progress import fault_is_ours
from philoxenia_web.studies import actions, parameters, progress, queries
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import READ, READ_SETTINGS, RUN
from philoxenia_web.studies.refusals import Refused
from philoxenia_web.studies.signs import SIGNS
from philoxenia_web.studies.views.answers import next_key, refusal_said

# Seconds between two looks: with a script a part of the page, without one the whole page.
_LOOK, _LOOK_WHOLE = 1, 4


@access(READ_SETTINGS)
@require_safe
def status(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """How far a study is. Drafts go on with their last step, finished ones to their report."""
    actor = actor_of(request)
    study = queries.settings_for(actor, study_id)
    elsewhere = _elsewhere(actor, study)
    if request.htmx and not elsewhere:  # type: ignore[attr-defined]
        return render(request, "studies/following.html", _told(actor, study))
    if elsewhere and request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": elsewhere})
    return redirect(elsewhere) if elsewhere else render(request, "studies/status.html", _told(actor, study))


def _elsewhere(actor: Actor, study: Study) -> str:
    if study.is_draft and _owns(actor, study):
        return reverse("study-check", args=[study.pk])
    if study.is_draft or (study.is_done and not can(actor, READ)):
        return reverse("study-settings", args=[study.pk])
    return reverse("study-overview", args=[study.pk]) if study.is_done else ""


def _owns(actor: Actor, study: Study) -> bool:
    return can(actor, RUN, study.organisation_id)


def _told(actor: Actor, study: Study) -> dict[str, object]:
    return {
        "study": study,
        "progress": progress.progress_of(study),
        "fault": progress.fault_words(study),
        "fault_is_ours": fault_is_ours(study),
        "sign": SIGNS[Study.State(study.state)],
        "look": _LOOK,
        "look_whole": _LOOK_WHOLE,
        "owns": _owns(actor, study),
        "copy_key": next_key(),
        "changes": parameters.shown_changes(study),
    }


@access(RUN)
@require_POST
def cancel(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Stop a study that waits or runs."""
    try:
        actions.cancel(actor_of(request), study_id)
    except Refused as refusal:
        return refusal_said(request, refusal, "study-status", study_id)
    return redirect("study-status", study_id)


@access(RUN)
@require_POST
def retry(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """Run a failed or cancelled study again."""
    try:
        actions.retry(actor_of(request), study_id)
    except Refused as refusal:
        return refusal_said(request, refusal, "study-settings", study_id)
    return redirect("study-status", study_id)
