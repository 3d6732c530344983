"""A small directory: one service with everything, one whose site is confidential, some that are not shown."""

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest

from philoxenia_web.directory import models as m
from philoxenia_web.directory.following import note


@pytest.fixture
def records(db: None) -> SimpleNamespace:
    """Records by short names."""
    body = m.Organization.objects.create(
        name="Harbour Library", description="A library", feed="test", source="test", text_language="en"
    )
    taxonomy = m.Taxonomy.objects.create(name="Needs", description="What people need")
    term = m.TaxonomyTerm.objects.create(
        code="learning", name="Learning", taxonomy=taxonomy, language="en", description=""
    )
    lessons = m.Service.objects.create(
        organization=body,
        name="English lessons",
        description="Lessons for adults",
        text_language="en",
        source="test",
        licence="CC0",
        fees_description="Free of charge",
        free=True,
        needs=["language"],
        safe_without_papers="yes",
        eligibility_rule={"question": "age", "at_least": 18},
        checked_on=date(2026, 11, 1),
    )
    room = m.Location.objects.create(
        name="Main branch", latitude=43.65, longitude=-79.38, organization=body, text_language="en"
    )
    m.Address.objects.create(
        location=room, address_1="1 Front St", city="Toronto", state_province="ON",
        postal_code="M5J 2H7", country="CA",
    )  # fmt: skip
    there = m.ServiceAtLocation.objects.create(service=lessons, location=room)
    m.Schedule.objects.create(
        service_at_location=there, freq="WEEKLY", byday="MO", opens_at="09:00", closes_at="17:00"
    )
    phone = m.Phone.objects.create(service=lessons, number="+1 416 555 0100", type="voice")
    m.Language.objects.create(phone=phone, code="ar")
    m.Language.objects.create(service=lessons, code="en")
    m.RequiredDocument.objects.create(service=lessons, document="Any paper with your name")
    m.CostOption.objects.create(service=lessons, option="Everybody", amount=0, currency="cad")
    m.Accessibility.objects.create(location=room, description="Ramp at the door")
    m.Attribute.objects.create(link_id=lessons.pk, link_entity="service", taxonomy_term=term)
    unit = m.Unit.objects.create(name="Seats")
    m.ServiceCapacity.objects.create(
        service=lessons, unit=unit, available=4, maximum=12, updated=datetime(2026, 11, 1, tzinfo=UTC)
    )
    m.Url.objects.create(service=lessons, label="Timetable", url="https://example.org/times")
    shelter = m.Service.objects.create(
        organization=body,
        name="Night shelter",
        text_language="en",
        confidential=True,
        feed="test",
        source="test",
    )
    m.Phone.objects.create(service=shelter, number="+1 416 555 0199")
    closed = m.Service.objects.create(organization=body, name="Old service", status="defunct")
    withheld = m.Service.objects.create(organization=body, name="Held back", withheld=True)
    note([lessons.pk, shelter.pk, closed.pk, withheld.pk])
    return SimpleNamespace(
        body=body, lessons=lessons, room=room, there=there, shelter=shelter, closed=closed,
        withheld=withheld, term=term, taxonomy=taxonomy, phone=phone,
    )  # fmt: skip
