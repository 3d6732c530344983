"""People: the list, one person, roles, closing an account."""

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts import actions, queries
from philoxenia_web.accounts.access import Denied, access, actor_of
from philoxenia_web.accounts.forms import RolesForm, VersionForm
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.policies import MANAGE_PEOPLE, grantable_roles
from philoxenia_web.accounts.roles import Role
from philoxenia_web.accounts.views.showing import button
from philoxenia_web.ui.tables import Column, Table


@access(MANAGE_PEOPLE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Everybody who can sign in."""
    table = people_table(request, queries.people())
    if table.wants_export:
        return table.export()
    waiting = queries.open_invitations().count()
    return render(request, "accounts/people.html", {"table": table, "waiting": waiting})


def people_table(request: HttpRequest, people: Any) -> Table:
    """People with their roles; on the page of everybody and of an organisation."""
    return Table(
        "people",
        [
            Column("name", _("Name"), kind="name", filter=True),
            Column("email", _("E-mail address"), kind="name", filter=True),
            Column("roles", _("Roles"), sort=False, value=_roles_in_words),
            Column("last_login", _("Last sign-in"), kind="when"),
            Column(
                "is_active",
                _("Account"),
                kind="status",
                choices={True: _("open"), False: _("closed")},
                signs={True: "success", False: "waiting"},
            ),
        ],
        rows=people,
        request=request,
        caption=_("People who can sign in"),
        empty=_("Nobody yet. Invite the first person."),
        narrow="cards",
        href=lambda person: reverse("person", kwargs={"person_id": person.pk}),
    )


def _roles_in_words(person: Person) -> str:
    held: dict[str, list[str]] = {}
    for membership in person.memberships.all():
        held.setdefault(membership.organisation.name, []).append(str(membership.get_role_display()))
    return "; ".join(f"{place}: {', '.join(roles)}" for place, roles in held.items())


@access(MANAGE_PEOPLE)
@require_safe
def show(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person: roles by organisation, second factors, sessions, and what can be done."""
    person = get_object_or_404(queries.people(), pk=person_id)
    return render(
        request,
        "accounts/person.html",
        {
            "person": person,
            "places": _places(person),
            "others": queries.organisations().exclude(memberships__person=person),
            "factors": [
                one.get_type_display() for one in Authenticator.objects.filter(user=person).order_by("type")
            ],
            "sessions": UserSession.objects.filter(user=person).count(),
            "is_self": actor_of(request).person_id == person.pk,
            "version": VersionForm(initial={"version": person.version}),
        },
    )


def _places(person: Person) -> list[tuple[Organisation, list[str]]]:
    held: dict[Organisation, list[str]] = {}
    for membership in person.memberships.all():
        held.setdefault(membership.organisation, []).append(str(membership.get_role_display()))
    return list(held.items())


@access(MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, person_id: UUID, organisation_id: UUID) -> HttpResponse:
    """Choose somebody's roles in one organisation."""
    person = get_object_or_404(queries.people(), pk=person_id)
    organisation = get_object_or_404(queries.organisations(with_closed=True), pk=organisation_id)
    held = {one.role for one in person.memberships.all() if one.organisation_id == organisation.pk}
    offered = grantable_roles(organisation) + [Role(name) for name in sorted(held)]
    form = RolesForm(
        request.POST or None,
        grantable=list(dict.fromkeys(offered)),
        initial={"roles": sorted(held), "version": person.version},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.set_roles(
                actor_of(request), person.pk, organisation.pk, form.chosen(), form.cleaned_data["version"]
            )
        except Denied as problem:
            form.add_error("roles", str(problem))
        except actions.ChangedMeanwhile as problem:
            status = 409
            form = _again(form, person.version)
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("The roles are changed. They count from the next click."))
            return redirect("person", person_id=person.pk)
    now = [Role(name).label for name in sorted(held)]
    context = {"person": person, "organisation": organisation, "form": form, "now": now}
    return render(request, "accounts/roles.html", context, status=status)


def _again(form: RolesForm, version: int) -> RolesForm:
    """The same answers on today's version: sent once more, they count."""
    data = form.data.copy()
    data["version"] = str(version)
    fresh = RolesForm(data, grantable=[Role(value) for value, _words in form.fields["roles"].choices])
    fresh.is_valid()
    return fresh


@access(MANAGE_PEOPLE)
@require_POST
@button("person", "person_id")
def deactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Close an account."""
    person = get_object_or_404(queries.people(), pk=person_id)
    actions.deactivate(actor_of(request), person.pk, _version(request))
    messages.success(request, _("The account is closed. Its sessions and tokens have ended."))
    return redirect("person", person_id=person.pk)


@access(MANAGE_PEOPLE)
@require_POST
@button("person", "person_id")
def reactivate(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Open a closed account."""
    person = get_object_or_404(queries.people(), pk=person_id)
    actions.reactivate(actor_of(request), person.pk, _version(request))
    messages.success(request, _("The account is open again."))
    return redirect("person", person_id=person.pk)


@access(MANAGE_PEOPLE)
@require_POST
@button("person", "person_id")
def sign_out(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """End somebody's sessions and tokens."""
    person = get_object_or_404(queries.people(), pk=person_id)
    actions.sign_out_everywhere(actor_of(request), person.pk)
    messages.success(request, _("All sessions and tokens of this person have ended."))
    return redirect("person", person_id=person.pk)


@access(MANAGE_PEOPLE)
@require_POST
@button("person", "person_id")
def reset_second_factor(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Take away lost second factors."""
    person = get_object_or_404(queries.people(), pk=person_id)
    actions.reset_second_factor(actor_of(request), person.pk, _version(request))
    messages.success(
        request, _("The second factors are gone. The person sets up new ones at the next sign-in.")
    )
    return redirect("person", person_id=person.pk)


def _version(request: HttpRequest) -> int:
    form = VersionForm(request.POST)
    return form.cleaned_data["version"] if form.is_valid() else -1
