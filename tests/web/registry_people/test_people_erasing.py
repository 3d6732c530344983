"""Forgetting a person destroys the key and all it sealed; a backup that comes back is erased again."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from django.http import Http404
from pytest_django import DjangoCaptureOnCommitCallbacks

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.registry import keys
from philoxenia_web.registry.models import KeptText, Resident, ResidentKey
from philoxenia_web.registry.people import erasing, finding, households, records, rewrapping, sealed, texts
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import Damaged
from philoxenia_web.registry.rights import forgetting

Write = Callable[..., Resident]


@pytest.fixture
def known(worker: Actor, write_down: Write) -> Resident:
    """Somebody with a text."""
    one = write_down(worker, "Oleksandra Kovalenko")
    texts.keep_text(worker, one.pk, "note", "Came with her son", next(iter(worker.organisations)))
    return one


def test_who_is_erased_is_neither_found_nor_opened(
    worker: Actor, known: Resident, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    number = records.open_record(worker, known.pk, "serving_now").number
    with django_capture_on_commit_callbacks(execute=True):
        records.erase(worker, known.pk, "asked")
    assert finding.find(worker, finding.Question("Oleksandra Kovalenko"), "serving_now").hits == []
    assert records.by_number(worker, number) is None
    with pytest.raises(Http404):
        records.open_record(worker, known.pk, "serving_now")
    with visiting(SYSTEM):
        row = Resident.objects.get(pk=known.pk)
        assert (bytes(row.brief), bytes(row.details), row.number_token) == (b"", b"", None)
        assert not KeptText.objects.filter(resident=row).exists()
        assert not ResidentKey.objects.filter(pk=row.pk).exists()


def test_a_restored_backup_is_erased_again(
    worker: Actor,
    known: Resident,
    write_down: Write,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Until then nothing of them is there, and nobody beside them suffers for it."""
    other = write_down(worker, "Taras Kovalenko")
    households.join(worker, other.pk, households.begin(worker, known.pk), "partner")
    place = next(iter(worker.organisations))
    number = records.open_record(worker, known.pk, "serving_now").number
    words = [texts.keep_text(worker, one.pk, "note", "Came again.", place) for one in (known, other)]
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        with django_capture_on_commit_callbacks(execute=True):
            records.erase(worker, known.pk, "asked")
        # The database is as before, as after a restore; the folder of keys is not.
        raise ZeroDivisionError
    with visiting(SYSTEM):
        assert Resident.objects.get(pk=known.pk).erased_at is None
    with pytest.raises(Http404):
        records.open_record(worker, known.pk, "serving_now")
    assert records.by_number(worker, number) is None
    found = finding.find(worker, finding.Question("Kovalenko", "1987"), "serving_now").hits
    record = records.open_record(worker, other.pk, "serving_now")
    assert [hit.resident_id for hit in found] == [one.resident_id for one in record.household] == [other.pk]
    assert [*records.briefs(worker, [known.pk, other.pk], "quality")] == [other.pk]
    assert [*texts.read_texts(worker, words, "quality")] == words[1:]
    assert forgetting.forget_again() == [known.pk]
    assert forgetting.forget_again() == []
    with visiting(SYSTEM):
        assert Resident.objects.get(pk=known.pk).erased_at
        assert [row.pk for row in ResidentKey.objects.all()] == [other.pk]


def test_an_erasure_that_was_killed_is_noted_later(worker: Actor, known: Resident) -> None:
    records.erase(worker, known.pk, "asked")
    assert known.pk not in sealed.erased_ids()
    erasing.note_all()
    assert known.pk in sealed.erased_ids()


def test_a_rotation_wraps_every_key_and_forgets_the_old_master(
    worker: Actor, known: Resident, own_folder: Path
) -> None:
    before, file = sealed.current_mark(), own_folder / "keys" / "master"
    old = file.read_text()
    assert keys.rotate(make_new=True, alone=rewrapping.nobody_wraps) == 2
    assert sealed.current_mark() != before
    assert records.open_record(worker, known.pk, "serving_now").name == "Oleksandra Kovalenko"
    found = finding.find(worker, finding.Question("Oleksandra Kovalenko"), "serving_now")
    assert [hit.resident_id for hit in found.hits] == [known.pk]
    keys.write_masters([old.strip()])
    with pytest.raises(Damaged):
        records.open_record(worker, known.pk, "serving_now")


def test_sealed_values_open_in_their_place_alone(worker: Actor, write_down: Write) -> None:
    one = write_down(worker, "Oleksandra Kovalenko")
    other = write_down(worker, "Maryam Haidari")
    with visiting(SYSTEM):
        Resident.objects.filter(pk=one.pk).update(brief=Resident.objects.get(pk=other.pk).brief)
    with pytest.raises(Damaged):
        records.briefs(worker, [one.pk], "serving_now")
    with visiting(SYSTEM):
        row = Resident.objects.get(pk=other.pk)
        Resident.objects.filter(pk=other.pk).update(brief=row.details)
    with pytest.raises(Damaged):
        records.change(worker, other.pk, 1, {"district_id": "d09"}, uuid4())
