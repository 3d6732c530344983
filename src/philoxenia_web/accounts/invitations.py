"""Invitations: a place offered by e-mail, with roles, for a time, once. The only way in."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from philoxenia_web.accounts.access import SYSTEM, Actor, Denied, check_can
from philoxenia_web.accounts.actions import make_person, replace_roles
from philoxenia_web.accounts.audit import record
from philoxenia_web.accounts.models import Invitation, Membership, Organisation, Person
from philoxenia_web.accounts.policies import MANAGE_PEOPLE, check_grantable, check_separate_duties
from philoxenia_web.accounts.queries import open_invitations
from philoxenia_web.accounts.roles import Role


def invite(
    actor: Actor,
    email: str,
    organisation_id: UUID,
    roles: set[Role],
    *,
    language: str = "",
    key: UUID | None = None,
) -> Invitation:
    """Offer a place and send the message; the same key again gives the first invitation and sends nothing."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        known = Invitation.objects.filter(key=key).first() if key else None
        if known is not None:
            return known
        organisation = Organisation.objects.get(pk=organisation_id)
        person = Person.objects.filter(email__iexact=email).first()
        check_grantable(organisation, roles)
        check_separate_duties(person, organisation, roles)
        _check_not_there(email, organisation, person)
        invitation, token = _make(actor, email, organisation, roles, language, key)
        record(
            actor,
            "accounts.invite",
            invitation,
            after={"roles": sorted(roles)},
            organisation_id=organisation.pk,
        )
        transaction.on_commit(lambda: send(invitation, token))
    return invitation


def resend(actor: Actor, invitation_id: UUID) -> Invitation:
    """A new message with a new link; the old link ends."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update(no_key=True).get(pk=invitation_id)
        _check_open(invitation)
        token = secrets.token_urlsafe(32)
        invitation.token_hash, invitation.expires_at = _hash(token), _expiry()
        invitation.save(update_fields=["token_hash", "expires_at"])
        record(actor, "accounts.resend_invitation", invitation, organisation_id=invitation.organisation_id)
        transaction.on_commit(lambda: send(invitation, token))
    return invitation


def withdraw(actor: Actor, invitation_id: UUID) -> Invitation:
    """End an invitation that nobody has accepted."""
    check_can(actor, MANAGE_PEOPLE)
    with transaction.atomic():
        invitation = Invitation.objects.select_for_update(no_key=True).get(pk=invitation_id)
        _check_open(invitation)
        invitation.withdrawn_at = timezone.now()
        invitation.save(update_fields=["withdrawn_at"])
        record(actor, "accounts.withdraw_invitation", invitation, organisation_id=invitation.organisation_id)
    return invitation


def found_by(token: str) -> Invitation | None:
    """The open invitation of a link."""
    return open_invitations().filter(token_hash=_hash(token)).first()


def account_of(invitation: Invitation) -> Person | None:
    """The account that the invited address has already, if it has one."""
    return Person.objects.filter(email__iexact=invitation.email).first()


def accept(token: str, *, name: str, password: str, language: str) -> Person | None:
    """Make the account a link offers, or add its roles to the account there is; None if it has ended."""
    with transaction.atomic():
        invitation = (
            open_invitations()
            .select_for_update(no_key=True, of=("self",))
            .filter(token_hash=_hash(token))
            .first()
        )
        if invitation is None:
            return None
        person = account_of(invitation)
        if person is None:
            person = make_person(invitation.email, name, password=password, language=language)
        return _take_up(invitation, person)


def accept_by_provider(emails: Sequence[str], claims: dict[str, Any]) -> Person | None:
    """Take up an open invitation for an address that the city's identity provider vouches for."""
    with transaction.atomic():
        wanted = {email.lower() for email in emails}
        found = open_invitations().select_for_update(no_key=True, of=("self",))
        invitation = next((one for one in found if one.email.lower() in wanted), None)
        if invitation is None:
            return None
        told = claims.get("userinfo") or claims.get("id_token") or claims
        name = str(told.get("name") or invitation.email)[:200]
        person = account_of(invitation) or make_person(
            invitation.email, name, password=None, language=invitation.language
        )
        return _take_up(invitation, person)


