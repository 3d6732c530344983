"""Web addresses that records name and that do not answer any more."""

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.directory.editing.policies import LOOK_AFTER
from philoxenia_web.directory.links import actions
from philoxenia_web.directory.models import CheckedLink
from philoxenia_web.ui.tables import Column, Table

_SIGNS = {
    "waiting": "waiting",
    "good": "success",
    "moved": "attention",
    "broken": "problem",
    "silent": "attention",
    "refused": "info",
}
_PAGES = {"service": "directory-service", "organization": "directory-organization"}


@access(LOOK_AFTER)
@require_safe
def links(request: HttpRequest) -> HttpResponseBase:
    """Addresses and what they answered, those that fail first."""
    rows = CheckedLink.objects.exclude(state="good")
    table = Table(
        "links",
        [
            Column("address", _("Address"), kind="name", filter=True),
            Column(
                "state",
                _("State"),
                kind="status",
                filter=True,
                choices=dict(CheckedLink.State.choices),
                signs=_SIGNS,
            ),
            Column("said", _("What happened"), value=lambda one: _(one.said) if one.said else "", sort=False),
            Column("failures", _("Times in a row"), kind="whole"),
            Column("goes_to", _("Now at"), kind="name"),
            Column("checked_at", _("Checked"), kind="when"),
            Column("used", _("Named by"), kind="link", value=_used, sort=False),
        ],
        rows=rows,
        request=request,
        caption=_("Web addresses to look at"),
        empty=_("Every address that was checked answers."),
        order="-failures",
        size=25,
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    counted = dict(CheckedLink.objects.values_list("state").annotate(count=Count("pk")))
    context = {
        "table": table,
        "good": counted.get("good", 0),
        "bad": counted.get("broken", 0) + counted.get("silent", 0),
        "all": sum(counted.values()),
        "last": CheckedLink.objects.aggregate(last=Max("checked_at"))["last"],
    }
    return render(request, "directory/staff/links.html", context)


def _used(link: CheckedLink) -> tuple[str, str]:
    found = actions.used_by(link.address)
    if not found:
        return ("", "")
    return (found[0]["name"], reverse(_PAGES[found[0]["table"]], args=[found[0]["id"]]))


@access(LOOK_AFTER)
@require_POST
def check_now(request: HttpRequest) -> HttpResponse:
    """Have the worker check what is due."""
    actions.ask_for_check(actor_of(request))
    messages.success(request, _("The check runs in the background. Look again in some minutes."))
    return redirect("directory-links")
