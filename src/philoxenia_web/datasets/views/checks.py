"""The report of a check, and everything a steward can answer to it."""

import csv
import json
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import polars as pl
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.datasets import actions, queries, reports
from philoxenia_web.datasets.checking import rows_so_far
from philoxenia_web.datasets.forms import ChoicesForm, ColumnsForm, CorrectionForm, NotStatusForm, VersionForm
from philoxenia_web.datasets.models import Version
from philoxenia_web.datasets.policies import HAND_IN
from philoxenia_web.datasets.stores import ending, original_path
from philoxenia_web.datasets.views.answers import said_on, tell_errors
from philoxenia_web.ui.tables import Column, Table

SEVERITIES = {
    "refused": gettext_lazy("To change"),
    "warning": gettext_lazy("Look at it"),
    "note": gettext_lazy("Good to know"),
}
SIGNS = {"refused": "problem", "warning": "attention", "note": "info"}


@access(HAND_IN)
@require_safe
def check(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The report on one hand-in, with what can be answered to it."""
    version = queries.own_version(actor_of(request), version_id)
    if version.state in (Version.State.PUBLISHED, Version.State.WITHDRAWN):
        return redirect("version", version.pk)
    if version.state == Version.State.CHECKING:
        context = {"version": version, "rows": rows_so_far(version)}
        part = (
            "datasets/parts/progress.html" if request.headers.get("HX-Request") else "datasets/checking.html"
        )
        return render(request, part, context)
    if request.headers.get("HX-Request") and "progress" in request.GET:
        # The check is done: the whole page is to be loaded.
        answer = HttpResponse()
        answer["HX-Redirect"] = reverse("version-check", args=[version.pk])
        return answer
    return _report(request, version)


def _report(request: HttpRequest, version: Version) -> HttpResponse:
    found = reports.places(version)
    table, changed = places_table(request, version, found), changes_table(request, version)
    for one in (table, changed):
        if one.wants_export:
            return one.export()
    about = reports.about(version)
    row, column = _meant(request, found)
    context = {
        "version": version,
        "summary": summary(version),
        "findings": {severity: reports.findings(version, severity) for severity in SEVERITIES},
        "mends": reports.mends(version),
        "not_checked": version.report.get("not_checked", []),
        "parts": version.report.get("parts", []),
        "places": table if found.height else None,
        "changes": changed if changed.total or changed.filtered else None,
        "excerpt": reports.excerpt(version, row, found),
        "row": row,
        "here": _here(found, row, column),
        "choices": ChoicesForm(version, about),
        "columns": ColumnsForm(version, about["headers"]) if version.contract else None,
        "not_status": _not_status(version),
        "corrections": list(enumerate(version.answers.get("corrections", []))),
        "publishable": version.outcome in (actions.ACCEPTED, actions.MENDED),
        "mended": version.outcome == actions.MENDED,
    }
    return render(request, "datasets/check.html", context)


def summary(version: Version) -> str:
    """The outcome in one sentence."""
    rows, findings = version.rows, version.report.get("findings", [])
    refused = sum(one["severity"] == "refused" for one in findings)
    warnings = sum(one["severity"] == "warning" for one in findings)
    told = {"rows": f"{rows:,}", "warnings": warnings, "mends": len(version.report.get("mends", []))}
    if version.outcome == actions.ACCEPTED:
        return (
            ngettext(
                "The file is as it should be: %(rows)s row, nothing to change.",
                "The file is as it should be: %(rows)s rows, nothing to change.",
                rows,
            )
            % told
        )
    if version.outcome == actions.MENDED:
        return (
            _(
                "The file can be taken: %(rows)s rows, %(mends)s kinds of mend, %(warnings)s warnings. "
                "Look at them, accept them, then publish."
            )
            % told
        )
    if version.outcome == "unreadable":
        return _("The file could not be read.")
    if version.outcome == "not recognised":
        return _("The check does not recognise what kind of extract this is. Choose the kind below.")
    return ngettext(
        "%(count)s thing must be changed before the file can be taken.",
        "%(count)s things must be changed before the file can be taken.",
        refused,
    ) % {"count": refused}


def _meant(request: HttpRequest, found: pl.DataFrame) -> tuple[int | None, str]:
    """The place the page shows: the one asked for, else the first that has a row."""
    asked = request.GET.get("row", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 10:
        return int(asked), request.GET.get("column", "")
    first = found.filter(pl.col("row").is_not_null()).head(1)
    return (first["row"][0], first["header"][0]) if first.height else (None, "")


def _here(found: pl.DataFrame, row: int | None, column: str) -> dict[str, Any] | None:
    """What was found at the place the page shows, the asked column first."""
    at = found.filter(pl.col("row") == row) if row is not None else found.clear()
    exact = at.filter(pl.col("header") == column)
    chosen = exact if exact.height else at
    return chosen.row(0, named=True) if chosen.height else None


def _not_status(version: Version) -> list[dict[str, Any]]:
    """Columns taken for immigration status by their header, each with its form."""
    entries = [one for one in version.report.get("findings", []) if one["rule"] == "status_column"]
    names = [one["header"] or one["column"] for one in entries]
    return [
        {
            "column": name,
            "form": NotStatusForm(
                initial={"version": version.version, "column": name}, auto_id=f"status_{i}_%s"
            ),
        }
        for i, name in enumerate(names)
    ]


def places_table(request: HttpRequest, version: Version, found: pl.DataFrame) -> Table:
    """Each place where something was found."""
    address = reverse("version-check", args=[version.pk])
    rules = {rule: rule.replace("_", " ") for rule in found["rule"].unique(maintain_order=True)}
    return Table(
        "places",
        [
            Column("row", _("Row"), kind="whole"),
            Column("header", _("Column"), kind="name", filter=True),
            Column("value", _("Value found"), kind="name", filter=True),
            Column(
                "severity", _("What it means"), kind="status", filter=True, choices=SEVERITIES, signs=SIGNS
            ),
            Column("rule", _("Rule"), filter=True, choices=rules, lang="en"),
            Column("remedy", _("What to do"), kind="name", lang=lambda one: one["lang"]),
        ],
        rows=found,
        request=request,
        caption=_("Every place where something was found"),
        href=lambda one: _place(address, one),
        narrow="cards",
    )


def _place(address: str, one: Any) -> str:
    if one["row"] is None:
        return ""
    return f"{address}?{urlencode({'row': one['row'], 'column': one['header']})}#place"


def changes_table(request: HttpRequest, version: Version) -> Table:
    """Every change made on the way in."""
    frame = reports.changes(version)
    rules = {rule: rule.replace("_", " ") for rule in frame["rule"].unique(maintain_order=True)}
    return Table(
        "mends",
        [
            Column("row", _("Row"), kind="whole"),
            Column("column", _("Column"), kind="name", filter=True),
            Column("before", _("Before"), kind="name", filter=True),
            Column("after", _("After"), kind="name"),
            Column("rule", _("Rule"), filter=True, choices=rules, lang="en"),
        ],
        rows=frame,
        request=request,
        caption=_("Every change, before and after"),
        narrow="cards",
    )


# --- answers ----------------------------------------------------------------------------------------------


def _based_on(request: HttpRequest) -> int:
    form = VersionForm(request.POST)
    return int(form.cleaned_data["version"]) if form.is_valid() else 0


@access(HAND_IN)
@require_POST
@said_on("version-check")
def choose(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Kind, sheet, table of an archive, order of dates."""
    version = queries.own_version(actor_of(request), version_id)
    form = ChoicesForm(version, reports.about(version), request.POST)
    if form.is_valid():
        said = {name: text for name, text in form.cleaned_data.items() if name != "version"}
        actions.choose(actor_of(request), version_id, form.cleaned_data["version"], said)
    tell_errors(request, form)
    return redirect("version-check", version_id)


@access(HAND_IN)
@require_POST
@said_on("version-check")
def map_columns(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Which column of the file is which of the contract."""
    version = queries.own_version(actor_of(request), version_id)
    form = ColumnsForm(version, reports.about(version)["headers"], request.POST)
    if form.is_valid():
        based_on = form.cleaned_data["version"]
        actions.map_columns(actor_of(request), version_id, based_on, form.mapping(), version.contract)
    tell_errors(request, form)
    return redirect("version-check", version_id)


@access(HAND_IN)
@require_POST
@said_on("version-check")
def declare_not_status(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Why a column is not immigration status."""
    form = NotStatusForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        actions.declare_not_status(
            actor_of(request), version_id, said["version"], said["column"], said["reason"]
        )
    tell_errors(request, form)
    return redirect("version-check", version_id)


@access(HAND_IN)
@require_POST
@said_on("version-check")
def correct(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Put a cell or a value right, or leave a row out."""
    form = CorrectionForm(request.POST)
    if form.is_valid():
        actions.correct(actor_of(request), version_id, form.cleaned_data["version"], [form.correction()])
        messages.success(request, _("The correction was noted; the file is checked again."))
    tell_errors(request, form)
    return redirect("version-check", version_id)


@access(HAND_IN)
@require_POST
@said_on("version-check")
def take_back(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Take corrections back."""
    chosen = [int(one) for one in request.POST.getlist("correction") if one.isascii() and one.isdigit()]
    if chosen:
        actions.take_back(actor_of(request), version_id, _based_on(request), chosen)
    return redirect("version-check", version_id)


@access(HAND_IN)
@require_POST
@said_on("version-check")
def accept(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Accept the mends and warnings, and go on to publishing."""
    actions.accept_mends(actor_of(request), version_id, _based_on(request))
    return redirect("version-publish", version_id)


@access(HAND_IN)
@require_POST
@said_on("version-check")
def discard(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Give up a hand-in."""
    actions.discard(actor_of(request), version_id, _based_on(request))
    messages.success(request, _("The hand-in was discarded."))
    return redirect("data-sets")


@access(HAND_IN)
@require_safe
def report_file(request: HttpRequest, version_id: UUID, form: str) -> HttpResponse:
    """The report as a file: JSON for programs, CSV with a line for each place."""
    version = queries.own_version(actor_of(request), version_id)
    name = f"report-{version.pk}.{form}"
    if form == "json":
        answer = HttpResponse(
            json.dumps(version.report, ensure_ascii=False, indent=1), content_type="application/json"
        )
    else:
        answer = StreamingHttpResponse(_lines(version), content_type="text/csv; charset=utf-8")  # type: ignore[assignment]
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Echo:
    def write(self, value: str) -> str:
        return value


def _lines(version: Version) -> Any:
    """Lines of CSV that no spreadsheet takes for formulas."""
    writer = csv.writer(_Echo())
    names = ("severity", "row", "header", "value", "rule", "message", "remedy")
    yield "\ufeff" + writer.writerow(names)
    for one in reports.places(version).select(names).iter_rows():
        yield writer.writerow([harmless(cell) for cell in one])


def harmless(cell: Any) -> Any:
    """A text that begins like a formula gets an apostrophe before it."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return cell


@access(HAND_IN)
@require_safe
def original(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The file as it was handed in, for those who handed it in."""
    version = queries.own_version(actor_of(request), version_id)
    path = original_path(version.pk, version.file_name)
    if not path.is_file():
        raise queries.Http404(_("The file is no longer kept."))
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=f"original-{version.pk}{ending(version.file_name)}",
        content_type="application/octet-stream",
    )
