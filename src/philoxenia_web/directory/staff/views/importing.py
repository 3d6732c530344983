"""Importing a directory: a file is read and reported on in sentences, then a person accepts it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.directory.editing.policies import LOOK_AFTER
from philoxenia_web.directory.editing.refusals import NotPossible
from philoxenia_web.directory.models import Import, StagedImport
from philoxenia_web.directory.staff import staging
from philoxenia_web.directory.staff.forms.importing import ImportForm
from philoxenia_web.ui.pieces import AROUND_BYTES, shown_name
from philoxenia_web.ui.tables import Column, Table

_NAMES = {
    "organization": gettext_lazy("Organisations"),
    "program": gettext_lazy("Programmes"),
    "service": gettext_lazy("Services"),
    "location": gettext_lazy("Places"),
    "service_at_location": gettext_lazy("Services at places"),
    "address": gettext_lazy("Addresses"),
    "phone": gettext_lazy("Phone numbers"),
    "contact": gettext_lazy("Contacts"),
    "schedule": gettext_lazy("Opening hours"),
    "language": gettext_lazy("Languages spoken"),
    "cost_option": gettext_lazy("Prices"),
    "required_document": gettext_lazy("What to bring"),
    "accessibility": gettext_lazy("Getting in and around"),
    "taxonomy_term": gettext_lazy("Terms"),
    "attribute": gettext_lazy("Terms of records"),
    "translation": gettext_lazy("Translations"),
}
_KINDS = {"refused": "problem", "warning": "attention", "note": "info"}
# A row each; what else there is counts together.
_COLUMNS = ("read", "new", "changed", "removed")


@access(LOOK_AFTER)
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponseBase:
    """What was imported, and handing in a file."""
    form = ImportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        staged = _staged(request, form)
        if staged is not None:
            return redirect("directory-import-report", staged.pk)
    table = Table(
        "imports",
        [
            Column("feed", _("Source"), kind="name", filter=True),
            Column("at", _("Imported"), kind="when"),
            Column("services", _("Services read"), kind="whole", value=_services, sort=False),
            Column("licence", _("Licence")),
        ],
        rows=Import.objects.all(),
        request=request,
        caption=_("Imports"),
        empty=_("Nothing has been imported yet."),
        order="-at",
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    waiting = StagedImport.objects.filter(state="checked")
    context = {"form": form, "table": table, "waiting": waiting, "endings": ",".join(staging.ENDINGS)}
    return render(request, "directory/staff/imports.html", context, status=422 if form.is_bound else 200)


imports.largest_request = staging.MOST_BYTES + AROUND_BYTES  # type: ignore[attr-defined]


def _services(made: Import) -> int:
    return int(made.counts.get("service", {}).get("read", 0))


def _staged(request: HttpRequest, form: ImportForm) -> StagedImport | None:
    file = request.FILES.get("file")
    if file is None or not file.size:
        form.add_error(None, _("Choose a file that holds something."))
        return None
    said = form.cleaned_data
    asked = staging.Asked(
        file_name=shown_name(str(file.name)),
        feed=said["feed"],
        source=said["source"],
        licence=said["licence"],
        language=said["language"],
        whole=said["whole"],
        key=said["key"],
    )
    try:
        return staging.stage(actor_of(request), asked, file.chunks())
    except NotPossible as refusal:
        form.add_error(None, str(refusal))
        return None


@access(LOOK_AFTER)
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, staged_id: UUID) -> HttpResponse:
    """What the import would do, in sentences; accepting it or giving it up."""
    staged = StagedImport.objects.filter(pk=staged_id).first()
    if staged is None:
        raise Http404
    if request.method == "POST":
        return _decided(request, staged)
    context = {
        "staged": staged,
        "counts": [(_NAMES.get(name, name), _row(counts)) for name, counts in staged.counts.items()],
        "services": staged.counts.get("service", {}),
        "notes": [
            one | {"sign": _KINDS.get(one.get("severity", ""), "info")}
            for one in staged.notes
            if one["kind"] != "asked"
        ],
    }
    return render(request, "directory/staff/import_report.html", context)


def _row(counts: dict[str, Any]) -> list[int]:
    return [int(counts.get(name, 0)) for name in _COLUMNS]


def _decided(request: HttpRequest, staged: StagedImport) -> HttpResponse:
    try:
        if request.POST.get("do") == "accept":
            staging.accept(actor_of(request), staged.pk)
            messages.success(request, _("Imported. Search and the offline edition follow within minutes."))
            return redirect("directory")
        staging.discard(actor_of(request), staged.pk)
        messages.success(request, _("Discarded: nothing of it is kept."))
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("directory-import-report", staged.pk)
    return redirect(reverse("directory-import"))
