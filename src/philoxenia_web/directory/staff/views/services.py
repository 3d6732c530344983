"""The list of services, one service with everything that can be done with it, and doing it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import Actor, access, actor_of, can
from philoxenia_web.directory import queries
from philoxenia_web.directory.editing import actions, asking, shapes
from philoxenia_web.directory.editing.confidential import make_confidential
from philoxenia_web.directory.editing.policies import EDIT, LOOK_AFTER, editable_services
from philoxenia_web.directory.editing.records import service_for
from philoxenia_web.directory.editing.refusals import Conflict, NotPossible
from philoxenia_web.directory.models import Location, Proposal, Service
from philoxenia_web.directory.staff import staging, words
from philoxenia_web.directory.staff.forms.fields import version_of
from philoxenia_web.directory.staff.forms.reasons import ReasonForm
from philoxenia_web.ui.tables import Column, Table

_YES_NO = {"True": gettext_lazy("Yes"), "False": gettext_lazy("No")}


@access(EDIT)
@require_safe
def services(request: HttpRequest) -> HttpResponseBase:
    """Every service the visitor may edit."""
    actor = actor_of(request)
    found = editable_services(actor)
    table = _table(request, found)
    if table.wants_export:
        return table.export()
    context = {
        "table": table,
        "total": found.count(),
        "late": asking.due().filter(pk__in=found).count(),
        "proposals": Proposal.objects.filter(state="open", service__in=found).count(),
        "looks_after": can(actor, LOOK_AFTER),
    }
    return render(request, "directory/staff/services.html", context)


def _table(request: HttpRequest, found: QuerySet[Service]) -> Table:
    columns = [
        Column("name", _("Service"), kind="name", filter=True, lang=lambda one: one.text_language),
        Column("organization", _("Organisation"), kind="name", path="organization__name", filter=True),
        Column(
            "status",
            _("State"),
            kind="status",
            filter=True,
            choices=dict(Service.Status.choices),
            signs=words.SIGNS,
        ),
        Column("checked_on", _("Last checked"), kind="date"),
        Column("check_by", _("Check again by"), kind="date"),
        Column("source", _("Source"), filter=True),
        Column("confidential", _("Confidential"), filter=True, choices=_YES_NO, value=_confidential),
    ]
    return Table(
        "services",
        columns,
        rows=found,
        request=request,
        caption=_("Services"),
        empty=_("No services yet. Import a directory, or write the first one."),
        href=lambda one: reverse("directory-service", args=[one.pk]),
        marks=_marks,
        order="name",
        size=50,
        narrow="cards",
    )


def _confidential(service: Service) -> str:
    return _("Yes") if service.confidential else _("No")


def _marks(service: Service) -> list[tuple[str, str]]:
    marks = [(_("Withheld"), "attention")] if service.withheld else []
    return marks + ([(_("Synthetic"), "attention")] if service.synthetic else [])


@access(EDIT)
@require_safe
def service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """One service: what everybody sees of it, where it stands, what can be done."""
    actor = actor_of(request)
    record = service_for(actor, service_id)
    draft = shapes.read(record)
    facts = [(words.label("service", name), words.said(name, value)) for name, value in draft.items()]
    context = {
        "record": record,
        "facts": [(name, lines) for name, lines in facts if lines],
        "sign": words.SIGNS.get(record.status, "info"),
        "places": _places(record),
        "proposals": record.proposals.filter(state="open"),
        "is_shown": queries.shown(record.pk, record.text_language or "en") is not None,
        "is_late": record.check_by is not None and record.check_by < timezone.localdate(),
        "withdrawn": record.status in ("inactive", "defunct"),
        "looks_after": can(actor, LOOK_AFTER),
    }
    return render(request, "directory/staff/service.html", context)


def _places(record: Service) -> list[Location]:
    others = Service.objects.filter(service_at_locations__location=OuterRef("pk")).exclude(pk=record.pk)
    found = Location.objects.filter(service_at_locations__service=record).prefetch_related("addresses")
    return list(found.annotate(shared=Exists(others)).distinct().order_by("name", "pk"))


@access(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Take a service out of everything that is shown, or bring it back; it says why."""
    record = service_for(actor_of(request), service_id)
    gone = record.status in ("inactive", "defunct")
    act = actions.bring_back if gone else actions.withdraw
    done = _("The service is shown again.") if gone else _("The service is withdrawn. Its record is kept.")
    return _with_reason(request, record, "directory/staff/withdraw.html", act, done, {"gone": gone})


@access(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def conceal(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Erase where a service is, after a page that says what goes and what stays."""
    record = service_for(actor_of(request), service_id)
    told = {"places": [] if record.confidential else _places(record)}
    done = _("Where this service is, is erased.")
    return _with_reason(request, record, "directory/staff/conceal.html", _conceal, done, told)


def _conceal(actor: Actor, service_id: UUID, based_on: int, reason: str) -> None:
    make_confidential(actor, service_id, based_on, reason)
    staging.forget_waiting(actor)


def _with_reason(
    request: HttpRequest, record: Service, page: str, act: Any, done: str, told: dict[str, Any]
) -> HttpResponse:
    form = ReasonForm(request.POST or None, initial={"version": record.version})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            act(actor_of(request), record.pk, said["version"], said["reason"])
        except (Conflict, NotPossible) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect("directory-service", record.pk)
    context = {"record": record, "form": form} | told
    return render(request, page, context, status=422 if form.is_bound else 200)


@access(EDIT)
@require_POST
def confirm(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Somebody has checked the record as it is now."""
    actor: Actor = actor_of(request)
    record = service_for(actor, service_id)
    based_on = version_of(request.POST.get("version", ""))
    try:
        actions.confirm(actor, record.pk, based_on, actor.name, timezone.localdate())
    except Conflict as conflict:
        messages.warning(request, str(conflict))
    else:
        messages.success(request, _("Checked today: thank you."))
    return redirect("directory-service", record.pk)
