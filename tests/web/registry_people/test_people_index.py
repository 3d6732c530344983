"""The key of the blind index: never replaced in silence, and a way back where it is lost for ever."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from philoxenia_web.accounts.access import SYSTEM, Actor
from philoxenia_web.config import resident_keys
from philoxenia_web.registry import keys
from philoxenia_web.registry.key_files import INDEX_KEY
from philoxenia_web.registry.models import Resident
from philoxenia_web.registry.people import finding, merging, records, sealed
from philoxenia_web.registry.people.visits import visiting
from philoxenia_web.registry.refusals import Damaged

Write = Callable[..., Resident]
ASKED = finding.Question("Oleksandra Kovalenko", "1987")


def test_a_lost_key_of_the_index_stops_the_search_until_people_are_indexed_anew(
    worker: Actor, write_down: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    one, merged = write_down(worker, "Oleksandra Kovalenko"), write_down(worker, "Olena Melnyk")
    merging.merge(SYSTEM, one.pk, merged.pk)
    numbers = {row.pk: records.open_record(worker, row.pk, "serving_now").number for row in (one, merged)}
    path = keys.path_of(INDEX_KEY)
    right = path.read_bytes()
    path.unlink()
    for _another in range(2):
        sealed.derived_anew()
        with pytest.raises(Damaged):
            finding.find(worker, ASKED, "serving_now")
        with pytest.raises(Damaged):
            records.by_number(worker, numbers[one.pk])
        # The second time there is one, but not the one the index was written with.
        keys.make(INDEX_KEY)
    path.unlink()
    assert any("key of the search" in one for one in _told_after_a_restore())
    path.write_bytes(right)
    assert _told_after_a_restore() == []
    assert finding.find(worker, ASKED, "serving_now").hits[0].resident_id == one.pk
    path.unlink()
    call_command("reindex_people")
    assert "2 people" in capsys.readouterr().out
    by_number = finding.Question("", number=numbers[merged.pk])
    for asked in (ASKED, finding.Question("Olena Melnyk", "1987"), by_number):
        assert [hit.resident_id for hit in finding.find(worker, asked, "serving_now").hits] == [one.pk]
    assert records.by_number(worker, numbers[merged.pk]) == one.pk
    with visiting(SYSTEM):
        assert Resident.objects.filter(number_token=sealed.number_token(_plain(numbers[one.pk]))).count() == 1


def _told_after_a_restore() -> list[str]:
    with visiting(SYSTEM):
        return resident_keys.sentences(connection.connection, settings.ENVIRONMENT)


def _plain(number: str) -> str:
    return "".join(one for one in number if one.isalnum())
