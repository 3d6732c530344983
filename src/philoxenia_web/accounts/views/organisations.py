"""Organisations: the list, a new one, renaming, closing."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts import actions, queries
from philoxenia_web.accounts.access import access, actor_of
from philoxenia_web.accounts.forms import OrganisationForm, RenameForm, VersionForm
from philoxenia_web.accounts.models import Organisation
from philoxenia_web.accounts.policies import MANAGE_PEOPLE
from philoxenia_web.accounts.views.people import people_table
from philoxenia_web.accounts.views.showing import button
from philoxenia_web.ui.tables import Column, Table


@access(MANAGE_PEOPLE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Departments and partners."""
    table = Table(
        "organisations",
        [
            Column("name", _("Name"), kind="name", filter=True),
            Column("kind", _("Kind"), choices=dict(Organisation.Kind.choices), filter=True),
            Column("people", _("People"), kind="whole"),
            Column(
                "active",
                _("State"),
                kind="status",
                choices={True: _("open"), False: _("closed")},
                signs={True: "success", False: "waiting"},
            ),
        ],
        rows=queries.organisations_with_counts(),
        request=request,
        caption=_("Departments and partners"),
        empty=_("No organisation yet. Make the first one."),
        href=lambda one: reverse("organisation", kwargs={"organisation_id": one.pk}),
    )
    if table.wants_export:
        return table.export()
    return render(request, "accounts/organisations.html", {"table": table})


@access(MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make an organisation."""
    form = OrganisationForm(request.POST or None)
    known = _made_before(request)
    if known is not None:
        return redirect("organisation", organisation_id=known.pk)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.make_organisation(actor_of(request), **form.cleaned_data)
        except IntegrityError:
            form.add_error("name", _("There is an organisation of this name already. Choose another name."))
        else:
            messages.success(request, _("The organisation is made. Now invite its people."))
            return redirect("organisation", organisation_id=made.pk)
    return render(request, "accounts/organisation_new.html", {"form": form})


def _made_before(request: HttpRequest) -> Organisation | None:
    """What the same form made when it was sent the first time."""
    form = OrganisationForm(request.POST)
    form.full_clean()
    key = form.cleaned_data.get("key")
    return Organisation.objects.filter(key=key).first() if key else None


@access(MANAGE_PEOPLE)
@require_safe
def show(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """One organisation and its people."""
    organisation = get_object_or_404(queries.organisations(with_closed=True), pk=organisation_id)
    table = people_table(request, queries.people().filter(memberships__organisation=organisation).distinct())
    if table.wants_export:
        return table.export()
    context = {
        "organisation": organisation,
        "table": table,
        "version": VersionForm(initial={"version": organisation.version}),
    }
    return render(request, "accounts/organisation.html", context)


@access(MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def rename(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Give an organisation another name."""
    organisation = get_object_or_404(queries.organisations(with_closed=True), pk=organisation_id)
    start = {"name": organisation.name, "version": organisation.version}
    form = RenameForm(request.POST or None, organisation=organisation, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.rename_organisation(actor_of(request), organisation.pk, **form.cleaned_data)
        except actions.ChangedMeanwhile as problem:
            return _conflict(request, organisation, form.cleaned_data["name"], str(problem))
        messages.success(request, _("The organisation has its new name."))
        return redirect("organisation", organisation_id=organisation.pk)
    return render(request, "accounts/organisation_rename.html", {"form": form, "organisation": organisation})


def _conflict(request: HttpRequest, organisation: Organisation, wanted: str, said: str) -> HttpResponse:
    """What it is now beside what was typed; sent once more, it counts."""
    data: dict[str, Any] = {"name": wanted, "version": organisation.version}
    form = RenameForm(data, organisation=organisation)
    form.is_valid()
    form.add_error(None, said)
    context = {"form": form, "organisation": organisation, "meanwhile": organisation.name}
    return render(request, "accounts/organisation_rename.html", context, status=409)


@access(MANAGE_PEOPLE)
@require_POST
@button("organisation", "organisation_id")
def close(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Let the roles in an organisation count no more."""
    _switch(request, organisation_id, False)
    messages.success(
        request, _("The organisation is closed. Roles in it count no more; nothing was deleted.")
    )
    return redirect("organisation", organisation_id=organisation_id)


@access(MANAGE_PEOPLE)
@require_POST
@button("organisation", "organisation_id")
def reopen(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Let the roles in an organisation count again."""
    _switch(request, organisation_id, True)
    messages.success(request, _("The organisation is open again."))
    return redirect("organisation", organisation_id=organisation_id)


def _switch(request: HttpRequest, organisation_id: UUID, active: bool) -> None:
    organisation = get_object_or_404(queries.organisations(with_closed=True), pk=organisation_id)
    form = VersionForm(request.POST)
    version = form.cleaned_data["version"] if form.is_valid() else -1
    actions.set_organisation_active(actor_of(request), organisation.pk, active, version)
