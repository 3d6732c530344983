"""One version: its facts, rows, agreement, what used it; publishing, comparing, withdrawing."""

import csv
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import polars as pl
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from philoxenia_web.accounts.access import Denied, access, actor_of
from philoxenia_web.datasets import actions, queries, reports
from philoxenia_web.datasets.differing import differing
from philoxenia_web.datasets.forms import AgreementForm, PublishForm, ReasonForm
from philoxenia_web.datasets.models import Version
from philoxenia_web.datasets.policies import HAND_IN, PUBLISH, READ, SEE, WITHDRAW, organisations_with
from philoxenia_web.datasets.refusals import Conflict, NotPossible
from philoxenia_web.datasets.views.checks import harmless
from philoxenia_web.ui.tables import Column, Table

CHANGES = {
    "added": gettext_lazy("Row added"),
    "removed": gettext_lazy("Row removed"),
    "changed": gettext_lazy("Cell changed"),
}
_PIECE_ROWS = 20_000
_SHOWN_ROWS = 50_000


@access(SEE)
@require_safe
def version(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Everything about one published version."""
    actor = actor_of(request)
    shown = queries.version_for(actor, version_id)
    if shown.number is None:
        return redirect("version-check", shown.pk)
    readable = queries.may_read(actor, shown)
    rows = _rows_table(request, shown) if readable else None
    if rows is not None and rows.wants_export:
        return rows.export()
    agreement = queries.agreement_of(shown)
    others = queries.versions_for(actor).filter(dataset=shown.dataset_id).exclude(number=None)
    context = {
        "version": shown,
        "dataset": shown.dataset,
        "agreement": agreement,
        "history": shown.agreements.order_by("-number").prefetch_related("organisations"),
        "refusal": queries.why_not(actor, shown, ""),
        "readable": readable,
        "rows": rows,
        "uses": queries.uses_for(actor, shown),
        "others": [one for one in others.order_by("-number") if one.pk != shown.pk],
        "findings": reports.findings(shown),
        "mends": reports.mends(shown),
        "not_checked": shown.report.get("not_checked", []),
        "own": shown.organisation_id in organisations_with(actor, HAND_IN),
        "published": shown.state == Version.State.PUBLISHED,
        "corrections": len(shown.answers.get("corrections", [])),
    }
    return render(request, "datasets/version.html", context)


def _rows_table(request: HttpRequest, shown: Version) -> Table:
    frame = queries.first_rows(shown, _SHOWN_ROWS)
    frame = frame.with_columns(
        pl.lit("…").alias(name) for name, kind in frame.schema.items() if kind == pl.Binary
    )
    return Table(
        "rows",
        [Column(name, name, kind=_kind(frame.schema[name])) for name in frame.columns],
        rows=frame,
        request=request,
        caption=_("Rows"),
        download=False,
        note=_("These are the first 50,000 rows; the downloads hold all.")
        if shown.rows > _SHOWN_ROWS
        else "",
    )


def _kind(dtype: Any) -> str:
    return "number" if dtype.is_numeric() else "name"


@access(READ)
@require_safe
def download(request: HttpRequest, version_id: UUID, form: str) -> HttpResponse:
    """The rows as CSV or Parquet, for those who may use them."""
    actor = actor_of(request)
    shown = queries.version_for(actor, version_id)
    if shown.number is None or shown.dataset is None:
        raise queries.Http404(_("This version is not published."))
    if not queries.may_read(actor, shown):
        raise Denied(queries.why_not(actor, shown, ""))
    name = f"{shown.contract}-{shown.number}.{form}"
    if form == "parquet":
        stored = queries.lake().version(shown.dataset.lake_table, shown.lake_number)
        return FileResponse(stored.path.open("rb"), as_attachment=True, filename=name)
    answer = StreamingHttpResponse(_csv(queries.table_of(shown)), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _csv(frame: pl.DataFrame) -> Iterator[str]:
    """CSV in pieces; texts that begin like a formula get an apostrophe before them."""
    binary = [pl.col(name).bin.encode("hex") for name, kind in frame.schema.items() if kind == pl.Binary]
    frame = frame.with_columns(binary)
    line = io.StringIO()
    csv.writer(line).writerow([harmless(name) for name in frame.columns])
    yield "\ufeff" + line.getvalue()
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    formula = r"^[=+\-@\t\r]"
    safe = [
        pl.when(pl.col(name).str.contains(formula))
        .then(pl.lit("'") + pl.col(name))
        .otherwise(name)
        .alias(name)
        for name in texts
    ]
    for piece in frame.iter_slices(_PIECE_ROWS):
        yield piece.with_columns(safe).write_csv(include_header=False)


# --- publishing -------------------------------------------------------------------------------------------


@access(PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """The agreement, and the version goes into the lake."""
    actor = actor_of(request)
    draft = queries.own_version(actor, version_id)
    if draft.number is not None and request.method != "POST":
        return redirect("version", draft.pk)
    if request.method != "POST" and not actions.can_publish(draft):
        # Nobody fills in an agreement for nothing: the report says what to change first.
        return redirect("version-check", draft.pk)
    newest = _newest(draft)
    form = PublishForm(
        request.POST or None,
        begins=draft.dataset is None,
        held=queries.agreement_of(newest) if newest else None,
        initial={
            "version": draft.version,
            "newest_seen": newest.number if newest else None,
            "title": _title(draft),
        },
    )
    if request.method == "POST" and form.is_valid():
        answer = _publish(request, draft, form)
        if answer is not None:
            return answer
    context = {"version": draft, "form": form, "newest": newest}
    return render(request, "datasets/publish.html", context, status=422 if form.is_bound else 200)


def _newest(draft: Version) -> Version | None:
    if draft.dataset is None:
        return None
    return draft.dataset.versions.exclude(number=None).order_by("-number").first()


def _title(draft: Version) -> str:
    contract = draft.report.get("contract")
    return _(contract["title"]) if contract else ""


def _publish(request: HttpRequest, draft: Version, form: PublishForm) -> HttpResponse | None:
    said = form.cleaned_data
    try:
        result = actions.publish(
            actor_of(request),
            draft.pk,
            said["version"],
            form.terms(),
            title=said.get("title", ""),
            description=said.get("description", ""),
            newest_seen=said["newest_seen"],
        )
    except (Conflict, NotPossible) as refusal:
        form.add_error(None, str(refusal))
        return None
    if result.was_there:
        told = {"number": result.version.number}
        messages.info(request, _("This content is version %(number)s already; nothing new was made.") % told)
    else:
        messages.success(request, _("The data set is published."))
    return redirect("version", result.version.pk)


@access(PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """Agree anew on a published version."""
    actor = actor_of(request)
    shown = queries.own_version(actor, version_id)
    held = queries.agreement_of(shown)
    if held is None:
        raise queries.Http404(_("This version is not published."))
    form = AgreementForm(request.POST or None, held=held)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_agreement(actor, shown.pk, form.cleaned_data["based_on"] or 0, form.terms())
        except (Conflict, NotPossible) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The agreement was changed. It holds from now on."))
            return redirect("version", shown.pk)
    context = {"version": shown, "form": form, "held": held}
    return render(request, "datasets/agreement.html", context, status=422 if form.is_bound else 200)


@access(WITHDRAW)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, version_id: UUID) -> HttpResponse:
    """End the use of a version, with a reason."""
    actor = actor_of(request)
    shown = queries.own_version(actor, version_id)
    if shown.number is None:
        raise queries.Http404(_("This version is not published."))
    form = ReasonForm(request.POST or None, initial={"version": shown.version})
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw(actor, shown.pk, form.cleaned_data["version"], form.cleaned_data["reason"])
        except (Conflict, NotPossible) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The version was withdrawn."))
            return redirect("version", shown.pk)
    context = {"version": shown, "form": form, "uses": queries.uses_for(actor, shown)}
    return render(request, "datasets/withdraw.html", context, status=422 if form.is_bound else 200)


# --- comparing --------------------------------------------------------------------------------------------


@access(READ)
@require_safe
def compare(request: HttpRequest, version_id: UUID, other_id: UUID) -> HttpResponse:
    """What changed from the other version to this one."""
    actor = actor_of(request)
    after, before = (queries.version_for(actor, one) for one in (version_id, other_id))
    if after.dataset_id != before.dataset_id or after.number is None or before.number is None:
        raise queries.Http404(_("These are not two versions of one data set."))
    for one in (after, before):
        if not queries.may_read(actor, one):
            raise Denied(queries.why_not(actor, one, ""))
    found = differing(before, after)
    cells, columns = _cells_table(request, found.cells), _columns_table(request, found.by_column)
    for table in (cells, columns):
        if table.wants_export:
            return table.export()
    context = {"before": before, "after": after, "found": found, "cells": cells, "columns": columns}
    return render(request, "datasets/compare.html", context)


def _cells_table(request: HttpRequest, cells: pl.DataFrame) -> Table:
    named = {name: name for name in cells["column"].unique(maintain_order=True).to_list() if name}
    return Table(
        "cells",
        [
            Column("row", _("Row"), kind="name", filter=True),
            Column("change", _("Change"), filter=True, choices=CHANGES),
            Column("column", _("Column"), kind="name", filter=True, choices=named),
            Column("before", _("Before"), kind="name", filter=True),
            Column("after", _("After"), kind="name", filter=True),
        ],
        rows=cells,
        request=request,
        caption=_("Every change"),
        narrow="cards",
    )


def _columns_table(request: HttpRequest, by_column: list[tuple[str, int]]) -> Table:
    return Table(
        "columns",
        [Column("column", _("Column"), kind="name"), Column("cells", _("Changed cells"), kind="whole")],
        rows=[{"column": name, "cells": count} for name, count in by_column],
        request=request,
        caption=_("Changed cells by column"),
        order="-cells",
    )
