"""The caseload: who I work with, or who the desk works with, what is most pressing first."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access, actor_of, can
from philoxenia_web.casework import queries
from philoxenia_web.casework.desk.writing import number_in
from philoxenia_web.casework.policies import CASEWORK, SUPERVISE
from philoxenia_web.registry.people.records import briefs
from philoxenia_web.registry.people.visits import at_the_desk

_PAGE = 50


@access(CASEWORK)
@require_safe
@at_the_desk
def caseload(request: HttpRequest) -> HttpResponse:
    """My cases; a supervisor may look at those of the team. Names are read for the lines that are shown."""
    actor = actor_of(request)
    supervises = can(actor, SUPERVISE)
    team = supervises and request.GET.get("of") == "team"
    found = queries.caseload(actor, mine=not team)
    counted = found.aggregate(total=Count("pk"), behind=Count("pk", filter=Q(late__gt=0)))
    page = max(1, number_in(request.GET, "page"))
    shown = list(found.select_related("organisation")[(page - 1) * _PAGE : page * _PAGE])
    reason = "supervision" if team else "serving_now"
    people = briefs(actor, [one.resident_id for one in shown], reason) if shown else {}
    workers = queries.names_of({one.worker_id for one in shown if one.worker_id}) if team else {}
    codes = queries.live_codes(shown)
    context = {
        "lines": [
            (one, codes.get(one.pk, []), people.get(one.resident_id), workers.get(one.worker_id))
            for one in shown
        ],
        "total": counted["total"],
        "late": counted["behind"],
        "team": team,
        "supervises": supervises,
        "next": page + 1 if page * _PAGE < counted["total"] else 0,
        "previous": page - 1,
    }
    return render(request, "casework/desk/caseload.html", context)
