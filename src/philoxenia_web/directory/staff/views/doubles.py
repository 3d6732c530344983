"""Organisations that may be listed twice, side by side, and the decision."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.directory.doubles import actions
from philoxenia_web.directory.editing import shapes
from philoxenia_web.directory.editing.policies import LOOK_AFTER
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.models import Address, DuplicatePair, Organization
from philoxenia_web.directory.staff import words
from philoxenia_web.ui.tables import Column, Table

_LINES = ("name", "alternate_name", "description", "email", "website", "phones")


@access(LOOK_AFTER)
@require_safe
def doubles(request: HttpRequest) -> HttpResponseBase:
    """Pairs to decide, the likeliest first."""
    table = Table(
        "doubles",
        [
            Column("left", _("One"), kind="name", path="left__name", filter=True),
            Column("right", _("Other"), kind="name", path="right__name", filter=True),
            Column("probability", _("How likely they are one"), kind="percent"),
            Column(
                "state",
                _("State"),
                kind="status",
                filter=True,
                choices=dict(DuplicatePair.State.choices),
                signs={"open": "waiting", "same": "success", "different": "info"},
            ),
        ],
        rows=DuplicatePair.objects.select_related("left", "right"),
        request=request,
        caption=_("Organisations that may be listed twice"),
        empty=_("No pair has been found. Look for them after an import."),
        href=lambda one: reverse("directory-double", args=[one.pk]),
        order="-probability",
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    waiting = DuplicatePair.objects.filter(state="open").count()
    return render(request, "directory/staff/doubles.html", {"table": table, "waiting": waiting})


@access(LOOK_AFTER)
@require_POST
def find(request: HttpRequest) -> HttpResponse:
    """Have the worker look for them."""
    actions.ask_to_find(actor_of(request))
    messages.success(request, _("The search runs in the background. Look again in a minute."))
    return redirect("directory-doubles")


@access(LOOK_AFTER)
@require_http_methods(["GET", "HEAD", "POST"])
def double(request: HttpRequest, pair_id: UUID) -> HttpResponse:
    """Two organisations side by side."""
    pair = DuplicatePair.objects.select_related("left", "right").filter(pk=pair_id).first()
    if pair is None:
        raise Http404
    if request.method == "POST":
        return _decided(request, pair)
    sides = [pair.left, pair.right]
    drafts = [shapes.read(one) for one in sides]
    lines = [
        (words.label("organization", name), [words.said(name, draft[name]) for draft in drafts])
        for name in _LINES
    ]
    context = {
        "pair": pair,
        "sides": sides,
        "lines": [*lines, *_more(sides)],
        "levels": [(key.replace("_", " "), value) for key, value in pair.levels.items()],
    }
    return render(request, "directory/staff/double.html", context)


def _more(sides: list[Organization]) -> list[tuple[str, list[list[str]]]]:
    services = [list(one.services.values_list("name", flat=True)[:12]) for one in sides]
    places: list[list[str]] = []
    for one in sides:
        rows = Address.objects.filter(location__service_at_locations__service__organization=one).distinct()
        found = rows.values_list("address_1", "city", "postal_code")[:6]
        places.append(list(dict.fromkeys(", ".join(filter(None, row)) for row in found)))
    return [
        (_("Services"), services),
        (_("Addresses"), places),
        (_("Source"), [[one.source] for one in sides]),
    ]


def _decided(request: HttpRequest, pair: DuplicatePair) -> HttpResponse:
    actor, said = actor_of(request), request.POST.get("said", "")
    kept: dict[str, Any] = {"left": pair.left_id, "right": pair.right_id}
    try:
        if said in kept:
            record = actions.join(actor, pair.pk, kept[said])
            messages.success(
                request, _("Joined: everything is found under %(name)s.") % {"name": record.name}
            )
        elif said == "different":
            actions.keep_apart(actor, pair.pk)
            messages.success(request, _("Noted: two organisations."))
    except NotPossible as refusal:
        messages.warning(request, str(refusal))
    following = DuplicatePair.objects.filter(state="open").order_by("-weight").first()
    return redirect("directory-double", following.pk) if following else redirect("directory-doubles")
