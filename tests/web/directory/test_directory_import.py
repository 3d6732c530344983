"""Reading a feed: all or nothing, the same twice, people's words kept, no confidential place kept."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

import polars as pl
import pytest
from django.db import connection

from philoxenia.exchange.hsds.records import Records
from philoxenia_web.accounts.access import SYSTEM, Denied, actor_for
from philoxenia_web.accounts.models import Person
from philoxenia_web.accounts.roles import Role
from philoxenia_web.directory import models as m
from philoxenia_web.directory import queries
from philoxenia_web.directory.actions import import_records
from philoxenia_web.directory.refusals import NotPossible

pytestmark = pytest.mark.django_db
Rows = Iterable[Mapping[str, Any]]

CLINIC = {
    "organization": [{"id": "o1", "name": "Clinic", "description": "Doctors", "text_language": "en"}],
    "service": [
        {"id": "s1", "organization_id": "o1", "name": "Check-up", "status": "active", "needs": "health;food"}
    ],
    "location": [{"id": "l1", "location_type": "physical", "latitude": 43.6, "longitude": -79.4}],
    "service_at_location": [{"id": "x1", "service_id": "s1", "location_id": "l1"}],
    "address": [{"id": "a1", "location_id": "l1", "address_1": "9 Hidden Lane", "city": "Toronto"}],
    "phone": [{"id": "p1", "service_id": "s1", "number": "+1 416 555 0111", "extension": 12.0}],
    "schedule": [{"id": "h1", "service_id": "s1", "valid_from": "2026-01-01", "freq": "WEEKLY"}],
    "cost_option": [{"id": "c1", "service_id": "s1", "amount": 0.0}],
}


def _records(tables: Mapping[str, Rows]) -> Records:
    return Records({name: pl.DataFrame(list(rows)) for name, rows in tables.items()})


def _read(tables: Mapping[str, Rows], **more: Any) -> m.Import:
    return import_records(SYSTEM, _records(tables), **({"feed": "clinics", "whole": True} | more))


def _changed(table: str, /, **columns: Any) -> dict[str, Any]:
    return CLINIC | {table: [dict(row) | columns for row in CLINIC[table]]}


def _service() -> m.Service:
    return m.Service.objects.get(external_id="s1")


def test_a_feed_is_read_with_all_that_hangs_on_it() -> None:
    made = _read(CLINIC, licence="CC0")
    service = _service()
    found = queries.shown(service.pk, "en")
    assert found is not None
    assert (found.organisation.text, found.needs, found.free) == ("Clinic", ["health", "food"], True)
    assert found.phones[0].extension == "12"
    assert found.places[0].address == ["9 Hidden Lane", "Toronto"]
    assert found.schedules == [{"freq": "WEEKLY", "valid_from": "2026-01-01"}]
    assert (found.source, found.licence) == ("clinics", "CC0")
    assert made.counts["service"]["new"] == 1
    assert queries.changed_since(0)[0] == [service.pk]


def test_the_same_feed_again_changes_nothing() -> None:
    _read(CLINIC)
    version, last = _service().version, queries.last_change()
    made = _read(CLINIC)
    assert {counts["new"] + counts["changed"] + counts["removed"] for counts in made.counts.values()} == {0}
    assert (_service().version, queries.last_change()) == (version, last)


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("service", {"name": "Check-up for all"}),
        ("organization", {"name": "Clinic of the city"}),
        ("phone", {"number": "+1 416 555 0222"}),
        ("address", {"address_1": "10 Hidden Lane"}),
        ("location", {"latitude": 43.7}),
    ],
)
def test_what_changes_anywhere_makes_the_service_new(name: str, columns: dict[str, Any]) -> None:
    _read(CLINIC)
    before = _service().version
    made = _read(_changed(name, **columns))
    assert made.counts[name]["changed"] == 1
    assert _service().version > before
    assert made.counts.get("cost_option", {"changed": 0})["changed"] == 0


def test_rows_and_records_the_feed_dropped_are_gone() -> None:
    _read(CLINIC)
    _read(CLINIC | {"phone": []})
    assert not m.Phone.objects.exists()
    key = _service().pk
    _read({})
    assert queries.shown(key, "en") is None
    assert _service().status == "inactive"
    assert queries.changed_since(0)[1] == [key]


def test_a_part_of_a_feed_leaves_the_rest_alone() -> None:
    _read(CLINIC)
    _read({"organization": CLINIC["organization"]}, whole=False)
    assert queries.shown(_service().pk, "en") is not None
    assert m.Phone.objects.count() == 1


def test_what_people_of_the_city_wrote_stays() -> None:
    _read(CLINIC)
    m.Service.objects.update(name="Our words", held=["name", "phones"])
    m.Phone.objects.update(number="+1 416 555 0999")
    _read(_changed("service", name="Theirs", description="New") | {"phone": []})
    service = _service()
    assert (service.name, service.description) == ("Our words", "New")
    assert m.Phone.objects.get().number == "+1 416 555 0999"


def test_a_trial_writes_nothing_and_the_same_key_imports_once() -> None:
    trial = _read(CLINIC, dry_run=True)
    assert trial.counts["service"]["new"] == 1
    assert not m.Service.objects.exists()
    key = uuid4()
    assert _read(CLINIC, key=key).pk == _read({}, key=key).pk
    assert m.Service.objects.count() == 1


def test_a_record_of_another_feed_is_not_taken_over() -> None:
    own = str(uuid4())
    _read({"organization": [{"id": own, "name": "Theirs"}]})
    with pytest.raises(NotPossible, match="clinics"):
        _read({"organization": [{"id": own, "name": "Ours"}]}, feed="others")
    assert m.Organization.objects.get().name == "Theirs"


def test_rows_that_belong_to_nothing_are_left_out() -> None:
    made = _read(CLINIC | {"phone": [{"id": "p", "service_id": "nowhere", "number": "1"}]})
    assert made.counts["phone"]["left_out"] == 1
    assert not m.Phone.objects.exists()


def test_cells_that_cannot_be_do_no_harm() -> None:
    long = "x" * 300_000
    _read(
        _changed(
            "service", status="odd", description=f"a\x00b{long}", checked_on="soon", eligibility_rule="{"
        )
        | {"address": [{"id": "a", "location_id": "l1", "postal_code": long}]}
        | {"schedule": [{"id": "h", "service_id": "s1", "valid_from": "31/12/2026", "count": 1e300}]}
    )
    service = _service()
    assert (service.status, service.checked_on) == ("active", None)
    assert service.description.startswith("abx")
    assert m.Schedule.objects.get().count is None


def test_only_directory_editors_import(person: Callable[..., Person]) -> None:
    with pytest.raises(Denied):
        import_records(actor_for(person(Role.PARTNER)), _records(CLINIC), feed="clinics")


def _anywhere(words: str) -> list[str]:
    """Tables of the directory in which the words stand."""
    with connection.cursor() as cursor:
        names = [one for one in connection.introspection.table_names(cursor) if one.startswith("directory_")]
        found = []
        for name in names:
            query = f'select count(*) from "{name}" t where t::text like %s'  # noqa: S608
            cursor.execute(query, [f"%{words}%"])
            if cursor.fetchone()[0]:
                found.append(name)
    return found


def test_a_confidential_place_is_in_no_table() -> None:
    hidden = _changed("service", confidential=True)
    hidden["location"] = [
        dict(CLINIC["location"][0]) | {"name": "The yellow house", "transportation": "Bus 9"}
    ]
    said = {
        "object_table": "location",
        "object_id": "l1",
        "field": "name",
        "language": "fr",
        "status": "human",
    }
    hidden["translation"] = [{"id": str(uuid4()), "text": "La maison jaune", "source_hash": "0" * 64} | said]
    hidden["metadata"] = [
        {
            "id": str(uuid4()),
            "resource_id": "a1",
            "resource_type": "address",
            "previous_value": "9 Hidden Lane",
        }
    ]
    _read(hidden)
    for words in ("Hidden Lane", "43.6", "yellow house", "Bus 9", "maison jaune"):
        assert _anywhere(words) == []
    found = queries.shown(_service().pk, "en")
    assert found is not None
    assert (found.places, found.phones[0].number) == ([], "+1 416 555 0111")


def test_a_place_that_becomes_confidential_is_erased_and_a_feed_that_forgets_is_not_believed() -> None:
    _read(CLINIC)
    assert _anywhere("Hidden Lane") == ["directory_address"]
    _read(_changed("service", confidential=True))
    assert _anywhere("Hidden Lane") == []
    _read(CLINIC)
    assert _anywhere("Hidden Lane") == []
    m.Service.objects.update(confidential=False, held=["confidential"])
    m.Location.objects.update(confidential=False, held=["confidential"])
    _read(CLINIC)
    assert _anywhere("Hidden Lane") == ["directory_address"]


def test_translations_come_with_the_feed_and_grow_old_with_the_text() -> None:
    said = {
        "id": "t1", "object_table": "service", "object_id": "s1", "field": "name", "language": "fr",
        "text": "Bilan", "status": "human", "source_hash": "",
    }  # fmt: skip
    both = CLINIC | {"translation": [said]}
    _read(both)
    key = _service().pk
    assert _name(key) == ("Bilan", "human")
    _read(_changed("service", name="Another name"))
    assert _name(key) == ("Bilan", "outdated")
    m.Translation.objects.update(text="Examen", feed="", status="human")
    _read(both)
    assert _name(key)[0] == "Examen", "a translation made here was written over"


def _name(key: UUID) -> tuple[str, str]:
    found = queries.shown(key, "fr")
    assert found is not None
    return found.name.text, found.name.status
