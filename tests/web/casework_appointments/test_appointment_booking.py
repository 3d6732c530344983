"""Booking, moving and ending appointments, and what the database refuses whoever asks."""

from collections.abc import Callable
from dataclasses import replace
from datetime import time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from tests.web.casework_appointments.conftest import Desk

from philoxenia_web.accounts.access import SYSTEM, Denied, actor_for
from philoxenia_web.accounts.models import AuditEntry, Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.appointments import booking as actions
from philoxenia_web.casework.appointments import offering
from philoxenia_web.casework.appointments.searching import free_times, nobody_fits
from philoxenia_web.casework.models.appointments import Absence, Appointment, Hours, Interpreter, Reminder
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people.visits import visiting


def _taken(desk: Desk, *ids: object) -> list[int]:
    """How many pieces each resource has, read as the application's role does."""
    with visiting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(
            "select resource_id, count(*) from casework_taken_between(%s, 0, 2000000000, null) group by 1",
            [list(ids)],
        )
        found = dict(cursor.fetchall())
    return [found.get(one, 0) for one in ids]


def test_what_is_booked_is_taken_and_the_same_form_twice_is_one_appointment(desk: Desk) -> None:
    key, wanted = uuid4(), desk.booking()
    first = actions.book(desk.actor, wanted, key)
    again = actions.book(desk.actor, wanted, key)
    assert first.pk == again.pk
    assert _taken(desk, desk.worker.pk, desk.room.pk, wanted.resident_id, desk.other.pk) == [6, 6, 6, 0]
    with pytest.raises(NotPossible, match="caseworker"):
        actions.book(desk.actor, desk.booking(room_id=desk.large.pk), uuid4())
    with pytest.raises(NotPossible, match="room"):
        actions.book(desk.actor, desk.booking(worker_id=desk.other.pk), uuid4())
    with pytest.raises(NotPossible, match="person has another"):
        actions.book(
            desk.actor,
            desk.booking(resident_id=wanted.resident_id, worker_id=desk.other.pk, room_id=desk.large.pk),
            uuid4(),
        )


def test_right_after_is_free_and_a_cancelled_time_is_free_at_once(desk: Desk) -> None:
    first = actions.book(desk.actor, desk.booking(), uuid4())
    after = {"starts_at": first.ends_at, "ends_at": first.ends_at + timedelta(minutes=30)}
    actions.book(desk.actor, desk.booking(**after), uuid4())
    actions.cancel(desk.actor, first.pk, first.version, "asked")
    assert actions.book(desk.actor, desk.booking(), uuid4()).pk != first.pk


def test_the_database_refuses_a_second_booking_that_the_application_lets_through(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "why_not", lambda _wanted: "")
    actions.book(desk.actor, desk.booking(), uuid4())
    overlapping = {
        "starts_at": desk.moment + timedelta(minutes=29),
        "ends_at": desk.moment + timedelta(hours=1),
    }
    for same in (
        {"room_id": desk.large.pk},
        {"worker_id": desk.other.pk},
    ):
        with pytest.raises(NotPossible, match="just booked"):
            actions.book(desk.actor, desk.booking(**overlapping, **same), uuid4())
    assert Appointment.objects.count() == 0  # nobody visits, nobody sees
    with visiting(desk.actor):
        assert Appointment.objects.count() == 1


