"""What tests of hooks, of the interface and of the office share."""

from datetime import timedelta
from uuid import UUID, uuid4

from django.db import connection
from django.utils import timezone
from tests.web.casework.desk_world import Desk

from philoxenia_web.accounts.access import SYSTEM
from philoxenia_web.casework.models import Appointment, Case
from philoxenia_web.registry.people.visits import visiting


def committed() -> None:
    """Do now what the database does at a commit, which a test that is taken back never reaches."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; set constraints all deferred")


def talk(desk: Desk, resident_id: UUID, case: Case, days: int = 1) -> Appointment:
    """An appointment by telephone, in so many days."""
    begins = timezone.now() + timedelta(days=days)
    with visiting(SYSTEM):
        return Appointment.objects.create(
            key=uuid4(),
            organisation=desk.department,
            resident_id=resident_id,
            case=case,
            worker_id=desk.person.pk,
            purpose="next_talk",
            way="phone",
            starts_at=begins,
            ends_at=begins + timedelta(minutes=30),
        )
