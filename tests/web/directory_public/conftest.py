"""Small records for the public pages: all about one clinic, and a line whose place nobody may know."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from philoxenia_web.directory import models as m
from philoxenia_web.directory.following import note
from philoxenia_web.directory.shown import ShownPhone, ShownPlace, ShownService, Text

HOSTILE = "<script>alert(1)</script>\u202egnp.exe"


def shown(**changes: Any) -> ShownService:
    """A service as queries give it, with changes."""
    place = ShownPlace(
        id="00000000-0000-4000-8000-000000000002", name=None, address=["1 Front St", "Toronto"],
        city="Toronto", postal_code="M5J 2H7", district_id="", latitude=43.65, longitude=-79.38,
        schedules=[], phones=[],
        wheelchair="unknown", accessibility=[], transport=None,
    )  # fmt: skip
    one = ShownService(
        id="00000000-0000-4000-8000-000000000001", version=3, name=Text("Clinic", "en"), alternate_name=None,
        organisation_id="", organisation=Text("", "en"), description=None, url="", email="", status="active",
        alert=None, phones=[ShownPhone("416-555-0100", "", "voice", None, [])], languages=[],
        interpretation=None, free=None, costs=[], eligibility=None, rule=None, minimum_age=None,
        maximum_age=None, documents=[], application=None, wait=None, asks_status="unknown",
        safe_without_papers="unknown", status_statement=None, terms=[], needs=[], places=[place],
        schedules=[], confidential=False, checked_on=None, checked_by="", source="", source_url="",
        source_date="", licence="", synthetic=False,
    )  # fmt: skip
    return replace(one, **changes)


@pytest.fixture
def records(db: None) -> SimpleNamespace:
    """Records by short names."""
    body = m.Organization.objects.create(
        name="Riverside", source="test", text_language="en", website="javascript:alert(1)"
    )
    clinic = m.Service.objects.create(
        organization=body, name="Walk-in clinic", description="See a nurse.\nCome early.", text_language="en",
        source="test", licence="CC0", free=True, needs=["health"], asks_status="no",
        safe_without_papers="yes", url="javascript:alert(1)", eligibility_description=HOSTILE,
    )  # fmt: skip
    house = m.Location.objects.create(
        name="Main house", latitude=43.6617, longitude=-79.352, organization=body, text_language="en"
    )
    m.Address.objects.create(location=house, address_1="955 Queen St E", city="Toronto", country="CA")
    m.ServiceAtLocation.objects.create(service=clinic, location=house)
    m.Phone.objects.create(service=clinic, number="416-555-0100", extension="12", type="voice")
    m.Phone.objects.create(service=clinic, number="416-555-0101", type="fax")
    m.Language.objects.create(service=clinic, code="ar")
    m.RequiredDocument.objects.create(service=clinic, document="Any paper with your name")
    m.Translation.objects.create(
        table="service",
        record_id=clinic.pk,
        field="name",
        language="ar",
        text="عيادة بدون موعد",
        status="human",
    )
    m.Translation.objects.create(
        table="service", record_id=clinic.pk, field="description", language="ar", text="قابل ممرضة.",
        status="machine",
    )  # fmt: skip
    line = m.Service.objects.create(
        organization=body, name="Night line", text_language="en", confidential=True, source="test",
        needs=["safety"],
    )  # fmt: skip
    m.Phone.objects.create(service=line, number="+1 416 555 0199")
    gone = m.Service.objects.create(organization=body, name="Old service", status="defunct", source="test")
    note([clinic.pk, line.pk, gone.pk])
    return SimpleNamespace(body=body, clinic=clinic, house=house, line=line, gone=gone)


@pytest.fixture
def visitor() -> Client:
    """Somebody without cookies, whose forms are judged as a browser's are."""
    return Client(enforce_csrf_checks=True)
