"""Records that should be checked again, and the changes that organisations propose."""

from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Exists, Max, Min, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.directory.editing import asking, shapes
from philoxenia_web.directory.editing.policies import EDIT, LOOK_AFTER, editable_services
from philoxenia_web.directory.editing.refusals import Conflict, NotPossible
from philoxenia_web.directory.models import ConfirmLink, Organization, Proposal
from philoxenia_web.directory.staff.forms.asking import AskForm
from philoxenia_web.directory.staff.forms.fields import version_of
from philoxenia_web.directory.staff.forms.reasons import ReasonForm
from philoxenia_web.directory.staff.views.editing import differences
from philoxenia_web.ui.tables import Column, Table


@access(LOOK_AFTER)
@require_safe
def fresh(request: HttpRequest) -> HttpResponseBase:
    """Organisations with services past their date, the longest overdue first."""
    today = timezone.localdate()
    live = ConfirmLink.objects.filter(
        organization=OuterRef("pk"), withdrawn_at=None, expires_at__gt=timezone.now()
    )
    late = Q(services__in=asking.due())
    found = Organization.objects.annotate(
        late=Count("services", filter=late),
        since=Min("services__check_by", filter=late),
        seen=Max("services__checked_on", filter=late),
        asked=Exists(live),
    ).filter(late__gt=0)
    table = Table(
        "fresh",
        [
            Column("name", _("Organisation"), kind="name", filter=True),
            Column("late", _("Services to check"), kind="whole"),
            Column("since", _("Due since"), kind="date"),
            Column("seen", _("Last checked"), kind="date"),
            Column("email", _("E-mail")),
            Column("asked", _("Asked"), kind="status", value=_asked, sort=False),
        ],
        rows=found,
        request=request,
        caption=_("Organisations with services to be checked"),
        empty=_("Everything is fresh."),
        href=lambda one: reverse("directory-ask", args=[one.pk]),
        order="since",
        size=50,
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    context = {"table": table, "late": asking.due().count(), "today": today}
    return render(request, "directory/staff/fresh.html", context)


def _asked(one: Any) -> tuple[str, str]:
    return (_("Waiting for an answer"), "waiting") if one.asked else ("", "info")


@access(LOOK_AFTER)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """What is due of one organisation; sending it a link."""
    organization = Organization.objects.filter(pk=organization_id).first()
    if organization is None:
        raise Http404
    known = asking.addresses(organization)
    form = AskForm(known, request.POST or None, initial={"key": uuid4(), "language": _language(organization)})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            link = asking.send_link(
                actor_of(request), organization.pk, said["email"], said["language"], said["key"]
            )
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The link was sent to %(address)s.") % {"address": link.email})
            return redirect("directory-ask", organization.pk)
    context = {
        "organization": organization,
        "form": form if known else None,
        "services": asking.due(organization).order_by("check_by", "name")[:50],
        "links": organization.links.prefetch_related("confirmations__service")[:10],
        "phones": organization.phones.all()[:5],
        "now": timezone.now(),
    }
    return render(request, "directory/staff/ask.html", context, status=422 if form.is_bound else 200)


def _language(organization: Organization) -> str:
    known = dict(settings.LANGUAGES)
    return organization.text_language if organization.text_language in known else settings.LANGUAGE_CODE


@access(LOOK_AFTER)
@require_POST
def end_link(request: HttpRequest, link_id: UUID) -> HttpResponse:
    """End a link before its time."""
    link = ConfirmLink.objects.filter(pk=link_id).first()
    if link is None:
        raise Http404
    asking.end_link(actor_of(request), link.pk)
    messages.success(request, _("The link opens nothing any more."))
    return redirect("directory-ask", link.organization_id)


@access(EDIT)
@require_safe
def proposals(request: HttpRequest) -> HttpResponseBase:
    """Changes that organisations propose, those that wait longest first."""
    found = Proposal.objects.filter(service__in=editable_services(actor_of(request)))
    table = Table(
        "proposals",
        [
            Column("service", _("Service"), kind="name", path="service__name", filter=True),
            Column("made_at", _("Proposed"), kind="when"),
            Column(
                "state",
                _("State"),
                kind="status",
                filter=True,
                choices=dict(Proposal.State.choices),
                signs={"open": "waiting", "accepted": "success", "declined": "info"},
            ),
        ],
        rows=found.select_related("service"),
        request=request,
        caption=_("Proposed changes"),
        empty=_("No organisation has proposed anything yet."),
        href=lambda one: reverse("directory-proposal", args=[one.pk]),
        order="made_at",
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    waiting = found.filter(state="open").count()
    return render(request, "directory/staff/proposals.html", {"table": table, "waiting": waiting})


@access(EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """One proposal beside the record as it is now: accept it or decline it."""
    actor = actor_of(request)
    found = Proposal.objects.select_related("service__organization").filter(pk=proposal_id)
    shown = found.filter(service__in=editable_services(actor)).first()
    if shown is None:
        raise Http404
    form = ReasonForm(initial={"version": shown.service.version})
    if request.method == "POST":
        form = ReasonForm(request.POST)
        done = _decided(request, shown, form)
        if done:
            return redirect("directory-service", shown.service_id)
    now = shapes.read(shown.service)
    context = {
        "proposal": shown,
        "record": shown.service,
        "changes": differences("service", {name: now.get(name) for name in shown.after}, shown.after),
        "moved": any(now.get(name) != value for name, value in shown.before.items()),
        "form": form,
    }
    return render(request, "directory/staff/proposal.html", context, status=422 if form.is_bound else 200)


def _decided(request: HttpRequest, shown: Proposal, form: ReasonForm) -> bool:
    actor = actor_of(request)
    version = version_of(request.POST.get("version", ""))
    try:
        if request.POST.get("do") == "accept":
            asking.accept(actor, shown.pk, version)
            messages.success(request, _("Accepted: everybody reads it now."))
            return True
        if form.is_valid():
            asking.decline(actor, shown.pk, form.cleaned_data["reason"])
            messages.success(request, _("Declined. The record stays as it is."))
            return True
    except (Conflict, NotPossible) as refusal:
        form.is_valid()
        form.add_error(None, str(refusal))
    return False
