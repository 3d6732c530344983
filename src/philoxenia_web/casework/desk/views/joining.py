"""Written down twice: both records beside each other, then they are one person's, or two again."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.accounts.queries import organisations
from philoxenia_web.casework import joining
from philoxenia_web.casework.desk.writing import back_to_person, carried_out
from philoxenia_web.casework.policies import CASEWORK, SUPERVISE
from philoxenia_web.registry.people import finding, records
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.registry.refusals import KeyGone, NotPossible


@access(CASEWORK)
@require_POST
@at_the_desk
def same_person(request: HttpRequest, resident_id: UUID) -> HttpResponse:
    """The number of another record leads to both beside each other; nothing is done yet."""
    other = records.by_number(actor_of(request), request.POST.get("number", ""))
    if other is None:
        messages.warning(request, _("No record has this number."))
    elif other == resident_id:
        messages.warning(request, _("This is the number of this record itself."))
    else:
        return redirect("front-same-look", resident_id, other)
    return back_to_person(resident_id, "case")


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def both(request: HttpRequest, resident_id: UUID, other_id: UUID) -> HttpResponse:
    """Both records, and the decision on them as they were looked at."""
    actor = actor_of(request)
    if request.method == "POST":
        return _decided(request, resident_id, other_id)
    try:
        pair = joining.look(actor, resident_id, other_id)
    except (NotPossible, KeyGone) as refusal:
        messages.warning(request, str(refusal))
        return back_to_person(resident_id, "case")
    names = dict(organisations().values_list("pk", "name"))
    context = {
        "pair": pair,
        "sides": [(side, names[side.organisation_id]) for side in (pair.kept, pair.other)],
        "why": [finding.WHY[code] for code in pair.why],
    }
    return render(request, "casework/desk/same.html", context)


@access(SUPERVISE)
@require_safe
@at_the_desk
def joined(request: HttpRequest) -> HttpResponse:
    """Where another department said that a record of the own one is somebody else's record too."""
    rows = joining.joined_with_others(actor_of(request))
    return render(request, "casework/desk/joined.html", {"rows": rows})


def _decided(request: HttpRequest, resident_id: UUID, other_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    versions = request.POST.get("version", ""), request.POST.get("other_version", "")
    looked_at = {
        number: int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else -1
        for number, sent in zip((resident_id, other_id), versions, strict=True)
    }
    apart = request.POST.get("do") == "part"
    act, done = (
        (joining.part, _("They are two people again."))
        if apart
        else (joining.join, _("Both records are shown as one person's."))
    )
    if not carried_out(request, lambda: act(actor, resident_id, other_id, looked_at), done):
        return redirect("front-same-look", resident_id, other_id)
    return back_to_person(resident_id, "case")
