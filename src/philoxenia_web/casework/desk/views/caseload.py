"""The caseload: who I work with, or who the desk works with, what is most pressing first."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access, actor_of, can
from philoxenia_web.casework import queries
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
    lines = queries.caseload(actor, mine=not team)
    page = max(1, int(told)) if (told := request.GET.get("page", "1")).isdigit() and len(told) < 6 else 1
    shown = lines[(page - 1) * _PAGE : page * _PAGE]
    reason = "supervision" if team else "serving_now"
    people = briefs(actor, [one.case.resident_id for one in shown], reason) if shown else {}
    workers = queries.names_of({one.case.worker_id for one in shown if one.case.worker_id}) if team else {}
    context = {
        "lines": [(one, people.get(one.case.resident_id), workers.get(one.case.worker_id)) for one in shown],
        "total": len(lines),
        "late": sum(1 for one in lines if one.late),
        "team": team,
        "supervises": supervises,
        "next": page + 1 if page * _PAGE < len(lines) else 0,
        "previous": page - 1,
    }
    return render(request, "casework/desk/caseload.html", context)
