"""A service of the directory for the plan: those for the open needs first, or by words."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.casework import queries
from philoxenia_web.casework.desk.forms import ServiceForm
from philoxenia_web.casework.policies import CASEWORK, check_work_on
from philoxenia_web.directory.queries import shown_many
from philoxenia_web.registry.people.visits import at_the_desk
from philoxenia_web.ui.late import Late

# The index is loaded when somebody first searches it.
_search = Late("philoxenia_web.directory.search")
_MOST = 12


@access(CASEWORK)
@require_http_methods(["GET", "HEAD", "POST"])
@at_the_desk
def choose(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Words come by POST: what somebody needs stands in no address."""
    actor = actor_of(request)
    case = check_work_on(actor, queries.case_for(actor, case_id))
    language = get_language() or "en"
    words = request.POST.get("words", "").strip()[:200]
    needs = () if words else tuple(dict.fromkeys(one.need for one in queries.Work(actor, case).live_needs))
    found = _search.find(_search.Query(text=words, language=language, needs=needs, size=_MOST, facets=()))
    context = {
        "case": case,
        "services": shown_many(found.ids, language),
        "words": words,
        "needs": needs,
        "form": ServiceForm(),
    }
    return render(request, "casework/desk/services.html", context)