def test_an_interpreter_who_is_a_colleague_is_not_in_two_conversations(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = Interpreter.objects.create(
        organisation=desk.organisation, label="own", languages=["uk"], person_id=desk.other.pk
    )
    actions.book(
        desk.actor, desk.booking(interpreter_id=own.pk, interpreting="present", language="uk"), uuid4()
    )
    monkeypatch.setattr(actions, "why_not", lambda _wanted: "")
    with pytest.raises(NotPossible, match="just booked"):
        actions.book(desk.actor, desk.booking(worker_id=desk.other.pk, room_id=desk.large.pk), uuid4())


@pytest.mark.parametrize(
    "statement",
    [
        "delete from casework_taken",
        "update casework_taken set piece = piece + 1",
        "insert into casework_taken values (gen_random_uuid(), 1, 'room', gen_random_uuid())",
    ],
)
def test_nobody_writes_what_is_taken_by_hand(desk: Desk, statement: str) -> None:
    one = actions.book(desk.actor, desk.booking(), uuid4())
    with visiting(SYSTEM):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                assert cursor.rowcount == 0
        except DatabaseError as refused:
            assert "row-level security" in str(refused) or "by hand" in str(refused)
    assert _taken(desk, one.room_id) == [6]


def test_moving_frees_the_old_time_and_asks_for_the_version_one_saw(desk: Desk) -> None:
    one = actions.book(desk.actor, desk.booking(), uuid4())
    later = desk.booking(resident_id=one.resident_id, starts_at=desk.moment + timedelta(minutes=15),
                         ends_at=desk.moment + timedelta(minutes=45))  # fmt: skip
    moved = actions.move(desk.actor, one.pk, 1, later, "worker")
    assert (moved.version, moved.moved) == (2, 1)
    assert actions.move(desk.actor, one.pk, 1, later, "worker").version == 2
    with pytest.raises(Conflict):
        actions.cancel(desk.actor, one.pk, 1, "asked")
    other = desk.booking(starts_at=desk.moment + timedelta(hours=1), ends_at=desk.moment + timedelta(hours=2))
    actions.book(desk.actor, other, uuid4())
    with pytest.raises(NotPossible, match="caseworker"):
        actions.move(desk.actor, one.pk, 2, other, "worker")
    assert _taken(desk, desk.room.pk) == [6 + 12]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"starts_at": "past"}, "over"),
        ({"minutes": 4}, "between 5 and 240"),
        ({"minutes": 241}, "between 5 and 240"),
        ({"days": 400}, "too far"),
        ({"purpose": "nonsense"}, "about"),
        ({"bring": ("passport",)}, "no such thing"),
        ({"room_id": None}, "needs a room"),
        ({"way": "phone"}, "needs a room"),
        ({"interpreting": "phone"}, "interpreter"),
        ({"hour": 3}, "caseworker"),
    ],
)
def test_what_cannot_be_booked_is_said_in_a_sentence(desk: Desk, changed: dict[str, Any], said: str) -> None:
    booking = desk.booking()
    starts = booking.starts_at
    if changed.pop("starts_at", ""):
        starts -= timedelta(days=100)
    starts += timedelta(days=changed.pop("days", 0), hours=changed.pop("hour", 0) * 3)
    ends = starts + timedelta(minutes=changed.pop("minutes", 30))
    with pytest.raises(NotPossible, match=said):
        actions.book(desk.actor, desk.booking(starts_at=starts, ends_at=ends, **changed), uuid4())
    with visiting(SYSTEM):
        assert not Appointment.objects.exists()


def test_an_absence_and_hours_close_a_time_and_the_search_goes_round_them(desk: Desk) -> None:
    Absence.objects.create(
        key=uuid4(),
        organisation=desk.organisation,
        resource_id=desk.worker.pk,
        starts_at=desk.moment,
        ends_at=desk.moment + timedelta(hours=1),
    )
    Hours.objects.create(
        organisation=desk.organisation,
        resource_id=desk.interpreter.pk,
        weekday=0,
        begins="09:00",
        ends="12:00",
    )
    wanted = desk.booking(interpreter_id=desk.interpreter.pk, interpreting="present", language="ar").wanted
    with pytest.raises(NotPossible, match="caseworker"):
        actions.book(desk.actor, desk.booking(), uuid4())
    day = desk.moment.replace(hour=0)
    looked = replace(wanted, begins=day, ends=day + timedelta(days=1), interpreter_id=None)
    with visiting(desk.actor):
        found = free_times(looked, 200)
        local = [one.starts_at.hour for one in found]
        assert found[0].interpreter_id == desk.interpreter.pk
        assert all(not desk.moment - timedelta(minutes=30) < one.starts_at < desk.moment + timedelta(hours=1)
                   for one in found)  # fmt: skip
        assert max(local) < min(local) + 3
        for one in found[:3]:
            assert one.room_id == desk.room.pk
        assert not free_times(replace(looked, sex="man"))
        assert "interpreter" in nobody_fits(replace(looked, sex="man"))


