"""Who speaks for a person at the desk: written down, and ended."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.registry.people.identities import read_speakers
from philoxenia_web.registry.people.shapes import Guardian
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.refusals import Conflict, NotPossible
from philoxenia_web.registry.rights import own, speakers, words
from philoxenia_web.registry.rights.forms import EndSpeakerForm, SpeakerForm
from philoxenia_web.registry.rights.policies import SERVE
from philoxenia_web.registry.rights.views.people import brief_of, within_the_hour
from philoxenia_web.ui import numbers


@access(SERVE)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
@within_the_hour
def board(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """Everybody who speaks for the person, a form for another, a button that ends each."""
    actor = actor_of(request)
    brief = brief_of(actor, resident_id)
    if not read_speakers(actor, resident_id, "serving_now"):
        raise Http404
    version = own.opened(resident_id).row.version
    ends = request.POST.get("do") == "end"
    form = SpeakerForm(
        request.POST if request.method == "POST" and not ends else None,
        initial={"key": uuid4(), "version": version},
        household=speakers.candidates(actor, resident_id),
    )
    if request.method == "POST":
        try:
            if _done(request, resident_id, form, ends=ends):
                messages.success(request, _("Noted."))
                return redirect("rights-speakers", resident_id)
        except (Conflict, NotPossible) as refusal:
            form.add_error(None, str(refusal)) if form.is_bound else messages.error(request, str(refusal))
    context = {
        "brief": brief,
        "form": form,
        "speakers": [_line(one) for one in speakers.speakers_of(actor, resident_id)],
        "version": version,
        "key": uuid4(),
    }
    status = 422 if form.errors else 200
    return render(request, "registry/rights/speakers.html", context, status=status)


def _done(request: HttpRequest, resident_id: UUID, form: SpeakerForm, *, ends: bool) -> bool:
    actor = actor_of(request)
    if ends:
        told = EndSpeakerForm(request.POST)
        if not told.is_valid():
            raise NotPossible(_("This page is old. Open it again, then send the form."))
        sent = told.cleaned_data
        speakers.end(actor, resident_id, sent["place"], sent["version"], sent["key"])
        return True
    if not form.is_valid():
        return False
    sent = form.cleaned_data
    speaker = Guardian(sent["whom"], sent["name"].strip(), sent["kind"])
    speakers.add(actor, resident_id, speaker, sent["version"], sent["key"])
    return True


def _line(one: speakers.Speaker) -> dict[str, Any]:
    return {
        "place": one.place,
        "name": one.name,
        "kind": words.speaker(one.kind),
        "speaks": one.speaks,
        "until": numbers.day(one.until) if one.until else "",
    }
