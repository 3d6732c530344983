"""The list of organisations, and one with its services."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from philoxenia_web.accounts.access import access, actor_of, can
from philoxenia_web.directory.editing import actions, shapes
from philoxenia_web.directory.editing.policies import EDIT, LOOK_AFTER, editable_organizations
from philoxenia_web.directory.editing.records import organization_for
from philoxenia_web.directory.editing.refusals import Conflict
from philoxenia_web.directory.models import Organization, Service
from philoxenia_web.directory.staff import words
from philoxenia_web.directory.staff.forms.members import MemberForm
from philoxenia_web.ui.tables import Column, Table


@access(EDIT)
@require_safe
def organizations(request: HttpRequest) -> HttpResponseBase:
    """Every organisation the visitor may edit."""
    actor = actor_of(request)
    found = editable_organizations(actor).annotate(offers=Count("services"))
    table = Table(
        "organizations",
        [
            Column("name", _("Organisation"), kind="name", filter=True, lang=lambda one: one.text_language),
            Column("offers", _("Services"), kind="whole"),
            Column("email", _("E-mail"), filter=True),
            Column("source", _("Source"), filter=True),
        ],
        rows=found,
        request=request,
        caption=_("Organisations"),
        empty=_("No organisations yet."),
        href=lambda one: reverse("directory-organization", args=[one.pk]),
        marks=_marks,
        order="name",
        size=50,
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    return render(
        request,
        "directory/staff/organizations.html",
        {"table": table, "looks_after": can(actor, LOOK_AFTER)},
    )


def _marks(one: Organization) -> list[tuple[str, str]]:
    return [(_("Withheld"), "attention")] if one.withheld else []


@access(EDIT)
@require_safe
def organization(request: HttpRequest, organization_id: UUID) -> HttpResponseBase:
    """One organisation: who it is, and what it offers."""
    record = organization_for(actor_of(request), organization_id)
    facts = [
        (words.label("organization", name), words.said(name, value))
        for name, value in shapes.read(record).items()
    ]
    table = Table(
        "offers",
        [
            Column("name", _("Service"), kind="name", filter=True),
            Column(
                "status", _("State"), kind="status", choices=dict(Service.Status.choices), signs=words.SIGNS
            ),
            Column("check_by", _("Check again by"), kind="date"),
        ],
        rows=record.services.all(),
        request=request,
        caption=_("Services"),
        empty=_("No services yet."),
        href=lambda one: reverse("directory-service", args=[one.pk]),
        order="name",
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    initial = {"version": record.version, "member": record.member_id}
    context = {
        "record": record,
        "facts": [(name, lines) for name, lines in facts if lines],
        "table": table,
        "member": MemberForm(initial=initial) if can(actor_of(request), LOOK_AFTER) else None,
    }
    return render(request, "directory/staff/organization.html", context)


@access(LOOK_AFTER)
@require_POST
def set_member(request: HttpRequest, organization_id: UUID) -> HttpResponseBase:
    """Say which organisation that signs in here this is."""
    record = organization_for(actor_of(request), organization_id)
    form = MemberForm(request.POST)
    if form.is_valid():
        member = form.cleaned_data["member"]
        try:
            actions.set_member(
                actor_of(request), record.pk, form.cleaned_data["version"], member.pk if member else None
            )
            messages.success(request, _("Saved."))
        except Conflict as conflict:
            messages.warning(request, str(conflict))
    return redirect("directory-organization", record.pk)
