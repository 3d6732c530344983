"""Many bookers at once, each on a connection of their own: never two in one room, nobody refused in vain."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import combinations
from random import Random
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import pytest
from tests.web.casework_appointments.conftest import Desk, set_desk
from tests.web.crowd import apart, crowd_database

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.accounts.models import Membership, Organisation, Person
from philoxenia_web.casework.appointments import booking as actions
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.refusals import Conflict, NotPossible
from philoxenia_web.registry.people.visits import visiting

__all__ = ["crowd_database"]
_BOOKERS, _EACH = 6, 12


def _desk() -> tuple[Desk, list[UUID]]:
    place = Organisation.objects.create(name="Crowd", kind="department")

    def person(role: str, *, organisation: Organisation, email: str) -> Person:
        made = Person.objects.create_user(email, None, name=email)
        Membership.objects.create(person=made, organisation=organisation, role=role)
        return made

    desk = set_desk(place, person)
    return desk, [desk.resident() for _ in range(5)]


def _wanted(desk: Desk, residents: list[UUID], random: Random) -> actions.Booking:
    begins = desk.moment + timedelta(minutes=5 * random.randrange(24))
    interpreted = random.random() < 0.4
    return desk.booking(
        resident_id=random.choice(residents),
        starts_at=begins,
        ends_at=begins + timedelta(minutes=5 * random.randrange(1, 8)),
        worker_id=random.choice([desk.worker.pk, desk.other.pk]),
        room_id=random.choice([desk.room.pk, desk.large.pk]),
        interpreter_id=desk.interpreter.pk if interpreted else None,
        interpreting="phone" if interpreted else "",
        language="ar" if interpreted else "",
    )


def _book(desk: Desk, actor: Actor, residents: list[UUID], seed: int) -> list[actions.Booking]:
    """Book what one person wants; what was refused."""
    random, refused = Random(seed), []  # noqa: S311
    for _ in range(_EACH):
        wanted = _wanted(desk, residents, random)
        try:
            actions.book(actor, wanted, uuid4())
        except NotPossible:
            refused.append(wanted)
    return refused


def _stir(desk: Desk, actor: Actor, residents: list[UUID], seed: int) -> int:
    """Move and cancel at random what is there; how often it worked."""
    random, done = Random(seed), 0  # noqa: S311
    for _ in range(_EACH):
        with visiting(SYSTEM):
            there = list(Appointment.objects.filter(state="booked").order_by("pk"))
        if not there:
            # Others have cancelled all that was left.
            break
        one = random.choice(there)
        to = actions.Booking(**{**vars(_wanted(desk, residents, random)), "resident_id": one.resident_id})
        try:
            if random.random() < 0.2:
                actions.cancel(actor, one.pk, one.version, "asked")
            else:
                actions.move(actor, one.pk, one.version, to, "asked")
            done += 1
        except (NotPossible, Conflict):
            pass
    return done


def _shares(one: Any, other: Any) -> bool:
    same = (
        one.room_id == other.room_id
        or one.worker_id == other.worker_id
        or one.resident_id == other.resident_id
        or (one.interpreter_id is not None and one.interpreter_id == other.interpreter_id)
    )
    return same and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _booked() -> list[Appointment]:
    with visiting(SYSTEM):
        return list(Appointment.objects.filter(state="booked"))


@pytest.mark.usefixtures("crowd_database")
# The check before is taken away for half of them: the database must hold alone.
@pytest.mark.parametrize("checked", [True, False])
def test_never_two_in_one_room_and_nobody_is_refused_in_vain(checked: bool) -> None:
    with ThreadPoolExecutor(_BOOKERS) as pool:
        desk, residents = pool.submit(apart, _desk).result()
        actor = pool.submit(apart, lambda: desk.actor).result()
        keep = mock.patch.object(actions, "why_not", actions.why_not if checked else lambda _wanted: "")
        with keep:
            runs = [pool.submit(apart, _book, desk, actor, residents, seed) for seed in range(_BOOKERS)]
            refused = [one for run in runs for one in run.result(60)]
            booked = pool.submit(apart, _booked).result()
            assert len(booked) + len(refused) == _BOOKERS * _EACH
            assert not [pair for pair in combinations(booked, 2) if _shares(*pair)]
            assert all(any(_shares(one, there) for there in booked) for one in refused)
            runs = [pool.submit(apart, _stir, desk, actor, residents, 100 + seed) for seed in range(_BOOKERS)]
            assert sum(run.result(60) for run in runs) > 0
            booked = pool.submit(apart, _booked).result()
            assert not [pair for pair in combinations(booked, 2) if _shares(*pair)]
