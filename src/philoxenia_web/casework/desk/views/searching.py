"""Search first: what is known of somebody, who that may be, and only then a new record.

Names come and go by POST: they stand in no address, no history and no log.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.casework import queries
from philoxenia_web.casework.desk.person_forms import FindForm
from philoxenia_web.casework.policies import CASEWORK
from philoxenia_web.casework.words import RELATIONS
from philoxenia_web.registry.people.finding import WHY, Question, find
from philoxenia_web.registry.people.records import briefs
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.refusals import NotPossible


@access(CASEWORK)
@require_safe
@at_the_desk
def front(request: HttpRequest) -> HttpResponse:
    """The desk: who is here? And what I have to do today."""
    actor = actor_of(request)
    tasks = queries.tasks_due(actor, timezone.localdate())
    people = briefs(actor, [one.case.resident_id for one in tasks], "serving_now") if tasks else {}
    context = {"form": FindForm(), "tasks": [(one, people.get(one.case.resident_id)) for one in tasks]}
    return render(request, "casework/desk/front.html", context)


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def find_people(request: HttpRequest) -> HttpResponse:
    """Those it may be, ten at most, with what speaks for each."""
    if request.method != "POST":
        return redirect("front")
    form = FindForm(request.POST)
    household = household_in(request)
    context = {"form": form, "household": household, "tasks": None}
    if not form.is_valid():
        return render(request, "casework/desk/front.html", context, status=422)
    said = form.cleaned_data
    question = Question(said["names"], said["birth"], said["phone"], said["number"])
    try:
        found = find(actor_of(request), question, said["reason"])
    except NotPossible as refusal:
        form.add_error(None, str(refusal))
        return render(request, "casework/desk/front.html", context, status=422)
    context |= {
        "relations": RELATIONS.items(),
        "found": found,
        "why": WHY,
        "reason": said["reason"],
        "asked": said,
    }
    return render(request, "casework/desk/hits.html", context)


def household_in(request: HttpRequest) -> str:
    """The person whose household somebody is added to; '' where that is not why one searches."""
    try:
        return str(UUID(request.POST.get("household", "")))
    except ValueError:
        return ""