def test_no_show_only_after_the_time_and_who_comes_late_is_still_welcome(desk: Desk) -> None:
    one = actions.book(desk.actor, desk.booking(), uuid4())
    with pytest.raises(NotPossible, match="not come yet"):
        actions.miss(desk.actor, one.pk, 1)
    with visiting(SYSTEM):
        past = {
            "starts_at": desk.moment - timedelta(days=30),
            "ends_at": desk.moment - timedelta(days=30, hours=-1),
        }
        Appointment.objects.filter(pk=one.pk).update(**past)
    missed = actions.miss(desk.actor, one.pk, 1)
    assert missed.state == "missed"
    assert _taken(desk, desk.room.pk) == [0]
    assert actions.arrive(desk.actor, one.pk, 2).state == "arrived"
    assert actions.hold(desk.actor, one.pk, 3).state == "held"
    with pytest.raises(NotPossible):
        actions.cancel(desk.actor, one.pk, 4, "asked")


def test_another_department_neither_sees_nor_moves_it_and_partners_book_nothing(
    desk: Desk, person: Callable[..., Person]
) -> None:
    one = actions.book(desk.actor, desk.booking(), uuid4())
    elsewhere = Organisation.objects.create(name="Elsewhere", kind="department")
    stranger = actor_for(person(Role.CASEWORKER, organisation=elsewhere, email="x@example.org"))
    partner = actor_for(person(Role.PARTNER, email="p@example.org"))
    for actor in (stranger, partner):
        with visiting(actor):
            assert not Appointment.objects.exists()
            assert not Reminder.objects.exists()
        with pytest.raises(Http404):
            actions.cancel(actor, one.pk, 1, "asked")
    for actor in (stranger, partner):
        with pytest.raises(Denied):
            actions.book(actor, desk.booking(), uuid4())
    with pytest.raises(NotPossible, match="room"):
        own = desk.booking(organisation_id=elsewhere.pk, worker_id=stranger.person_id)
        Hours.objects.create(
            organisation=elsewhere, resource_id=stranger.person_id, weekday=0, begins="09:00", ends="17:00"
        )
        actions.book(stranger, own, uuid4())


def test_the_trail_tells_what_was_done_without_a_word_about_anybody(desk: Desk) -> None:
    one = actions.book(desk.actor, desk.booking(), uuid4())
    actions.cancel(desk.actor, one.pk, 1, "room")
    told = AuditEntry.objects.filter(object_id=str(one.pk)).order_by("id")
    assert [row.action for row in told] == ["casework.book", "casework.cancel_appointment"]
    assert told[1].after == {"state": "cancelled", "because": "room"}
    assert str(one.resident_id) not in str([(row.before, row.after) for row in told])


def test_moving_with_an_interpreter_says_the_language_and_keeps_why(desk: Desk) -> None:
    one = actions.book(desk.actor, desk.booking(), uuid4())
    spoken = {"interpreter_id": desk.interpreter.pk, "interpreting": "phone", "language": "ar"}
    to = desk.booking(resident_id=one.resident_id, **spoken)
    moved = actions.move(desk.actor, one.pk, 1, to, "asked")
    assert (moved.language, moved.interpreter_id) == ("ar", desk.interpreter.pk)
    # Nobody comes a week early, and who comes leaves it said why it was moved.
    with pytest.raises(NotPossible, match="later day"):
        actions.arrive(desk.actor, one.pk, 2)
    with visiting(SYSTEM):
        ago = desk.moment - timedelta(days=30)
        Appointment.objects.filter(pk=one.pk).update(starts_at=ago, ends_at=ago + timedelta(hours=1))
    assert actions.arrive(desk.actor, one.pk, 2).because == "asked"


def test_a_form_sent_twice_at_the_same_moment_books_one(desk: Desk, blind: Callable[[object], None]) -> None:
    wanted, key = desk.booking(), uuid4()
    first = actions.book(desk.actor, wanted, key)
    blind(actions)
    assert actions.book(desk.actor, wanted, key).pk == first.pk
    with visiting(SYSTEM):
        assert Appointment.objects.count() == 1


def test_hours_that_another_changed_meanwhile_are_not_written_over(desk: Desk) -> None:
    seen = offering.hours_as_seen(desk.organisation.pk, desk.worker.pk)
    offering.set_hours(desk.actor, desk.worker.pk, [(0, time(8), time(12))], seen)
    with pytest.raises(Conflict):
        offering.set_hours(desk.chief, desk.worker.pk, [(1, time(9), time(17))], seen)
    assert offering.hours_as_seen(desk.organisation.pk, desk.worker.pk) == "0/08:00-12:00"
