"""One record a person: written down after a search, opened for a reason, changed field by field."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.http import Http404
from tests.web.registry_people.conftest import draft

from philoxenia_web.accounts.access import Actor, Denied
from philoxenia_web.accounts.models import AuditEntry
from philoxenia_web.registry.models import Reading, Resident
from philoxenia_web.registry.people import finding, households, records
from philoxenia_web.registry.people.shapes import NameForm
from philoxenia_web.registry.people.visits import resident_visit, visiting
from philoxenia_web.registry.refusals import NotPossible

Write = Callable[..., Resident]


def test_a_record_holds_what_was_told(worker: Actor, write_down: Write) -> None:
    one = write_down(worker, "Oleksandra Kovalenko", "Олександра Коваленко")
    record = records.open_record(worker, one.pk, "serving_now")
    assert [form.text for form in record.names] == ["Oleksandra Kovalenko", "Олександра Коваленко"]
    assert (record.name, record.birth_year, record.language) == ("Oleksandra Kovalenko", 1987, "uk")
    assert record.contacts[0].safe and record.district_id == "d07" and record.version == 1
    assert len(record.number) == 13 and records.by_number(worker, record.number) == one.pk


def test_nothing_is_there_outside_a_visit(worker: Actor, write_down: Write) -> None:
    one = write_down(worker, "Oleksandra Kovalenko")
    assert not Resident.objects.filter(pk=one.pk).exists()
    with visiting(worker):
        assert Resident.objects.filter(pk=one.pk).exists()
    assert not Resident.objects.exists()


def test_every_reading_is_written_with_its_reason(worker: Actor, write_down: Write) -> None:
    one = write_down(worker, "Oleksandra Kovalenko")
    records.open_record(worker, one.pk, "appointment", "She asked me to call back")
    with resident_visit(one.pk):
        last = Reading.objects.order_by("-id").first()
        assert last and (last.reason, last.person_id) == ("appointment", worker.person_id)
        assert last.text_id and "contacts" in last.fields
    entry = AuditEntry.objects.filter(action="registry.read_resident").get()
    assert entry.reason == "appointment" and "asked" not in str(entry.after)


def test_a_reading_stays_when_all_else_is_taken_back(worker: Actor, write_down: Write) -> None:
    one = write_down(worker, "Oleksandra Kovalenko")
    with pytest.raises(ZeroDivisionError), visiting(worker):
        records.open_record(worker, one.pk, "appointment")
        records.change(worker, one.pk, 1, {"district_id": "d09"}, uuid4())
        raise ZeroDivisionError
    with visiting(worker):
        assert Reading.objects.filter(resident_id=one.pk, reason="appointment").count() == 1
        assert records.open_record(worker, one.pk, "serving_now").district_id == "d07"


def test_a_reason_of_the_list_is_needed(worker: Actor, write_down: Write) -> None:
    one = write_down(worker, "Oleksandra Kovalenko")
    with pytest.raises(NotPossible):
        records.open_record(worker, one.pk, "curiosity")


def test_no_record_without_a_search_for_that_person(worker: Actor) -> None:
    with pytest.raises(NotPossible, match="Search for the person first"):
        records.create(worker, draft("Oleksandra Kovalenko"), "", uuid4())
    mark = finding.find(worker, finding.Question("Maryam Haidari"), "serving_now").mark
    with pytest.raises(NotPossible, match="somebody else"):
        records.create(worker, draft("Oleksandra Kovalenko"), mark, uuid4())


def test_the_same_form_twice_makes_one_record(worker: Actor) -> None:
    mark = finding.find(worker, finding.Question("Oleksandra Kovalenko"), "serving_now").mark
    key = uuid4()
    first = records.create(worker, draft("Oleksandra Kovalenko"), mark, key)
    assert records.create(worker, draft("Oleksandra Kovalenko"), mark, key).pk == first.pk


def test_changes_of_different_fields_merge_and_of_the_same_are_shown(
    worker: Actor, write_down: Write
) -> None:
    one = write_down(worker, "Oleksandra Kovalenko")
    assert records.change(worker, one.pk, 1, {"district_id": "d09"}, uuid4()) == 2
    assert records.change(worker, one.pk, 1, {"household_size": 4}, uuid4()) == 3
    with pytest.raises(records.Conflict) as conflict:
        records.change(worker, one.pk, 1, {"district_id": "d11", "here_since": "2024-07"}, uuid4())
    assert conflict.value.fields == {"district_id": ("d07", "d09", "d11")}
    record = records.open_record(worker, one.pk, "serving_now")
    assert (record.district_id, record.household_size, record.here_since) == ("d09", 4, None)


def test_a_change_sent_twice_is_one(worker: Actor, write_down: Write) -> None:
    one, key = write_down(worker, "Oleksandra Kovalenko"), uuid4()
    assert records.change(worker, one.pk, 1, {"district_id": "d09"}, key) == 2
    assert records.change(worker, one.pk, 2, {"district_id": "d10"}, uuid4()) == 3
    assert records.change(worker, one.pk, 1, {"district_id": "d09"}, key) == 2
    assert records.open_record(worker, one.pk, "serving_now").district_id == "d10"


def test_a_changed_name_is_found(worker: Actor, write_down: Write) -> None:
    one = write_down(worker, "Oleksandra Kovalenko")
    records.change(worker, one.pk, 1, {"names": [NameForm("Oleksandra Bondar")]}, uuid4())
    found = finding.find(worker, finding.Question("Bondar Oleksandra"), "serving_now")
    assert [hit.resident_id for hit in found.hits] == [one.pk]


def test_signs_that_deceive_are_dropped_and_long_values_refused(worker: Actor, write_down: Write) -> None:
    one = write_down(worker, "Oleksandra\u202e Kovalenko\x00")
    assert records.open_record(worker, one.pk, "serving_now").name == "Oleksandra Kovalenko"
    with pytest.raises(NotPossible, match="too long"):
        records.change(worker, one.pk, 1, {"names": [NameForm("a" * 10_000_000)]}, uuid4())
    with pytest.raises(NotPossible, match="has no field"):
        records.change(worker, one.pk, 1, {"permit": "x"}, uuid4())


def test_who_has_no_desk_finds_and_opens_nobody(worker: Actor, partner: Actor, write_down: Write) -> None:
    one = write_down(worker, "Oleksandra Kovalenko")
    with pytest.raises(Denied):
        finding.find(partner, finding.Question("Oleksandra Kovalenko"), "serving_now")
    with pytest.raises(Http404):
        records.open_record(partner, one.pk, "serving_now")
    assert records.briefs(partner, [one.pk], "serving_now") == {}


def test_a_household_is_shared_by_its_members(worker: Actor, write_down: Write) -> None:
    mother = write_down(worker, "Oleksandra Kovalenko")
    home = households.begin(worker, mother.pk)
    child = write_down(worker, "Danylo Kovalenko", household_id=home, relation="child")
    record = records.open_record(worker, child.pk, "serving_now")
    assert [(one.name, one.relation) for one in record.household] == [
        ("Oleksandra Kovalenko", "head"),
        ("Danylo Kovalenko", "child"),
    ]
    assert record.household_size == 2
    households.leave(worker, child.pk)
    assert records.open_record(worker, mother.pk, "serving_now").household_size == 1


def test_what_is_known_of_a_person_prints_nothing(worker: Actor, write_down: Write) -> None:
    """A fault in a template prints its context into the log."""
    one = write_down(worker, "Oleksandra Kovalenko")
    record = records.open_record(worker, one.pk, "serving_now")
    found = finding.find(worker, finding.Question("Oleksandra Kovalenko"), "serving_now")
    printed = f"{record!r} {record} {record.names} {found!r} {found.hits} {record.birth} {one!r}"
    assert "Oleksandra" not in printed and "1987" not in printed
