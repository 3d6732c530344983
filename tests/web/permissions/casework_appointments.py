"""What the rows of casework_appointments.csv open: an appointment and a number of the organisation's desk."""

from datetime import time, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from philoxenia_web.accounts.access import actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.casework.appointments import booking, feeds, offering, reminding
from philoxenia_web.casework.models.appointments import Absence, Interpreter, Room
from philoxenia_web.casework.queue import actions
from philoxenia_web.casework.queue.addresses import screen_address
from philoxenia_web.registry.people import finding, records, shapes
from philoxenia_web.registry.people.visits import visiting


def world(organisation: Organisation, people: dict[str, Person]) -> dict[str, Any]:
    """A person with an appointment, a room, an interpreter, hours, a calendar, a number in a queue."""
    actor, chief = actor_for(people["caseworker"]), actor_for(people["supervisor"])
    with visiting(actor):
        found = finding.find(actor, finding.Question("Amal Haddad", "1987"), "serving_now")
        draft = shapes.Draft([shapes.NameForm("Amal Haddad")], birth=shapes.Birth(year=1987))
        resident = records.create(actor, draft, found.mark, uuid4()).pk
    room = Room.objects.create(organisation=organisation, name="Room 1")
    interpreter = Interpreter.objects.create(organisation=organisation, label="A-1", languages=["ar"])
    offering.set_hours(chief, actor.person_id, [(day, time(0), time(23, 55)) for day in range(7)])
    begins = timezone.now().replace(hour=17, minute=0, second=0, microsecond=0) + timedelta(days=3)
    one = booking.book(
        actor,
        booking.Booking(organisation.pk, resident, "next_talk", begins, begins + timedelta(minutes=30),
                        actor.person_id, room_id=room.pk),
        uuid4(),
    )  # fmt: skip
    away = Absence.objects.create(
        organisation=organisation, resource_id=actor.person_id, starts_at=begins + timedelta(days=30),
        ends_at=begins + timedelta(days=31),
    )  # fmt: skip
    feed = feeds.open_feed(actor, organisation.pk)
    queue = actions.make_queue(chief, organisation.pk, "Hall", "A", ["en"], uuid4())
    ticket = actions.take_ticket(actor, queue.pk, "", [], uuid4())
    look = {"purpose": "housing", "minutes": "30", "way": "phone", "day": f"{timezone.localdate()}"}
    its, place = {"appointment_id": one.pk}, {"organisation_id": organisation.pk}
    day = f"{timezone.localdate()}"
    return {
        "appointment-new": ({"resident_id": resident}, look | {"key": str(uuid4())}),
        "appointment-messages-of": ({"resident_id": resident}, {}),
        "appointment-room-new": (place, {}),
        "POST appointment-room-new": (
            place, lambda: {"key": str(uuid4()), "version": "0", "name": "Room 2", "seats": "2"}
        ),
        "appointment-interpreter-new": (place, {}),
        "POST appointment-interpreter-new": (
            place,
            lambda: {"key": str(uuid4()), "version": "0", "label": "B", "languages": "uk", "present": "on"},
        ),
        "appointment-room": (
            {"room_id": room.pk},
            {"key": str(room.key), "version": "1", "name": "Room 1", "seats": "4", "active": "on"},
        ),
        "appointment-interpreter": (
            {"interpreter_id": interpreter.pk},
            {"key": str(room.key), "version": "1", "label": "A", "languages": "ar", "by_phone": "on"},
        ),
        "appointment-hours": ({"resource_id": actor.person_id}, {}),
        "appointment-absence": (
            {"resource_id": actor.person_id}, lambda: {"key": str(uuid4()), "first": day, "last": day}
        ),
        "appointment-absence-drop": ({"absence_id": away.pk}, {}),
        "appointment-feed-open": ({}, {"organisation": str(organisation.pk)}),
        "appointment-feed-end": ({"feed_id": feed.pk}, {}),
        "appointment-calendar": ({"token": _last(feeds.address_of(feed)).removesuffix(".ics")}, {}),
        "appointment-no-messages": ({"token": reminding.token_for(resident, "en")}, {}),
        "appointment": (its, {}),
        "appointment-step": (its, {"verb": "arrive", "version": "1"}),
        "appointment-cancel": (its, {"because": "asked", "version": "1"}),
        "appointment-move": (its, look | {"because": "asked", "version": "1"}),
        "appointment-slip": (its, {}),
        "queue-screen": ({"token": _last(screen_address(queue).rstrip("/"))}, {}),
        "queue": ({"queue_id": queue.pk}, {}),
        "queue-take": ({"queue_id": queue.pk}, lambda: {"key": str(uuid4()), "language": ""}),
        "queue-ticket": ({"ticket_id": ticket.pk}, {}),
        "queue-sit": ({"queue_id": queue.pk}, {"desk": "1"}),
        "queue-call": ({"queue_id": queue.pk}, {}),
        "queue-free": ({"queue_id": queue.pk, "desk": 1}, {}),
        "queue-step": ({"ticket_id": ticket.pk}, {"verb": "leave", "version": "1"}),
        "queue-change": (
            {"queue_id": queue.pk}, {"name": "Hall", "languages": ["en"], "active": "on", "version": "1"}
        ),
    }  # fmt: skip


def _last(address: str) -> str:
    return address.rsplit("/", 1)[1]
