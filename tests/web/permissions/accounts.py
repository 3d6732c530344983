"""What the rows of accounts.csv open."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.utils import timezone

from philoxenia_web.accounts import invitations
from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.audit import record
from philoxenia_web.accounts.models import Invitation, Organisation, Person
from philoxenia_web.accounts.roles import Role


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """Somebody in the organisation, an invitation into it, an entry of the trail."""
    somebody = people["caseworker"]
    open_one = Invitation.objects.create(
        email="invited@example.org",
        organisation=organisation,
        roles=[Role.PLANNER],
        token_hash=invitations._hash("a token"),
        expires_at=timezone.now() + timedelta(days=1),
    )
    entry = record(SYSTEM, "tests.made", organisation)
    for one in people.values():
        TOTP.activate(one, generate_totp_secret())
        RecoveryCodes.activate(one)

    def passkey() -> dict[str, int]:
        data = {"name": "Key", "credential": {}}
        made = Authenticator.objects.create(
            user=people["planner"], type=Authenticator.Type.WEBAUTHN, data=data
        )
        return {"pk": made.pk}

    address = EmailAddress.objects.create(user=people["planner"], email="other@example.org")
    person = ({"person_id": somebody.pk}, {"version": 1})
    place = ({"organisation_id": organisation.pk}, {"version": 1})
    return {
        "POST account_login": ({}, {"login": "nobody@example.org", "password": "wrong"}),
        "account_reset_password_from_key": ({"uidb36": "0", "key": "wrong"}, {}),
        "account_confirm_email": ({"key": EmailConfirmationHMAC(address).key}, {}),
        "GET mfa_login_webauthn": ({}, {}, {"Accept": "application/json"}),
        "mfa_edit_webauthn": lambda: (passkey(), {"name": "Another"}),
        "mfa_remove_webauthn": lambda: (passkey(), {}),
        "openid_connect_login": ({"provider_id": "none"}, {}),
        "openid_connect_callback": ({"provider_id": "none"}, {}),
        "profile": ({}, {"name": "Test Person", "language": "el"}),
        "invitation": ({"token": "a token"}, {}),
        "invite": (
            {},
            {
                "email": "new@example.org",
                "organisation": organisation.pk,
                "roles": ["planner"],
                "language": "",
                "key": uuid4(),
            },
        ),
        "invitation-resend": ({"invitation_id": open_one.pk}, {}),
        "invitation-withdraw": ({"invitation_id": open_one.pk}, {}),
        "person": person,
        "person-close": person,
        "person-reopen": person,
        "person-sign-out": person,
        "person-reset-factor": person,
        "person-roles": (
            {"person_id": somebody.pk, "organisation_id": organisation.pk},
            {"version": 1, "roles": ["planner"]},
        ),
        "organisation-new": ({}, {"name": "Another", "kind": "department", "key": uuid4()}),
        "organisation": place,
        "organisation-rename": ({"organisation_id": organisation.pk}, {"version": 1, "name": "Another"}),
        "organisation-close": place,
        "organisation-reopen": place,
        "trail-entry": ({"entry_id": entry.pk}, {}),
    }


def browser(person: Person | None) -> Client:
    """Signed in and lately asked again who one is, so that the pages behind that question answer."""
    client = Client()
    if person is not None:
        client.force_login(person)
        session = client.session
        session["account_authentication_methods"] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return client
