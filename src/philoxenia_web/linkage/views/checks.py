"""The report on a list in the steward's words, and the answers to it. No cell of the list is ever shown."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import polars as pl
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.datasets.reports import Told, told
from philoxenia_web.datasets.views.checks import SEVERITIES, SIGNS
from philoxenia_web.linkage import queries
from philoxenia_web.linkage.forms import ColumnsForm, NotStatusForm, ReadingForm, VersionForm
from philoxenia_web.linkage.policies import MANAGE, refusal_of
from philoxenia_web.linkage.views.answers import said_on, tell_errors
from philoxenia_web.linkage.views.showing import state_of, summary
from philoxenia_web.registry import actions
from philoxenia_web.registry import queries as registry
from philoxenia_web.registry.models import PersonList
from philoxenia_web.registry.policies import HAND_IN
from philoxenia_web.ui.tables import Column, Table

State = PersonList.State


@access(HAND_IN)
@require_safe
def check(request: HttpRequest, agreement_id: UUID, list_id: UUID) -> HttpResponse:
    """How a list stands: being checked, its report, or what became of it."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, agreement_id, MANAGE)
    one = registry.own_list(actor, agreement_id, list_id)
    if one.state == State.RECEIVING:
        return redirect("linkage-lists", agreement_id)
    context: dict[str, Any] = {
        "agreement": agreement,
        "list": one,
        "refusal": refusal_of(agreement),
        "state": state_of(one),
    }
    if one.state == State.CHECKING and not context["refusal"]:
        return _checking(request, context)
    if request.headers.get("HX-Request") and "progress" in request.GET:
        # The check is done: the whole page is to be loaded.
        answer = HttpResponse()
        answer["HX-Redirect"] = reverse("linkage-list", args=[agreement_id, one.pk])
        return answer
    return _report(request, context, one)


