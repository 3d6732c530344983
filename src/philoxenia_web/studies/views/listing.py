"""The list of studies."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from philoxenia_web.accounts.access import Actor, access, actor_of, can
from philoxenia_web.studies import queries
from philoxenia_web.studies.kinds import Kind
from philoxenia_web.studies.models import Study
from philoxenia_web.studies.policies import READ, READ_SETTINGS, RUN
from philoxenia_web.studies.signs import SIGNS
from philoxenia_web.ui.tables import Column, Table

VIEWS = ("all", "mine", "shared")


@access(READ_SETTINGS)
@require_safe
def studies(request: HttpRequest) -> HttpResponse:
    """Studies the visitor may see: all, those they made, those shared with them."""
    actor = actor_of(request)
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else "all"
    table = _table(request, actor, _rows(actor, view))
    if table.wants_export:
        return table.export()
    told = {
        "table": table,
        "tabs": [
            (_("All"), "?view=all", view == "all"),
            (_("Made by me"), "?view=mine", view == "mine"),
            (_("Shared with me"), "?view=shared", view == "shared"),
        ],
        "may_run": can(actor, RUN),
        "may_read": can(actor, READ),
        "any": table.filtered or table.total > 0,
        "view": view,
    }
    return render(request, "studies/list.html", told)


def _rows(actor: Actor, view: str) -> QuerySet[Study]:
    if view == "shared":
        return queries.shared_with(actor)
    seen = queries.settings_visible(actor)
    return seen.filter(created_by=actor.person_id) if view == "mine" else seen


def _table(request: HttpRequest, actor: Actor, rows: QuerySet[Study]) -> Table:
    reads = can(actor, READ)
    address = "study-overview" if reads else "study-settings"
    columns = [
        Column("title", _("Title"), kind="name", filter=True),
        Column(
            "state", _("State"), kind="status", filter=True, choices=dict(Study.State.choices), signs=SIGNS
        ),
        Column("kind", _("Kind"), filter=True, choices=dict(Kind.choices)),
        Column("organisation", _("Organisation"), path="organisation__name", kind="name", filter=True),
        Column("created_by", _("Made by"), path="created_by__name", kind="name"),
        Column("horizon", _("Months ahead"), kind="whole"),
        Column("created_at", _("Made"), kind="when"),
        Column("finished_at", _("Finished"), kind="when"),
    ]
    return Table(
        "studies",
        columns,
        rows.defer("notes", "headline", "found", "fault", "plan"),
        request,
        caption=_("Studies"),
        empty=_("No study fits. Take away a filter to see more."),
        href=lambda study: reverse(address, args=[study.pk]),
        order="-created_at",
        narrow="cards",
    )