def invite_first_administrator(email: str, language: str = "") -> tuple[Invitation, str]:
    """For whoever sets an installation up: an invitation as administrator and its link's path."""
    with transaction.atomic():
        organisation = Organisation.objects.filter(kind=Organisation.Kind.DEPARTMENT, active=True).first()
        if organisation is None:
            organisation = Organisation.objects.create(
                name="Administration", kind=Organisation.Kind.DEPARTMENT
            )
        open_invitations().filter(email__iexact=email, organisation=organisation).update(
            withdrawn_at=timezone.now()
        )
        roles = {Role.ADMINISTRATOR}
        invitation, token = _make(SYSTEM, email.lower(), organisation, roles, language, None)
        record(SYSTEM, "accounts.invite", invitation, after={"roles": sorted(roles)})
    return invitation, path_of(token)


def path_of(token: str) -> str:
    """The path of an invitation's link."""
    return reverse("invitation", kwargs={"token": token})


def send(invitation: Invitation, token: str) -> None:
    """The message, in the language chosen for it."""
    words = {
        "organisation": invitation.organisation,
        "roles": [Role(role).label for role in invitation.roles],
        "link": settings.ENVIRONMENT.url + path_of(token),
        "expires_at": invitation.expires_at,
    }
    with translation.override(invitation.language or settings.LANGUAGE_CODE):
        text = render_to_string("accounts/mail/invitation.txt", words)
        subject = _("Your place in Philoxenia")
    EmailMessage(subject, text, to=[invitation.email]).send()


def _take_up(invitation: Invitation, person: Person) -> Person:
    held = {
        Role(role)
        for role in Membership.objects.filter(
            person=person, organisation=invitation.organisation
        ).values_list("role", flat=True)
    }
    roles = held | {Role(role) for role in invitation.roles}
    # The rules may have changed since the invitation was written.
    check_grantable(invitation.organisation, roles)
    check_separate_duties(person, invitation.organisation, roles)
    replace_roles(person, invitation.organisation, roles)
    invitation.accepted_at, invitation.person = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "person"])
    record(
        Actor(person.pk),
        "accounts.accept_invitation",
        invitation,
        before={"roles": sorted(held)},
        after={"roles": sorted(roles)},
        organisation_id=invitation.organisation_id,
    )
    return person


def _make(
    actor: Actor, email: str, organisation: Organisation, roles: set[Role], language: str, key: UUID | None
) -> tuple[Invitation, str]:
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email.lower(),
        organisation=organisation,
        roles=sorted(roles),
        language=language,
        token_hash=_hash(token),
        expires_at=_expiry(),
        invited_by_id=actor.person_id,
        **({"key": key} if key else {}),
    )
    return invitation, token


def _check_open(invitation: Invitation) -> None:
    if invitation.accepted_at or invitation.withdrawn_at:
        raise Denied(_("This invitation has been accepted or withdrawn already."))


def _check_not_there(email: str, organisation: Organisation, person: Person | None) -> None:
    if person and Membership.objects.filter(person=person, organisation=organisation).exists():
        raise Denied(_("This person is there already. Change their roles on their page."))
    waiting = Invitation.objects.filter(
        email__iexact=email, organisation=organisation, accepted_at=None, withdrawn_at=None
    )
    if waiting.filter(expires_at__gt=timezone.now()).exists():
        raise Denied(_("This person has an open invitation already. Send it again or withdraw it."))
    waiting.update(withdrawn_at=timezone.now())


def _expiry() -> datetime:
    return timezone.now() + timedelta(days=settings.INVITATION_DAYS)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
