"""Invitations: offering, sending again, withdrawing; and what the invited person sees."""

from uuid import UUID

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from philoxenia_web.accounts import invitations, queries
from philoxenia_web.accounts.access import PUBLIC, Denied, access, actor_of
from philoxenia_web.accounts.forms import AcceptForm, InviteForm
from philoxenia_web.accounts.models import Invitation
from philoxenia_web.accounts.policies import MANAGE_PEOPLE
from philoxenia_web.accounts.roles import Role
from philoxenia_web.accounts.views.showing import button
from philoxenia_web.ui.tables import Column, Table


@access(MANAGE_PEOPLE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every invitation, the newest first."""
    table = Table(
        "invitations",
        [
            Column("email", _("E-mail address"), kind="name", filter=True),
            Column("organisation", _("Organisation"), kind="name", path="organisation__name"),
            Column("roles", _("Roles"), sort=False, value=_roles_in_words),
            Column("created_at", _("Invited"), kind="when"),
            Column("state", _("State"), kind="status", sort=False, value=_state),
        ],
        rows=queries.invitations(),
        request=request,
        caption=_("Invitations"),
        empty=_("No invitation yet."),
        order="-created_at",
        narrow="cards",
    )
    if table.wants_export:
        return table.export()
    waiting = queries.open_invitations()
    context = {"table": table, "waiting": waiting, "kept_as_files": _mail_stays_here()}
    return render(request, "accounts/invitations.html", context)


def _mail_stays_here() -> bool:
    """Whether no mail server is set, so that messages lie as files on the server."""
    return "filebased" in settings.EMAIL_BACKEND


def _roles_in_words(invitation: Invitation) -> str:
    return ", ".join(str(Role(name).label) for name in invitation.roles)


def _state(invitation: Invitation) -> tuple[str, str]:
    if invitation.accepted_at:
        return _("accepted"), "success"
    if invitation.withdrawn_at:
        return _("withdrawn"), "waiting"
    if invitation.expires_at <= timezone.now():
        return _("expired"), "attention"
    return _("open"), "info"


@access(MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Invite somebody."""
    start = {"organisation": request.GET.get("organisation")}
    form = InviteForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invitations.invite(
                actor_of(request),
                given["email"],
                given["organisation"].pk,
                form.chosen(),
                language=given["language"],
                key=given["key"],
            )
        except Denied as problem:
            form.add_error(None, str(problem))
        else:
            _say_sent(request)
            return redirect("invitations")
    return render(request, "accounts/invite.html", {"form": form})


@access(MANAGE_PEOPLE)
@require_POST
@button("invitations", "")
def resend(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """Send the message again, with a new link."""
    invitations.resend(actor_of(request), get_object_or_404(queries.invitations(), pk=invitation_id).pk)
    _say_sent(request)
    return redirect("invitations")


@access(MANAGE_PEOPLE)
@require_POST
@button("invitations", "")
def withdraw(request: HttpRequest, invitation_id: UUID) -> HttpResponse:
    """End an open invitation."""
    invitations.withdraw(actor_of(request), get_object_or_404(queries.invitations(), pk=invitation_id).pk)
    messages.success(request, _("The invitation is withdrawn. Its link opens nothing any more."))
    return redirect("invitations")


def _say_sent(request: HttpRequest) -> None:
    if _mail_stays_here():
        messages.warning(
            request,
            _("The invitation lies in the folder var/outbox on the server, as no mail server is set."),
        )
    else:
        messages.success(request, _("The invitation is sent."))


@access(PUBLIC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Take up an invitation: say who one is, choose a password, and be signed in."""
    invitation = invitations.found_by(token)
    if invitation is None:
        return render(request, "accounts/invitation_ended.html", status=410)
    if invitations.account_of(invitation) is not None:
        return _accept_with_account(request, invitation, token)
    start = {"language": invitation.language or translation.get_language()}
    form = AcceptForm(request.POST or None, email=invitation.email, initial=start)
    if request.method == "POST" and form.is_valid():
        person = invitations.accept(token, **form.cleaned_data)
        if person is None:
            return render(request, "accounts/invitation_ended.html", status=410)
        person.backend = settings.AUTHENTICATION_BACKENDS[0]
        record_authentication(request, person, method="password")
        return perform_login(request, Login(user=person, email=person.email))
    context = {"invitation": invitation, "form": form, "roles": _roles_in_words(invitation)}
    return render(request, "accounts/invitation.html", context)


def _accept_with_account(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    """Somebody who has an account takes up further roles with it, signed in as themselves."""
    mine = actor_of(request).person_id == getattr(invitations.account_of(invitation), "pk", None)
    if request.method == "POST" and mine:
        invitations.accept(token, name="", password="", language="")
        messages.success(request, _("Your new roles count from now on."))
        return redirect("/")
    context = {"invitation": invitation, "roles": _roles_in_words(invitation), "mine": mine}
    return render(request, "accounts/invitation_for_account.html", context)
