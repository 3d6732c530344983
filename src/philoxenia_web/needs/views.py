"""The planner's first page of needs: what is there to look at, and how to begin where there is nothing."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.linkage.runs import queries as runs
from philoxenia_web.linkage.runs.queries import RunFacts
from philoxenia_web.needs.districts.page import TOPICS
from philoxenia_web.needs.policies import READ
from philoxenia_web.needs.profiles.views import profiles_table
from philoxenia_web.needs.run_words import about


@access(READ)
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Linked pictures, profiled surveys, estimates by district."""
    found = runs.finished_runs(actor_of(request))
    pictures = [_picture(run) for run in found]
    table = profiles_table(request)
    by_district = reverse("needs-districts")
    context = {
        "pictures": pictures,
        "profiles": table if table.total else None,
        "districts": [(one.title, f"{by_district}?show={name}") for name, one in TOPICS.items()],
    }
    return render(request, "needs/start.html", context)


def _picture(run: RunFacts) -> dict[str, object]:
    return {
        "about": about(run),
        "ended": run.ended,
        "state": (_("Ended"), "waiting") if run.ended else (_("In force"), "success"),
        "packages": "" if run.ended else reverse("needs-packages", args=[run.run_id]),
        "overlap": "" if run.ended else reverse("needs-overlap", args=[run.run_id]),
    }
