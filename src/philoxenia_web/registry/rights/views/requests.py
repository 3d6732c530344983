"""Requests about their own data: which wait, until when, and how each is answered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from philoxenia.vocabulary.states import StepError
from philoxenia_web.accounts.access import access, actor_of, can
from philoxenia_web.registry.models import RetentionItem, RightsRequest
from philoxenia_web.registry.people import texts
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.refusals import Conflict, NotPossible
from philoxenia_web.registry.rights import requests, slips
from philoxenia_web.registry.rights.forms import AnswerForm
from philoxenia_web.registry.rights.policies import DECIDE, SERVE
from philoxenia_web.registry.rights.views.people import brief_of
from philoxenia_web.ui.tables import Column, Table

SIGNS = {
    "asked": "attention",
    "taken_up": "waiting",
    "done": "success",
    "declined": "info",
    "taken_back": "info",
}


@access(SERVE)
@require_safe
@at_the_desk
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits, the first due first; no names, people are looked up one by one."""
    actor = actor_of(request)
    today = timezone.localdate()
    found = requests.waiting(actor).select_related("organisation")
    table = Table(
        "requests",
        [
            Column("kind", _("What is asked for"), filter=True, choices=dict(RightsRequest.Kind.choices)),
            Column("due_on", _("Answer by"), kind="date"),
            Column("asked_at", _("Asked"), kind="date"),
            Column(
                "state",
                _("State"),
                kind="status",
                filter=True,
                choices=dict(RightsRequest.State.choices),
                signs=SIGNS,
            ),
            Column("organisation", _("Department"), kind="name", path="organisation__name"),
        ],
        rows=found,
        request=request,
        caption=_("Requests that wait"),
        empty=_("Nobody waits for an answer."),
        href=lambda one: reverse("rights-request", args=[one.pk]),
        marks=lambda one: [(_("late"), "problem")] if one.due_on < today else [],
        order="due_on",
        size=50,
        narrow="cards",
        download=False,
    )
    late = found.filter(due_on__lt=today).count()
    context = {"table": table, "waiting": found.count(), "late": late, "decides": can(actor, DECIDE)}
    if context["decides"]:
        context["proposed"] = RetentionItem.objects.filter(state=RetentionItem.State.PROPOSED).count()
    return render(request, "registry/rights/waiting.html", context)


@access(SERVE)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def one(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request with the person's words, and its answer."""
    actor = actor_of(request)
    found = requests.one(actor, request_id)
    form = AnswerForm(request.POST if _answers(request) else None, initial={"version": found.version})
    if request.method == "POST":
        try:
            if _step(request, found, form):
                messages.success(request, _("Noted. The person reads it on their own page."))
                return redirect("rights-person", found.resident_id)
        except (Conflict, NotPossible, StepError) as refusal:
            form.add_error(None, str(refusal)) if form.is_bound else messages.error(request, str(refusal))
            found.refresh_from_db()
    said = texts.read_texts(actor, [one for one in (found.text_id, found.answer_id) if one], "correction")
    context = {
        "asked": found,
        "brief": brief_of(actor, found.resident_id),
        "words": said.get(found.text_id, "") if found.text_id else "",
        "answer": said.get(found.answer_id, "") if found.answer_id else "",
        "form": form if found.state in requests.OPEN else None,
        "sign": SIGNS[found.state],
        "erases": found.kind == RightsRequest.Kind.ERASE,
        "takes_along": found.kind == RightsRequest.Kind.TAKE_ALONG,
        "slip": slips.last_of(found.resident_id) if found.own_page else None,
        "may_erase": can(actor, DECIDE, found.organisation_id),
    }
    return render(request, "registry/rights/request.html", context, status=422 if form.errors else 200)


def _answers(request: HttpRequest) -> bool:
    return request.method == "POST" and request.POST.get("do") in ("answer", "decline")


def _step(request: HttpRequest, found: RightsRequest, form: AnswerForm) -> bool:
    actor, verb = actor_of(request), request.POST.get("do", "")
    if verb in ("take up", "hand on"):
        sent = request.POST.get("version", "")
        based_on = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
        requests.step(actor, found.pk, based_on, verb)
        return True
    if not form.is_bound or not form.is_valid():
        return False
    told = form.cleaned_data
    requests.step(actor, found.pk, told["version"], told["do"], told["reason"], told["words"])
    return True
