"""Pages of appointments, messages that go out, calendars, and what neither of them may say."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.casework_appointments.conftest import Desk

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import AuditEntry, Membership, Organisation, Person
from philoxenia_web.casework.appointments import booking, feeds, reminding, rights, sending
from philoxenia_web.casework.appointments.words import BRING, PURPOSES, purposes
from philoxenia_web.casework.models.appointments import Appointment, CalendarFeed, Reminder, Room
from philoxenia_web.directory.sms import sending as sms
from philoxenia_web.registry.mine.parts import filled
from philoxenia_web.registry.people import finding, records, shapes
from philoxenia_web.registry.people.visits import resident_visit, visiting
from philoxenia_web.registry.rights import consents

_NAME = "Zarifa Testname"
_MAIL, _PHONE = "zarifa@example.org", "+14165550123"


@pytest.fixture
def somebody(desk: Desk) -> UUID:
    """A resident who speaks Arabic, needs an interpreter, has a safe contact and agreed to messages."""
    draft = shapes.Draft(
        [shapes.NameForm(_NAME)],
        birth=shapes.Birth(year=1990),
        contacts=[
            shapes.Contact("email", "unsafe@example.org", safe=False),
            shapes.Contact("email", _MAIL, safe=True),
            shapes.Contact("phone", _PHONE, safe=True),
        ],
        languages=[shapes.Language("ar")],
        interpreter=shapes.Interpreter(True, "ar", "woman"),
        access_needs=["step_free"],
    )
    with visiting(desk.actor):
        found = finding.find(desk.actor, finding.Question(_NAME, "1990"), "serving_now")
        made = records.create(desk.actor, draft, found.mark, uuid4()).pk
        consents.give(desk.actor, made, "reminders", desk.organisation.pk, consents.Said(), uuid4())
    return made


def _enter(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _asked(desk: Desk) -> dict[str, str]:
    return {
        "why": "appointment",
        "purpose": "housing",
        "minutes": "45",
        "way": "office",
        "worker": "",
        "interpreting": "present",
        "language": "ar",
        "sex": "woman",
        "step_free": "on",
        "day": f"{desk.moment:%Y-%m-%d}",
    }


def _booked(desk: Desk, somebody: UUID) -> Appointment:
    page, client = reverse("appointment-new", args=[somebody]), _enter(desk.worker)
    body = client.get(page, _asked(desk)).content.decode()
    slot = re.search(r'name="slot" value="([^"]+)"', body)
    key = re.search(r'name="key" value="([^"]+)"', body)
    assert slot and key
    sent = _asked(desk) | {"slot": slot[1], "key": key[1], "bring": ["lease"], "remind": "on"}
    for _ in range(2):
        assert client.post(page, sent).status_code == 302
    with visiting(desk.actor):
        return Appointment.objects.get()


def test_words_of_codes_are_those_of_the_tables() -> None:
    assert set(PURPOSES) == set(purposes())
    assert {one for _minutes, bring in purposes().values() for one in bring} <= set(BRING)


def test_a_time_is_looked_for_booked_once_seen_and_moved(desk: Desk, somebody: UUID) -> None:
    one, client = _booked(desk, somebody), _enter(desk.worker)
    assert (one.room_id, one.interpreter_id, one.language) == (desk.large.pk, desk.interpreter.pk, "ar")
    assert (one.purpose, one.bring, one.ends_at - one.starts_at) == (
        "housing",
        ["lease"],
        timedelta(minutes=45),
    )
    day = client.get(reverse("appointment-list"), {"day": f"{desk.moment:%Y-%m-%d}", "who": "all"})
    assert _NAME in day.content.decode()
    page = client.get(reverse("appointment", args=[one.pk]))
    assert _NAME in page.content.decode()
    assert _NAME not in re.search(r"<title>(.*?)</title>", page.content.decode(), re.S)[1]  # type: ignore[index]
    move = reverse("appointment-move", args=[one.pk])
    body = client.get(move).content.decode()
    slots = re.findall(r'name="slot" value="([^"]+)"', body)
    sent = _asked(desk) | {"slot": slots[-1], "version": "1", "because": "asked"}
    assert client.post(move, sent).status_code == 302
    with visiting(desk.actor):
        moved = Appointment.objects.get()
    assert (moved.version, moved.moved) == (2, 1)
    assert moved.starts_at != one.starts_at
    client.post(reverse("appointment-cancel", args=[one.pk]), {"version": "2", "because": "asked"})
    with visiting(desk.actor):
        assert Appointment.objects.get().state == "cancelled"


@pytest.mark.parametrize(
    "slot", ["", "|||", "2026-01-01|x||", "9999-12-31T23:59:59+00:00|{w}||", "a|b|c|d|e"]
)
def test_a_spoiled_time_books_nothing_and_says_so(desk: Desk, somebody: UUID, slot: str) -> None:
    sent = _asked(desk) | {"slot": slot.format(w=desk.worker.pk), "key": str(uuid4())}
    answer = _enter(desk.worker).post(reverse("appointment-new", args=[somebody]), sent)
    assert answer.status_code == 200
    with visiting(SYSTEM):
        assert not Appointment.objects.exists()


def test_the_record_and_the_persons_own_page_show_it(desk: Desk, somebody: UUID) -> None:
    one, client = _booked(desk, somebody), _enter(desk.worker)
    record = client.get(reverse("front-person", args=[somebody]), {"why": "appointment"})
    body = record.content.decode()
    assert reverse("appointment", args=[one.pk]) in body
    assert reverse("appointment-new", args=[somebody]) in body
    with resident_visit(somebody):
        (part,) = [each for each in filled(somebody) if "appointments" in each.template]
        (shown,) = part.values["appointments"]
    assert (shown["room"], shown["bring"]) == ("Room 2", [BRING["lease"]])
    with resident_visit(desk.resident()):
        assert not Appointment.objects.exists()


def test_the_slip_speaks_the_persons_language_and_has_no_name(desk: Desk, somebody: UUID) -> None:
    one = _booked(desk, somebody)
    body = _enter(desk.worker).get(reverse("appointment-slip", args=[one.pk])).content.decode()
    slip = re.search(r'<article class="slip".*?</article>', body, re.S)
    assert slip and 'lang="ar" dir="rtl"' in slip[0]
    assert _NAME not in body
    french = _enter(desk.worker).get(reverse("appointment-slip", args=[one.pk]), {"language": "fr"})
    assert '<article class="slip" lang="fr" dir="ltr">' in french.content.decode()


# --- messages ---------------------------------------------------------------------------------------------


class _Gateway:
    """Takes messages, or refuses the first so many."""

    def __init__(self, refusals: int = 0, *, again: bool = True) -> None:
        self.taken: list[tuple[str, list[str], UUID]] = []
        self.refusals, self.again = refusals, again

    def send(self, number: str, parts: list[str], key: UUID) -> None:
        if self.refusals:
            self.refusals -= 1
            raise sms.NotTaken("busy", again=self.again)
        self.taken.append((number, parts, key))


@pytest.fixture
def gateway(monkeypatch: pytest.MonkeyPatch) -> _Gateway:
    """A provider of text messages."""
    made = _Gateway()
    monkeypatch.setattr(sending, "adapter", lambda: made)
    return made


def _rows() -> dict[tuple[str, str], Reminder]:
    with visiting(SYSTEM):
        return {(one.kind, one.channel): one for one in Reminder.objects.all()}


def _due(one: Appointment) -> datetime:
    return one.starts_at - timedelta(hours=23)


def test_messages_go_once_to_safe_contacts_in_the_persons_language_and_say_nothing(
    desk: Desk, somebody: UUID, gateway: _Gateway
) -> None:
    one = _booked(desk, somebody)
    assert sending.send_due(timezone.now()) == 0
    assert sending.send_due(_due(one)) == 2
    assert sending.send_due(_due(one)) == 0
    (message,) = mail.outbox
    ((number, parts, _key),) = gateway.taken
    assert (message.to, number) == ([_MAIL], _PHONE)
    for said in (f"{message.subject} {message.body}", " ".join(parts)):
        assert re.search(r"[\u0600-\u06ff]", said) or "appointment" in said
        for hidden in (_NAME, "Zarifa", "housing", "Shelter", desk.worker.name, str(somebody), str(one.pk)):
            assert hidden not in said
    assert {row.state for key, row in _rows().items() if key[0] == "day"} == {"sent"}
    trail = list(AuditEntry.objects.filter(action="casework.remind").values())
    assert len(trail) == 2
    assert _MAIL not in json.dumps(trail, default=str) and _PHONE not in json.dumps(trail, default=str)


def test_a_worker_that_dies_while_sending_loses_nothing_and_the_provider_can_tell_it_is_the_same(
    desk: Desk, somebody: UUID, gateway: _Gateway
) -> None:
    one = _booked(desk, somebody)
    with mock.patch.object(sending, "_note", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        sending.send_due(_due(one))
    left = len(gateway.taken) + len(mail.outbox)
    assert left == 1
    # The other one goes at once; the claimed one when its time is over.
    assert sending.send_due(_due(one)) == 1
    assert sending.send_due(_due(one) + timedelta(minutes=11)) == 1
    keys = {key for _number, _parts, key in gateway.taken}
    ids = {message.extra_headers["Message-ID"] for message in mail.outbox}
    assert len(keys) == len(ids) == 1


def test_a_busy_provider_is_tried_again_and_in_the_end_given_up(
    desk: Desk, somebody: UUID, gateway: _Gateway
) -> None:
    one = _booked(desk, somebody)
    gateway.refusals = 2
    moment = one.starts_at - timedelta(hours=24)
    for minutes in (0, 15, 60):
        sending.send_due(moment + timedelta(minutes=minutes))
    assert len(gateway.taken) == 1
    other = booking.book(
        desk.actor, desk.booking(resident_id=somebody, starts_at=one.starts_at + timedelta(days=1),
                                 ends_at=one.starts_at + timedelta(days=1, minutes=15)), uuid4()
    )  # fmt: skip
    gateway.refusals, gateway.again = 1, False
    sending.send_due(other.starts_at - timedelta(hours=23))
    with visiting(SYSTEM):
        row = Reminder.objects.get(appointment=other, kind="day", channel="sms")
    assert (row.state, row.why) == ("failed", "refused")


def test_who_wants_no_messages_gets_none_and_a_link_alone_changes_nothing(
    desk: Desk, somebody: UUID, gateway: _Gateway
) -> None:
    one = _booked(desk, somebody)
    page = reverse("appointment-no-messages", args=[reminding.token_for(somebody, "ar")])
    shown = Client().get(page)
    assert 'lang="ar" dir="rtl"' in shown.content.decode()
    assert _NAME not in shown.content.decode()
    with visiting(desk.actor):
        assert reminding.wishes_of(somebody) == (True, True)
    Client().post(page, {"email": "on"})
    with visiting(desk.actor):
        assert reminding.wishes_of(somebody) == (True, False)
    assert sending.send_due(_due(one)) == 1
    assert not gateway.taken
    assert _rows()["day", "sms"].why == "not_wanted"
    token = reminding.token_for(somebody, "ar")
    for spoiled in (token[:-1] + ("A" if token[-1] != "A" else "B"), token[1:], "x", "é", "A" * 200):
        assert Client().get(reverse("appointment-no-messages", args=[spoiled])).status_code == 404


def test_who_was_never_asked_or_takes_it_back_gets_no_message_and_the_page_says_so(
    desk: Desk, somebody: UUID, gateway: _Gateway
) -> None:
    one, client = _booked(desk, somebody), _enter(desk.worker)
    place = desk.organisation.pk
    with visiting(desk.actor):
        consents.withdraw(desk.actor, somebody, "reminders", place, consents.Said(), uuid4())
    assert sending.send_due(_due(one)) == 0
    assert {row.why for (kind, _), row in _rows().items() if kind == "day"} == {"not_agreed"}
    page = client.get(reverse("appointment", args=[one.pk])).content.decode()
    assert "has not agreed to messages" in page
    new = client.get(reverse("appointment-new", args=[somebody]), _asked(desk))
    assert new.context["agreed"] is False and new.context["book"].initial["remind"] is False
    assert "has not agreed to messages" in new.content.decode()
    # Somebody who was never asked has not agreed either; an agreement with another desk is not one with this.
    other = Organisation.objects.create(name="Elsewhere", kind="department")
    with visiting(desk.actor):
        never = _of_name(desk, "Amal Haddad")
        assert not reminding.agrees(never, place)
    with visiting(SYSTEM):
        consents.give(SYSTEM, never, "reminders", other.pk, consents.Said(), uuid4())
        assert not reminding.agrees(never, place)
    assert not mail.outbox and not gateway.taken


def _of_name(desk: Desk, name: str) -> UUID:
    found = finding.find(desk.actor, finding.Question(name, "1990"), "serving_now")
    draft = shapes.Draft([shapes.NameForm(name)], birth=shapes.Birth(year=1990))
    return records.create(desk.actor, draft, found.mark, uuid4()).pk


def test_unticked_stays_unticked_whatever_happens_until_somebody_ticks_it(
    desk: Desk, somebody: UUID, gateway: _Gateway
) -> None:
    one = booking.book(desk.actor, desk.booking(resident_id=somebody, remind=False), uuid4())
    later = {"starts_at": desk.moment + timedelta(hours=1), "ends_at": desk.moment + timedelta(hours=2)}
    booking.move(desk.actor, one.pk, 1, desk.booking(resident_id=somebody, **later), "worker")
    assert _rows() == {}
    client, step = _enter(desk.worker), reverse("appointment-step", args=[one.pk])
    client.post(step, {"verb": "remind", "version": "2"})
    assert {row.state for row in _rows().values()} == {"waiting"}
    client.post(step, {"verb": "silence", "version": "3"})
    assert {(row.state, row.why) for row in _rows().values()} == {("not_sent", "not_wanted")}
    assert sending.send_due(_due(one)) == 0
    client.post(step, {"verb": "remind", "version": "4"})
    assert {row.state for row in _rows().values()} == {"waiting"}
    booking.remind(desk.actor, one.pk, 5, wanted=False)
    booking.cancel(desk.actor, one.pk, 6, "asked")
    assert {row.state for row in _rows().values()} == {"not_sent"}
    assert not mail.outbox and not gateway.taken


def test_what_was_cancelled_or_moved_is_not_reminded_of_and_is_told_by_day(
    desk: Desk, somebody: UUID, gateway: _Gateway
) -> None:
    one = _booked(desk, somebody)
    booking.cancel(desk.actor, one.pk, 1, "asked")
    rows = _rows()
    assert {row.state for (kind, _), row in rows.items() if kind in ("day", "hours")} == {"not_sent"}
    sending.send_due(rows["cancelled", "email"].due_at)
    assert len(mail.outbox) == 1
    for hour in range(24):
        local = reminding.by_day(datetime(2026, 11, 22, hour, 30, tzinfo=reminding.city().zone))
        assert 8 <= local.astimezone(reminding.city().zone).hour < 20


# --- calendars, rights ------------------------------------------------------------------------------------


def test_a_calendar_holds_no_name_and_ends_with_the_work_or_by_hand(desk: Desk, somebody: UUID) -> None:
    one, client = _booked(desk, somebody), _enter(desk.worker)
    Room.objects.filter(pk=one.room_id).update(name="Room; 2\n")
    with visiting(SYSTEM):
        Appointment.objects.update(worker_id=desk.worker.pk)
    client.post(reverse("appointment-feed-open"), {"organisation": str(desk.organisation.pk)})
    ((feed, address),) = feeds.own_feeds(desk.actor)
    path = address.removeprefix("http://localhost:8000")
    answer = Client().get(path)
    told = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert f"DTSTART:{one.starts_at:%Y%m%dT%H%M%SZ}" in told
    assert r"LOCATION:Room\; 2\n" in told
    for hidden in (_NAME, str(somebody), "ousing"):
        assert hidden not in told.replace("\r\n ", "")
    Membership.objects.filter(person=desk.worker).delete()
    assert Client().get(path).status_code == 404
    Membership.objects.create(person=desk.worker, organisation=desk.organisation, role="caseworker")
    assert Client().get(path).status_code == 200
    feeds.end_feed(desk.actor, feed.pk)
    assert Client().get(path).status_code == 404
    assert CalendarFeed.objects.count() == 1


def test_who_is_forgotten_frees_the_times_and_takes_along_what_was_kept(desk: Desk, somebody: UUID) -> None:
    one = _booked(desk, somebody)
    with visiting(desk.actor):
        assert rights._appointments(somebody)[0]["purpose"] == "housing"
    assert rights._last_use([somebody]) == {somebody: one.starts_at.date()}
    rights._erase(SYSTEM, somebody)
    with visiting(desk.actor):
        assert Appointment.objects.get().state == "cancelled"


# --- what a desk offers -----------------------------------------------------------------------------------


def test_a_supervisor_writes_down_rooms_interpreters_and_hours(desk: Desk) -> None:
    client, place = _enter(desk.supervisor), desk.organisation.pk
    sent = {"key": str(uuid4()), "version": "0", "name": "Room 9", "seats": "4", "active": "on"}
    for _ in range(2):
        assert client.post(reverse("appointment-room-new", args=[place]), sent).status_code == 302
    made = Room.objects.get(name="Room 9")
    again = client.post(reverse("appointment-room-new", args=[place]), sent | {"key": str(uuid4())})
    assert "already" in again.content.decode()
    stale = client.post(reverse("appointment-room", args=[made.pk]), sent | {"version": "7"})
    assert stale.status_code == 422
    hours = reverse("appointment-hours", args=[made.pk])
    wrong = client.post(hours, {"begins_0": "17:00", "ends_0": "09:00"})
    assert wrong.status_code == 422
    assert client.post(hours, {"begins_0": "09:00", "ends_0": "17:00"}).status_code == 302
    away = {"key": str(uuid4()), "first": f"{desk.moment:%Y-%m-%d}", "last": f"{desk.moment:%Y-%m-%d}"}
    client.post(reverse("appointment-absence", args=[made.pk]), away)
    page = client.get(reverse("appointment-offered")).content.decode()
    assert "Room 9" in page and "A-17" in page


def test_an_absence_says_which_appointments_it_hits_and_a_desk_is_chosen(desk: Desk, somebody: UUID) -> None:
    one, client = _booked(desk, somebody), _enter(desk.supervisor)
    day = f"{one.starts_at:%Y-%m-%d}"
    for resource in (one.worker_id, one.room_id, one.interpreter_id):
        sent = {"key": str(uuid4()), "first": day, "last": day}
        client.post(reverse("appointment-absence", args=[resource]), sent)
        shown = client.get(reverse("appointment-hours", args=[resource])).content.decode()
        assert reverse("appointment", args=[one.pk]) in shown and "Move it" in shown
    # Who works at two desks says for which one it is.
    second = Organisation.objects.create(name="Second desk", kind="department")
    Membership.objects.create(person=desk.worker, organisation=second, role="caseworker")
    page, both = reverse("appointment-new", args=[somebody]), _enter(desk.worker)
    asked = both.get(page, {"why": "appointment"})
    link = f"?desk={second.pk}&amp;why=appointment"
    assert link in asked.content.decode() and "look" not in asked.context
    chosen = both.get(page, {"why": "appointment", "desk": str(second.pk)})
    assert chosen.context["look"].initial["desk"] == str(second.pk)
    body = chosen.content.decode()
    assert body.count('name="why" value="appointment"') == 1 and "Second desk" in body


def test_a_caseworker_sets_their_own_hours_and_nobody_elses(desk: Desk, sign_in: Callable[..., Any]) -> None:
    client = _enter(desk.worker)
    assert client.get(reverse("appointment-hours", args=[desk.worker.pk])).status_code == 200
    for other in (desk.other.pk, desk.room.pk, desk.interpreter.pk, uuid4()):
        assert client.get(reverse("appointment-hours", args=[other])).status_code == 404
    assert client.get(reverse("appointment-room", args=[desk.room.pk])).status_code in (403, 404)
