"""What is read of the directory, and what never is."""

import json
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from philoxenia_web.directory import models as m
from philoxenia_web.directory import queries
from philoxenia_web.directory.following import note
from philoxenia_web.directory.shown import Text


def test_a_service_is_shown_with_all_that_hangs_on_it(records: SimpleNamespace) -> None:
    found = queries.shown(records.lessons.pk, "en")
    assert found is not None
    assert found.name == Text("English lessons", "en", "original")
    assert (found.organisation.text, found.free, found.languages) == ("Harbour Library", True, ["en"])
    assert found.rule == {"question": "age", "at_least": 18}
    assert [one.text for one in found.costs] == ["Free of charge", "Everybody: 0 CAD"]
    assert [(one.number, one.languages) for one in found.phones] == [("+1 416 555 0100", ["ar"])]
    assert [(taxonomy, code) for taxonomy, code, _ in found.terms] == [("Needs", "learning")]
    (place,) = found.places
    assert place.address == ["1 Front St", "Toronto", "ON", "M5J 2H7"]
    assert place.schedules == [
        {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00"},
    ]
    assert json.loads(json.dumps(found.as_dict()))["checked_on"] == "2026-11-01"


def test_texts_come_in_the_language_asked_for_with_their_status(records: SimpleNamespace) -> None:
    m.Translation.objects.create(
        table="service", record_id=records.lessons.pk, field="name", language="ar",
        text="دروس الإنجليزية", status="machine", source_hash="",
    )  # fmt: skip
    found = queries.shown(records.lessons.pk, "ar")
    assert found is not None
    assert found.name == Text("دروس الإنجليزية", "ar", "machine")
    assert found.description == Text("Lessons for adults", "en", "original")


def test_what_may_not_be_shown_is_never_read(records: SimpleNamespace) -> None:
    ids = [records.withheld.pk, records.lessons.pk, records.closed.pk, records.shelter.pk]
    assert [one.id for one in queries.shown_many(ids, "en")] == [
        str(records.lessons.pk),
        str(records.shelter.pk),
    ]
    assert queries.shown(records.withheld.pk, "en") is None
    assert {one.id for one in queries.each_shown("en", batch=1)} == {
        str(records.lessons.pk),
        str(records.shelter.pk),
    }
    changed, gone, last = queries.changed_since(0)
    assert set(changed) == {records.lessons.pk, records.shelter.pk}
    assert set(gone) == {records.closed.pk, records.withheld.pk}
    assert queries.changed_since(last) == ([], [], last)
    body = queries.organisation(records.body.pk, "en")
    assert body is not None
    assert len(body.service_ids) == 2


def test_many_services_take_as_many_queries_as_one(records: SimpleNamespace) -> None:
    with CaptureQueriesContext(
        connection,
    ) as one:
        queries.shown_many([records.lessons.pk], "en")
    more = [m.Service.objects.create(organization=records.body, name=f"{n}").pk for n in range(5)]
    for key in more:
        m.ServiceAtLocation.objects.create(service_id=key, location=records.room)
    with CaptureQueriesContext(connection) as many:
        assert len(queries.shown_many([records.lessons.pk, *more], "en")) == 6
    assert len(many) == len(one)


def _refused(make: object) -> bool:
    """Whether the database refuses what is written."""
    try:
        with transaction.atomic():
            make()  # type: ignore[operator]
            with connection.cursor() as cursor:
                cursor.execute("set constraints all immediate")
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize("model", [m.Address, m.Accessibility, m.ServiceAtLocation])
def test_the_database_refuses_whatever_tells_where_a_confidential_place_is(
    records: SimpleNamespace, model: type
) -> None:
    hidden = m.Location.objects.create(confidential=True)
    assert _refused(lambda: model.objects.create(location=hidden))
    assert not _refused(lambda: model.objects.create(location=records.room))


def test_a_confidential_place_or_service_cannot_keep_what_it_had(records: SimpleNamespace) -> None:
    place = m.Location.objects.filter(pk=records.room.pk)
    assert _refused(lambda: place.update(confidential=True))
    cleared = dict.fromkeys(("latitude", "longitude")) | {"name": ""}
    assert _refused(lambda: place.update(confidential=True, **cleared)), "its address would remain"
    service = m.Service.objects.filter(pk=records.lessons.pk)
    assert _refused(lambda: service.update(confidential=True)), "it would still be at a place"
    assert _refused(lambda: m.Location.objects.create(confidential=True, latitude=43.6, longitude=-79.4))


def test_a_place_tells_which_services_are_there(records: SimpleNamespace) -> None:
    found = queries.place(records.room.pk, "en")
    assert found is not None
    assert found.service_ids == [str(records.lessons.pk)]
    assert queries.place(m.Location.objects.create(confidential=True).pk, "en") is None
    note([records.lessons.pk])
    assert queries.last_change() > 0
