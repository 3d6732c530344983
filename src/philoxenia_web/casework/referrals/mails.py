"""Messages to teams that something waits for them: an address to sign in at, never who or what it is about.

Sent by the worker once the step is committed, one message a person, in their language.
"""

from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.queries import people_of
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.models.referrals import Emergency, Referral

TASK, QUEUE = "casework.tell_team", "mail"
_ANSWER = (Role.PARTNER, Role.CASEWORKER, Role.SUPERVISOR)
# Which page a kind of message leads to.
_PAGES = {
    "received": "referral-inbox",
    "answered": "referrals",
    "emergency": "emergencies",
    "agreement": "agreements",
    "joined": "front-joined",
}


def tell_receiver(referral: Referral) -> None:
    """Something waits in the inbox of the organisation that was asked."""
    _defer("received", [person.pk for person in _answering(referral.receiver_id)])


def tell_sender(referral: Referral) -> None:
    """Something happened to what a team sent: to the one who sent it, or the whole team if they left."""
    team = [person.pk for person in _answering(referral.sender_id)]
    _defer("answered", [referral.sent_by] if referral.sent_by in team else team)


def tell_about_emergency(emergency: Emergency) -> None:
    """A record was opened in an emergency: to the teams that hold it and to all supervisors concerned."""
    told = {person.pk for place in emergency.holders for person in _answering(place)}
    told |= {person.pk for person in _supervisors(emergency.organisation_id)}
    _defer("emergency", sorted(told - {emergency.person_id}))


def tell_about_joining(organisation_id: UUID) -> None:
    """Another desk says that a record this organisation holds is, or is not, the same person as another."""
    _defer("joined", [person.pk for person in _supervisors(organisation_id)])


def _answering(organisation_id: UUID) -> list[Person]:
    return list(people_of(organisation_id, *_ANSWER))


def _supervisors(organisation_id: UUID) -> list[Person]:
    return list(people_of(organisation_id, Role.SUPERVISOR))


def _defer(kind: str, people: Iterable[UUID | None]) -> None:
    told = [str(one) for one in people if one is not None]
    if told:
        # In the caller's transaction: what is committed is told, also where the process dies right after.
        app.configure_task(TASK, queue=QUEUE).defer(kind=kind, people=told)


def send(kind: str, people: Iterable[str]) -> int:
    """Write to each. One address that fails does not keep the others waiting. How many were sent."""
    sent = 0
    for person in Person.objects.filter(pk__in=list(people), is_active=True):
        with translation.override(person.language or settings.LANGUAGE_CODE):
            sent += _send(kind, person)
    return sent


def _send(kind: str, person: Person) -> int:
    link = settings.ENVIRONMENT.url + reverse(_PAGES[kind])
    text = render_to_string("casework/referrals/mail.txt", {"kind": kind, "link": link})
    return EmailMessage(_subject(kind), text, to=[person.email]).send(fail_silently=False)


def _subject(kind: str) -> str:
    if kind == "received":
        return _("Something waits for your team in Philoxenia")
    if kind == "emergency":
        return _("An emergency opening to look at in Philoxenia")
    if kind == "joined":
        return _("A record your team holds was compared with another in Philoxenia")
    return _("News on something your team sent in Philoxenia")
