"""Who else may read a study: the list, the form, and ending a share."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from philoxenia_web.accounts import queries as accounts
from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.studies import actions, queries
from philoxenia_web.studies.forms import ShareForm
from philoxenia_web.studies.policies import SHARE
from philoxenia_web.studies.refusals import Refused
from philoxenia_web.studies.views.answers import add_refusal, refusal_said
from philoxenia_web.studies.views.choosing import reads_and_writes


@access(SHARE)
@reads_and_writes
def sharing(request: HttpRequest, study_id: UUID) -> HttpResponse:
    """The shares that hold, and a form for one more."""
    actor = actor_of(request)
    study = queries.own_study_for(actor, study_id, SHARE)
    places = [(str(one.pk), one.name) for one in accounts.organisations()]
    form = ShareForm(request.POST or None, organisations=places)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            actions.share(
                actor,
                study.pk,
                key=told["key"],
                organisation_id=UUID(told["organisation"]) if told["organisation"] else None,
                role=told["role"],
                until=told["until"],
            )
            messages.success(request, _("Shared. Those you chose can open the link now."))
            return redirect("study-share", study.pk)
        except Refused as refusal:
            add_refusal(form, refusal)
    told = {
        "study": study,
        "form": form,
        "shares": queries.live_shares(study),
        "link": request.build_absolute_uri(reverse("study-overview", args=[study.pk])),
    }
    return render(request, "studies/share.html", told, status=422 if form.errors else 200)


@access(SHARE)
@require_POST
def end(request: HttpRequest, study_id: UUID, share_id: UUID) -> HttpResponse:
    """End a share."""
    try:
        actions.unshare(actor_of(request), study_id, share_id)
    except Refused as refusal:
        return refusal_said(request, refusal, "study-share", study_id)
    messages.success(request, _("The share has ended. The link no longer opens for them."))
    return redirect("study-share", study_id)
