"""Editing a record: the form, the preview, and what to do when somebody else was faster."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from philoxenia_web.accounts.access import Actor, access, actor_of
from philoxenia_web.directory import queries
from philoxenia_web.directory.editing import actions, shapes
from philoxenia_web.directory.editing.merging import Draft, changed_fields, merge
from philoxenia_web.directory.editing.policies import EDIT, LOOK_AFTER
from philoxenia_web.directory.editing.records import (
    location_for,
    organization_for,
    record_for,
    service_for,
    services_of,
)
from philoxenia_web.directory.editing.refusals import Conflict, NotPossible
from philoxenia_web.directory.models import Organization
from philoxenia_web.directory.staff import words
from philoxenia_web.directory.staff.forms.records import FORMS, RecordForm

_METHODS = ["GET", "HEAD", "POST"]
_STEERING = {"csrfmiddlewaretoken", "do"}
# A whole record with a base and many rows is larger than an ordinary form.
_MOST_BYTES = 8 * 2**20


@access(EDIT)
@require_http_methods(_METHODS)
def edit_service(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """Change a service."""
    return _edit(request, "service", service_id, reverse("directory-service", args=[service_id]))


@access(EDIT)
@require_http_methods(_METHODS)
def edit_place(request: HttpRequest, location_id: UUID) -> HttpResponse:
    """Change a place."""
    services = services_of(location_for(actor_of(request), location_id))
    home = reverse("directory-service", args=[services[0]]) if services else reverse("directory")
    return _edit(request, "location", location_id, home)


@access(EDIT)
@require_http_methods(_METHODS)
def edit_organization(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """Change an organisation."""
    return _edit(
        request, "organization", organization_id, reverse("directory-organization", args=[organization_id])
    )


def _edit(request: HttpRequest, table: str, record_id: UUID, home: str) -> HttpResponse:
    record: Any = record_for(actor_of(request), table, record_id)
    told = {"table": table, "record": record, "home": home}
    if request.method != "POST":
        return _form(request, FORMS[table](shapes.read(record), record.version), told)
    form = FORMS[table](shapes.read(record), record.version, request.POST)
    if not form.is_valid():
        return _form(request, form, told, 422)
    draft = _with_choices(form, request)
    if request.POST.get("do") == "back":
        return _form(request, FORMS[table](draft, form.cleaned_data["version"], base=form.begun), told)
    try:
        return _answer(request, form, draft, told)
    except Conflict as conflict:
        return _conflict(request, form, draft, conflict, told)
    except NotPossible as refusal:
        form.add_error(None, str(refusal))
        return _form(request, form, told, 422)


def _with_choices(form: RecordForm, request: HttpRequest) -> Draft:
    """What a person said after a conflict: their words or those of the other."""
    draft = form.draft()
    for name in draft:
        if request.POST.get(f"take-{name}") == "theirs" and form.begun is not None:
            draft[name] = form.begun[name]
    return draft


def _answer(request: HttpRequest, form: RecordForm, draft: Draft, told: dict[str, Any]) -> HttpResponse:
    actor, record = actor_of(request), told["record"]
    based_on = form.cleaned_data["version"]
    if request.POST.get("do") == "save":
        saved = actions.save(actor, told["table"], record.pk, based_on, draft)
        messages.success(request, _("Saved.") if saved.changed else _("Nothing was changed."))
        return redirect(told["home"])
    return _preview(request, actor, draft, based_on, told)


def _form(request: HttpRequest, form: RecordForm, told: dict[str, Any], status: int = 200) -> HttpResponse:
    return render(request, "directory/staff/edit.html", told | {"form": form}, status=status)


def _preview(
    request: HttpRequest, actor: Actor, draft: Draft, based_on: int, told: dict[str, Any]
) -> HttpResponse:
    """What would change, and how everybody would see it: written, read as everybody does, and taken back."""
    record, table = told["record"], told["table"]
    now = shapes.read(record)
    seen = []
    with transaction.atomic():
        actions.save(actor, table, record.pk, based_on, draft)
        language = draft.get("text_language") or "en"
        seen = queries.shown_many(services_of(record)[:3], language)
        transaction.set_rollback(True)
    changes = differences(table, now, draft)
    carried = [(key, value) for key in request.POST for value in request.POST.getlist(key)]
    context = told | {
        "changes": changes,
        "seen": seen,
        "carried": [(key, value) for key, value in carried if key not in _STEERING],
    }
    return render(request, "directory/staff/preview.html", context)


def differences(table: str, before: Draft, after: Draft) -> list[dict[str, Any]]:
    """What is another, as lines to read."""
    return [
        {
            "name": name,
            "label": words.label(table, name),
            "before": words.said(name, before.get(name)),
            "after": words.said(name, after[name]),
        }
        for name in changed_fields(before, after)
    ]


def _conflict(
    request: HttpRequest, form: RecordForm, draft: Draft, conflict: Conflict, told: dict[str, Any]
) -> HttpResponse:
    """Both changes joined where they touch different fields; where they touch the same, a person chooses."""
    merged = merge(form.begun or {}, draft, conflict.now)
    table = told["table"]
    again = FORMS[table](merged.draft, conflict.version, base=conflict.now)
    context = told | {
        "form": again,
        "conflict": str(conflict),
        "clashes": _clashes(table, merged.conflicts, conflict.now, draft),
        "taken": [words.label(table, name) for name in merged.taken],
    }
    return render(request, "directory/staff/edit.html", context, status=409)


def _clashes(table: str, names: Sequence[str], theirs: Draft, mine: Draft) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "label": words.label(table, name),
            "theirs": words.said(name, theirs[name]),
            "mine": words.said(name, mine[name]),
        }
        for name in names
    ]


# --- new records ------------------------------------------------------------------------------------------


@access(EDIT)
@require_http_methods(_METHODS)
def new_service(request: HttpRequest, organization_id: UUID) -> HttpResponse:
    """A new service of an organisation."""
    owner = organization_for(actor_of(request), organization_id)
    return _new(request, "service", owner, reverse("directory-organization", args=[owner.pk]))


@access(EDIT)
@require_http_methods(_METHODS)
def new_place(request: HttpRequest, service_id: UUID) -> HttpResponse:
    """A new place of a service."""
    service = service_for(actor_of(request), service_id)
    home = reverse("directory-service", args=[service.pk])
    if service.confidential:
        messages.error(request, _("Where a confidential service is given is never written down."))
        return redirect(home)
    return _new(request, "location", service.organization, home, service.pk)


@access(LOOK_AFTER)
@require_http_methods(_METHODS)
def new_organization(request: HttpRequest) -> HttpResponse:
    """A new organisation."""
    return _new(request, "organization", None, reverse("directory-organizations"))


def _new(
    request: HttpRequest, table: str, owner: Organization | None, home: str, service_id: UUID | None = None
) -> HttpResponse:
    shape = shapes.SHAPES[table]
    blank = shapes.empty(shape)
    told = {"table": table, "record": None, "home": home, "owner": owner}
    if request.method != "POST":
        return _form(request, FORMS[table](blank, 0), told | {"key": uuid4()})
    form = FORMS[table](blank, 0, request.POST)
    told["key"] = _key(request)
    if not form.is_valid():
        return _form(request, form, told, 422)
    with transaction.atomic():
        saved = actions.create(actor_of(request), table, told["key"], form.draft(), owner)
        if service_id is not None:
            actions.give_at(actor_of(request), service_id, saved.record_id)
    messages.success(request, _("Saved."))
    if service_id is not None:
        return redirect("directory-service", service_id)
    return redirect(f"directory-{table}", saved.record_id)


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        return uuid4()


for _view in (edit_service, edit_place, edit_organization, new_service, new_place, new_organization):
    _view.largest_request = _MOST_BYTES  # type: ignore[attr-defined]
