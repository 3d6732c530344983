"""A desk with two caseworkers, two rooms, an interpreter, and residents who are only ids."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from philoxenia_web.accounts.access import SYSTEM, Actor, actor_for
from philoxenia_web.accounts.models import Organisation, Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.casework.appointments.booking import Booking
from philoxenia_web.casework.doubles import made_once
from philoxenia_web.casework.models.appointments import Hours, Interpreter, Room
from philoxenia_web.registry.models.people import Resident
from philoxenia_web.registry.people.visits import visiting


@dataclass
class Desk:
    """One department's desk; `moment` is ten o'clock (UTC) on a Monday to come."""

    organisation: Organisation
    worker: Person
    other: Person
    supervisor: Person
    room: Room
    large: Room
    interpreter: Interpreter
    moment: datetime

    @property
    def actor(self) -> Actor:
        return actor_for(self.worker)

    @property
    def chief(self) -> Actor:
        return actor_for(self.supervisor)

    def resident(self, **fields: Any) -> UUID:
        """A resident of whom nothing can be read: rows of appointments need no more."""
        with visiting(SYSTEM):
            made = Resident.objects.create(
                organisation=self.organisation, brief=b"", details=b"", number_token=uuid4().bytes, **fields
            )
        return made.pk

    def booking(self, **changed: Any) -> Booking:
        """Half an hour with the worker in the small room, with changes."""
        usual = Booking(
            organisation_id=self.organisation.pk,
            resident_id=changed.pop("resident_id", None) or self.resident(),
            purpose="next_talk",
            starts_at=self.moment,
            ends_at=self.moment + timedelta(minutes=30),
            worker_id=self.worker.pk,
            room_id=self.room.pk,
        )
        return replace(usual, **changed)


def next_monday() -> datetime:
    """Ten o'clock of the Monday after next: always ahead, whatever day it is."""
    today = timezone.now().date()
    day = today + timedelta(days=14 - today.weekday())
    return datetime(day.year, day.month, day.day, 15, tzinfo=UTC)


def set_desk(organisation: Organisation, person: Callable[..., Person]) -> Desk:
    """Make the desk."""
    people = [
        person(role, organisation=organisation, email=f"{name}@example.org")
        for role, name in (
            (Role.CASEWORKER, "desk-one"),
            (Role.CASEWORKER, "desk-two"),
            (Role.SUPERVISOR, "desk-chief"),
        )
    ]
    for one in people[:2]:
        Hours.objects.bulk_create(
            Hours(organisation=organisation, resource_id=one.pk, weekday=day, begins=time(9), ends=time(17))
            for day in range(5)
        )
    return Desk(
        organisation,
        *people,
        room=Room.objects.create(organisation=organisation, name="Room 1", seats=3),
        large=Room.objects.create(organisation=organisation, name="Room 2", seats=8, step_free=True),
        interpreter=Interpreter.objects.create(
            organisation=organisation, label="A-17", languages=["ar", "fa"], sex="woman", agency=True
        ),
        moment=next_monday(),
    )


@pytest.fixture
def blind(monkeypatch: pytest.MonkeyPatch) -> Callable[[object], None]:
    """Let a module's next look for what a form made find nothing, as where both came at the same moment."""

    def hide(module: object) -> None:
        looked: list[bool] = []

        def known(find: Callable[[], Any]) -> Any:
            looked.append(True)
            return None if len(looked) == 1 else find()

        def once(find: Callable[[], Any], make: Callable[[], Any]) -> Any:
            return made_once(lambda: known(find), make)

        monkeypatch.setattr(module, "made_once", once)

    return hide


@pytest.fixture
def desk(department: Organisation, person: Callable[..., Person]) -> Desk:
    """The desk of a department."""
    return set_desk(department, person)
