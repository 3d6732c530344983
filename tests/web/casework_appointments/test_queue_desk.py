"""The queue: twice is once, two desks never call one person, the screen shows numbers alone."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.http import Http404
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.web.casework_appointments.conftest import Desk

from philoxenia_web.accounts.access import SYSTEM, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.models.queue import Queue, QueueDay, Sitting, Ticket
from philoxenia_web.casework.queue import actions, estimating
from philoxenia_web.casework.queue.addresses import queue_of, screen_address
from philoxenia_web.casework.queue.estimating import outlook
from philoxenia_web.casework.queue.ordering import aims
from philoxenia_web.casework.queue.words import REASONS
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people.visits import visiting


@pytest.fixture
def room(desk: Desk) -> Queue:
    """A waiting room of the desk."""
    return actions.make_queue(desk.chief, desk.organisation.pk, "Ground floor", "A", ["en", "ar"], uuid4())


def _enter(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_reasons_have_words_and_the_words_have_aims() -> None:
    assert set(REASONS) == set(aims())


def test_numbers_follow_each_other_and_a_form_sent_twice_gives_one(desk: Desk, room: Queue) -> None:
    key = uuid4()
    first = actions.take_ticket(desk.actor, room.pk, "ar", [], key)
    assert actions.take_ticket(desk.actor, room.pk, "ar", [], key).pk == first.pk
    second = actions.take_ticket(desk.actor, room.pk, "", ["child", "nonsense"], uuid4())
    assert (first.shown, second.shown, second.reasons) == ("A-001", "A-002", ["child"])
    assert QueueDay.objects.get().last == 2


def test_who_cannot_wait_is_called_first_and_two_desks_never_call_one_person(desk: Desk, room: Queue) -> None:
    usual = actions.take_ticket(desk.actor, room.pk, "", [], uuid4())
    danger = actions.take_ticket(desk.actor, room.pk, "", ["danger"], uuid4())
    other = actor_for(desk.other)
    with pytest.raises(NotPossible, match="Sit down"):
        actions.call_next(desk.actor)
    actions.sit_down(desk.actor, room.pk, 1, [])
    with pytest.raises(NotPossible, match="Somebody else sits"):
        actions.sit_down(other, room.pk, 1, [])
    actions.sit_down(other, room.pk, 2, [])
    first, second = actions.call_next(desk.actor), actions.call_next(other)
    assert first and second
    assert (first.pk, second.pk) == (danger.pk, usual.pk)
    # Pressing the button again calls nobody else.
    again = actions.call_next(desk.actor)
    assert again and (again.pk, again.version) == (first.pk, first.version)
    begun = actions.step_ticket(desk.actor, first.pk, first.version, "begin")
    assert actions.step_ticket(desk.actor, first.pk, first.version, "begin").version == begun.version
    with pytest.raises(Conflict):
        actions.step_ticket(other, first.pk, first.version, "pass_over")
    actions.step_ticket(desk.actor, first.pk, begun.version, "finish")
    assert actions.call_next(desk.actor) is None


def test_who_comes_back_keeps_their_place(desk: Desk, room: Queue) -> None:
    first = actions.take_ticket(desk.actor, room.pk, "", [], uuid4())
    actions.take_ticket(desk.actor, room.pk, "", [], uuid4())
    actions.sit_down(desk.actor, room.pk, 1, [])
    called = actions.call_next(desk.actor)
    assert called and called.pk == first.pk
    gone = actions.step_ticket(desk.actor, first.pk, called.version, "pass_over")
    back = actions.step_ticket(desk.actor, first.pk, gone.version, "come_back")
    # The wrong button: who left by it is in the page's list, and comes back too.
    left = actions.step_ticket(desk.actor, first.pk, back.version, "leave")
    client = Client()
    client.force_login(desk.worker, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("queue", args=[room.pk])).content.decode()
    assert reverse("queue-step", args=[first.pk]) in page.partition("<h3>Left")[2]
    actions.step_ticket(desk.actor, first.pk, left.version, "come_back")
    again = actions.call_next(desk.actor)
    assert again and again.pk == first.pk


def test_numbers_of_an_earlier_day_are_over_and_a_new_day_begins_at_one(desk: Desk, room: Queue) -> None:
    old = actions.take_ticket(desk.actor, room.pk, "", [], uuid4())
    with visiting(SYSTEM):
        Ticket.objects.filter(pk=old.pk).update(day="2020-01-01")
        QueueDay.objects.update(day="2020-01-01")
    assert actions.close_days() == 1
    assert actions.close_days() == 0
    assert actions.take_ticket(desk.actor, room.pk, "", [], uuid4()).number == 1


def test_another_department_sees_and_calls_nothing(
    desk: Desk, room: Queue, person: Callable[..., Person]
) -> None:
    ticket = actions.take_ticket(desk.actor, room.pk, "", [], uuid4(), desk.resident())
    elsewhere = Organisation.objects.create(name="Elsewhere", kind="department")
    stranger = actor_for(person(Role.SUPERVISOR, organisation=elsewhere, email="x@example.org"))
    for act in (
        lambda: actions.take_ticket(stranger, room.pk, "", [], uuid4()),
        lambda: actions.sit_down(stranger, room.pk, 3, []),
        lambda: actions.step_ticket(stranger, ticket.pk, 1, "leave"),
        lambda: actions.renew_screen(stranger, room.pk),
    ):
        with pytest.raises(Http404):
            act()
    with visiting(stranger):
        assert not Ticket.objects.exists()
    assert not Ticket.objects.exists()


def test_the_pages_of_a_day_at_the_counter(desk: Desk, room: Queue) -> None:
    client, page = _enter(desk.worker), reverse("queue", args=[room.pk])
    assert "Nobody waits" in client.get(page).content.decode()
    sent = {"key": str(uuid4()), "language": "ar", "reasons": ["child"], "resident": ""}
    shown = client.post(reverse("queue-take", args=[room.pk]), sent, follow=True)
    assert "A-001" in shown.content.decode()
    # Whoever reads Arabic gets the slip in Arabic.
    assert 'lang="ar" dir="rtl"' in shown.content.decode()
    client.post(reverse("queue-sit", args=[room.pk]), {"desk": "4", "languages": ["ar"]})
    client.post(reverse("queue-call", args=[room.pk]))
    body = client.get(page).content.decode()
    assert "They are here" in body
    version = re.search(r'name="version" value="(\d+)"', body)
    ticket = reverse("queue-step", args=[_only(desk).pk])
    assert version
    client.post(ticket, {"version": version[1], "verb": "begin"})
    client.post(ticket, {"version": int(version[1]) + 1, "verb": "finish"})
    assert _only(desk).state == "served"
    assert client.post(ticket, {"version": "1", "verb": "call"}).status_code == 404
    assert "1 person served today" in client.get(page, headers={"HX-Request": "true"}).content.decode()
    client.post(reverse("queue-leave"))
    assert actions.sitting_of(desk.actor) is None


def _only(desk: Desk) -> Ticket:
    with visiting(desk.actor):
        return Ticket.objects.get()


def test_the_screen_speaks_its_languages_and_shows_no_more_than_numbers(desk: Desk, room: Queue) -> None:
    actions.take_ticket(desk.actor, room.pk, "ar", ["danger"], uuid4(), desk.resident())
    actions.take_ticket(desk.actor, room.pk, "ar", ["child"], uuid4())
    actions.sit_down(desk.actor, room.pk, 7, [])
    actions.call_next(desk.actor)
    address = screen_address(room)
    answer = Client().get(address.removeprefix("http://localhost:8000"))
    body = answer.content.decode()
    assert answer.headers["Cache-Control"] == "no-store"
    assert {"A-001", "A-002"} <= set(re.findall(r"A-\d{3}", body))
    assert 'lang="ar" dir="rtl"' in body
    assert desk.worker.name not in body
    assert not re.search(r"danger|child|[0-9a-f]{8}-[0-9a-f]{4}-", body.split("<main")[1].split("hx-swap")[1])
    actions.renew_screen(desk.chief, room.pk)
    assert Client().get(address.removeprefix("http://localhost:8000")).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "W10:abc", "../..", "ImEi:9", "\u0000", "a" * 5000])
def test_spoiled_addresses_of_screens_open_nothing(room: Queue, token: str) -> None:
    assert queue_of(token) is None
    assert room.active


def test_the_line_costs_the_same_reads_however_long_it_is(
    desk: Desk, room: Queue, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = _enter(desk.worker)
    for _ in range(12):
        actions.take_ticket(desk.actor, room.pk, "uk", [], uuid4())
    with django_assert_max_num_queries(32, connection=connection):  # type: ignore[attr-defined]
        client.get(reverse("queue", args=[room.pk]))


def test_what_was_left_in_the_evening_holds_no_desk_in_the_morning(desk: Desk, room: Queue) -> None:
    key = uuid4()
    first = actions.take_ticket(desk.actor, room.pk, "", [], key)
    actions.sit_down(desk.actor, room.pk, 1, [])
    called = actions.call_next(desk.actor)
    assert called
    actions.step_ticket(desk.actor, first.pk, called.version, "begin")
    # Nobody pressed a button, and no job ran: it is the next morning, and the worker is on leave.
    with visiting(SYSTEM):
        Ticket.objects.update(day=F("day") - timedelta(days=1), begun_at=F("begun_at") - timedelta(days=1))
        QueueDay.objects.update(day=F("day") - timedelta(days=1))
    Sitting.objects.update(opened_at=F("opened_at") - timedelta(days=1))
    assert actions.sitting_of(desk.actor) is None and not actions.sittings(room).exists()
    other = actor_for(desk.other)
    with visiting(other):
        assert outlook(room).desks == 0
    actions.sit_down(other, room.pk, 1, [])
    fresh = actions.take_ticket(other, room.pk, "", [], uuid4())
    again = actions.call_next(other)
    assert again and (again.pk, again.desk) == (fresh.pk, 1)

    actions.sit_down(desk.actor, room.pk, 2, [])
    Sitting.objects.filter(desk=2).update(opened_at=timezone.now() - timedelta(days=1))
    assert (actions.close_days(), actions.close_days()) == (1, 0)
    with visiting(SYSTEM):
        over = Ticket.objects.get(pk=first.pk)
    assert (over.state, over.ended_at) == ("served", over.begun_at)
    assert Sitting.objects.get(desk=2).closed_at is not None
    # Twenty hours at a desk are no length that anybody is told.
    with visiting(desk.actor):
        assert estimating._lengths(room) == estimating._lengths(Queue(pk=uuid4()))


def test_a_supervisor_frees_a_desk_whose_worker_went_away(desk: Desk, room: Queue) -> None:
    actions.sit_down(desk.actor, room.pk, 3, [])
    actions.sit_down(actor_for(desk.other), room.pk, 4, [])
    with pytest.raises(NotPossible, match="Somebody else sits"):
        actions.sit_down(actor_for(desk.other), room.pk, 3, [])
    # Who finds it taken stays where they sat.
    assert actions.sitting_of(actor_for(desk.other)).desk == 4  # type: ignore[union-attr]
    page, free = reverse("queue", args=[room.pk]), reverse("queue-free", args=[room.pk, 3])
    assert free not in _enter(desk.other).get(page).content.decode()
    assert _enter(desk.other).post(free).status_code == 403
    chief = _enter(desk.supervisor)
    assert free in chief.get(page).content.decode()
    for _ in range(2):
        assert chief.post(free).status_code == 302
    assert actions.sit_down(actor_for(desk.other), room.pk, 3, []).desk == 3


def test_a_number_asked_for_twice_at_the_same_moment_is_one(
    desk: Desk, room: Queue, blind: Callable[[object], None]
) -> None:
    key = uuid4()
    first = actions.take_ticket(desk.actor, room.pk, "", [], key)
    blind(actions)
    assert actions.take_ticket(desk.actor, room.pk, "", [], key).pk == first.pk
    assert actions.take_ticket(desk.actor, room.pk, "", [], uuid4()).number == 2
