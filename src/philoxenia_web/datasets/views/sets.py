"""Data sets and their versions: what there is, how fresh, who may use it; and changing that."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from philoxenia_web.accounts.access import access, actor_of, can
from philoxenia_web.datasets import actions, queries
from philoxenia_web.datasets.forms import DescribeForm, kinds
from philoxenia_web.datasets.models import Dataset, Version
from philoxenia_web.datasets.policies import HAND_IN, PUBLISH, SEE, organisations_with
from philoxenia_web.datasets.refusals import Conflict
from philoxenia_web.ui.tables import Column, Table

STATES = {
    "checking": (gettext_lazy("Being checked"), "waiting"),
    "checked": (gettext_lazy("Checked"), "info"),
    "published": (gettext_lazy("Published"), "success"),
    "withdrawn": (gettext_lazy("Withdrawn"), "problem"),
}


@access(SEE)
@require_safe
def data_sets(request: HttpRequest) -> HttpResponse:
    """Every data set the visitor may know of, and what is still missing."""
    actor = actor_of(request)
    rows = [_row(request, one) for one in queries.datasets_for(actor)]
    table = _sets_table(request, rows)
    missing = Table(
        "missing",
        [
            Column("title", _("Kind"), kind="name"),
            Column("owner", _("Who usually has it"), kind="name"),
        ],
        rows=[{"title": title, "owner": owner} for _name, title, owner in queries.missing_kinds(actor)],
        request=request,
        caption=_("Kinds of data that nobody has published yet"),
        size=50,
        narrow="cards",
    )
    for one in (table, missing):
        if one.wants_export:
            return one.export()
    context = {
        "table": table,
        "count": len(rows),
        "missing": missing,
        "drafts": _drafts_table(request) if can(actor, HAND_IN) else None,
        "may_hand_in": can(actor, HAND_IN),
    }
    return render(request, "datasets/data_sets.html", context)


def _row(request: HttpRequest, dataset: Dataset) -> dict[str, Any]:
    shown: list[Version] = [one for one in dataset.shown if one.number]  # type: ignore[attr-defined]
    newest = shown[0] if shown else None
    agreement = queries.agreement_of(newest) if newest else None
    refusal = queries.why_not(actor_of(request), newest, "") if newest else ""
    return {
        "title": dataset.called,
        "href": reverse("data-set", args=[dataset.pk]),
        "organisation": str(dataset.organisation),
        "number": newest.number if newest else None,
        "rows": newest.rows if newest else None,
        "published_at": newest.published_at if newest else None,
        "state": STATES.get(newest.state, ("", "info")) if newest else (_("Not published yet"), "waiting"),
        "until": agreement.valid_until if agreement else None,
        "use": _use(newest, refusal),
    }


def _use(newest: Version | None, refusal: str) -> tuple[str, str]:
    if newest is None:
        return ("", "info")
    return (_("Not for you now"), "attention") if refusal else (_("You may use it"), "success")


def _sets_table(request: HttpRequest, rows: list[dict[str, Any]]) -> Table:
    return Table(
        "sets",
        [
            Column("title", _("Data set"), kind="name", filter=True),
            Column("organisation", _("From"), kind="name", filter=True),
            Column("number", _("Version"), kind="whole"),
            Column("rows", _("Rows"), kind="whole"),
            Column("published_at", _("Published"), kind="date"),
            Column("until", _("Agreed until"), kind="date"),
            Column("state", _("State"), kind="status", sort=False),
            Column("use", _("Use"), kind="status", sort=False),
        ],
        rows=rows,
        request=request,
        caption=_("Data sets"),
        empty=_("No data sets yet. A data steward hands in the first extract."),
        order="title",
        size=50,
        narrow="cards",
    )


def _drafts_table(request: HttpRequest) -> Table:
    return Table(
        "drafts",
        [
            Column("file_name", _("File"), kind="name"),
            Column("dataset", _("Data set"), kind="name", sort=False),
            Column("size", _("Size"), kind="bytes"),
            Column("created_at", _("Handed in"), kind="when"),
            Column("state", _("State"), kind="status", value=_draft_state, sort=False),
        ],
        rows=queries.drafts_for(actor_of(request)),
        request=request,
        caption=_("Handed in, not published yet"),
        href=lambda one: reverse("version-check", args=[one.pk]),
        download=False,
        narrow="cards",
    )


def _draft_state(version: Version) -> tuple[str, str]:
    if version.state == Version.State.CHECKING:
        return (_("Being checked"), "waiting")
    return {
        actions.ACCEPTED: (_("Ready to publish"), "success"),
        actions.MENDED: (_("Ready, with mends"), "attention"),
    }.get(version.outcome, (_("To be mended"), "problem"))


@access(SEE)
@require_safe
def data_set(request: HttpRequest, dataset_id: UUID) -> HttpResponse:
    """One data set: its versions, newest first."""
    actor = actor_of(request)
    dataset = queries.dataset_for(actor, dataset_id)
    shown: list[Version] = dataset.shown  # type: ignore[attr-defined]
    numbered = [one for one in shown if one.number]
    rows = [_version_row(one) for one in shown]
    table = Table(
        "versions",
        [
            Column("version", _("Version"), sort=False),
            Column("state", _("State"), kind="status", sort=False),
            Column("rows", _("Rows"), kind="whole"),
            Column("published_at", _("Published"), kind="when"),
            Column("until", _("Agreed until"), kind="date"),
            Column("file", _("File"), kind="name"),
        ],
        rows=rows,
        request=request,
        caption=_("Versions"),
        download=False,
        narrow="cards",
    )
    newest = numbered[0] if numbered else None
    context = {
        "dataset": dataset,
        "kind": dict(kinds()).get(dataset.contract, dataset.contract),
        "table": table,
        "newest": newest,
        "refusal": queries.why_not(actor, newest, "") if newest else "",
        "agreement": queries.agreement_of(newest) if newest else None,
        "older": numbered[1] if len(numbered) > 1 else None,
        "own": dataset.organisation_id in organisations_with(actor, HAND_IN),
    }
    return render(request, "datasets/data_set.html", context)


def _version_row(version: Version) -> dict[str, Any]:
    agreement = queries.agreement_of(version)
    page = "version" if version.number else "version-check"
    return {
        "version": _("Version %(number)s") % {"number": version.number} if version.number else _("Draft"),
        "href": reverse(page, args=[version.pk]),
        "state": STATES.get(version.state, ("", "info")),
        "rows": version.rows,
        "published_at": version.published_at,
        "until": agreement.valid_until if agreement else None,
        "file": version.file_name,
    }


@access(PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def describe(request: HttpRequest, dataset_id: UUID) -> HttpResponse:
    """Change a data set's title and description."""
    actor = actor_of(request)
    dataset = queries.own_datasets(actor).filter(pk=dataset_id).first()
    if dataset is None:
        raise queries.Http404(_("There is no such data set, or it is not yours to change."))
    kept = {name: getattr(dataset, name) for name in ("title", "description", "version")}
    form = DescribeForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.describe(actor, dataset.pk, said["version"], said["title"], said["description"])
        except Conflict as conflict:
            form.add_error(None, str(conflict))
        else:
            messages.success(request, _("The description was changed."))
            return redirect("data-set", dataset.pk)
    context = {"dataset": dataset, "form": form}
    return render(request, "datasets/describe.html", context, status=422 if form.is_bound else 200)
