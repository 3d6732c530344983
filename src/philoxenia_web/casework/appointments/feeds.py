"""A worker's calendar outside: a secret address that gives times, rooms, languages; no name, no matter."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from philoxenia.reference import default_parameters
from philoxenia_web.accounts import audit
from philoxenia_web.accounts.access import SYSTEM, Actor, check_can
from philoxenia_web.accounts.models import Membership
from philoxenia_web.casework.appointments.ics import Event, calendar
from philoxenia_web.casework.doubles import made_once
from philoxenia_web.casework.models.appointments import Appointment, CalendarFeed
from philoxenia_web.casework.policies import CASEWORK, desks_of
from philoxenia_web.directory.editing.languages import name_of
from philoxenia_web.registry.people.visits import visiting

_SALT = "casework.calendar-feed"


def own_feeds(actor: Actor) -> list[tuple[CalendarFeed, str]]:
    """The actor's open feeds with their addresses."""
    found = CalendarFeed.objects.filter(person_id=actor.person_id, ended_at=None).select_related(
        "organisation"
    )
    return [(one, address_of(one)) for one in found]


def address_of(feed: CalendarFeed) -> str:
    """Where a calendar reads; whoever has it reads too."""
    token = signing.Signer(salt=_SALT).sign_object(feed.pk.hex)
    return settings.ENVIRONMENT.url + reverse("appointment-calendar", args=[token])


def open_feed(actor: Actor, organisation_id: UUID) -> CalendarFeed:
    """A new address for the actor's own appointments; the one before ends."""
    check_can(actor, CASEWORK, organisation_id)
    if organisation_id not in desks_of(actor):
        raise Http404
    live = CalendarFeed.objects.filter(person_id=actor.person_id, organisation=organisation_id, ended_at=None)
    with transaction.atomic():
        live.update(ended_at=timezone.now())
        # Of two presses at the same moment one makes the address.
        made = made_once(
            live.first,
            lambda: CalendarFeed.objects.create(person_id=actor.person_id, organisation_id=organisation_id),
        )
        audit.record(actor, "casework.open_feed", made, organisation_id=organisation_id)
    return made


def end_feed(actor: Actor, feed_id: UUID) -> None:
    """End one's own address. Twice is once."""
    with transaction.atomic():
        feed = CalendarFeed.objects.filter(pk=feed_id, person_id=actor.person_id).first()
        if feed is None:
            raise Http404
        if feed.ended_at is None:
            feed.ended_at = timezone.now()
            feed.save(update_fields=["ended_at"])
            audit.record(actor, "casework.end_feed", feed, organisation_id=feed.organisation_id)


def feed_of(token: str) -> CalendarFeed | None:
    """The live feed of a token of somebody who still works at that desk."""
    try:
        id_ = UUID(hex=signing.Signer(salt=_SALT).unsign_object(token))
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return None
    feed = CalendarFeed.objects.filter(pk=id_, ended_at=None).select_related("organisation").first()
    if feed is None or not feed.organisation.active:
        return None
    held = Membership.objects.filter(
        person=feed.person_id, person__is_active=True, organisation=feed.organisation_id,
        role__in=[role.value for role in CASEWORK.roles],
    )  # fmt: skip
    return feed if held.exists() else None


def calendar_of(feed: CalendarFeed) -> bytes:
    """Its appointments some days back and months ahead."""
    parameters, now = default_parameters(), timezone.now()
    begin = now - timedelta(days=parameters["casework.feed_days_back"])
    end = now + timedelta(days=parameters["casework.feed_days_ahead"])
    with visiting(SYSTEM):
        found = Appointment.objects.filter(
            worker_id=feed.person_id,
            organisation=feed.organisation_id,
            starts_at__gte=begin,
            starts_at__lt=end,
        )
        return calendar(_("Appointments"), _events(found.select_related("room").order_by("starts_at")))


def _events(found: "Iterator[Appointment] | object") -> Iterator[Event]:
    host = settings.ENVIRONMENT.url
    for one in found:  # type: ignore[attr-defined]
        language = name_of(one.language) if one.interpreting else ""
        words = [_("Appointment"), one.get_way_display() if one.way != "office" else "", language]
        yield Event(
            uid=f"{one.pk}@philoxenia",
            starts=one.starts_at,
            ends=one.ends_at,
            summary=", ".join(str(word) for word in words if word),
            changed=one.changed_at,
            sequence=one.version,
            location=one.room.name if one.room else "",
            url=host + reverse("appointment", args=[one.pk]),
            cancelled=one.state in ("cancelled", "missed"),
        )
