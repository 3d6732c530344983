"""What the rows of accounts.csv open."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
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
    person = ({"person_id": somebody.pk}, {"version": 1})
    place = ({"organisation_id": organisation.pk}, {"version": 1})
    return {
        "POST account_login": ({}, {"login": "nobody@example.org", "password": "wrong"}),
        "account_reset_password_from_key": ({"uidb36": "0", "key": "wrong"}, {}),
        "account_confirm_email": ({"key": "wrong"}, {}),
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
