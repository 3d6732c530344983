"""Who was forgotten after a backup was made: nothing of theirs is there again when it is restored."""

from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks
from tests.web.cards.conftest import accepted
from tests.web.objects.front_people import front
from tests.web.registry_rights.conftest import PIN

from philoxenia_web.accounts.access import SYSTEM, actor_for
from philoxenia_web.cards import issuing
from philoxenia_web.cards.models import Application, Card
from philoxenia_web.casework.actions.notes import write_note
from philoxenia_web.casework.models import Case, Note, Task
from philoxenia_web.casework.models.appointments import Appointment
from philoxenia_web.casework.models.referrals import Referral
from philoxenia_web.config import prepare
from philoxenia_web.registry.models import Consent, KeptText, Resident, ResidentKey, Slip
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.rights import forgetting, printing, requests

pytestmark = pytest.mark.django_db
_TABLES = """
    select table_name from information_schema.columns
    where table_schema = 'public' and column_name = 'resident_id' order by table_name"""


class RestoredError(Exception):
    """The database is as when the backup was made; the folder of keys is not."""


def left_of(resident: UUID) -> dict[str, int]:
    """How many rows of each table name somebody."""
    with visiting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(_TABLES)
        names = [name for (name,) in cursor.fetchall()]
        found = {}
        for name in names:
            cursor.execute(f"select count(*) from {name} where resident_id = %s", [resident])  # noqa: S608
            found[name] = cursor.fetchone()[0]
    return found


def alive(resident: UUID) -> dict[str, bool]:
    """What somebody of the city could come upon."""
    theirs = {"resident": resident}
    with visiting(SYSTEM):
        return {
            "card": Card.objects.filter(**theirs, state__in=("issued", "printed", "active")).exists()
            or Card.objects.filter(**theirs, ended_at=None).exists(),
            "application": Application.objects.filter(**theirs).exists(),
            "case": Case.objects.filter(**theirs).exclude(state="closed").exists(),
            "note": Note.objects.filter(case__resident=resident).exists(),
            "task": Task.objects.filter(case__resident=resident, state="open").exists(),
            "referral": Referral.objects.filter(**theirs).exists(),
            "appointment": Appointment.objects.filter(**theirs, state="booked").exists(),
            "consent": Consent.objects.filter(**theirs).exists(),
            "slip": Slip.objects.filter(**theirs).exists(),
            "text": KeptText.objects.filter(**theirs).exists(),
            "key": ResidentKey.objects.filter(pk=resident).exists(),
            "record": Resident.objects.filter(pk=resident, erased_at=None).exists(),
        }


def test_nothing_of_somebody_forgotten_comes_back_with_a_backup(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    made = front()
    amal, holder = made.things["amal"], made.visitors["holder"]
    chief = actor_for(made.visitors["chief"].person)
    colleague = made.visitors["colleague"].actor
    write_note(holder.actor, made.things["case of amal"], "visit", "Words of a talk", uuid4())
    with visiting(SYSTEM):
        application = Application.objects.get(resident=amal)
    ready = accepted(holder.actor, colleague, application)
    issuing.issue(holder.actor, ready.pk, ready.version)
    with visiting(holder.actor):
        printing.print_slip(holder.actor, amal, PIN, "en", uuid4())
        requests.ask(holder.actor, amal, requests.Wish("erase", words="Please"), uuid4())
    assert all(alive(amal).values()), alive(amal)

    with pytest.raises(RestoredError), transaction.atomic():
        with visiting(SYSTEM):
            now = timezone.now()
            Case.objects.filter(resident=amal).update(state="closed", closed_at=now)
            live = Referral.objects.filter(resident=amal, ended_at=None)
            live.update(state="withdrawn", ended_at=now)
        with django_capture_on_commit_callbacks(execute=True):
            forgetting.forget(chief, amal, "asked")
        assert not any(alive(amal).values()), alive(amal)
        left = left_of(amal)
        raise RestoredError
    assert all(alive(amal).values())

    prepare.forget_again()
    assert not any(alive(amal).values()), alive(amal)
    assert left_of(amal) == left
    prepare.forget_again()
    assert left_of(amal) == left
