"""Nothing is written about a person whom the desk may not see, whether the action or the database refuses."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.http import Http404
from django.utils import timezone
from tests.web.casework.desk_world import Desk, desk_of

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.casework.actions import needs
from philoxenia_web.casework.appointments.booking import Booking, book
from philoxenia_web.casework.models import Case, CaseNeed
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.registry.people.visits import visiting

pytestmark = pytest.mark.django_db
HIDDEN, NOBODY = "hidden", "nobody"


@pytest.fixture
def desk() -> Desk:
    return desk_of("Newcomers")


def unseen(which: str) -> UUID:
    """A restricted record of another department, or an id that nobody has."""
    return desk_of("Refuge").write_down("Zebrafinch Quillon", restricted=True) if which == HIDDEN else uuid4()


def booking(desk: Desk, resident_id: Any) -> Booking:
    begins = timezone.now() + timedelta(days=3)
    ends = begins + timedelta(minutes=30)
    return Booking(desk.department.pk, resident_id, "first_talk", begins, ends, desk.person.pk)


def open_a_case(desk: Desk, resident_id: Any) -> None:
    desk.open_case(resident_id)


def note_a_need(desk: Desk, resident_id: Any) -> None:
    known = desk.open_case(desk.write_down("Dawit Tesfay", 1990))
    needs.note_need(desk.actor, known.pk, "housing", 3, uuid4(), resident_id=resident_id)


def book_a_time(desk: Desk, resident_id: Any) -> None:
    book(desk.actor, booking(desk, resident_id), uuid4())


def written(resident_id: Any) -> int:
    with visiting(SYSTEM):
        return sum(
            table._default_manager.filter(resident=resident_id).count()
            for table in (Case, CaseNeed, Appointment)
        )


@pytest.mark.parametrize("which", [HIDDEN, NOBODY])
@pytest.mark.parametrize("act", [open_a_case, note_a_need, book_a_time])
def test_the_action_answers_that_there_is_no_such_person(
    desk: Desk, which: str, act: Callable[[Desk, Any], None]
) -> None:
    resident_id = unseen(which)
    with pytest.raises(Http404):
        act(desk, resident_id)
    assert written(resident_id) == 0
    trail = AuditEntry.objects.filter(organisation_id=desk.department.pk)
    assert str(resident_id) not in str(list(trail.values_list("object_id", "after")))


def test_the_holder_of_a_restricted_record_opens_its_case() -> None:
    holder = desk_of("Refuge")
    hidden = holder.write_down("Zebrafinch Quillon", restricted=True)
    assert holder.open_case(hidden).resident_id == hidden


@pytest.mark.parametrize("table", [Case, CaseNeed, Appointment])
def test_the_database_takes_no_row_about_somebody_the_visit_does_not_see(desk: Desk, table: Any) -> None:
    hidden, known = unseen(HIDDEN), desk.write_down("Dawit Tesfay", 1990)
    case = desk.open_case(known)
    one = booking(desk, hidden)
    rows: dict[Any, dict[str, Any]] = {
        Case: {"organisation": desk.department, "number": 1},
        CaseNeed: {"case": case, "need": "food", "severity": 1},
        Appointment: {
            "organisation": desk.department, "purpose": one.purpose, "starts_at": one.starts_at,
            "ends_at": one.ends_at, "worker_id": one.worker_id, "way": "office",
        },
    }  # fmt: skip
    refused = "row-level security policy"
    with visiting(desk.actor), pytest.raises(DatabaseError, match=refused), transaction.atomic():
        table.objects.create(resident_id=hidden, **rows[table])
    assert written(hidden) == 0
