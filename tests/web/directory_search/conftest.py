"""A small directory in the database, with an index of the tests' own."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from philoxenia_web.directory import models as m
from philoxenia_web.directory.following import note


@pytest.fixture
def index_root(settings: Any, tmp_path: Path) -> Path:
    """An installation's folder of its own; the index is not built yet."""
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, var=tmp_path)
    return tmp_path / "directory" / "index"


def _service(body: m.Organization, name: str, **values: Any) -> m.Service:
    return m.Service.objects.create(organization=body, name=name, text_language="en", source="test", **values)


def _place(name: str, latitude: float, longitude: float, **values: Any) -> m.Location:
    return m.Location.objects.create(
        name=name, latitude=latitude, longitude=longitude, text_language="en", **values
    )


@pytest.fixture
def town(db: None, index_root: Path) -> SimpleNamespace:
    """Five services: two places, hours by day and by night, marks, languages, a translation."""
    body = m.Organization.objects.create(name="Harbour House", text_language="en", source="test")
    pantry = _service(body, "Food bank", free=True, safe_without_papers="yes", needs=["food"])
    clinic = _service(body, "Walk-in clinic", needs=["health"], checked_on=date(2026, 1, 5))
    lessons = _service(body, "English classes", free=True, needs=["language"])
    night = _service(body, "Night drop-in", description="Beds for people without a home", needs=["housing"])
    hidden = _service(body, "Withheld food bank", withheld=True)
    harbour = _place("Harbour hall", 43.641, -79.378, wheelchair="yes", district_id="166")
    hill = _place("Hill hall", 43.741, -79.378, district_id="040")
    m.Address.objects.create(location=hill, address_1="1 Hill St", city="Toronto", postal_code="M9Z 1A1")
    for service, place in ((pantry, harbour), (lessons, hill), (clinic, hill)):
        m.ServiceAtLocation.objects.create(service=service, location=place)
    m.Schedule.objects.create(
        service=clinic, freq="WEEKLY", byday="MO,TU", opens_at="09:00", closes_at="17:00"
    )
    m.Schedule.objects.create(service=night, freq="DAILY", opens_at="20:00", closes_at="08:00")
    m.Language.objects.create(service=clinic, code="ar")
    m.RequiredDocument.objects.create(service=clinic, document="Health card")
    m.Translation.objects.create(
        table="service", record_id=pantry.pk, field="name", language="uk", text="Банк харчів «Калина»",
        status="human", source_hash="",
    )  # fmt: skip
    note([one.pk for one in (pantry, clinic, lessons, night, hidden)])
    return SimpleNamespace(
        body=body, pantry=pantry, clinic=clinic, lessons=lessons, night=night, hidden=hidden
    )