def _checking(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    part = request.headers.get("HX-Request")
    return render(request, "linkage/parts/progress.html" if part else "linkage/checking.html", context)


def _report(request: HttpRequest, context: dict[str, Any], one: PersonList) -> HttpResponse:
    entries = one.report.get("findings", [])
    places = _places_table(request, one)
    if places is not None and places.wants_export:
        return places.export()
    open_ = one.state == State.CHECKED and not context["refusal"]
    context |= {
        "summary": summary(one),
        "findings": {
            severity: [_worded(entry) for entry in entries if entry["severity"] == severity]
            for severity in SEVERITIES
        },
        "mends": [told(entry) for entry in one.report.get("mends", [])],
        "places": places,
        "open": open_,
        "takeable": open_ and one.outcome in (actions.ACCEPTED, actions.MENDED),
        "replaces": registry.lists_of(one.key_id).filter(organisation=one.organisation_id).exists(),
        "reading": ReadingForm(one),
        "columns": ColumnsForm(one),
        "unmatched": any(entry["rule"] in ("column_missing", "wrong_kind") for entry in entries),
        "not_status": _not_status(one) if open_ else [],
        "handed_in": one.state == State.HANDED_IN and not context["refusal"],
    }
    return render(request, "linkage/check.html", context)


def _worded(entry: dict[str, Any]) -> Told:
    """A finding in the reader's words; what to do about status is on this very page."""
    worded = told(entry)
    if entry["rule"] != "status_column":
        return worded
    return replace(worded, remedy=_("Delete the column and send the file again, or say below what it holds."))


def _places_table(request: HttpRequest, one: PersonList) -> Table | None:
    found = one.report.get("places", [])
    if not found:
        return None
    frame = pl.DataFrame(found, schema={"rule": str, "severity": str, "row": pl.Int64, "column": str})
    rules = {rule: rule.replace("_", " ") for rule in frame["rule"].unique(maintain_order=True)}
    return Table(
        "places",
        [
            Column("row", _("Row"), kind="whole"),
            Column("column", _("Column"), kind="name", filter=True),
            Column(
                "severity", _("What it means"), kind="status", filter=True, choices=SEVERITIES, signs=SIGNS
            ),
            Column("rule", _("Rule"), filter=True, choices=rules, lang="en"),
        ],
        rows=frame,
        request=request,
        caption=_("Where to look in your file"),
        narrow="cards",
    )


def _not_status(one: PersonList) -> list[dict[str, Any]]:
    return [
        {
            "column": name,
            "form": NotStatusForm(initial={"version": one.version, "column": name}, auto_id=f"status_{i}_%s"),
        }
        for i, name in enumerate(one.report.get("status", []))
    ]


# --- answers ----------------------------------------------------------------------------------------------


def _based_on(request: HttpRequest) -> int:
    form = VersionForm(request.POST)
    return int(form.cleaned_data["version"]) if form.is_valid() else 0


@access(HAND_IN)
@require_POST
@said_on("linkage-list")
def choose(request: HttpRequest, agreement_id: UUID, list_id: UUID) -> HttpResponse:
    """Sheet, table of an archive, order of dates."""
    one = registry.own_list(actor_of(request), agreement_id, list_id)
    form = ReadingForm(one, request.POST)
    if form.is_valid():
        said = {name: text for name, text in form.cleaned_data.items() if name != "version"}
        version = form.cleaned_data["version"]
        actions.answer(actor_of(request), agreement_id, list_id, version, lambda known: known.update(said))
    tell_errors(request, form)
    return redirect("linkage-list", agreement_id, list_id)


@access(HAND_IN)
@require_POST
@said_on("linkage-list")
def map_columns(request: HttpRequest, agreement_id: UUID, list_id: UUID) -> HttpResponse:
    """Which column of the file is which of the contract."""
    one = registry.own_list(actor_of(request), agreement_id, list_id)
    form = ColumnsForm(one, request.POST)
    if form.is_valid():
        said, version = form.mapping(), form.cleaned_data["version"]
        actions.answer(
            actor_of(request), agreement_id, list_id, version, lambda known: known.update(columns=said)
        )
    tell_errors(request, form)
    return redirect("linkage-list", agreement_id, list_id)


@access(HAND_IN)
@require_POST
@said_on("linkage-list")
def declare_not_status(request: HttpRequest, agreement_id: UUID, list_id: UUID) -> HttpResponse:
    """Why a column is not immigration status."""
    registry.own_list(actor_of(request), agreement_id, list_id)
    form = NotStatusForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data

        def change(known: dict[str, Any]) -> None:
            known["not_status"] = {**known.get("not_status", {}), said["column"]: said["reason"].strip()}

        actions.answer(actor_of(request), agreement_id, list_id, said["version"], change)
    tell_errors(request, form)
    return redirect("linkage-list", agreement_id, list_id)


@access(HAND_IN)
@require_POST
@said_on("linkage-list")
def accept(request: HttpRequest, agreement_id: UUID, list_id: UUID) -> HttpResponse:
    """Accept what the check changed and hand the list in."""
    actions.accept(actor_of(request), agreement_id, list_id, _based_on(request))
    messages.success(request, _("The list is handed in. The file as you sent it was deleted."))
    return redirect("linkage-agreement", agreement_id)


@access(HAND_IN)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, agreement_id: UUID, list_id: UUID) -> HttpResponse:
    """Take a list out of the agreement, after a page that says what that means."""
    actor = actor_of(request)
    agreement = queries.agreement_for(actor, agreement_id, MANAGE)
    one = registry.own_list(actor, agreement_id, list_id)
    if request.method == "POST":
        return _withdraw(request, agreement_id, list_id=list_id)
    context = {"agreement": agreement, "list": one, "refusal": refusal_of(agreement)}
    return render(request, "linkage/withdraw.html", context)


@said_on("linkage-list")
def _withdraw(request: HttpRequest, agreement_id: UUID, list_id: UUID) -> HttpResponse:
    actions.withdraw(actor_of(request), agreement_id, list_id, _based_on(request))
    messages.success(request, _("The list was taken out, and its file deleted."))
    return redirect("linkage-agreement", agreement_id)
